"""Waveforms of recordings: computed when somebody first looks, kept for the next one.

What is kept is that of the whole recording; what personal data lies in is made flat when it is handed out,
so that another transcript needs no other copy.
"""

from pathlib import Path
from typing import Final

from api.kept_copies import KeptCopies
from ingest.audio import AudioLimits, decode
from ingest.peaks import Peaks, find_peaks, from_bytes, to_bytes
from store.recordings import RecordingStore

_KEEP_BYTES: Final = 512 * 1024**2
# Changes when those made before are to be made again.
_VERSION: Final = "1"


class Waveforms:
    """Waveforms of the recordings of one store.

    Args:
        keep_bytes: on disk, those asked for longest ago are removed beyond this; an hour of two channels
            takes 1.4 MB.
    """

    def __init__(self, recordings: RecordingStore, *, keep_bytes: int = _KEEP_BYTES) -> None:
        self._copies = KeptCopies(recordings, ".peaks", keep_bytes=keep_bytes)

    def read(self, sha256: str) -> Peaks:
        """The peaks of a recording, a hundred per second and channel.

        Raises:
            NotFoundError: `recording.not_found`.
            IntegrityError: `recording.damaged`.
            AudioError: the recording cannot be decoded.
        """
        return from_bytes(self._copies.read(sha256, f"{sha256}-{_VERSION}", _make))


def _make(original: Path, place: Path) -> None:
    sound = decode(original, AudioLimits(max_seconds=float("inf"), max_bytes=2**62)).sound
    place.write_bytes(to_bytes(find_peaks(sound)))
