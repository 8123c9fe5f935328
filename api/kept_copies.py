"""What is made of recordings when somebody asks, and kept for the next one.

It lies where `RecordingStore.erase` finds it, under the recording's hash, so that it goes with it. Where
recordings are encrypted at rest it is kept in memory only.
"""

import os
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final

from store.recordings import RecordingStore

_KEEP_IN_MEMORY: Final = 64 * 1024**2

Make = Callable[[Path, Path], None]
"""Makes something of the recording in the first file and writes it into the second."""


class KeptCopies:
    """One kind of copies of the recordings of one store.

    Args:
        suffix: that of their files.
        keep_bytes: on disk, copies that were asked for longest ago are removed beyond this.
    """

    def __init__(self, recordings: RecordingStore, suffix: str, *, keep_bytes: int) -> None:
        self._recordings = recordings
        self._suffix = suffix
        self._keep_bytes = keep_bytes
        self._at_hand: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def read(self, sha256: str, name: str, make: Make) -> bytes:
        """The copy of a recording under this name, made now if there is none.

        Raises:
            NotFoundError: `recording.not_found`.
            IntegrityError: `recording.damaged`.
        """
        self._recordings.size(sha256)  # a copy of a deleted recording is not handed out
        with self._lock:
            if name in self._at_hand:
                self._at_hand.move_to_end(name)
                return self._at_hand[name]
        content = self._kept(sha256, name, make)
        with self._lock:
            self._at_hand[name] = content
            while len(self._at_hand) > 1 and sum(map(len, self._at_hand.values())) > _KEEP_IN_MEMORY:
                self._at_hand.popitem(last=False)
        return content

    def _kept(self, sha256: str, name: str, make: Make) -> bytes:
        folder = self._recordings.copies
        if folder is None or self._recordings.keys is not None:
            with tempfile.TemporaryDirectory() as passing:
                return self._made(sha256, make, Path(passing) / f"copy{self._suffix}")
        place = folder / sha256 / f"{name}{self._suffix}"
        if place.exists():
            place.touch()
            return place.read_bytes()
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(suffix=".part", dir=place.parent)
        os.close(handle)
        try:
            content = self._made(sha256, make, Path(unfinished))
            Path(unfinished).replace(place)
        finally:
            Path(unfinished).unlink(missing_ok=True)
        self._make_room(folder, place)
        return content

    def _made(self, sha256: str, make: Make, place: Path) -> bytes:
        with self._recordings.local_copy(sha256) as original:
            make(original, place)
        return place.read_bytes()

    def _make_room(self, folder: Path, newest: Path) -> None:
        """Remove what was asked for longest ago."""
        found = folder.glob(f"*/*{self._suffix}")
        kept = sorted(found, key=lambda each: each.stat().st_mtime, reverse=True)
        total = 0
        for each in kept:
            total += each.stat().st_size
            if total > self._keep_bytes and each != newest:
                each.unlink(missing_ok=True)
