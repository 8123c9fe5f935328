"""Copies of recordings with a tone over personal data: made when somebody listens, kept for the next one.

They lie where `RecordingStore.erase` finds them, under the recording's hash, so that they go with it; and by
what is toned, so that another transcript makes another copy. Where recordings are encrypted at rest, copies
are kept in memory only.
"""

import os
import tempfile
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Final

from store.recordings import RecordingStore
from transcription.privacy.sound import Stretch, copy_name, write_toned

_KEEP_BYTES: Final = 2 * 1024**3
_KEEP_IN_MEMORY: Final = 64 * 1024**2


class MaskedCopies:
    """Masked copies of the recordings of one store.

    Args:
        keep_bytes: on disk, copies that were played longest ago are removed beyond this.
    """

    def __init__(self, recordings: RecordingStore, *, keep_bytes: int = _KEEP_BYTES) -> None:
        self._recordings = recordings
        self._keep_bytes = keep_bytes
        self._at_hand: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def read(self, sha256: str, tones: Sequence[Stretch]) -> bytes:
        """The copy of a recording as Ogg Opus, made now if there is none.

        Raises:
            NotFoundError: `recording.not_found`.
            IntegrityError: `recording.damaged`.
            AudioError: the recording cannot be decoded.
        """
        self._recordings.size(sha256)  # a copy of a deleted recording is not played
        name = copy_name(sha256, tones)
        with self._lock:
            if name in self._at_hand:
                self._at_hand.move_to_end(name)
                return self._at_hand[name]
        content = self._kept(sha256, name, tones)
        with self._lock:
            self._at_hand[name] = content
            while len(self._at_hand) > 1 and sum(map(len, self._at_hand.values())) > _KEEP_IN_MEMORY:
                self._at_hand.popitem(last=False)
        return content

    def _kept(self, sha256: str, name: str, tones: Sequence[Stretch]) -> bytes:
        folder = self._recordings.copies
        if folder is None or self._recordings.keys is not None:
            with tempfile.TemporaryDirectory() as passing:
                return self._make(sha256, tones, Path(passing) / "copy.ogg", name)
        place = folder / sha256 / f"{name}.ogg"
        if place.exists():
            place.touch()
            return place.read_bytes()
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(suffix=".part", dir=place.parent)
        os.close(handle)
        try:
            content = self._make(sha256, tones, Path(unfinished), name)
            Path(unfinished).replace(place)
        finally:
            Path(unfinished).unlink(missing_ok=True)
        self._make_room(folder, place)
        return content

    def _make(self, sha256: str, tones: Sequence[Stretch], place: Path, name: str) -> bytes:
        with self._recordings.local_copy(sha256) as original:
            write_toned(original, tones, place, f"Diting masked copy {name[:16]} of {sha256[:16]}")
        return place.read_bytes()

    def _make_room(self, folder: Path, newest: Path) -> None:
        """Remove what was played longest ago."""
        kept = sorted(folder.glob("*/*.ogg"), key=lambda each: each.stat().st_mtime, reverse=True)
        total = 0
        for each in kept:
            total += each.stat().st_size
            if total > self._keep_bytes and each != newest:
                each.unlink(missing_ok=True)
