"""One process at a time: a lock on a file, freed by the system when its holder dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.errors import ConflictError


@contextmanager
def single_instance(lock: Path) -> Iterator[None]:
    """Holds the lock file while the body runs.

    Raises:
        ConflictError: `demo.running`, when another process holds it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ConflictError(
                "the demo is running already",
                code="demo.running",
                where=str(lock),
                mend="Wait for it to end, or end it with Ctrl-C.",
            ) from error
        yield
