"""The geometry of the emotion timeline: how stirred up each speaker is, over the outline of the recording."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.report.timeline import lanes_of, length_of, ticks
from api.report.voice import SPEAKER_ORDER, VOICE_CUES, CueLine, cue_lines
from transcription.voice.cues.agitation import AGITATED

# Curves and outlines are drawn in boxes of this size, and stretched to the width of the page.
BOX_WIDTH: Final = 1000
CURVE_HEIGHT: Final = 72
WAVE_HEIGHT: Final = 30
_HEAD: Final = 20
_GAP: Final = 12
_HIGHEST: Final = 4.0  # standard deviations
_LOWEST: Final = -1.5
_LEAST_WIDTH: Final = 0.4  # percent: what is shorter could not be seen


@dataclass(frozen=True, slots=True)
class Mark:
    """A cue on the timeline; `x` and `width` in percent of its length."""

    x: float
    width: float
    cue: CueLine


@dataclass(frozen=True, slots=True)
class Peak:
    """Where a speaker was most stirred up: `x` in percent, `y` in pixels."""

    x: float
    y: float
    at: float
    value: float


@dataclass(frozen=True, slots=True)
class Row:
    """One speaker. `head`, `curve`, `wave` are the tops of its parts in pixels; `wave` is None where the
    recording has no channel of this speaker alone. `line` and `area` are SVG paths in a box of
    `BOX_WIDTH` by `CURVE_HEIGHT`, `outline` one of `BOX_WIDTH` by `WAVE_HEIGHT`; seconds of which nothing
    is known are gaps."""

    speaker: str
    head: int
    curve: int
    wave: int | None
    line: str
    area: str
    outline: str
    marks: tuple[Mark, ...]
    peak: Peak | None

    @property
    def bottom(self) -> int:
        """Where the row ends, in pixels."""
        return self.curve + CURVE_HEIGHT if self.wave is None else self.wave + WAVE_HEIGHT


@dataclass(frozen=True, slots=True)
class Shared:
    """The outline of a recording in which both speakers share a channel; `top` in pixels."""

    top: int
    outline: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the drawing needs. `length` is in seconds, `height` in pixels; `zero` and `threshold` are
    where the calm voice and what counts as stirred up lie in a curve, in pixels from its top."""

    length: float
    height: int
    rows: tuple[Row, ...]
    shared: Shared | None
    zero: float
    threshold: float
    ticks: tuple[tuple[float, str], ...]
    limit: str = f"{AGITATED:g}"
    box_width: int = BOX_WIDTH
    curve_height: int = CURVE_HEIGHT
    wave_height: int = WAVE_HEIGHT

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of cues that are drawn."""
        drawn = {mark.cue.kind for row in self.rows for mark in row.marks}
        return tuple(kind for kind in VOICE_CUES if kind in drawn)

    @property
    def has_peak(self) -> bool:
        """Whether it is known of anybody where they were most stirred up."""
        return any(row.peak for row in self.rows)

    @property
    def bottom(self) -> int:
        """Where the last drawing ends, in pixels."""
        return self.shared.top + WAVE_HEIGHT if self.shared else self.rows[-1].bottom


def build(result: Mapping[str, Any]) -> Chart | None:
    """The timeline of a result object; None where no second of it could be measured."""
    voice, length = result.get("voice"), length_of(result)
    if voice is None or length <= 0:
        return None
    present = [speaker for speaker in SPEAKER_ORDER if speaker in voice["seconds"]]
    if not any(value is not None for speaker in present for value in voice["seconds"][speaker]):
        return None
    outlines = voice.get("waveform", ())
    channel_of = {role: channel for channel, role in lanes_of(result).items() if channel < len(outlines)}
    rows: list[Row] = []
    top = 0
    for speaker in present:
        channel = channel_of.get(speaker)
        rows.append(_row(result, speaker, top, length, None if channel is None else outlines[channel]))
        top = rows[-1].bottom + _GAP
    shared = Shared(top, _outline(outlines[0])) if len(outlines) == 1 else None
    bottom = shared.top + WAVE_HEIGHT if shared else rows[-1].bottom
    return Chart(length, bottom + _HEAD, tuple(rows), shared, _y(0.0), _y(AGITATED), ticks(length))


def _row(
    result: Mapping[str, Any], speaker: str, top: int, length: float, outline: Sequence[int] | None
) -> Row:
    voice = result["voice"]
    track: Sequence[float | None] = voice["seconds"][speaker]
    runs = list(_runs(track))
    own = [cue for cue in result["cues"] if cue["speaker"] == speaker and cue["kind"] in VOICE_CUES]
    curve = top + _HEAD
    return Row(
        speaker=speaker,
        head=top,
        curve=curve,
        wave=None if outline is None else curve + CURVE_HEIGHT,
        line=" ".join(_line(start, values, length) for start, values in runs),
        area=" ".join(_area(start, values, length) for start, values in runs),
        outline="" if outline is None else _outline(outline),
        marks=tuple(_mark(cue, length) for cue in cue_lines({**result, "cues": own})),
        peak=_peak(voice["speakers"], speaker, curve, length),
    )


def _runs(track: Sequence[float | None]) -> Iterator[tuple[int, list[float]]]:
    """Seconds that follow each other and are known: the first one, and their values."""
    run: list[float] = []
    for second, value in enumerate([*track, None]):
        if value is not None:
            run.append(value)
        elif run:
            yield second - len(run), run
            run = []


def _points(start: int, values: Sequence[float], length: float) -> list[tuple[float, float]]:
    """The middles of the seconds, from the beginning of the first to the end of the last."""
    scale = BOX_WIDTH / length
    middles = [((start + at + 0.5) * scale, _y(value)) for at, value in enumerate(values)]
    end = min(start + len(values), length) * scale
    return [(start * scale, middles[0][1]), *middles, (max(end, middles[-1][0]), middles[-1][1])]


def _line(start: int, values: Sequence[float], length: float) -> str:
    first, *others = [f"{x:.1f} {y:.1f}" for x, y in _points(start, values, length)]
    return f"M{first}L{' '.join(others)}"


def _area(start: int, values: Sequence[float], length: float) -> str:
    """Between the curve and the calm voice."""
    points = _points(start, values, length)
    corners = [(points[0][0], _y(0.0)), *points, (points[-1][0], _y(0.0))]
    first, *others = [f"{x:.1f} {y:.1f}" for x, y in corners]
    return f"M{first}L{' '.join(others)}Z"


def _y(value: float) -> float:
    inside = min(max(value, _LOWEST), _HIGHEST)
    return round((_HIGHEST - inside) / (_HIGHEST - _LOWEST) * CURVE_HEIGHT, 1)


def _outline(heights: Sequence[int]) -> str:
    """Both halves of the wave; silence is a thin line."""
    step, middle = BOX_WIDTH / len(heights), WAVE_HEIGHT / 2
    return "".join(
        f"M{(at + 0.5) * step:.1f} {middle - half:.1f}v{2 * half:.1f}"
        for at, height in enumerate(heights)
        for half in [max(height / 100 * middle, 0.3)]
    )


def _mark(cue: CueLine, length: float) -> Mark:
    width = max((cue.end - cue.start) / length * 100, _LEAST_WIDTH)
    return Mark(round(cue.start / length * 100, 3), round(width, 3), cue)


def _peak(speakers: Sequence[Mapping[str, Any]], name: str, curve: int, length: float) -> Peak | None:
    found = next((speaker for speaker in speakers if speaker["speaker"] == name), None)
    if found is None or found["peak"] is None or found["peak_at"] is None:
        return None
    at, value = found["peak_at"], found["peak"]
    return Peak(round(at / length * 100, 3), curve + _y(value), at, value)
