"""Power of the voice in two bands: how loud somebody speaks, and how hard the voice is pressed."""

from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

from ingest.sound import Sound

Values = NDArray[np.float64]

# The same frames as those of the pitch: every 16 ms, each with its time in its middle.
HOP_S: Final = 0.016
_WINDOW: Final = 512
# The telephone lets nothing else through.
_LOW_HZ: Final = (300.0, 1000.0)
_HIGH_HZ: Final = (1000.0, 3400.0)
_FLOOR: Final = 1e-12
_SHAPE: Final = np.hanning(_WINDOW).astype(np.float32)
_SCALE: Final = 2 / (_WINDOW * float(np.square(_SHAPE).sum()))  # from the spectrum to the mean square
# The weakest frames are taken for the noise of the line; with its power taken off, a soft voice over noise
# does not sound pressed. What is left of a band is at least this share of it.
_NOISE_PERCENTILE: Final = 10
_LEAST_SHARE: Final = 0.1
# Where even the weakest frames are nearly as strong as the loud ones, a steady voice fills the stretch.
_STEADY: Final = 0.3


def frame_bands(sound: Sound, channel: int, start: float, end: float) -> tuple[Values, Values]:
    """Level, and power above 1 kHz against that below, both in dB, of every 16 ms frame between two times in
    seconds, within what the telephone lets through and without the steady noise of the line. Frames are 32 ms
    long; a full-scale sine in the band has a level of -3 dB. (The powers are those of librosa's spectrogram.)
    """
    powers = _band_powers(sound, channel, start, end)
    if powers.shape[1] == 0:
        return np.zeros(0), np.zeros(0)
    noise = np.percentile(powers, _NOISE_PERCENTILE, axis=1, keepdims=True)
    if noise.sum() > _STEADY * np.percentile(powers.sum(axis=0), 90):
        noise *= 0
    low, high = np.maximum(powers - noise, _LEAST_SHARE * powers) + _FLOOR
    return 10 * np.log10(low + high), 10 * np.log10(high / low)


def _band_powers(sound: Sound, channel: int, start: float, end: float) -> Values:
    """Mean square in the low and the high band of each frame: shape (2, frames)."""
    hop = round(HOP_S * sound.rate)
    first, last = max(0, ceil(start / HOP_S)), int(min(end, sound.duration_s) / HOP_S)
    if last < first:
        return np.zeros((2, 0))
    begin, stop = first * hop - _WINDOW // 2, last * hop + _WINDOW // 2
    samples = np.zeros(stop - begin, dtype=np.float32)
    heard = sound.read(begin, stop)[channel]
    samples[max(0, -begin) :][: len(heard)] = heard
    windows = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::hop]
    hertz = np.fft.rfftfreq(_WINDOW, 1 / sound.rate)
    low, middle, high = np.searchsorted(hertz, (_LOW_HZ[0], _LOW_HZ[1], _HIGH_HZ[1]))
    spectrum = rfft(windows * _SHAPE, axis=1)[:, low:high]  # of 32-bit floats, as the samples are
    power = (np.square(spectrum.real) + np.square(spectrum.imag)) * _SCALE
    bands = [power[:, : middle - low].sum(axis=1), power[:, middle - low :].sum(axis=1)]
    return np.asarray(bands, dtype=np.float64)
