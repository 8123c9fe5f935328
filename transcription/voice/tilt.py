"""How hard somebody presses the voice: the share of its power that lies high."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ingest.sound import Sound

HOP_S: Final = 0.016
_WINDOW: Final = 512
# Below the first the telephone lets nothing through, above the last neither.
_LOW_HZ: Final = (300.0, 1000.0)
_HIGH_HZ: Final = (1000.0, 3400.0)
_FLOOR: Final = 1e-12


def frame_tilts(sound: Sound, channel: int, start: float, end: float) -> NDArray[np.float64]:
    """Power above 1 kHz against that below, in dB, of every 16 ms frame between two times in seconds; both
    within what the telephone lets through. Frames have their time in their middle and are 32 ms long."""
    hop = round(HOP_S * sound.rate)
    first, last = _ceil(start / HOP_S), int(min(end, sound.duration_s) / HOP_S)
    if last < first:
        return np.zeros(0)
    begin, stop = first * hop - _WINDOW // 2, last * hop + _WINDOW // 2
    samples = np.zeros(stop - begin, dtype=np.float32)
    heard = sound.read(begin, stop)[channel]
    samples[max(0, -begin) :][: len(heard)] = heard
    windows = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::hop]
    power = np.square(np.abs(np.fft.rfft(windows * np.hanning(_WINDOW).astype(np.float32), axis=1)))
    hertz = np.fft.rfftfreq(_WINDOW, 1 / sound.rate)
    low, high = (power[:, (hertz >= edge[0]) & (hertz < edge[1])].sum(axis=1) for edge in (_LOW_HZ, _HIGH_HZ))
    return np.asarray(10 * np.log10((high + _FLOOR) / (low + _FLOOR)), dtype=np.float64)


def _ceil(value: float) -> int:
    return -int(-value // 1)
