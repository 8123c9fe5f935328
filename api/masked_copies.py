"""Copies of recordings with a tone over personal data: made when somebody listens, kept for the next one.

They are kept by what is toned, so that another transcript makes another copy.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from api.kept_copies import KeptCopies
from store.recordings import RecordingStore
from transcription.privacy.sound import Stretch, copy_name, write_toned

_KEEP_BYTES: Final = 2 * 1024**3


class MaskedCopies:
    """Masked copies of the recordings of one store.

    Args:
        keep_bytes: on disk, copies that were played longest ago are removed beyond this.
    """

    def __init__(self, recordings: RecordingStore, *, keep_bytes: int = _KEEP_BYTES) -> None:
        self._copies = KeptCopies(recordings, ".ogg", keep_bytes=keep_bytes)

    def read(self, sha256: str, tones: Sequence[Stretch]) -> bytes:
        """The copy of a recording as Ogg Opus, made now if there is none.

        Raises:
            NotFoundError: `recording.not_found`.
            IntegrityError: `recording.damaged`.
            AudioError: the recording cannot be decoded.
        """
        name = copy_name(sha256, tones)

        def make(original: Path, place: Path) -> None:
            write_toned(original, tones, place, f"Diting masked copy {name[:16]} of {sha256[:16]}")

        return self._copies.read(sha256, name, make)
