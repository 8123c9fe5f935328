"""Whether a recording plays twice too fast: 8 kHz sound in a file that says 16 kHz.

Two measures must agree: how quickly syllables follow each other, and how high the voices are. In 81 calls,
real and synthetic, the centre of the first lies between 6.4 and 7.8 Hz; played twice too fast, between 9.1
and 11.1. Smaller errors, and sound that plays too slowly, cannot be told from people who speak fast or
slowly with any certainty, and are not claimed.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from transcription.sound.meters import FRAME_S, Measures

_STEP_S = 0.010
_WINDOW_S = 4.0
_DEPTH_DB = 30.0
_RATES_HZ = (1.0, 25.0)
_FEWEST_WINDOWS = 6
_LAGS_S = (0.002, 0.022)
_VOICED = 0.5
_FEWEST_VOICED = 25
# Rate of syllables (centre of the modulation spectrum) and median pitch of the lowest voice.
_FAST_HZ, _FAST_PITCH_HZ = 8.9, 190.0


def playing_speed(measures: Sequence[Measures], spoken: Sequence[NDArray[np.bool_]]) -> float | None:
    """How many times too fast the recording plays (2.0); None where nothing sure can be said.

    Args:
        measures: of each channel.
        spoken: for each channel which frames of `FRAME_S` hold speech.
    """
    rate = _syllable_rate(measures)
    pitches = [
        pitch
        for each, inside in zip(measures, spoken, strict=True)
        if (pitch := _pitch(each, inside)) is not None
    ]
    if rate is None or not pitches:
        return None
    return 2.0 if rate >= _FAST_HZ and min(pitches) >= _FAST_PITCH_HZ else None


def _syllable_rate(measures: Sequence[Measures]) -> float | None:
    """The centre (Hz) of how the level rises and falls, over all channels."""
    size = round(_WINDOW_S / _STEP_S)
    hertz = np.fft.rfftfreq(size, _STEP_S)
    chosen = (hertz >= _RATES_HZ[0]) & (hertz <= _RATES_HZ[1])
    total, count = np.zeros(len(hertz)), 0
    for each in measures:
        levels = each.fine[: len(each.fine) // 2 * 2].reshape(-1, 2).mean(axis=1)
        if not len(levels):
            continue
        levels = np.maximum(levels, np.percentile(levels, 95) - _DEPTH_DB)
        for start in range(0, len(levels) - size, size // 2):
            window = levels[start : start + size]
            if window.std() >= _DEPTH_DB / 12:
                total += np.abs(np.fft.rfft((window - window.mean()) * np.hanning(size))) ** 2
                count += 1
    if count < _FEWEST_WINDOWS:
        return None
    weights = (total * hertz)[chosen]
    return float(np.sum(weights * hertz[chosen]) / np.sum(weights))


def _pitch(measures: Measures, spoken: NDArray[np.bool_]) -> float | None:
    """The median pitch (Hz) of the voiced frames; None where there are too few."""
    places = (np.arange(len(measures.spectra)) * measures.spectrum_hop_s / FRAME_S).astype(int)
    inside = spoken[np.minimum(places, len(spoken) - 1)] if len(spoken) else np.zeros(0, bool)
    spectra = measures.spectra[inside]
    if len(spectra) < _FEWEST_VOICED:
        return None
    size = 2 * (measures.spectra.shape[1] - 1)
    rate = size * measures.hz_per_bin
    taper = np.fft.irfft(np.abs(np.fft.rfft(np.hanning(size), 2 * size)) ** 2)[:size]
    first, last = (round(seconds * rate) for seconds in _LAGS_S)
    likeness = np.fft.irfft(spectra, axis=1)[:, : last + 1]
    likeness = likeness / np.maximum(likeness[:, :1], 1e-20) / (taper[: last + 1] / taper[0])
    best = likeness[:, first:].max(axis=1)
    voiced = likeness[best >= _VOICED, first:]
    if len(voiced) < _FEWEST_VOICED:
        return None
    # The shortest of the nearly best lags: the others are its multiples.
    lags = first + np.argmax(voiced >= 0.85 * voiced.max(axis=1, keepdims=True), axis=1)
    return float(np.median(rate / lags))
