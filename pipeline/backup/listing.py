"""The list of recordings of a backup: a text of lines `SHA256 BYTES`, sorted by hash; it may be long."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final

from pipeline.backup.manifest import Kept
from store.errors import BadInputError

_LINE: Final = re.compile(rb"([0-9a-f]{64}) (\d{1,15})\n")
_LONGEST: Final = 64 + 1 + 15 + 1


def write_listing(file: Path, recordings: Iterable[tuple[str, int]]) -> tuple[int, int]:
    """Write the list; how many recordings there are, and their bytes."""
    count = length = 0
    with file.open("xb") as out:
        for sha256, size in recordings:
            out.write(f"{sha256} {size}\n".encode())
            count += 1
            length += size
        out.flush()
        os.fsync(out.fileno())
    return count, length


def read_listing(file: IO[bytes]) -> Iterator[Kept]:
    """The recordings in a list, one after the other.

    Raises:
        BadInputError: `backup.listing`, a line is none, or they are not sorted.
    """
    last = ""
    number = 0
    while line := file.readline(_LONGEST):
        number += 1
        found = _LINE.fullmatch(line)
        sha256 = found[1].decode() if found else ""
        if found is None or sha256 <= last:
            raise BadInputError(
                "the list of recordings is not as Diting writes it",
                code="backup.listing",
                where=f"line {number}",
                mend="Use another backup.",
            )
        last = sha256
        yield Kept(sha256=sha256, bytes=int(found[2]))
