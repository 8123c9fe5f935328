"""Where somebody speaks: level normalisation, speech detection, and the turns of a conversation."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps

from ingest.progress import Progress, ignore
from transcription.sound.channels import Channel
from transcription.sound.levels import FRAME_S
from transcription.sound.quiet import find_quiet, quiet_runs
from transcription.spans import Spans

# Two seconds of nobody speaking end a turn even when the same person goes on.
MAX_PAUSE_S = 2.0
# The recogniser hears 30 s at a time; longer turns are cut at their longest pause.
MAX_TURN_S = 24.0
# The other side's speech separates two stretches when this much of it lies between them.
_BETWEEN_S = 0.15
# A stretch is own speech when it stands out this much from what leaks in, and from the side's usual level.
STRETCH_MARGIN_DB = 9.0
QUIETEST_DB = 21.0
# Speech is searched for in blocks of this length, to take little memory. Each block but the first begins a
# little early, because the detector must get used to the line, and ends clear of speech.
_BLOCK_S = 300.0
_RUN_UP_S = 5.0
_CLEAR_S = 1.0
# Of long quiet it hears this much before and after.
QUIET_MARGIN_S = 2.0
_VAD_WINDOW = 512

# A stretch without any pause is cut as well, at its most silent place: beyond 30 s nothing would be heard.
_VAD = VadOptions(
    threshold=0.25,  # at 0.35 it passes over one short answer in fifty (docs/quality.md)
    neg_threshold=0.2,
    min_speech_duration_ms=100,
    max_speech_duration_s=MAX_TURN_S,
    min_silence_duration_ms=300,
    speech_pad_ms=120,
)
# Two voices on one channel change over within a short pause: finer pieces.
_FINE_VAD = VadOptions(
    threshold=0.35,
    min_speech_duration_ms=150,
    max_speech_duration_s=MAX_TURN_S,
    min_silence_duration_ms=160,
    speech_pad_ms=60,
)


class Stretch(NamedTuple):
    """An uninterrupted stretch of speech, in seconds from the start of the recording."""

    start: float
    end: float


class Turn(NamedTuple):
    """What one side (a channel, or a voice) says until the other side speaks: one or more stretches."""

    side: int
    stretches: tuple[Stretch, ...]

    @property
    def start(self) -> float:
        """Start of the first stretch."""
        return self.stretches[0].start

    @property
    def end(self) -> float:
        """End of the last stretch."""
        return self.stretches[-1].end

    @property
    def speech_s(self) -> float:
        """Seconds of speech, pauses not counted."""
        return sum(stretch.end - stretch.start for stretch in self.stretches)


def detect_speech(channel: Channel, *, progress: Progress = ignore) -> tuple[Stretch, ...]:
    """Find the speech of one speaker's channel (16 kHz) with Silero VAD."""
    return _detect(channel, _VAD, progress)


def detect_pieces(channel: Channel, *, progress: Progress = ignore) -> tuple[Stretch, ...]:
    """Find the speech of a channel with several speakers, in pieces short enough to hold one speaker each."""
    return _detect(channel, _FINE_VAD, progress)


def _detect(channel: Channel, options: VadOptions, progress: Progress) -> tuple[Stretch, ...]:
    """Search block by block; a block ends in the pause before the last stretch that it may have cut."""
    found: list[Stretch] = []
    for start, end in searched(channel):
        cursor = start
        while cursor < end:
            stop = min(cursor + _BLOCK_S, end)
            heard = _detect_block(channel, max(start, cursor - _RUN_UP_S), stop, options)
            heard = [Stretch(max(s.start, cursor), s.end) for s in heard if s.end > cursor]
            following = stop if stop == end else _last_pause(heard, stop)
            found += [stretch for stretch in heard if stretch.end <= following]
            cursor = following
            progress(cursor / channel.sound.duration_s)
    return tuple(found)


def searched(channel: Channel) -> list[tuple[float, float]]:
    """The parts of a channel, in seconds, in which there may be speech: all but long quiet."""
    edges = [0.0]
    for start, end in quiet_runs(channel.levels, channel.is_open):
        edges += [start * FRAME_S + QUIET_MARGIN_S, end * FRAME_S - QUIET_MARGIN_S]
    edges.append(channel.sound.duration_s)
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end > start]


def _detect_block(channel: Channel, start: float, stop: float, options: VadOptions) -> list[Stretch]:
    rate = channel.sound.rate
    # The detector's windows lie as they would in the whole recording.
    first = int(start * rate) // _VAD_WINDOW * _VAD_WINDOW
    samples = channel.read(first, int(stop * rate))
    if not np.any(samples):
        return []
    return [
        Stretch((first + item["start"]) / rate, (first + item["end"]) / rate)
        for item in get_speech_timestamps(samples, options, sampling_rate=rate)
    ]


def _last_pause(stretches: Sequence[Stretch], stop: float) -> float:
    """A time shortly before `stop` in which nobody speaks. (No stretch is longer than `MAX_TURN_S`.)"""
    if not stretches or stretches[-1].end < stop - 2 * _CLEAR_S:
        return stop - _CLEAR_S
    if len(stretches) == 1:
        return stretches[0].start
    return (stretches[-2].end + stretches[-1].start) / 2


class OwnSpeech(NamedTuple):
    """What one side says itself; `faint` is what lies too far below its usual level to be heard reliably."""

    near: tuple[Stretch, ...] = ()
    faint: tuple[Stretch, ...] = ()


def own_speech(channel: Channel, stretches: Sequence[Stretch]) -> OwnSpeech:
    """Keep the stretches that are this side's own speech; remains of the other side's loudest sounds go."""
    if not len(channel.levels):
        return OwnSpeech()
    active = channel.levels[~find_quiet(channel.levels, channel.is_open)]
    usual, leak = np.percentile(active if len(active) else channel.levels, 90), channel.leak
    near: list[Stretch] = []
    faint: list[Stretch] = []
    for stretch in stretches:
        first = int(stretch.start / FRAME_S)
        part = slice(first, max(int(stretch.end / FRAME_S), first + 1))
        level = np.percentile(channel.levels[part], 90)
        leaked = -np.inf if leak is None else np.percentile(leak.source[part], 90) + leak.db
        if level > leaked + STRETCH_MARGIN_DB:
            (near if level > usual - QUIETEST_DB else faint).append(stretch)
    return OwnSpeech(tuple(near), tuple(faint))


def take_turns(sides: Sequence[Sequence[Stretch]]) -> tuple[Turn, ...]:
    """Join the stretches of each side into turns, in order of their start.

    Stretches belong to one turn while the pause between them is short and the other side is silent in it.
    """
    turns = []
    for side, stretches in enumerate(sides):
        others = Spans(stretch for index, other in enumerate(sides) if index != side for stretch in other)
        current: list[Stretch] = []
        for stretch in stretches:
            if current and not _goes_on(current, stretch, others):
                turns.append(Turn(side, tuple(current)))
                current = []
            current.append(stretch)
        if current:
            turns.append(Turn(side, tuple(current)))
    return tuple(sorted(turns, key=lambda turn: (turn.start, turn.side)))


def _goes_on(current: Sequence[Stretch], following: Stretch, others: Spans[Stretch]) -> bool:
    pause_start, pause_end = current[-1].end, following.start
    if pause_end - pause_start > MAX_PAUSE_S or following.end - current[0].start > MAX_TURN_S:
        return False
    return not any(
        min(other.end, pause_end) - max(other.start, pause_start)
        > min(_BETWEEN_S, pause_end - pause_start - 1e-6)
        for other in others.between(pause_start, pause_end)
    )
