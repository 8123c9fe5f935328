"""Immutable bytes by name, in a local folder or an S3-compatible store alike. What is written is there whole
or not at all."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from store.errors import DitingError, NotFoundError, SettingsError

if TYPE_CHECKING:
    from obstore.store import S3Config  # exists for type checkers only

CHUNK_BYTES: Final = 1024 * 1024
UPLOADS_AT_ONCE: Final = 2  # each holds a part of 5 MiB


class RecordingStoreError(DitingError):
    """The recording store cannot be reached or refuses the work; trying again later may help."""

    http_status = 503


class Objects:
    """Bytes by name at `url`; the arguments are those of `store.recordings.RecordingStore`.

    Every method raises RecordingStoreError (`recording.store_failed`), and NotFoundError
    (`recording.not_found`) where it reads what is not there.
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

    def put(self, key: str, content: bytes | Iterable[bytes]) -> None:
        """Write, in place of what was there. An error while the pieces come leaves what was there."""
        with _reported(key):
            pieces = content if isinstance(content, bytes) else iter(content)
            obstore.put(self._store, key, pieces, max_concurrency=UPLOADS_AT_ONCE)

    def sync(self, key: str) -> None:
        """Force the bytes and the folder entries to the disk; an S3 store does so by itself."""
        if self._folder is None:
            return
        path = self._folder / key
        with _reported(key):
            _sync(path)
            _sync(path.parent)
            if path.parent not in self._synced:  # that this folder is there has to be forced once
                _sync(path.parent.parent)
                self._synced.add(path.parent)

    def size(self, key: str) -> int:
        """Length in bytes."""
        with _reported(key):
            return int(obstore.head(self._store, key)["size"])

    def start(self, key: str, length: int) -> tuple[bytes, int]:
        """The first bytes, at most `length`, and how many there are in all; one request."""
        with _reported(key):
            found = obstore.get(self._store, key, options={"range": (0, length)})
            return bytes(found.bytes()), int(found.meta["size"])

    def stream(self, key: str) -> Iterator[bytes]:
        """All bytes, piece by piece."""
        with _reported(key):
            for chunk in obstore.get(self._store, key).stream(min_chunk_size=CHUNK_BYTES):
                yield bytes(chunk)

    def part(self, key: str, start: int, length: int) -> bytes:
        """`length` bytes from `start` on."""
        with _reported(key):
            return bytes(obstore.get_range(self._store, key, start=start, length=length))

    def delete(self, key: str) -> None:
        """Remove it; harmless to repeat. What a killed writer left beside it goes as well."""
        with suppress(NotFoundError), _reported(key):
            obstore.delete(self._store, key)
        if self._folder is not None and (place := (self._folder / key).parent).is_dir():
            for part in place.glob(f"{key.rpartition('/')[2]}#*"):
                part.unlink(missing_ok=True)
            _sync(place)

    def lacks(self, key: str) -> bool:
        """Whether a folder has no such file, which is asked more cheaply than a store."""
        return self._folder is not None and not (self._folder / key).exists()

    def names(self) -> Iterator[str]:
        """The names there are, in no order."""
        with _reported("list"):
            for batch in obstore.list(self._store):
                for item in batch:
                    yield item["path"]


def _sync(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _reported(key: str) -> Iterator[None]:
    """Turn the storage library's errors into ours."""
    where = f"recording {key.rpartition('/')[2]}"
    try:
        yield
    except FileNotFoundError as error:
        raise NotFoundError("there is no such recording", code="recording.not_found", where=where) from error
    except (BaseError, OSError) as error:
        raise RecordingStoreError(
            f"the recording store failed: {_first_line(error)}",
            code="recording.store_failed",
            where=where,
            mend="Check DITING_RECORDINGS_URL, free space and access rights.",
        ) from error


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
