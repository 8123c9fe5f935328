"""A folder of this machine. Links are not followed, and nothing but plain files is opened."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Final

from ingest.sources.names import check_key, is_unfinished, shown
from ingest.sources.types import Entry, SourceError
from store.errors import BadInputError, DitingError

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DEEPEST: Final = 40
_CHUNK: Final = 1024 * 1024


class Folder:
    """An open folder.

    Raises:
        SourceError: `source.folder_missing`, `source.no_right`.
    """

    at_once = 4

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._root = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise _trouble(error, str(path), whole=True) from error

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self._root)

    def entries(self) -> Iterator[Entry]:
        """Everything that is there, folder by folder."""
        yield from self._below("", 0)

    def _below(self, folder: str, depth: int) -> Iterator[Entry]:
        try:
            with self._opened(folder, os.O_DIRECTORY) as descriptor, os.scandir(descriptor) as listed:
                for each in listed:
                    key = f"{folder}/{each.name}" if folder else each.name
                    if is_unfinished(key):
                        continue
                    if each.is_dir(follow_symlinks=False) and depth < _DEEPEST:
                        yield from self._below(key, depth + 1)
                        continue
                    yield self._entry(key, each)
        except FileNotFoundError:
            if not folder:
                raise
            # the folder was moved away meanwhile
        except OSError as error:
            trouble = _trouble(error, f"{self._path}/{shown(folder)}".rstrip("/"), whole=not folder)
            if not folder:
                raise trouble from error
            yield Entry(folder, "unreadable", problem=trouble)

    def _entry(self, key: str, listed: "os.DirEntry[str]") -> Entry:
        try:
            check_key(key)
        except BadInputError as error:
            return Entry(key, "name", problem=error)
        try:
            status = listed.stat(follow_symlinks=False)
        except FileNotFoundError:
            return Entry(key, "gone", problem=None, size=0)
        return _described(key, status)

    def look(self, key: str) -> Entry | None:
        """One file as it stands now."""
        check_key(key)
        folder, _, name = key.rpartition("/")
        try:
            with self._opened(folder, os.O_DIRECTORY) as descriptor:
                status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _trouble(error, shown(key), whole=False) from error
        return _described(key, status)

    def fetch(self, key: str, target: Path, most_bytes: int) -> None:
        """Copy one file."""
        check_key(key)
        try:
            with self._opened(key, os.O_NONBLOCK) as descriptor:
                status = os.fstat(descriptor)
                problem = _described(key, status).problem
                if problem is not None:
                    raise problem
                if status.st_size > most_bytes:
                    raise too_large(key, most_bytes)
                with os.fdopen(os.dup(descriptor), "rb") as source, target.open("xb") as copy:
                    _copy(source, copy, key, most_bytes)
        except FileExistsError:
            raise
        except OSError as error:
            raise _trouble(error, shown(key), whole=False) from error

    @contextmanager
    def _opened(self, key: str, flags: int) -> Iterator[int]:
        """Open a path step by step, so that no link on the way, even one put there just now, is followed."""
        descriptor = os.dup(self._root)
        try:
            *folders, last = key.split("/") if key else ["."]
            for name in folders:
                descriptor = _step(descriptor, name, os.O_DIRECTORY)
            descriptor = _step(descriptor, last, flags)
            yield descriptor
        finally:
            os.close(descriptor)


def _step(descriptor: int, name: str, flags: int) -> int:
    opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=descriptor)
    os.close(descriptor)
    return opened


def _copy(source: IO[bytes], target: IO[bytes], key: str, most_bytes: int) -> None:
    """Copy; a file that grows meanwhile does not fill the disk."""
    left = most_bytes
    while chunk := source.read(min(_CHUNK, left + 1)):
        left -= len(chunk)
        if left < 0:
            raise too_large(key, most_bytes)
        target.write(chunk)


def too_large(key: str, most_bytes: int) -> BadInputError:
    """The error for a file beyond the limit."""
    return BadInputError(
        f"the file is larger than {most_bytes} bytes",
        code="audio.too_large",
        where=shown(key),
        mend="Split it, or raise DITING_MAX_RECORDING_BYTES.",
    )


def _described(key: str, status: os.stat_result) -> Entry:
    version = f"{status.st_size}:{status.st_mtime_ns}"
    modified = _EPOCH + timedelta(seconds=max(0.0, min(status.st_mtime, 250_000_000_000.0)))
    return Entry(key, version, status.st_size, modified, problem=_not_plain(key, status.st_mode))


def _not_plain(key: str, mode: int) -> BadInputError | None:
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISLNK(mode):
        return BadInputError(
            "this is a link, and links are not followed",
            code="source.link",
            where=shown(key),
            mend="Put the file itself into the folder.",
        )
    return BadInputError(
        "this is no plain file",
        code="source.not_a_file",
        where=shown(key),
        mend="Take it out of the folder.",
    )


def _trouble(error: OSError, where: str, *, whole: bool) -> DitingError:
    if isinstance(error, FileNotFoundError | NotADirectoryError) and whole:
        return SourceError(
            "there is no such folder",
            code="source.folder_missing",
            where=where,
            mend="Check the path; is the disk or share mounted?",
            whole=True,
        )
    if isinstance(error, PermissionError):
        return SourceError(
            "it may not be read",
            code="source.no_right",
            where=where,
            mend="Give the user that runs Diting the right to read it.",
            whole=whole,
        )
    if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.ENXIO):  # a link, or a pipe put in its place
        return BadInputError(
            "this is a link, and links are not followed",
            code="source.link",
            where=where,
            mend="Put the file itself into the folder.",
        )
    return SourceError(
        f"it cannot be read ({error.strerror or type(error).__name__})",
        code="source.unreadable",
        where=where,
        mend="Check the disk or share.",
        whole=whole,
    )
