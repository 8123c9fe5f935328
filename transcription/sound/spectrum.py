"""Short-time spectra of one channel that comes in blocks: frames run on over the edges of blocks."""

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

from ingest.audio import Samples

Powers = NDArray[np.float32]
_ROWS_AT_ONCE = 512
# Mean square below which sound is silence: nothing is looked for in it, and most of a line is silent.
_SILENT_POWER = 5e-7


class Spectrogram:
    """Power spectra (Hann window) of successive blocks of one channel.

    Frame `i` since the start covers the samples from `i * hop` to `i * hop + window`. Power is that of a
    sine of the same size: a full-scale sine has the power 1 in its bin.

    A frame of silence (below -63 dB) has no power at all.

    Args:
        window: samples in a frame.
        hop: samples from one frame to the next.
    """

    def __init__(self, window: int, hop: int) -> None:
        self.window, self.hop = window, hop
        shape = np.hanning(window).astype(np.float32)
        self._shape = shape / (shape.sum() / 2)
        self._rest: Samples = np.zeros(0, dtype=np.float32)
        self._skip = 0  # samples to come that lie between two frames

    def add(self, block: Samples) -> Powers:
        """The spectra of all frames that `block` completes, shape (frames, window // 2 + 1)."""
        samples = np.concatenate((self._rest, block[self._skip :]))
        self._skip = max(0, self._skip - len(block))
        count = max(0, (len(samples) - self.window) // self.hop + 1)
        self._rest = samples[count * self.hop :].copy()
        self._skip += max(0, count * self.hop - len(samples))
        powers = np.zeros((count, self.window // 2 + 1), dtype=np.float32)
        if count:
            frames = np.lib.stride_tricks.sliding_window_view(samples, self.window)[:: self.hop]
            sounding = np.flatnonzero(self._sounding(samples, count))
            for first in range(0, len(sounding), _ROWS_AT_ONCE):
                rows = sounding[first : first + _ROWS_AT_ONCE]
                spectrum = rfft(frames[rows] * self._shape, axis=1)
                powers[rows] = spectrum.real**2 + spectrum.imag**2
        return powers

    def _sounding(self, samples: Samples, count: int) -> NDArray[np.bool_]:
        """Whether each frame holds more than silence anywhere."""
        hops = -(-self.window // self.hop)
        chunks = np.zeros((count + hops) * self.hop, dtype=np.float32)
        part = samples[: len(chunks)]
        chunks[: len(part)] = part
        rows = chunks.reshape(-1, self.hop)
        loud = np.einsum("ij,ij->i", rows, rows) > _SILENT_POWER * self.hop
        return np.asarray(np.lib.stride_tricks.sliding_window_view(loud, hops)[:count].any(axis=1))
