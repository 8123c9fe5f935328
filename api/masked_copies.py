"""Copies of recordings with a tone over personal data: made when somebody listens, kept for the next one.

They lie under the data folder by the recording's hash, so that they go with it, and by what is toned, so that
another transcript makes another copy.
"""

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from store.recordings import RecordingStore
from transcription.privacy.sound import Stretch, copy_name, write_toned

FOLDER: Final = "masked"
_KEEP_BYTES: Final = 2 * 1024**3


class MaskedCopies:
    """Copies under one data folder.

    Args:
        keep_bytes: copies that were played longest ago are removed beyond this.
    """

    def __init__(self, data_dir: Path, recordings: RecordingStore, *, keep_bytes: int = _KEEP_BYTES) -> None:
        self._folder = data_dir / FOLDER
        self._recordings = recordings
        self._keep_bytes = keep_bytes

    def get(self, sha256: str, tones: Sequence[Stretch]) -> Path:
        """The copy of a recording, made now if there is none.

        Raises:
            NotFoundError: `recording.not_found`; copies of a deleted recording go as well.
            IntegrityError: `recording.damaged`.
            AudioError: the recording cannot be decoded.
        """
        if not self._recordings.exists(sha256):
            forget(self._folder.parent, sha256)
        place = self._folder / sha256 / f"{copy_name(sha256, tones)}.ogg"
        if place.exists() and self._recordings.exists(sha256):
            place.touch()
            return place
        with self._recordings.local_copy(sha256) as original:
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, written = tempfile.mkstemp(suffix=".part", dir=place.parent)
            os.close(handle)
            try:
                write_toned(original, tones, Path(written), f"Diting masked copy {place.stem[:16]}")
                Path(written).replace(place)
            finally:
                Path(written).unlink(missing_ok=True)
        self._make_room(place)
        return place

    def _make_room(self, newest: Path) -> None:
        """Remove what was played longest ago, and what an interrupted copy left behind."""
        kept = sorted(self._folder.glob("*/*.ogg"), key=lambda each: each.stat().st_mtime, reverse=True)
        total = 0
        for each in kept:
            total += each.stat().st_size
            if total > self._keep_bytes and each != newest:
                each.unlink(missing_ok=True)


def forget(data_dir: Path, sha256: str) -> None:
    """Remove all copies of a recording; harmless to repeat."""
    shutil.rmtree(data_dir / FOLDER / sha256, ignore_errors=True)
