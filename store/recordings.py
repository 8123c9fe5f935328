"""Recordings kept by their SHA-256, in a local folder or an S3-compatible store alike.

A recording is written once and never changed. Writing is atomic and repeatable; reading checks the hash. One
that was deleted leaves a note of that under its hash, and is never taken again.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from store.errors import ConflictError, DitingError, IntegrityError, NotFoundError, SettingsError

if TYPE_CHECKING:
    from obstore.store import S3Config  # exists for type checkers only

CHUNK_BYTES = 1024 * 1024
_IS_SHA256 = re.compile("[0-9a-f]{64}").fullmatch
UPLOADS_AT_ONCE = 2  # each holds a part of 5 MiB


class RecordingStoreError(DitingError):
    """The recording store cannot be reached or refuses the work; trying again later may help."""

    http_status = 503


class RecordingStore:
    """Content-addressed recordings.

    Args:
        url: `file:///folder`, a plain folder path, or `s3://bucket/prefix`.
        s3: endpoint, region and keys of the S3-compatible store; what is missing comes from AWS_… variables.
        retries: how often a request to the S3-compatible store is tried again.
    """

    def __init__(self, url: str, s3: "S3Config | None" = None, *, retries: int = 3) -> None:
        self._folder: Path | None = None
        self._synced: set[Path] = set()
        parts = urlsplit(url)
        if parts.scheme == "s3":
            plain_http = str((s3 or {}).get("endpoint", "")).startswith("http://")
            self._store: LocalStore | S3Store = S3Store.from_url(
                url,
                config=s3,
                client_options={"allow_http": plain_http},
                retry_config={"max_retries": retries},
            )
        elif parts.scheme in {"file", ""}:
            self._folder = Path(unquote(parts.path)).absolute()
            self._folder.mkdir(parents=True, exist_ok=True)
            self._store = LocalStore(self._folder)
        else:
            raise SettingsError(
                f"recordings cannot be kept at {parts.scheme}://",
                code="settings.recordings_url",
                where="DITING_RECORDINGS_URL",
                mend="Use file:///folder or s3://bucket/prefix.",
            )

    def put(self, path: Path) -> str:
        """Keep the file at `path`; return its SHA-256. Putting the same bytes again changes nothing.

        A damaged copy under the same hash is replaced. Memory stays bounded whatever the size.

        Raises:
            OSError: the file cannot be read.
            ConflictError: `recording.deleted`, these bytes were deleted and are not taken again.
            IntegrityError: `recording.changed`, the file was changed while it was read.
            RecordingStoreError: `recording.store_failed`.
        """
        sha256 = file_sha256(path)
        self._refuse_erased(sha256)
        if self._is_whole(sha256):
            return sha256
        with path.open("rb") as file, self._reported(sha256):
            hashing = _HashingReader(file)
            obstore.put(self._store, _key(sha256), hashing.chunks(), max_concurrency=UPLOADS_AT_ONCE)
            if hashing.hexdigest() != sha256:
                obstore.delete(self._store, _key(sha256))
                raise IntegrityError(
                    "the file was changed while it was read",
                    code="recording.changed",
                    where=path.name,
                    mend="Offer it again when the recorder has finished writing it.",
                )
            self._sync(_key(sha256))
        try:
            self._refuse_erased(sha256)  # it was deleted while it was written
        except ConflictError:
            self._remove(sha256)
            raise
        return sha256

    def erase(self, sha256: str, note: Mapping[str, str]) -> None:
        """Delete a recording for good; harmless to repeat. What was there leaves a note (`at`, `clause`: when
        and why), by which the same bytes are refused from then on.

        Raises:
            RecordingStoreError: `recording.store_failed`; to be tried again.
        """
        with self._reported(sha256):
            obstore.put(self._store, _grave(sha256), json.dumps(dict(note), ensure_ascii=False).encode())
            self._sync(_grave(sha256))
        self._remove(sha256)

    def erased(self, sha256: str) -> dict[str, str] | None:
        """The note of a deleted recording; None where it was not deleted here."""
        if self._lacks(_grave(sha256)):
            return None
        try:
            with self._reported(sha256):
                note = json.loads(bytes(obstore.get(self._store, _grave(sha256)).bytes()))
        except NotFoundError:
            return None
        return {str(name): str(value) for name, value in note.items()}

    def exists(self, sha256: str) -> bool:
        """Whether the recording is kept here."""
        try:
            self.size(sha256)
        except NotFoundError:
            return False
        return True

    def size(self, sha256: str) -> int:
        """Length in bytes.

        Raises:
            NotFoundError: `recording.not_found`.
        """
        with self._reported(sha256):
            return int(obstore.head(self._store, _key(sha256))["size"])

    def read(self, sha256: str) -> bytes:
        """All bytes, checked against the hash.

        Raises:
            NotFoundError: `recording.not_found`.
            IntegrityError: `recording.damaged`.
        """
        return b"".join(self._checked_chunks(sha256))

    def chunks(self, sha256: str) -> Iterator[bytes]:
        """The bytes piece by piece; the last piece is followed by the check, so nothing is whole before.

        Raises:
            NotFoundError: `recording.not_found`.
            IntegrityError: `recording.damaged`.
        """
        return self._checked_chunks(sha256)

    def hashes(self) -> Iterator[str]:
        """What is kept here, in no order."""
        with self._reported("list"):
            for batch in obstore.list(self._store):
                for item in batch:
                    name = item["path"].rpartition("/")[2]
                    if _IS_SHA256(name) and item["path"] == _key(name):
                        yield name

    def read_range(self, sha256: str, start: int, length: int) -> bytes:
        """`length` bytes from `start` on, for players that seek. A part cannot be checked by the hash."""
        with self._reported(sha256):
            return bytes(obstore.get_range(self._store, _key(sha256), start=start, length=length))

    def probe(self) -> None:
        """Write a few bytes, read them back and remove them.

        Raises:
            RecordingStoreError: `recording.store_failed`, with what the store said.
        """
        key, content = f"probe/{uuid4().hex}", b"diting"
        with self._reported(key):
            obstore.put(self._store, key, content)
            back = bytes(obstore.get(self._store, key).bytes())
            obstore.delete(self._store, key)
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
                    for chunk in self._checked_chunks(sha256):
                        file.write(chunk)
            except OSError as error:
                raise RecordingStoreError(
                    f"the copy to work on cannot be kept ({error.strerror})",
                    code="recording.no_space",
                    where=tempfile.gettempdir(),
                    mend="Make room, or set TMPDIR to a folder on a larger disk.",
                ) from error
            yield copy

    def _checked_chunks(self, sha256: str) -> Iterator[bytes]:
        digest = hashlib.sha256()
        with self._reported(sha256):
            for chunk in obstore.get(self._store, _key(sha256)).stream(min_chunk_size=CHUNK_BYTES):
                digest.update(chunk)
                yield bytes(chunk)
        if digest.hexdigest() != sha256:
            raise IntegrityError(
                "the stored bytes no longer match their hash",
                code="recording.damaged",
                where=f"recording {sha256}",
                mend="Restore it from a backup, or offer the original recording again.",
            )

    def _refuse_erased(self, sha256: str) -> None:
        note = self.erased(sha256)
        if note is not None:
            raise ConflictError(
                f"this recording was deleted at {note.get('at')} by {note.get('clause')}",
                code="recording.deleted",
                where=f"recording {sha256}",
                mend="It is not taken again; docs/retention.md says why.",
            )

    def _remove(self, sha256: str) -> None:
        with suppress(NotFoundError), self._reported(sha256):
            obstore.delete(self._store, _key(sha256))
        if self._folder is not None and (place := (self._folder / _key(sha256)).parent).is_dir():
            for part in place.glob(f"{sha256}#*"):  # left by a writer that was killed
                part.unlink(missing_ok=True)
            self._sync_folder(place)

    def _is_whole(self, sha256: str) -> bool:
        """A crash of the machine may leave a file that exists but was never filled."""
        if self._lacks(_key(sha256)):
            return False
        try:
            for _ in self._checked_chunks(sha256):
                pass
        except (NotFoundError, IntegrityError):
            return False
        return True

    def _lacks(self, key: str) -> bool:
        """Whether a folder has no such file, which is asked more cheaply than a store."""
        return self._folder is not None and not (self._folder / key).exists()

    def _sync(self, key: str) -> None:
        """Force the bytes and the folder entries to the disk; an S3 store does so by itself."""
        if self._folder is None:
            return
        path = self._folder / key
        self._sync_folder(path)
        self._sync_folder(path.parent)
        if path.parent not in self._synced:  # that this folder is there has to be forced once
            self._sync_folder(path.parent.parent)
            self._synced.add(path.parent)

    @staticmethod
    def _sync_folder(place: Path) -> None:
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    @contextmanager
    def _reported(self, sha256: str) -> Iterator[None]:
        """Turn the storage library's errors into ours."""
        try:
            yield
        except FileNotFoundError as error:
            raise NotFoundError(
                "there is no such recording", code="recording.not_found", where=f"recording {sha256}"
            ) from error
        except (BaseError, OSError) as error:
            raise RecordingStoreError(
                f"the recording store failed: {_first_line(error)}",
                code="recording.store_failed",
                where=f"recording {sha256}",
                mend="Check DITING_RECORDINGS_URL, free space and access rights.",
            ) from error


class _HashingReader:
    """Hands a file out in chunks and hashes them on the way."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def chunks(self) -> Iterator[bytes]:
        while chunk := self._file.read(CHUNK_BYTES):
            self._digest.update(chunk)
            yield chunk

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read in chunks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _key(sha256: str) -> str:
    if not _IS_SHA256(sha256):
        raise NotFoundError(
            "this is not a SHA-256", code="recording.not_found", where=f"recording {sha256!r}"
        )
    return f"{sha256[:2]}/{sha256}"


def _grave(sha256: str) -> str:
    """Where the note of a deleted recording lies."""
    return f"deleted/{_key(sha256)[3:]}"


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
