"""How high somebody speaks, in semitones."""

from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray
from swift_f0 import SwiftF0

from ingest.sound import Sound

LOWEST_HZ = 60.0
HIGHEST_HZ = 500.0
_VOICED = 0.5
_PEAK = 0.5
_HOP = 256
# A frame is told from this many frames before and after it.
_CONTEXT_FRAMES = 12


@lru_cache(maxsize=1)
def _detector() -> SwiftF0:
    # One thread: the sum of a convolution may depend on how many threads share it.
    return SwiftF0(threads=1, spin=False)


def frame_pitches(sound: Sound, channel: int, start: float, end: float) -> NDArray[np.float64]:
    """Pitch of a channel in semitones above 100 Hz of every 16 ms frame between two times in seconds, NaN
    where there is no voice. Only what lies between them is listened to: looking for pitch takes long."""
    frames_per_s = sound.rate / _HOP
    first, last = max(0, ceil(start * frames_per_s)), int(end * frames_per_s)
    before = max(0, first - _CONTEXT_FRAMES)
    samples = sound.read(before * _HOP, (last + 1 + _CONTEXT_FRAMES) * _HOP)[channel]
    if len(samples) == 0:
        return np.zeros(0)
    # Brought to one level: what the tracker finds in soft speech must not depend on the gain of the line.
    loudest = float(np.abs(samples).max())
    if loudest == 0:
        return np.full(last + 1 - first, np.nan)
    found = _detector().detect(samples * (_PEAK / loudest), sound.rate, fmin=LOWEST_HZ, fmax=HIGHEST_HZ)
    inside = slice(first - before, last + 1 - before)
    confidence, hertz = found.confidence[inside], found.pitch_hz[inside]
    voiced = (confidence >= _VOICED) & (hertz > 0)
    return np.where(voiced, 12 * np.log2(np.where(voiced, hertz, 100.0) / 100), np.nan)
