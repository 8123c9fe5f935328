"""Files that people take away from the command line: closed to others, whole or not there."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from store.errors import BadInputError


@contextmanager
def exported_file(file: Path) -> Iterator[IO[bytes]]:
    """A file to write to, which takes the name `file` in one step when all is written and on the disk; what
    was there before stays until then. Its folder is made.

    Raises:
        BadInputError: `cli.unwritable`.
    """
    try:
        folder = file.absolute().parent
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=f".{file.name}-")
        try:
            with os.fdopen(handle, "wb") as waiting:
                yield waiting
                waiting.flush()
                os.fsync(waiting.fileno())
            Path(name).replace(file)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise BadInputError(
            f"cannot be written ({error.strerror})",
            code="cli.unwritable",
            where=str(file),
            mend="Choose another file.",
        ) from error
