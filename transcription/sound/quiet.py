"""Where nothing but the steady sound of the line is heard, so that nobody need look for speech there."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d, uniform_filter1d

from transcription.sound.channels import FRAME_S, Channel

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
# The speech detector hears this much of the quiet before and after, to know what the line sounds like.
MARGIN_S = 2.0


def searched(channel: Channel) -> list[tuple[float, float]]:
    """The parts of a channel, in seconds, in which there may be speech: all but long quiet."""
    edges = [0.0]
    for start, end in _runs(_is_steady(channel)):
        if end - start < MIN_QUIET_S:
            continue
        edges += [start + MARGIN_S, end - MARGIN_S]
    edges.append(channel.sound.duration_s)
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end > start]


def _is_steady(channel: Channel) -> NDArray[np.bool_]:
    """The frames that lie in a steady stretch, or in none that is open."""
    smooth, window = round(_SMOOTH_S / FRAME_S), round(_STEADY_S / FRAME_S)
    is_open = np.ones(len(channel.levels), bool) if channel.is_open is None else channel.is_open
    share = uniform_filter1d(is_open.astype(np.float64), smooth)
    power = uniform_filter1d(np.where(is_open, 10 ** (channel.levels / 10), 0.0), smooth)
    level = 10 * np.log10(np.maximum(power / np.maximum(share, 1e-9), 1e-12))
    # Closed frames are silent; what lies beside them is not rising or falling.
    heard = share >= 0.5
    highest = maximum_filter1d(np.where(heard, level, -np.inf), window)
    lowest = minimum_filter1d(np.where(heard, level, np.inf), window)
    steady = maximum_filter1d(highest - lowest <= STEADY_RANGE_DB, window - 1)
    quiet: NDArray[np.bool_] = steady | (level < SILENT_DB)
    return quiet


def _runs(mask: NDArray[np.bool_]) -> Iterator[tuple[float, float]]:
    """Start and end in seconds of every run of true frames."""
    changes = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    for start, end in zip(changes[::2], changes[1::2], strict=True):
        yield float(start * FRAME_S), float(end * FRAME_S)
