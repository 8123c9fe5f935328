"""How high somebody speaks, in semitones."""

from functools import lru_cache
from math import ceil

import numpy as np
from swift_f0 import SwiftF0

from ingest.sound import Sound

LOWEST_HZ = 60.0
HIGHEST_HZ = 500.0
_VOICED = 0.5
_MIN_VOICED_FRAMES = 12
_HOP = 256
# A frame is told from this many frames before and after it.
_CONTEXT_FRAMES = 12


@lru_cache(maxsize=1)
def _detector() -> SwiftF0:
    # One thread: the sum of a convolution may depend on how many threads share it.
    return SwiftF0(threads=1, spin=False)


def median_pitch(sound: Sound, channel: int, start: float, end: float) -> float | None:
    """Median pitch of a channel in semitones above 100 Hz between two times in seconds; None with less than
    0.2 s of voice. Only what lies between them is listened to: looking for pitch takes long."""
    frames_per_s = sound.rate / _HOP
    first, last = max(0, ceil(start * frames_per_s)), int(end * frames_per_s)
    before = max(0, first - _CONTEXT_FRAMES)
    samples = sound.read(before * _HOP, (last + 1 + _CONTEXT_FRAMES) * _HOP)[channel]
    if len(samples) == 0:
        return None
    found = _detector().detect(samples, sound.rate, fmin=LOWEST_HZ, fmax=HIGHEST_HZ)
    inside = slice(first - before, last + 1 - before)
    confidence, hertz = found.confidence[inside], found.pitch_hz[inside]
    voiced = hertz[(confidence >= _VOICED) & (hertz > 0)]
    return float(np.median(12 * np.log2(voiced / 100))) if len(voiced) >= _MIN_VOICED_FRAMES else None
