"""Two channels against each other: the same sound on both, echo, and what leaks across."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.audio import Samples

_SEGMENT_S = 2.048
_BAND_HZ = (250.0, 3500.0)
_SAME = 0.92
_SAME_DELAY_S = 0.12
_ECHO_S = (0.05, 0.7)
# Around its strongest moment an echo is smeared by loudspeaker, room and codec.
_BEFORE_S, _AFTER_S = 0.004, 0.020
_FAINTEST_DB = -40.0
# The strongest moment must stand out this much from what chance makes of two people's speech.
_STANDS_OUT = 12.0
_FEWEST_SEGMENTS = 5
_ONE_SIDED_DB = 6.0
_AUDIBLE_DB = -58.0


class SameSound(NamedTuple):
    """The second channel is the first one, `delay_s` later, `gain_db` louder, upside down if `inverted`."""

    delay_s: float
    gain_db: float
    inverted: bool


class Returned(NamedTuple):
    """The other side's voice comes back after `delay_s`, `level_db` weaker (negative)."""

    delay_s: float
    level_db: float


class PairMeter:
    """Compares two channels, block by block.

    Args:
        rate: samples per second.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._size = round(_SEGMENT_S * rate)
        self._shape = np.hanning(self._size).astype(np.float32)
        self._rest: Samples = np.zeros((2, 0), dtype=np.float32)
        bins = self._size // 2 + 1
        self._all = _Cross(bins)
        self._one_sided = (_Cross(bins), _Cross(bins))

    def add(self, block: Samples) -> None:
        """Compare the next samples, shape (2, n)."""
        samples = np.concatenate((self._rest, block), axis=1)
        count = samples.shape[1] // self._size
        for number in range(count):
            self._segment(samples[:, number * self._size : (number + 1) * self._size])
        self._rest = samples[:, count * self._size :].copy()

    def _segment(self, part: Samples) -> None:
        part = part - part.mean(axis=1, keepdims=True)
        levels = 10 * np.log10(np.mean(part**2, axis=1) + 1e-12)
        if levels.max() < _AUDIBLE_DB:
            return
        spectra = np.fft.rfft(part * self._shape, axis=1)
        self._all.add(spectra[0], spectra[1])
        if abs(levels[0] - levels[1]) >= _ONE_SIDED_DB:
            source = int(levels[1] > levels[0])
            self._one_sided[source].add(spectra[source], spectra[1 - source])

    def same_sound(self) -> SameSound | None:
        """Whether both channels carry the same sound; then they do not tell who speaks."""
        if not self._all.segments and self._rest.shape[1]:  # shorter than one segment
            rest = self._rest - self._rest.mean(axis=1, keepdims=True)
            self._segment(np.pad(rest, ((0, 0), (0, self._size - rest.shape[1]))))
        cross = self._all
        if not cross.power.sum(axis=1).all():
            return None
        likeness = np.fft.irfft(cross.across, self._size)
        scale = np.fft.irfft(np.sqrt(cross.power[0] * cross.power[1]), self._size)[0]
        reach = round(_SAME_DELAY_S * self._rate)
        delays = np.arange(-reach, reach + 1)
        values = likeness[delays] / (scale * self._taper(delays))
        at = int(np.abs(values).argmax())
        if abs(_peak(values, at)) < _SAME:
            return None
        gain = 10 * float(np.log10(cross.power[1].sum() / cross.power[0].sum()))
        return SameSound(float(delays[at]) / self._rate, gain, bool(values[at] < 0))

    def echo(self, channel: int) -> Returned | None:
        """The other side's voice coming back on `channel`, later than crosstalk does."""
        cross = self._one_sided[1 - channel]
        if cross.segments < _FEWEST_SEGMENTS:
            return None
        response = self._response(cross)
        first, last = (round(seconds * self._rate) for seconds in _ECHO_S)
        strengths = np.abs(response[first:last])
        at = int(strengths.argmax())
        if strengths[at] <= _STANDS_OUT * np.median(strengths) / 0.6745:
            return None
        whole = np.zeros_like(response)
        near = slice(
            max(0, first + at - round(_BEFORE_S * self._rate)), first + at + round(_AFTER_S * self._rate)
        )
        whole[near] = response[near] / self._taper(np.array([first + at]))[0]
        returned = np.abs(np.fft.rfft(whole)) ** 2 * cross.power[0]
        level = 10 * float(np.log10(returned.sum() / cross.power[0][self._band()].sum()))
        if level < _FAINTEST_DB:
            return None
        return Returned((first + at) / self._rate, level)

    def _response(self, cross: "_Cross") -> NDArray[np.float64]:
        """What the path makes of a click on the other side, within the band of speech."""
        power = cross.power[0]
        steadied = power + 1e-3 * power[self._band()].max() + 1e-12
        return np.fft.irfft(np.where(self._band(), cross.across / steadied, 0), self._size)

    def _band(self) -> NDArray[np.bool_]:
        hertz = np.arange(self._size // 2 + 1) * self._rate / self._size
        return (hertz >= _BAND_HZ[0]) & (hertz <= _BAND_HZ[1])

    def _taper(self, delays: NDArray[np.int64]) -> NDArray[np.float64]:
        """How much of a segment overlaps with itself, this much later."""
        spectrum = np.abs(np.fft.rfft(self._shape, 2 * self._size)) ** 2
        overlap = np.fft.irfft(spectrum)
        return np.asarray(overlap[np.abs(delays)] / overlap[0])


class _Cross:
    """Power and cross spectra added up over segments."""

    def __init__(self, bins: int) -> None:
        self.across = np.zeros(bins, dtype=np.complex128)
        self.power = np.zeros((2, bins))
        self.segments = 0

    def add(self, first: NDArray[np.complex64], second: NDArray[np.complex64]) -> None:
        self.across += second * first.conj()
        self.power[0] += np.abs(first) ** 2
        self.power[1] += np.abs(second) ** 2
        self.segments += 1


def _peak(values: NDArray[np.float64], at: int) -> float:
    """The height of a peak between the samples."""
    if not 0 < at < len(values) - 1:
        return float(values[at])
    left, middle, right = values[at - 1 : at + 2]
    curve = left - 2 * middle + right
    return float(middle - (left - right) ** 2 / (8 * curve)) if curve else float(middle)
