"""How loud somebody speaks, in dB, on the frames in which they do speak."""

import librosa
import numpy as np
from numpy.typing import NDArray

FRAME_S = 0.025
HOP_S = 0.010
_FLOOR = 1e-6
# Frames this far below the loudest are pauses between words, not speech.
_ACTIVE_RANGE_DB = 20.0
_MIN_ACTIVE_FRAMES = 15


def frame_levels(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """Level of every 10 ms frame in dB relative to full scale; `samples` is one channel."""
    rms = librosa.feature.rms(
        y=samples, frame_length=round(FRAME_S * rate), hop_length=round(HOP_S * rate), center=True
    )[0]
    return np.asarray(20 * np.log10(np.maximum(rms, _FLOOR)), dtype=np.float64)


def speech_level(levels: NDArray[np.float64], start: float, end: float) -> float | None:
    """Median level in dB of the spoken frames between `start` and `end` seconds.

    The median makes it the level of the whole stretch: one shouted word does not move it. None when
    fewer than 0.15 s are spoken.
    """
    part = levels[int(start / HOP_S) : int(end / HOP_S) + 1]
    if len(part) < _MIN_ACTIVE_FRAMES:
        return None
    active = part[part > np.percentile(part, 95) - _ACTIVE_RANGE_DB]
    return float(np.median(active)) if len(active) >= _MIN_ACTIVE_FRAMES else None
