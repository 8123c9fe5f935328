"""Where nothing but the steady sound of the line is heard, so that nobody need look for speech there."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d, uniform_filter1d

from transcription.sound.levels import FRAME_S, Levels

# Quiet is what stays within this range for this long: speech, even soft, rises and falls much more. A
# fixed level would not do, because one line's noise is louder than the speech on another.
STEADY_RANGE_DB = 4.5
_STEADY_S = 1.0
# Single frames of noise vary by chance.
_SMOOTH_S = 0.1
# Below this there are only the last bits of the digital scale.
SILENT_DB = -80.0
# Shorter quiet is not worth leaving out.
MIN_QUIET_S = 8.0


def find_quiet(levels: Levels, is_open: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """The frames that lie in long quiet. They tell nothing of how loud somebody speaks either.

    Args:
        levels: of one channel, in dB per frame.
        is_open: the frames that are heard at all; None: all are.
    """
    quiet = np.zeros(len(levels), dtype=bool)
    for start, end in quiet_runs(levels, is_open):
        quiet[start:end] = True
    return quiet


def quiet_runs(levels: Levels, is_open: NDArray[np.bool_] | None = None) -> list[tuple[int, int]]:
    """First frame and end of every long quiet, in order."""
    mask = _is_steady(levels, np.ones(len(levels), bool) if is_open is None else is_open)
    changes = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    shortest = MIN_QUIET_S / FRAME_S
    runs = zip(changes[::2].tolist(), changes[1::2].tolist(), strict=True)
    return [(start, end) for start, end in runs if end - start >= shortest]


def _is_steady(levels: Levels, is_open: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The frames that lie in a steady stretch, or in none that is open."""
    smooth, window = round(_SMOOTH_S / FRAME_S), round(_STEADY_S / FRAME_S)
    share = uniform_filter1d(is_open.astype(np.float64), smooth)
    power = uniform_filter1d(np.where(is_open, 10 ** (levels / 10), 0.0), smooth)
    level = 10 * np.log10(np.maximum(power / np.maximum(share, 1e-9), 1e-12))
    # Closed frames are silent; what lies beside them is not rising or falling.
    heard = share >= 0.5
    highest = maximum_filter1d(np.where(heard, level, -np.inf), window)
    lowest = minimum_filter1d(np.where(heard, level, np.inf), window)
    steady = maximum_filter1d(highest - lowest <= STEADY_RANGE_DB, window - 1)
    quiet: NDArray[np.bool_] = steady | (level < SILENT_DB)
    return quiet
