"""The form in which recordings are encrypted at rest: AES-256-GCM in chunks, so that parts can be read.

    header   magic, chunk size, length of the recording, its SHA-256, id of the key, the wrapped data key
    chunks   each encrypted under the data key of this recording, followed by its tag of 16 bytes

Every recording has a data key of its own. It is wrapped by a key-encryption key, which is never stored beside
the recordings. The wrapping proves the header; each chunk is bound to the recording, its length and its
place: nothing can be cut off, moved or taken from another recording. Pure: nothing is read or written here.
"""

import hashlib
import os
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.errors import DitingError, IntegrityError

MAGIC: Final = b"DITINGS1"
CHUNK_BYTES: Final = 64 * 1024
KEY_BYTES: Final = 32
_TAG: Final = 16
_NONCE: Final = 12
_FIXED: Final = struct.Struct(">8sIQ32s8s")
HEADER_BYTES: Final = _FIXED.size + _NONCE + KEY_BYTES + _TAG
_MAX_CHUNK: Final = 16 * 1024**2
_KEY_PURPOSE: Final = b"diting recording key\n"


class KeyMissingError(DitingError):
    """A recording is encrypted under a key that this installation does not have."""

    http_status = 503


def key_id(key: bytes) -> str:
    """What a key is called: 16 hexadecimal digits that come from the key, so that none passes for another."""
    return hashlib.sha256(_KEY_PURPOSE + key).hexdigest()[:16]


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The key-encryption keys by id. `current` seals; the others only open what they sealed."""

    by_id: Mapping[str, bytes]
    current: str

    def require(self, wanted: str, sha256: str) -> bytes:
        """The key of that id.

        Raises:
            KeyMissingError: `recording.key_missing`.
        """
        if wanted not in self.by_id:
            raise key_missing(wanted, sha256)
        return self.by_id[wanted]


def key_missing(wanted: str, sha256: str) -> KeyMissingError:
    """A recording cannot be opened; it stays as it is."""
    return KeyMissingError(
        f"it is encrypted under the key {wanted}, which is not there",
        code="recording.key_missing",
        where=f"recording {sha256}",
        mend="Put that key back into DITING_RECORDING_KEYS_FILE; nothing was changed.",
    )


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the chunks. `wrap` is the nonce and the wrapped data key."""

    chunk: int
    length: int
    sha256: str
    key: str
    wrap: bytes

    def to_bytes(self) -> bytes:
        """As it is stored."""
        return self._fixed() + self.wrap

    def _fixed(self) -> bytes:
        return _FIXED.pack(
            MAGIC, self.chunk, self.length, bytes.fromhex(self.sha256), bytes.fromhex(self.key)
        )

    @property
    def sealed_length(self) -> int:
        """Bytes of header and chunks together."""
        return sealed_length(self.length, self.chunk)

    def data_key(self, keys: Keys | None) -> bytes:
        """The unwrapped key of this recording, which proves the header.

        Raises:
            KeyMissingError: `recording.key_missing`.
            IntegrityError: `recording.damaged`.
        """
        if keys is None:
            raise key_missing(self.key, self.sha256)
        wrapping = AESGCM(keys.require(self.key, self.sha256))
        try:
            return wrapping.decrypt(self.wrap[:_NONCE], self.wrap[_NONCE:], self._fixed())
        except InvalidTag as error:
            raise damaged(self.sha256) from error

    def bound(self, index: int) -> bytes:
        """What the chunk at `index` is bound to; no part of it changes when the data key is wrapped anew."""
        return struct.pack(">8sIQ32sQ", MAGIC, self.chunk, self.length, bytes.fromhex(self.sha256), index)


def sealed_length(length: int, chunk: int = CHUNK_BYTES) -> int:
    """How many bytes a recording of `length` bytes takes when it is sealed."""
    return HEADER_BYTES + length + _chunks(length, chunk) * _TAG


def is_sealed(start: bytes) -> bool:
    """Whether these first bytes are those of a sealed recording."""
    return start.startswith(MAGIC)


def read_header(content: bytes, sha256: str) -> Header:
    """The header of a sealed recording, not yet proven: `Header.data_key` does that.

    Raises:
        IntegrityError: `recording.damaged`.
    """
    if len(content) < HEADER_BYTES:
        raise damaged(sha256)
    _, chunk, length, named, key = _FIXED.unpack_from(content)
    if named.hex() != sha256 or not 0 < chunk <= _MAX_CHUNK:
        raise damaged(sha256)
    return Header(chunk, length, sha256, key.hex(), content[_FIXED.size : HEADER_BYTES])


def seal(pieces: Iterable[bytes], length: int, sha256: str, keys: Keys) -> Iterator[bytes]:
    """A recording as it is stored: header, then chunks. `pieces` may be of any size and must give `length`
    bytes together; what is missing or too much is refused when it is opened."""
    data_key = AESGCM.generate_key(256)
    header = _wrapped(Header(CHUNK_BYTES, length, sha256, keys.current, b""), data_key, keys)
    yield header.to_bytes()
    cipher = AESGCM(data_key)
    for index, chunk in enumerate(_recut(pieces, CHUNK_BYTES)):
        yield cipher.encrypt(_nonce(index), chunk, header.bound(index))


def rewrap(header: Header, keys: Keys) -> Header:
    """The header with the same data key under the current key; the chunks stay valid.

    Raises:
        KeyMissingError: `recording.key_missing`.
        IntegrityError: `recording.damaged`.
    """
    data_key = header.data_key(keys)
    return _wrapped(Header(header.chunk, header.length, header.sha256, keys.current, b""), data_key, keys)


def open_sealed(header: Header, pieces: Iterable[bytes], keys: Keys | None) -> Iterator[bytes]:
    """The recording out of its chunks; `pieces` are the bytes after the header, in any size.

    Raises:
        KeyMissingError: `recording.key_missing`.
        IntegrityError: `recording.damaged`: changed, cut off, out of order, or too long.
    """
    cipher = AESGCM(header.data_key(keys))
    count = 0
    for index, piece in enumerate(_recut(pieces, header.chunk + _TAG)):
        yield _decrypt(cipher, header, index, piece)
        count += 1
    if count != _chunks(header.length, header.chunk):
        raise damaged(header.sha256)


def span(header: Header, start: int, length: int) -> tuple[int, int]:
    """Where the chunks lie that hold `length` bytes from `start` on: offset and number of stored bytes."""
    end = min(start + length, header.length)
    if start >= end:
        return HEADER_BYTES, 0
    first, last = start // header.chunk, (end - 1) // header.chunk
    step = header.chunk + _TAG
    stop = min(HEADER_BYTES + (last + 1) * step, header.sealed_length)
    return HEADER_BYTES + first * step, stop - HEADER_BYTES - first * step


def open_span(header: Header, content: bytes, start: int, length: int, keys: Keys | None) -> bytes:
    """`length` bytes from `start` on, out of the stored bytes that `span` names. Every chunk is proven.

    Raises:
        KeyMissingError: `recording.key_missing`.
        IntegrityError: `recording.damaged`.
    """
    cipher = AESGCM(header.data_key(keys))
    first = start // header.chunk
    pieces = _recut([content], header.chunk + _TAG)
    plain = b"".join(_decrypt(cipher, header, first + index, piece) for index, piece in enumerate(pieces))
    offset = start - first * header.chunk
    return plain[offset : offset + length]


def damaged(sha256: str) -> IntegrityError:
    """What is stored is not what was written."""
    return IntegrityError(
        "the stored bytes no longer match their hash",
        code="recording.damaged",
        where=f"recording {sha256}",
        mend="Restore it from a backup, or offer the original recording again.",
    )


def _wrapped(header: Header, data_key: bytes, keys: Keys) -> Header:
    nonce = os.urandom(_NONCE)
    wrapped = AESGCM(keys.by_id[keys.current]).encrypt(nonce, data_key, header._fixed())
    return Header(header.chunk, header.length, header.sha256, header.key, nonce + wrapped)


def _decrypt(cipher: AESGCM, header: Header, index: int, piece: bytes) -> bytes:
    try:
        return cipher.decrypt(_nonce(index), piece, header.bound(index))
    except InvalidTag as error:
        raise damaged(header.sha256) from error


def _nonce(index: int) -> bytes:
    """A data key is used for one recording only, so the number of the chunk never comes twice under it."""
    return index.to_bytes(_NONCE, "big")


def _chunks(length: int, chunk: int) -> int:
    return -(-length // chunk)


def _recut(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in pieces of `size`; the last may be shorter."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        whole = len(waiting) - len(waiting) % size
        for start in range(0, whole, size):
            yield bytes(waiting[start : start + size])
        del waiting[:whole]
    if waiting:
        yield bytes(waiting)
