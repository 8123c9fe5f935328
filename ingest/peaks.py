"""How loud a recording is from moment to moment: what a waveform is drawn from."""

import io
from collections.abc import Iterable
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ingest.sound import Samples, Sound

FINEST: Final = 100
"""Peaks per second as they are kept; coarser ones are made from these."""


class Rate(IntEnum):
    """Peaks per second that may be asked for: the divisors of `FINEST`."""

    R1, R2, R4, R5, R10, R20, R25, R50, R100 = 1, 2, 4, 5, 10, 20, 25, 50, 100


_FULL_SCALE: Final = 32_767
# A whole number of peaks, so that no peak is divided between two blocks.
_BLOCK_S: Final = 60.0

Peaks = NDArray[np.uint16]


def find_peaks(sound: Sound) -> Peaks:
    """The loudest sample of each hundredth of a second, shape (channels, n), 0 to 32767.

    Memory stays bounded whatever the length.
    """
    found = [_loudest(_magnitudes(block), sound.rate // FINEST) for block in sound.blocks(_BLOCK_S)]
    return np.concatenate([np.zeros((sound.channels, 0), np.uint16), *found], axis=1)


def to_bytes(peaks: Peaks) -> bytes:
    """Peaks as they are kept."""
    kept = io.BytesIO()
    np.save(kept, peaks.astype("<u2"), allow_pickle=False)
    return kept.getvalue()


def from_bytes(kept: bytes) -> Peaks:
    """What `to_bytes` made."""
    peaks: Peaks = np.load(io.BytesIO(kept), allow_pickle=False)
    return peaks


def shown(peaks: Peaks, per_second: Rate, hidden: Iterable[tuple[float, float]]) -> list[list[float]]:
    """Peaks for drawing, one list per channel, 0 to 1.

    Args:
        hidden: stretches in seconds that are drawn flat.
    """
    flat = peaks.copy()
    for start, end in hidden:
        flat[:, max(0, int(start * FINEST)) : int(np.ceil(end * FINEST))] = 0
    drawn = _loudest(flat, FINEST // per_second) / _FULL_SCALE
    return [[round(float(peak), 3) for peak in channel] for channel in drawn]


def _magnitudes(samples: Samples) -> Peaks:
    magnitudes: Peaks = np.rint(np.abs(samples) * _FULL_SCALE).astype(np.uint16)
    return magnitudes


def _loudest(values: Peaks, each: int) -> Peaks:
    """The largest of every `each` values in a row; the last may be of fewer."""
    filled = np.pad(values, ((0, 0), (0, -values.shape[1] % each)))
    largest: Peaks = filled.reshape(values.shape[0], -1, each).max(axis=2)
    return largest
