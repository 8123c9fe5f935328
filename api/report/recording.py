"""How good the recording is and what else is on its line, in words: for the report and the terminal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api import words
from api.report.timeline import clock
from api.words import Words


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """What is wrong, in one sentence. `grave`: the call cannot be judged because of it."""

    code: str
    grave: bool
    sentence: Words


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """The figures of one channel, ready to show; a dash where there is none."""

    name: Words
    state: Words
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineRow:
    """Something on the line that is no speech; `start` and `end` in seconds."""

    kind: Words
    name: Words
    start: float
    end: float
    time: str


@dataclass(frozen=True, slots=True)
class RecordingView:
    """Everything to show of a recording. Empty for results without one, and for older ones."""

    remarks: tuple[RemarkRow, ...]
    channels: tuple[ChannelRow, ...]
    line: tuple[LineRow, ...]


FIGURES = (
    Words("语音电平", "Speech level"),
    Words("噪声电平", "Noise level"),
    Words("信噪比", "Signal to noise"),
    Words("削波", "Clipped"),
    Words("丢失语音", "Lost speech"),
    Words("频带", "Band"),
)


def build(result: Mapping[str, Any]) -> RecordingView:
    """Works it out of a result object."""
    health = (result["call"].get("recording") or {}).get("health") or {}
    channels = health.get("channels", ())
    return RecordingView(
        remarks=tuple(
            RemarkRow(remark["code"], remark["grave"], Words(remark["zh"], remark["en"]))
            for remark in health.get("remarks", ())
        ),
        channels=tuple(
            ChannelRow(
                _name(number, len(channels)),
                words.named(words.CHANNEL_STATES, channel["state"]),
                _figures(channel),
            )
            for number, channel in enumerate(channels)
        ),
        line=tuple(
            LineRow(
                words.named(words.LINE_SOUNDS, sound["kind"]),
                _name(sound["channel"], len(channels) or 2),
                sound["start"],
                sound["end"],
                f"{clock(sound['start'])}–{clock(sound['end'])}",
            )
            for sound in result["transcript"].get("line", ())
        ),
    )


def _name(number: int, channels: int) -> Words:
    if channels == 1:
        return Words("单声道", "One channel")
    return (Words("左声道", "Left"), Words("右声道", "Right"))[number]


def _figures(channel: Mapping[str, Any]) -> tuple[str, ...]:
    lost = channel["dropouts"] + channel["repeated"]
    low, high = channel["low_hz"], channel["high_hz"]
    return (
        _decibels(channel["speech_db"], "dBFS"),
        _decibels(channel["noise_db"], "dBFS"),
        _decibels(channel["snr_db"], "dB"),
        f"{channel['clipped']:.1%}",
        f"{lost:.1%}",
        "—" if high is None else f"{low:.0f}–{high:.0f} Hz",
    )


def _decibels(value: float | None, unit: str) -> str:
    return "—" if value is None else f"{value:.0f} {unit}"
