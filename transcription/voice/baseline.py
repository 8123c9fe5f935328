"""Each speaker against the same speaker's own calm voice, so that a loud line accuses nobody."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

# Natural variation between the sentences of a calm speaker on the telephone (dB, semitones).
USUAL_LEVEL_SD_DB = 2.0
USUAL_PITCH_SD = 1.0
MOST_SPREAD = 1.25
# Shorter utterances say little about the voice.
MIN_UTTERANCE_S = 1.0
MIN_UTTERANCES = 3
MIN_SPEECH_S = 6.0
# The calm voice is taken from the quieter part of the call: in a heated call most sentences are loud.
_CALM_PERCENTILE = 25
# … and from how the speaker began. Somebody who is loud from the first word has a loud voice, or a loud line.
_OPENING_S = 4.0


@dataclass(frozen=True, slots=True)
class Voice:
    """One utterance as it sounds: level in dB, pitch in semitones above 100 Hz."""

    utterance: int
    start: float
    end: float
    level: float
    pitch: float

    @property
    def seconds(self) -> float:
        """Length of the utterance."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Baseline:
    """A speaker's calm voice and its natural spread."""

    level: float
    level_sd: float
    pitch: float
    pitch_sd: float

    def rise(self, voice: Voice) -> tuple[float, float]:
        """How far an utterance lies above the calm voice, in standard deviations of level and of pitch."""
        return (voice.level - self.level) / self.level_sd, (voice.pitch - self.pitch) / self.pitch_sd


def baseline(voices: Sequence[Voice]) -> Baseline | None:
    """The calm voice of one speaker; None when too little was said to know it.

    Args:
        voices: the speaker's utterances in order of time.
    """
    usable = [voice for voice in voices if voice.seconds >= MIN_UTTERANCE_S]
    if len(usable) < MIN_UTTERANCES or sum(voice.seconds for voice in usable) < MIN_SPEECH_S:
        return None
    levels = np.array([voice.level for voice in usable])
    pitches = np.array([voice.pitch for voice in usable])
    opening = _opening(usable)
    weights = np.array([voice.seconds for voice in usable[:opening]])
    level = min(_calm(levels), float(np.average(levels[:opening], weights=weights)))
    pitch = min(_calm(pitches), float(np.average(pitches[:opening], weights=weights)))
    return Baseline(
        level=level,
        level_sd=_spread_near(levels, level, USUAL_LEVEL_SD_DB),
        pitch=pitch,
        pitch_sd=_spread_near(pitches, pitch, USUAL_PITCH_SD),
    )


def _opening(usable: Sequence[Voice]) -> int:
    """How many utterances make up the speaker's first seconds."""
    total = 0.0
    for count, voice in enumerate(usable, start=1):
        total += voice.seconds
        if total >= _OPENING_S:
            return count
    return len(usable)


def _calm(values: Values) -> float:
    return float(np.percentile(values, _CALM_PERCENTILE))


def _spread_near(values: Values, calm: float, usual: float) -> float:
    """Robust standard deviation of the calm utterances, at least the usual one and not much more.

    In a short call with few calm utterances the measured spread is mostly chance, hence the upper bound.
    """
    near = values[np.abs(values - calm) <= 2 * usual]
    spread = float(1.4826 * np.median(np.abs(near - calm))) if len(near) else usual
    return min(max(spread, usual), MOST_SPREAD * usual)
