"""What one channel is like, measured block by block: levels, flat tops, offset, gaps, bandwidth."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.audio import Samples
from transcription.sound.spectrum import Spectrogram

FRAME_S = 0.020
FLOOR_DB = -100.0
_FINE_S = 0.005
# Sample sizes in bins of 1 dB, from this one to full scale and a little beyond (filters overshoot).
_SMALLEST_DB, _BINS = -60, 64
# A lost packet may be filled with the sound before it: lengths of packets.
_PACKETS_S = (0.010, 0.020, 0.030)
_SAME_DB = -40.0
_SPECTRUM_S, _SPECTRUM_HOP_S = 0.064, 0.128
_MOST_SPECTRA = 8192  # those of 17 minutes


class Measures(NamedTuple):
    """The measures of a whole channel.

    `levels` (dB) are of frames of `FRAME_S`; `fine` (dB) and `repeats` (whether it is the sound of one
    packet before) of `fine_s`; `sizes` counts samples by size; `spectra` are power spectra every
    `spectrum_hop_s`, bins `hz_per_bin` apart.
    """

    levels: NDArray[np.float32]
    fine: NDArray[np.float32]
    repeats: NDArray[np.bool_]
    sizes: NDArray[np.int64]
    peak: float
    dc: float
    spectra: NDArray[np.float32]
    hz_per_bin: float
    fine_s: float = _FINE_S
    spectrum_hop_s: float = _SPECTRUM_HOP_S


class ChannelMeter:
    """Measures one channel.

    Args:
        rate: samples per second.
        speech: where somebody speaks, as (start, end) in seconds: only there samples are counted by size,
            because the sizes of a tone pile up as if it were clipped.
    """

    def __init__(self, rate: int, speech: Sequence[tuple[float, float]] = ()) -> None:
        self._rate = rate
        self._speech = [(round(start * rate), round(end * rate)) for start, end in speech]
        self._step = round(_FINE_S * rate)
        self._packets = [round(seconds * rate) for seconds in _PACKETS_S]
        self._before: Samples = np.zeros(max(self._packets), dtype=np.float32)
        self._rest: Samples = np.zeros(0, dtype=np.float32)
        self._powers: list[NDArray[np.float32]] = []
        self._repeats: list[NDArray[np.bool_]] = []
        self._sizes = np.zeros(_BINS, dtype=np.int64)
        self._peak, self._sum, self._count = 0.0, 0.0, 0
        self._spectrogram = Spectrogram(round(_SPECTRUM_S * rate), round(_SPECTRUM_HOP_S * rate))
        self._spectra: list[NDArray[np.float32]] = []
        self._spectra_seen, self._spectra_kept, self._stride = 0, 0, 1

    def add(self, block: Samples) -> None:
        """Measure the next samples."""
        samples = np.concatenate((self._rest, block))
        whole = len(samples) // self._step * self._step
        samples, self._rest = samples[:whole], samples[whole:].copy()
        if not whole:
            return
        self._peak = max(self._peak, float(np.abs(samples).max()))
        for start, end in self._speech:
            self._count_sizes(samples[max(0, start - self._count) : max(0, end - self._count)])
        self._sum += float(samples.sum(dtype=np.float64))
        self._count += whole
        powers = _powers(samples, self._step)
        self._powers.append(powers)
        self._repeats.append(self._repeated(samples, powers))
        self._before = np.concatenate((self._before, samples))[-len(self._before) :]
        self._keep_spectra(self._spectrogram.add(samples))

    def take(self) -> Measures:
        """All measures so far."""
        powers = np.concatenate(self._powers) if self._powers else np.zeros(0, np.float32)
        per_frame = round(FRAME_S / _FINE_S)
        frames = powers[: len(powers) // per_frame * per_frame].reshape(-1, per_frame).mean(axis=1)
        bins = round(_SPECTRUM_S * self._rate) // 2 + 1
        return Measures(
            levels=_decibels(frames),
            fine=_decibels(powers),
            repeats=np.concatenate(self._repeats) if self._repeats else np.zeros(0, bool),
            sizes=self._sizes.copy(),
            peak=self._peak,
            dc=self._sum / self._count if self._count else 0.0,
            spectra=np.concatenate(self._spectra) if self._spectra else np.zeros((0, bins), np.float32),
            hz_per_bin=1 / _SPECTRUM_S,
            spectrum_hop_s=_SPECTRUM_HOP_S * self._stride,
        )

    def _keep_spectra(self, powers: NDArray[np.float32]) -> None:
        """Of a long recording every second, fourth … one is kept: they are averaged, and there are enough."""
        chosen = powers[-self._spectra_seen % self._stride :: self._stride].copy()
        self._spectra.append(chosen)
        self._spectra_seen += len(powers)
        self._spectra_kept += len(chosen)
        while self._spectra_kept > _MOST_SPECTRA:
            self._spectra = [np.concatenate(self._spectra)[::2].copy()]
            self._spectra_kept = len(self._spectra[0])
            self._stride *= 2

    def _count_sizes(self, samples: Samples) -> None:
        if not len(samples):
            return
        decibels = 20 * np.log10(np.maximum(np.abs(samples), 1e-6))
        bins = np.clip(decibels - _SMALLEST_DB, -1, _BINS - 1).astype(np.int64)
        self._sizes += np.bincount(bins[bins >= 0], minlength=_BINS)

    def _repeated(self, samples: Samples, powers: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Where a stretch of sound is the same as one packet before, sample by sample."""
        repeated = np.zeros(len(powers), dtype=bool)
        audible = powers > 10 ** (-55 / 10)
        for packet in self._packets:
            before = np.concatenate((self._before[-packet:], samples))[: len(samples)]
            change = _powers(samples - before, self._step)
            repeated |= audible & (change < powers * np.float32(10 ** (_SAME_DB / 10)))
        return repeated


def _powers(samples: Samples, step: int) -> NDArray[np.float32]:
    parts = samples.reshape(-1, step)
    return np.asarray(np.einsum("ij,ij->i", parts, parts) / np.float32(step), dtype=np.float32)


def _decibels(powers: NDArray[np.float32]) -> NDArray[np.float32]:
    return (10 * np.log10(np.maximum(powers, 10 ** (FLOOR_DB / 10)))).astype(np.float32)


def clipped_share(sizes: NDArray[np.int64]) -> float:
    """The share of the loud samples that pile up at one size, as when a wave is cut off flat.

    The sizes of a voice grow rarer towards its peak without exception; where the wave was cut, they pile
    up in the last decibels. Lossy codecs (Opus, MP3, AMR) round the flat tops off: after them little can
    be told.
    """
    total = int(sizes.sum())
    worst = 0.0
    for at in range(14, len(sizes)):
        usual = float(sizes[at - 5 : at - 2].mean())
        is_pile = sizes[at] >= 5e-4 * total and sizes[at] > 1.6 * usual
        if total and is_pile and sizes[at + 1 :].sum() < 0.5 * sizes[at]:
            piled = float(sizes[at - 1 :].sum()) - 2 * usual
            worst = max(worst, piled / float(sizes[at - 12 :].sum()))
    return worst


def gaps(fine: NDArray[np.float32], noise_db: float) -> NDArray[np.bool_]:
    """Where sound is missing inside speech: far quieter than the pauses, with speech right up to both edges.

    Args:
        fine: levels in dB of `Measures.fine_s` each.
        noise_db: the level of the pauses.
    """
    # Where the pauses themselves are digital silence, only edges of 40 dB within 5 ms tell.
    clean = noise_db < _CLEAN_DB
    quiet = fine < (_CLEAN_DB if clean else noise_db - _BELOW_NOISE_DB)
    speech = fine > (_LOUD_DB if clean else noise_db + _ABOVE_NOISE_DB)
    found = np.zeros(len(fine), dtype=bool)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], quiet.astype(np.int8), [0]))))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        long_enough = _GAP_FRAMES[0] <= end - start <= _GAP_FRAMES[1]
        if long_enough and speech[max(0, start - 2) : start].any() and speech[end : end + 2].any():
            found[start:end] = True
    return found


_CLEAN_DB, _LOUD_DB = -78.0, -42.0
_BELOW_NOISE_DB, _ABOVE_NOISE_DB = 8.0, 8.0
_GAP_FRAMES = (3, 60)  # 15 to 300 ms
_REPEAT_FRAMES = (2, 24)  # longer, it is a tone


def fillings(repeats: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where lost packets were filled with the sound before: short runs of sameness."""
    found = np.zeros(len(repeats), dtype=bool)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], repeats.astype(np.int8), [0]))))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if _REPEAT_FRAMES[0] <= end - start <= _REPEAT_FRAMES[1]:
            found[start:end] = True
    return found
