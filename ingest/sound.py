"""Decoded sound that is read by parts: a call of two hours needs no more memory than one of a minute."""

import os
import tempfile
import weakref
from collections.abc import Iterator
from io import FileIO
from typing import Final

import numpy as np
from numpy.typing import NDArray

from store.errors import DitingError

RATE: Final = 16_000
_FULL_SCALE: Final = 32_768
_PCM: Final = np.dtype("<i2")

Samples = NDArray[np.float32]


class SoundStoreError(DitingError):
    """Decoded sound cannot be kept for the moment; nothing is wrong with the recording."""

    http_status = 503


class Sound:
    """Decoded sound at 16 kHz, kept as 16-bit PCM in a temporary file.

    The file has no name, so that it is gone when nobody needs the sound any more, however the process
    ends. Parts are read, not mapped: mapped pages would count as memory of the process.
    """

    __slots__ = ("__weakref__", "_file", "channels", "length", "rate")

    def __init__(self, file: FileIO, channels: int, length: int) -> None:
        self._file = file
        self.channels = channels
        self.length = length
        self.rate = RATE
        weakref.finalize(self, file.close)

    @classmethod
    def from_array(cls, samples: Samples) -> "Sound":
        """Keep samples of shape (channels, n), within -1..1 at 16 kHz."""
        writer = SoundWriter()
        writer.add(samples)
        return writer.finish()

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.length / self.rate

    def read(self, start: int, stop: int) -> Samples:
        """Samples `start` up to `stop` of every channel, as far as there are any: float32, (channels, n)."""
        start = min(max(start, 0), self.length)
        count = min(max(stop, start), self.length) - start
        width = self.channels * _PCM.itemsize
        content = os.pread(self._file.fileno(), count * width, start * width)
        pcm = np.frombuffer(content, dtype=_PCM).reshape(count, self.channels)
        samples = pcm.T.astype(np.float32, order="C")
        samples /= _FULL_SCALE
        return samples

    def part(self, start_s: float, end_s: float) -> Samples:
        """What lies between two times in seconds, as far as there is any sound."""
        return self.read(int(start_s * self.rate), int(end_s * self.rate))

    def blocks(self, seconds: float = 60.0) -> Iterator[Samples]:
        """All of the sound in order, in blocks of equal length; only the last one may be shorter."""
        size = round(seconds * self.rate)
        for start in range(0, self.length, size):
            yield self.read(start, start + size)


class SoundWriter:
    """Writes sound down block by block while it is decoded.

    Raises:
        SoundStoreError: `audio.no_space`; here and from `add`.
    """

    def __init__(self) -> None:
        try:
            self._file = tempfile.TemporaryFile(prefix="diting-", buffering=0)  # noqa: SIM115
        except OSError as error:
            raise _no_space(error) from error
        # Closed on every way out, also when decoding breaks off.
        self._closing = weakref.finalize(self, self._file.close)
        self._channels = 0
        self.length = 0

    def add(self, block: Samples) -> None:
        """Append samples of shape (channels, n); every block has the same channels."""
        self._channels = block.shape[0]
        pcm = np.rint(block.T * _FULL_SCALE).clip(-_FULL_SCALE, _FULL_SCALE - 1).astype(_PCM, order="C")
        left = memoryview(pcm.tobytes())
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise _no_space(error) from error
        self.length += block.shape[1]

    def finish(self) -> Sound:
        """The sound; nothing can be added to it any more."""
        self._closing.detach()
        return Sound(self._file, self._channels, self.length)


def _no_space(error: OSError) -> SoundStoreError:
    return SoundStoreError(
        f"the decoded sound cannot be kept ({error.strerror})",
        code="audio.no_space",
        where=tempfile.gettempdir(),
        mend="Make room (230 MB for an hour of two channels), or set TMPDIR to a folder on a larger disk.",
    )
