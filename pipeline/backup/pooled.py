"""How recordings lie in the pool of backups: encrypted where the installation has keys, else as they are.

They are named by the hash of the recording either way, and its length tells which of the two they are."""

import hashlib
from collections.abc import Iterable, Iterator
from io import BufferedReader

from pipeline.backup import troubles
from pipeline.backup.manifest import Kept
from store.errors import IntegrityError
from store.hashing import checked
from store.objects import CHUNK_BYTES
from store.sealing import Keys, seal, sealed_length


class Hashed:
    """Hands bytes on, and knows afterwards what they were."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self._digest, self._length = hashlib.sha256(), 0

    def __iter__(self) -> Iterator[bytes]:
        """The bytes, piece by piece."""
        for chunk in self._chunks:
            self._digest.update(chunk)
            self._length += len(chunk)
            yield chunk

    def kept(self) -> Kept:
        """What was handed on."""
        return Kept(sha256=self._digest.hexdigest(), bytes=self._length)


def stored(pieces: Iterable[bytes], kept: Kept, keys: Keys | None) -> Iterable[bytes]:
    """A recording as it goes into the pool."""
    return pieces if keys is None else seal(pieces, kept.bytes, kept.sha256, keys)


def lengths(kept: Kept, keys: Keys | None) -> set[int]:
    """How long it may be in the pool to count as kept: where there are keys, a plain one does not."""
    return {sealed_length(kept.bytes)} if keys else {kept.bytes, sealed_length(kept.bytes)}


def is_sealed(length: int, kept: Kept) -> bool:
    """Whether a file of the pool of that length is the encrypted form."""
    return length == sealed_length(kept.bytes)


def plain(file: BufferedReader, kept: Kept, keys: Keys | None) -> Iterator[bytes]:
    """The recording out of its encrypted form, checked.

    Raises:
        IntegrityError: `backup.changed`.
        KeyMissingError: `recording.key_missing`.
    """
    try:
        yield from checked(iter(lambda: file.read(CHUNK_BYTES), b""), kept.sha256, keys)
    except IntegrityError as error:
        raise troubles.changed(kept, "its bytes do not match its hash") from error
