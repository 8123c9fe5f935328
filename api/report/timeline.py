"""The geometry of the two-lane timeline: who spoke when, what was heard, where findings lie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_MOST_TICKS = 12
_SPOKEN = ("announcement", "voicemail")  # drawn as what is said
_SPEECH_GAP = 2.0  # silences longer than this (seconds) are drawn


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the timeline; `x` and `width` in percent of its length."""

    x: float
    width: float
    lane: str
    start: float
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """A numbered finding at `x` percent."""

    x: float
    number: int
    kind: str
    status: str
    severity: str
    start: float
    row: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything the drawing needs. `length` is in seconds."""

    length: float
    speech: tuple[Bar, ...]
    line: tuple[Bar, ...]
    overlaps: tuple[Bar, ...]
    silences: tuple[Bar, ...]
    voices: tuple[Bar, ...]
    pins: tuple[Pin, ...]
    ticks: tuple[tuple[float, str], ...]


def build(result: Mapping[str, Any]) -> Timeline | None:
    """The timeline of a result object, or None when nothing in it has a time."""
    utterances: Sequence[Mapping[str, Any]] = result["transcript"]["utterances"]
    cues: Sequence[Mapping[str, Any]] = result["cues"]
    length = length_of(result)
    if length <= 0:
        return None
    scale = 100 / length
    lanes = lanes_of(result)

    def bar(item: Mapping[str, Any], kind: str = "") -> Bar:
        width = max((item["end"] - item["start"]) * scale, 0.15)
        return Bar(round(item["start"] * scale, 3), round(width, 3), item["speaker"], item["start"], kind)

    return Timeline(
        length=length,
        speech=tuple(bar(u, u.get("kind", "speech")) for u in utterances),
        line=tuple(
            bar({**sound, "speaker": lanes.get(sound["channel"], "unknown")}, sound["kind"])
            for sound in result["transcript"].get("line", ())
            if sound["kind"] not in _SPOKEN
        ),
        overlaps=tuple(bar(_at_once(c), c["kind"]) for c in cues if c["kind"] in {"overlap", "interruption"}),
        silences=tuple(bar(gap, "silence") for gap in _silences(utterances)),
        voices=tuple(bar(c, c["kind"]) for c in cues if c["kind"] in {"raised_voice", "agitation"}),
        pins=_pins(result["findings"], scale),
        ticks=ticks(length),
    )


def _at_once(cue: Mapping[str, Any]) -> Mapping[str, Any]:
    """An interruption lasts as long as the turn that was taken; both speak at once in the beginning of it."""
    return {**cue, "end": cue["start"] + cue["value"]} if cue["kind"] == "interruption" else cue


def length_of(result: Mapping[str, Any]) -> float:
    """How long everything in a result object lasts, in seconds; 0 when nothing in it has a time."""
    ends = [item["end"] for item in (*result["transcript"]["utterances"], *result["findings"])]
    known: list[float] = [end for end in ends if end is not None]
    return max([result["call"].get("duration_s") or 0.0, *known])


def lanes_of(result: Mapping[str, Any]) -> dict[int, str]:
    """Whose lane each channel belongs to; none where both sides are on one channel."""
    recording = result["call"].get("recording") or {}
    if recording.get("channels") != 2 or (recording.get("health") or {}).get("duplicate"):
        return {}
    told = {int(channel): role for channel, role in (recording.get("roles") or {}).items()}
    heard = {
        utterance["side"]: utterance["speaker"]
        for utterance in result["transcript"]["utterances"]
        if utterance.get("side") is not None
    }
    return {0: "agent", 1: "customer", **told, **heard}


def _silences(utterances: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    gaps: list[dict[str, Any]] = []
    heard_to = None
    for utterance in sorted(utterances, key=lambda u: (u["start"], u["end"])):
        if heard_to is not None and utterance["start"] - heard_to >= _SPEECH_GAP:
            gaps.append({"start": heard_to, "end": utterance["start"], "speaker": "unknown"})
        heard_to = max(heard_to or 0.0, utterance["end"])
    return gaps


def _pins(findings: Sequence[Mapping[str, Any]], scale: float) -> tuple[Pin, ...]:
    """Numbered pins; those too close to the one before are set a row further out (two rows)."""
    pins: list[Pin] = []
    last: dict[tuple[str, int], float] = {}
    for number, finding in enumerate(findings, start=1):
        if finding["start"] is None:
            continue
        x = round(finding["start"] * scale, 3)
        row = next((r for r in (0, 1) if abs(last.get((finding["kind"], r), -9.0) - x) >= 2.2), 1)
        last[finding["kind"], row] = x
        pins.append(
            Pin(x, number, finding["kind"], finding["status"], finding["severity"], finding["start"], row)
        )
    return tuple(pins)


def ticks(length: float) -> tuple[tuple[float, str], ...]:
    """Where the times stand below a drawing of so many seconds, in percent, and what they read."""
    step = next((s for s in _STEPS if length / s <= _MOST_TICKS), _STEPS[-1])
    return tuple((round(t / length * 100, 3), clock(t)) for t in range(0, int(length) + 1, step))


def clock(seconds: float | None) -> str:
    """Seconds as m:ss (or h:mm:ss), a dash for an unknown time."""
    if seconds is None:
        return "—"
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
