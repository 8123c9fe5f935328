"""How high somebody speaks, in semitones."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from swift_f0 import SwiftF0

LOWEST_HZ = 60.0
HIGHEST_HZ = 500.0
_VOICED = 0.5
_MIN_VOICED_FRAMES = 12


@dataclass(frozen=True, slots=True)
class PitchTrack:
    """Pitch of one channel: `times` in seconds and `semitones` above 100 Hz, voiced frames only."""

    times: NDArray[np.float64]
    semitones: NDArray[np.float64]


@lru_cache(maxsize=1)
def _detector() -> SwiftF0:
    # One thread: the sum of a convolution may depend on how many threads share it.
    return SwiftF0(threads=1, spin=False)


def pitch_track(samples: NDArray[np.float32], rate: int) -> PitchTrack:
    """Follow the pitch of one channel."""
    found = _detector().detect(samples, rate, fmin=LOWEST_HZ, fmax=HIGHEST_HZ)
    voiced = (found.confidence >= _VOICED) & (found.pitch_hz > 0)
    return PitchTrack(found.timestamps[voiced], 12 * np.log2(found.pitch_hz[voiced] / 100))


def median_pitch(track: PitchTrack, start: float, end: float) -> float | None:
    """Median pitch in semitones above 100 Hz between two times; None with less than 0.2 s of voice."""
    inside = track.semitones[(track.times >= start) & (track.times <= end)]
    return float(np.median(inside)) if len(inside) >= _MIN_VOICED_FRAMES else None
