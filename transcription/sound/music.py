"""Music on the line. Notes stay where they are for a while; the harmonics of a voice never do.

For every frame its spectrum is compared with the one a little later, after what is always there (noise,
hum) is taken away. Measured over 4 s: hold music lies between 0.4 and 0.9, speech below 0.25, the worst
of a noisy real call at 0.42.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from transcription.sound.spectrum import Powers

_LAG = 4  # frames: with a hop of 32 ms and windows of 128 ms, the next window that shares no sample
_FLOOR_SHARE = 20  # percentile of each bin over a block that counts as always there
_FLOOR_TIMES = 3.0
_FLOOR_FRAMES = 600  # fewer do not tell what is always there
_DEPTH = 9.0  # nepers below the strongest bin that still count (39 dB)
_SMOOTH = 17  # bins over which the shape of the spectrum is levelled out
_TINY = 1e-11

WINDOW_S = 4.0
SURE = 0.48  # mean likeness over the window that only music reaches
LIKELY = 0.36  # what it goes on with, once it is sure
MIN_MUSIC_S = 5.0
_EDGE, _EDGE_FRAMES = 0.42, 31  # where half of a second is music and the other half speech
_JOIN_S = 6.0  # quieter passages of the same music
_ACTIVE_DB = 30.0  # frames this far below the loud ones are pauses


class MusicMeter:
    """Collects, frame by frame, how like a spectrum is to the one 128 ms later."""

    def __init__(self) -> None:
        self._floor: NDArray[np.float32] | None = None
        self._shapes = np.zeros((0, 0), dtype=np.float32)
        self._levels: list[NDArray[np.float32]] = []
        self._likeness: list[NDArray[np.float32]] = []

    def add(self, powers: Powers) -> None:
        """Take in the spectra of a block, only the bins of the telephone band."""
        if not len(powers):
            return
        if self._floor is None or len(powers) >= _FLOOR_FRAMES:
            floor = np.percentile(powers[::4], _FLOOR_SHARE, axis=0) if len(powers) >= _FLOOR_FRAMES else 0.0
            self._floor = (_FLOOR_TIMES * np.broadcast_to(floor, powers.shape[1:])).astype(np.float32)
        above = np.maximum(powers - self._floor, _TINY)
        self._levels.append(10 * np.log10(above.sum(axis=1)))
        logs = np.log(above)
        logs = np.maximum(logs, logs.max(axis=1, keepdims=True) - _DEPTH)
        shapes = logs - uniform_filter1d(logs, _SMOOTH, axis=1)
        shapes /= np.sqrt(np.sum(shapes**2, axis=1, keepdims=True)) + 1e-6
        if self._shapes.size:
            shapes = np.concatenate((self._shapes, shapes))
        self._likeness.append(np.sum(shapes[:-_LAG] * shapes[_LAG:], axis=1))
        self._shapes = shapes[-_LAG:]

    def take(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Level above what is always there (dB) and likeness (-1..1) of all frames but the last few."""
        if not self._likeness:
            return np.zeros(0, np.float32), np.zeros(0, np.float32)
        likeness = np.concatenate(self._likeness)
        return np.concatenate(self._levels)[: len(likeness)], likeness


def music_spans(
    levels: NDArray[np.float32], likeness: NDArray[np.float32], hop_s: float
) -> list[tuple[float, float, float]]:
    """Where there is music: (start, end, mean likeness), in seconds.

    Args:
        levels: dB per frame.
        likeness: per frame; frames that are tones should be set to 0 before.
        hop_s: seconds from frame to frame.
    """
    width = round(WINDOW_S / hop_s)
    if len(likeness) < width:
        return []
    active = levels > np.percentile(levels, 95) - _ACTIVE_DB
    kernel = np.ones(width)
    heard = np.maximum(np.convolve(active, kernel, "valid"), 0.4 * width)
    means = np.convolve(likeness * active, kernel, "valid") / heard
    spans = []
    for first, last in _runs(means >= LIKELY):
        peak = float(means[first:last].max())
        if peak >= SURE:
            start, end = _edges(likeness, active, first, last + width - 1)
            spans.append((start * hop_s, end * hop_s, peak))
    return [span for span in _joined(spans) if span[1] - span[0] >= MIN_MUSIC_S]


def _edges(
    likeness: NDArray[np.float32], active: NDArray[np.bool_], first: int, last: int
) -> tuple[int, int]:
    """The window smears: go in from both ends to where a second sounds like music by itself."""
    short = uniform_filter1d(np.where(active, likeness, 0.0)[first:last], _EDGE_FRAMES)
    inside = np.flatnonzero(short >= _EDGE)
    return (first + int(inside[0]), first + int(inside[-1]) + 1) if len(inside) else (first, last)


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _joined(spans: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    joined = spans[:1]
    for _, following in pairwise(spans):
        start, end, peak = joined[-1]
        if following[0] - end <= _JOIN_S:
            joined[-1] = (start, max(end, following[1]), max(peak, following[2]))
        else:
            joined.append(following)
    return joined
