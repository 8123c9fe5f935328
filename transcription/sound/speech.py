"""Where somebody speaks: level normalisation, speech detection, and the turns of a conversation."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps

from ingest.audio import Samples

SPEECH_LEVEL = 0.05  # RMS that speech is brought to: what the recogniser hears best
MAX_GAIN = 100.0  # 40 dB: a silent line must not become loud noise
# Two seconds of nobody speaking end a turn even when the same person goes on.
MAX_PAUSE_S = 2.0
# The recogniser hears 30 s at a time; longer turns are cut at their longest pause.
MAX_TURN_S = 24.0
# The other side's speech separates two stretches when this much of it lies between them.
_BETWEEN_S = 0.15

# A stretch without any pause is cut as well, at its most silent place: beyond 30 s nothing would be heard.
_VAD = VadOptions(
    threshold=0.35,
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


def normalise_level(samples: Samples, rate: int) -> Samples:
    """Bring the speech in one channel to the usual level; quiet and loud lines then sound alike."""
    frame = rate // 40
    count = len(samples) // frame
    if count == 0:
        return samples
    power = np.mean(np.square(samples[: count * frame].reshape(count, frame), dtype=np.float64), axis=1)
    loud = np.sqrt(np.mean(power[power >= np.percentile(power, 80)]))
    if loud == 0:
        return samples
    gain = min(SPEECH_LEVEL / float(loud), MAX_GAIN)
    louder: Samples = np.clip(samples * np.float32(gain), -1.0, 1.0)
    return louder


def detect_speech(samples: Samples, rate: int) -> tuple[Stretch, ...]:
    """Find the speech of one speaker's channel (16 kHz) with Silero VAD."""
    return _detect(samples, rate, _VAD)


def detect_pieces(samples: Samples, rate: int) -> tuple[Stretch, ...]:
    """Find the speech of a channel with several speakers, in pieces short enough to hold one speaker each."""
    return _detect(samples, rate, _FINE_VAD)


def _detect(samples: Samples, rate: int, options: VadOptions) -> tuple[Stretch, ...]:
    if len(samples) == 0 or not np.any(samples):
        return ()
    found = get_speech_timestamps(samples, options, sampling_rate=rate)
    return tuple(Stretch(item["start"] / rate, item["end"] / rate) for item in found)


def take_turns(sides: Sequence[Sequence[Stretch]]) -> tuple[Turn, ...]:
    """Join the stretches of each side into turns, in order of their start.

    Stretches belong to one turn while the pause between them is short and the other side is silent in it.
    """
    turns = []
    for side, stretches in enumerate(sides):
        others = [stretch for index, other in enumerate(sides) if index != side for stretch in other]
        current: list[Stretch] = []
        for stretch in stretches:
            if current and not _goes_on(current, stretch, others):
                turns.append(Turn(side, tuple(current)))
                current = []
            current.append(stretch)
        if current:
            turns.append(Turn(side, tuple(current)))
    return tuple(sorted(turns, key=lambda turn: (turn.start, turn.side)))


def _goes_on(current: Sequence[Stretch], following: Stretch, others: Sequence[Stretch]) -> bool:
    pause_start, pause_end = current[-1].end, following.start
    if pause_end - pause_start > MAX_PAUSE_S or following.end - current[0].start > MAX_TURN_S:
        return False
    return not any(
        min(other.end, pause_end) - max(other.start, pause_start)
        > min(_BETWEEN_S, pause_end - pause_start - 1e-6)
        for other in others
    )
