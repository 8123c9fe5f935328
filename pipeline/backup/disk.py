"""Files of a folder that may come from anywhere: read through no links, written so that they last."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from pipeline.backup import troubles


@contextmanager
def open_plain(folder: Path, *parts: str) -> Iterator[BufferedReader]:
    """Read a file under a folder, through no link, and only where it is a plain one.

    Raises:
        NotFoundError: `backup.missing`.
        BadInputError: `backup.not_plain`.
    """
    where = "/".join(parts)
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=place)
            os.close(place)
            place = inner
        # A pipe would otherwise wait for somebody who writes into it.
        handle = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=place)
    except FileNotFoundError as error:
        raise troubles.missing(where) from error
    except OSError as error:
        raise troubles.not_plain(where, error) from error
    finally:
        os.close(place)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise troubles.not_plain(where, None)
        yield file


def write(place: Path, content: bytes) -> None:
    """Write a file and force its bytes to the disk."""
    with place.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(place: Path) -> None:
    """Force the entries of a folder to the disk."""
    handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
