"""The outline of a recording, for drawings: how loud each channel is from beginning to end."""

from typing import Final

import numpy as np

from ingest.sound import Sound

# As fine as a drawing across a page shows.
PARTS: Final = 600
_PART_LEAST_S: Final = 0.02
_FULL: Final = 100


def waveform(sound: Sound) -> tuple[tuple[int, ...], ...]:
    """The loudest sample of each of up to `PARTS` equal parts of the recording, by channel, in percent of the
    loudest of that channel; zeros where a channel is silent throughout."""
    if not sound.length:
        return ()
    parts = max(1, min(PARTS, int(sound.duration_s / _PART_LEAST_S)))
    edges = np.linspace(0, sound.length, parts + 1).astype(int)
    peaks = np.zeros((sound.channels, parts))
    at = 0
    for block in sound.blocks():
        first, last = np.searchsorted(edges, (at, at + block.shape[1] - 1), side="right") - 1
        starts = np.maximum(edges[first : last + 1] - at, 0)
        loudest = np.maximum.reduceat(np.abs(block), starts, axis=1)
        peaks[:, first : last + 1] = np.maximum(peaks[:, first : last + 1], loudest)
        at += block.shape[1]
    most = peaks.max(axis=1, keepdims=True)
    shares = np.divide(peaks, most, out=np.zeros_like(peaks), where=most > 0)
    return tuple(tuple(int(value) for value in np.rint(channel * _FULL)) for channel in shares)
