"""Reading recordings so that their hash is known, and stored ones so that it is checked."""

import hashlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO

from store import sealing
from store.objects import CHUNK_BYTES
from store.sealing import Keys


class HashingReader:
    """Hands a file out in chunks and hashes them on the way."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def chunks(self) -> Iterator[bytes]:
        """The bytes from where the file stands."""
        while chunk := self._file.read(CHUNK_BYTES):
            self._digest.update(chunk)
            yield chunk

    def hexdigest(self) -> str:
        """The SHA-256 of what was handed out."""
        return self._digest.hexdigest()


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read in chunks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checked(pieces: Iterator[bytes], sha256: str, keys: Keys | None) -> Iterator[bytes]:
    """A recording out of the stored bytes, encrypted or plain; the last piece is followed by the check.

    Raises:
        IntegrityError: `recording.damaged`.
        KeyMissingError: `recording.key_missing`.
    """
    digest = hashlib.sha256()
    start, rest = split(pieces, sealing.HEADER_BYTES)
    if sealing.is_sealed(start):
        plain = sealing.open_sealed(sealing.read_header(start, sha256), rest, keys)
    else:
        plain = chain([start], rest)
    for piece in plain:
        digest.update(piece)
        yield piece
    if digest.hexdigest() != sha256:
        raise sealing.damaged(sha256)


def split(pieces: Iterator[bytes], length: int) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes, at most `length`, and the rest."""
    start = b""
    while len(start) < length and (piece := next(pieces, b"")):
        start += piece
    return start[:length], chain([start[length:]], pieces)
