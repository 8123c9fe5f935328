"""Recordings kept by their SHA-256, in a local folder or an S3-compatible store alike.

A recording is written once and never changed. Writing is atomic and repeatable; reading checks the hash.
Where keys are set it is encrypted at rest (`store.sealing`); plain ones from before are read as they are. One
that was deleted leaves a note of that under its hash, and is never taken again.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

from store import sealing
from store.errors import BadInputError, ConflictError, IntegrityError, NotFoundError
from store.hashing import HashingReader, checked, file_sha256
from store.objects import Objects, RecordingStoreError
from store.sealing import Keys

if TYPE_CHECKING:
    from obstore.store import S3Config  # exists for type checkers only

__all__ = ["RecordingStore", "RecordingStoreError", "file_sha256"]

_IS_SHA256 = re.compile("[0-9a-f]{64}").fullmatch
Changed = Literal["sealed", "rewrapped", "as_it_was"]


class RecordingStore:
    """Content-addressed recordings.

    Args:
        url: `file:///folder`, a plain folder path, or `s3://bucket/prefix`.
        s3: endpoint, region and keys of the S3-compatible store; what is missing comes from AWS_… variables.
        retries: how often a request to the S3-compatible store is tried again.
        keys: what encrypts recordings at rest; None keeps new ones plain.
        copies: folder on this machine where copies made of recordings lie, each under the hash of its own.
    """

    def __init__(
        self,
        url: str,
        s3: "S3Config | None" = None,
        *,
        retries: int = 3,
        keys: Keys | None = None,
        copies: Path | None = None,
    ) -> None:
        self._objects = Objects(url, s3, retries=retries)
        self._keys = keys
        self.copies = copies

    @property
    def keys(self) -> Keys | None:
        """What encrypts recordings at rest."""
        return self._keys

    def put(self, path: Path) -> str:
        """Keep the file at `path`; return its SHA-256. Putting the same bytes again changes nothing.

        A damaged copy under the same hash is replaced. Memory stays bounded whatever the size.

        Raises:
            OSError: the file cannot be read.
            BadInputError: `recording.sealed`, the file is an encrypted recording of such a store.
            ConflictError: `recording.deleted`, these bytes were deleted and are not taken again.
            IntegrityError: `recording.changed`, the file was changed while it was read.
            KeyMissingError: `recording.key_missing`, it is there already under a key that is not.
            RecordingStoreError: `recording.store_failed`.
        """
        _refuse_sealed(path)
        sha256 = file_sha256(path)
        self._refuse_erased(sha256)
        if self._is_whole(sha256):
            return sha256
        with path.open("rb") as file:
            hashing = HashingReader(file)
            self._write(sha256, hashing.chunks(), path.stat().st_size)
            if hashing.hexdigest() != sha256:
                self._objects.delete(_key(sha256))
                raise IntegrityError(
                    "the file was changed while it was read",
                    code="recording.changed",
                    where=path.name,
                    mend="Offer it again when the recorder has finished writing it.",
                )
        self._settle(sha256)
        return sha256

    def erase(self, sha256: str, note: Mapping[str, str]) -> None:
        """Delete a recording for good; harmless to repeat. What was there leaves a note (`at`, `clause`: when
        and why), by which the same bytes are refused from then on.

        Raises:
            RecordingStoreError: `recording.store_failed`; to be tried again.
        """
        self._objects.put(_grave(sha256), json.dumps(dict(note), ensure_ascii=False).encode())
        self._objects.sync(_grave(sha256))
        self._objects.delete(_key(sha256))
        if self.copies is not None:
            shutil.rmtree(self.copies / sha256, ignore_errors=True)

    def erased(self, sha256: str) -> dict[str, str] | None:
        """The note of a deleted recording; None where it was not deleted here."""
        if self._objects.lacks(_grave(sha256)):
            return None
        try:
            note = json.loads(b"".join(self._objects.stream(_grave(sha256))))
        except NotFoundError:
            return None
        return {str(name): str(value) for name, value in note.items()}

    def exists(self, sha256: str) -> bool:
        """Whether the recording is kept here."""
        try:
            self._objects.size(_key(sha256))
        except NotFoundError:
            return False
        return True

    def size(self, sha256: str) -> int:
        """Length of the recording in bytes.

        Raises:
            NotFoundError: `recording.not_found`.
            IntegrityError: `recording.damaged`.
        """
        start, size = self._objects.start(_key(sha256), sealing.HEADER_BYTES)
        return sealing.read_header(start, sha256).length if sealing.is_sealed(start) else size

    def sealed_by(self, sha256: str) -> str | None:
        """The id of the key under which a recording is encrypted; None where it is plain.

        Raises:
            NotFoundError: `recording.not_found`.
            IntegrityError: `recording.damaged`.
        """
        start, _ = self._objects.start(_key(sha256), sealing.HEADER_BYTES)
        return sealing.read_header(start, sha256).key if sealing.is_sealed(start) else None

    def renew(self, sha256: str) -> Changed:
        """Bring a recording under the current key: a plain one is encrypted, an older key is changed. Killed
        at any moment it stays as it was.

        Raises:
            NotFoundError: `recording.not_found`.
            IntegrityError: `recording.damaged`.
            KeyMissingError: `recording.key_missing`.
            RecordingStoreError: `recording.store_failed`.
        """
        held = self.sealed_by(sha256)
        if self._keys is None or held == self._keys.current:
            return "as_it_was"
        if held is None:
            with self.local_copy(sha256) as copy, copy.open("rb") as file:
                self._write(sha256, HashingReader(file).chunks(), copy.stat().st_size)
            self._settle(sha256)
            return "sealed"
        with tempfile.TemporaryFile(prefix="diting-") as stored:  # a store cannot be read while it writes
            stored.writelines(self._objects.stream(_key(sha256)))
            stored.seek(0)
            header = sealing.read_header(stored.read(sealing.HEADER_BYTES), sha256)
            renewed = sealing.rewrap(header, self._keys).to_bytes()
            self._objects.put(_key(sha256), chain([renewed], HashingReader(stored).chunks()))
        self._settle(sha256)
        return "rewrapped"

    def read(self, sha256: str) -> bytes:
        """All bytes, checked against the hash.

        Raises:
            NotFoundError: `recording.not_found`.
            IntegrityError: `recording.damaged`.
            KeyMissingError: `recording.key_missing`.
        """
        return b"".join(self.chunks(sha256))

    def chunks(self, sha256: str) -> Iterator[bytes]:
        """The bytes piece by piece; the last piece is followed by the check, so nothing is whole before.
        Raises as `read` does."""
        return checked(self._objects.stream(_key(sha256)), sha256, self._keys)

    def hashes(self) -> Iterator[str]:
        """What is kept here, in no order."""
        for key in self._objects.names():
            name = key.rpartition("/")[2]
            if _IS_SHA256(name) and key == _key(name):
                yield name

    def read_range(self, sha256: str, start: int, length: int) -> bytes:
        """`length` bytes from `start` on, for players that seek. Of an encrypted recording only the chunks
        around them are read, and each is proven; a part of a plain one cannot be checked by the hash.
        Raises as `read` does."""
        first, _ = self._objects.start(_key(sha256), sealing.HEADER_BYTES)
        if not sealing.is_sealed(first):
            return self._objects.part(_key(sha256), start, length)
        header = sealing.read_header(first, sha256)
        offset, count = sealing.span(header, start, length)
        content = self._objects.part(_key(sha256), offset, count) if count else b""
        return sealing.open_span(header, content, start, length, self._keys)

    def probe(self) -> None:
        """Write a few bytes, read them back and remove them.

        Raises:
            RecordingStoreError: `recording.store_failed`, with what the store said.
        """
        key, content = f"probe/{uuid4().hex}", b"diting"
        self._objects.put(key, content)
        back = b"".join(self._objects.stream(key))
        self._objects.delete(key)
        if back != content:
            raise RecordingStoreError(
                "the recording store gave back other bytes than were written",
                code="recording.store_failed",
                where=key,
                mend="Look at the disk or the S3 server.",
            )

    @contextmanager
    def local_copy(self, sha256: str) -> Iterator[Path]:
        """A checked copy in a local file, removed afterwards: for libraries that want a path.

        Raises:
            NotFoundError: `recording.not_found`.
            IntegrityError: `recording.damaged`.
            RecordingStoreError: `recording.store_failed`; `recording.no_space`, where the copy finds no room.
        """
        with ExitStack() as stack:
            try:
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="diting-"))
                copy = Path(folder) / sha256
                with copy.open("wb") as file:
                    for chunk in self.chunks(sha256):
                        file.write(chunk)
            except OSError as error:
                raise RecordingStoreError(
                    f"the copy to work on cannot be kept ({error.strerror})",
                    code="recording.no_space",
                    where=tempfile.gettempdir(),
                    mend="Make room, or set TMPDIR to a folder on a larger disk.",
                ) from error
            yield copy

    def _refuse_erased(self, sha256: str) -> None:
        note = self.erased(sha256)
        if note is not None:
            raise ConflictError(
                f"this recording was deleted at {note.get('at')} by {note.get('clause')}",
                code="recording.deleted",
                where=f"recording {sha256}",
                mend="It is not taken again; docs/retention.md says why.",
            )

    def _write(self, sha256: str, pieces: Iterable[bytes], length: int) -> None:
        sealed = pieces if self._keys is None else sealing.seal(pieces, length, sha256, self._keys)
        self._objects.put(_key(sha256), sealed)

    def _settle(self, sha256: str) -> None:
        """Make what was written last; it goes again where it was deleted while it was written."""
        self._objects.sync(_key(sha256))
        try:
            self._refuse_erased(sha256)
        except ConflictError:
            self._objects.delete(_key(sha256))
            raise

    def _is_whole(self, sha256: str) -> bool:
        """A crash of the machine may leave a file that exists but was never filled."""
        if self._objects.lacks(_key(sha256)):
            return False
        try:
            for _ in self.chunks(sha256):
                pass
        except (NotFoundError, IntegrityError):
            return False
        return True


def _refuse_sealed(path: Path) -> None:
    with path.open("rb") as file:
        if sealing.is_sealed(file.read(len(sealing.MAGIC))):
            raise BadInputError(
                "this is an encrypted recording out of a recording store",
                code="recording.sealed",
                where=path.name,
                mend="Offer the recording itself.",
            )


def _key(sha256: str) -> str:
    if not _IS_SHA256(sha256):
        raise NotFoundError(
            "this is not a SHA-256", code="recording.not_found", where=f"recording {sha256!r}"
        )
    return f"{sha256[:2]}/{sha256}"


def _grave(sha256: str) -> str:
    """Where the note of a deleted recording lies."""
    return f"deleted/{_key(sha256)[3:]}"
