"""What the numbers of a recording mean: whether judgement suffers, and what to tell who runs the recorder.

The limits were measured: calls were made worse step by step and transcribed (docs/adr/0014).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from transcription.types import AudioHealth, ChannelHealth, LineSound

# Beyond the first of each pair the transcript suffers and the call is not judged; from the second on
# somebody should know.
CLIPPED: Final = (0.20, 0.04)
SNR_DB: Final = (15.0, 20.0)
SPEECH_DB: Final = (-57.0, -46.0)
LOST: Final = (0.07, 0.02)
_DC: Final = 0.02
_NARROW_HZ: Final = 2400.0
_ECHO_DB: Final = -32.0
# So much speech on one side, and none on the other, is no short call that somebody listened to.
_ONE_SIDED_S: Final = 15.0
_FEWEST_SPEECH_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a recording, in one plain sentence in both languages.

    `grave`: the call cannot be judged because of it. `code` is listed in docs/errors.md.
    """

    code: str
    grave: bool
    zh: str
    en: str


def remarks(health: AudioHealth, line: Sequence[LineSound] = ()) -> tuple[Remark, ...]:
    """What to say about a recording, the gravest first.

    Args:
        health: its numbers.
        line: what else is on the line; a channel on which it rings is not dead.
    """
    found = [*_dead(health, line), *_speed(health)]
    for number, channel in enumerate(health.channels):
        if channel.state == "speech" and channel.speech_s >= _FEWEST_SPEECH_S:
            place = _place(number, len(health.channels))
            found += [remark for check in _CHECKS for remark in check(channel, place)]
    found += [*_duplicated(health), *_echo(health), *_offset(health)]
    return tuple(sorted(found, key=lambda remark: not remark.grave))


def problems(health: AudioHealth, line: Sequence[LineSound] = ()) -> tuple[str, ...]:
    """The codes of what keeps the call from being judged, each once."""
    return tuple(dict.fromkeys(remark.code for remark in remarks(health, line) if remark.grave))


@dataclass(frozen=True, slots=True)
class _Place:
    """A channel in words."""

    zh: str
    en: str
    input_zh: str
    input_en: str


def _place(number: int, channels: int) -> _Place:
    if channels == 1:
        return _Place("录音", "The recording", "录音输入", "the input of the recorder")
    names = (
        ("左声道", "The left channel", "第一路", "input 1"),
        ("右声道", "The right channel", "第二路", "input 2"),
    )
    zh, en, input_zh, input_en = names[number]
    return _Place(zh, en, f"录音卡{input_zh}", f"{input_en} of the recorder")


def _clipped(channel: ChannelHealth, place: _Place) -> Iterator[Remark]:
    if channel.clipped >= CLIPPED[1]:
        share = f"{channel.clipped:.0%}"
        yield Remark(
            "audio.clipped",
            channel.clipped >= CLIPPED[0],
            f"{place.zh}音量过大、波形被削平（{share}），请调低{place.input_zh}的输入增益",
            f"{place.en} is recorded too loud and cut off flat ({share}): turn down {place.input_en}.",
        )


def _noisy(channel: ChannelHealth, place: _Place) -> Iterator[Remark]:
    if channel.snr_db is not None and channel.snr_db < SNR_DB[1]:
        snr = f"{channel.snr_db:.0f} dB"
        yield Remark(
            "audio.noisy",
            channel.snr_db < SNR_DB[0],
            f"{place.zh}噪声大（信噪比 {snr}），请检查线路、接地和话务员耳麦",
            f"{place.en} is noisy (signal to noise {snr}): check the line, its earth and the headset.",
        )


def _quiet(channel: ChannelHealth, place: _Place) -> Iterator[Remark]:
    if channel.speech_db is not None and channel.speech_db < SPEECH_DB[1]:
        level = f"{channel.speech_db:.0f} dBFS"
        yield Remark(
            "audio.quiet",
            channel.speech_db < SPEECH_DB[0],
            f"{place.zh}音量过小（{level}），请调高{place.input_zh}的输入增益",
            f"{place.en} is recorded too quietly ({level}): turn up {place.input_en}.",
        )


def _lost(channel: ChannelHealth, place: _Place) -> Iterator[Remark]:
    lost = channel.dropouts + channel.repeated
    if lost >= LOST[1]:
        share = f"{lost:.0%}"
        yield Remark(
            "audio.dropouts",
            lost >= LOST[0],
            f"{place.zh}断续，约 {share} 的语音丢失，请检查到录音系统的网络丢包",
            f"{place.en} breaks off again and again, about {share} of the speech is lost: "
            "look for lost packets on the way to the recorder.",
        )


def _narrow(channel: ChannelHealth, place: _Place) -> Iterator[Remark]:
    if channel.high_hz is not None and channel.high_hz < _NARROW_HZ:
        yield Remark(
            "audio.narrow_band",
            False,
            f"{place.zh}声音发闷（{channel.high_hz:.0f} Hz 以上没有声音），请检查录音的编码和采样率设置",
            f"{place.en} sounds muffled (nothing above {channel.high_hz:.0f} Hz): "
            "check codec and sample rate of the recorder.",
        )


_CHECKS: Final[tuple[Callable[[ChannelHealth, _Place], Iterator[Remark]], ...]] = (
    _clipped,
    _noisy,
    _quiet,
    _lost,
    _narrow,
)


def _dead(health: AudioHealth, line: Sequence[LineSound]) -> Iterator[Remark]:
    if len(health.channels) != 2 or health.duplicate is not None:
        return
    for number, channel in enumerate(health.channels):
        other = health.channels[1 - number]
        if channel.state == "speech" or other.speech_s < _ONE_SIDED_S:
            continue
        if any(sound.channel == number and sound.kind not in ("dtmf", "beep") for sound in line):
            continue
        place = _place(number, 2)
        what_zh, what_en = {
            "silent": ("一直没有声音", "has no sound at all"),
            "leak": ("只有对方的串音，没有自己的声音", "carries only what leaks in from the other side"),
            "sound": ("只有噪声，没有人声", "carries noise but no voice"),
        }[channel.state]
        yield Remark(
            "audio.dead_channel",
            True,
            f"{place.zh}{what_zh}，一方的话未被录下，请检查{place.input_zh}的接线",
            f"{place.en} {what_en}, so one side was not recorded: check the wiring of {place.input_en}.",
        )


def _speed(health: AudioHealth) -> Iterator[Remark]:
    if health.speed is not None:
        yield Remark(
            "audio.wrong_speed",
            True,
            f"录音以约 {health.speed:g} 倍速播放，采样率标注有误，请检查录音文件的采样率设置",
            f"The recording plays about {health.speed:g} times as fast as it was spoken: "
            "the sample rate written in its files is wrong, check the recorder's setting.",
        )


def _duplicated(health: AudioHealth) -> Iterator[Remark]:
    if health.duplicate is not None:
        upside = ("（反相）", ", one of them upside down") if health.duplicate.inverted else ("", "")
        yield Remark(
            "audio.duplicated_channel",
            False,
            f"两个声道内容相同{upside[0]}，按单声道处理，说话人只能凭声音区分；请设置录音卡分轨录制双方",
            f"Both channels carry the same sound{upside[1]}, so the call is handled as one channel and the "
            "speakers are told by their voices: set the recorder to record each side on its own channel.",
        )


def _echo(health: AudioHealth) -> Iterator[Remark]:
    for echo in health.echoes:
        if echo.level_db >= _ECHO_DB:
            place = _place(echo.channel, 2)
            yield Remark(
                "audio.echo",
                False,
                f"{place.zh}有对方声音的回声（延迟 {echo.delay_ms:.0f} 毫秒，{echo.level_db:.0f} dB），"
                "请检查回声消除",
                f"{place.en} returns the other side's voice as an echo (after {echo.delay_ms:.0f} ms, "
                f"{echo.level_db:.0f} dB): check the echo canceller.",
            )


def _offset(health: AudioHealth) -> Iterator[Remark]:
    for number, channel in enumerate(health.channels):
        if abs(channel.dc) >= _DC:
            place = _place(number, len(health.channels))
            yield Remark(
                "audio.dc_offset",
                False,
                f"{place.zh}有直流偏移（{channel.dc:.1%}），请校准录音卡",
                f"{place.en} is off its zero line ({channel.dc:.1%}): calibrate the recorder's card.",
            )
