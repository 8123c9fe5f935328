"""One turn of the source, also in a process that is killed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.intake import make_intake
from ingest.sources.config import FolderSource
from ingest.sources.folder import Folder
from ingest.sources.run import Turn, run_source
from store.clock import SystemClock
from store.database import open_sessions
from store.settings import Settings


def run(settings: Settings, source: FolderSource, looks: Path | None = None) -> Turn:
    """One turn. `looks` is a file that gets the key of every file that is opened."""
    with open_sessions(settings.database_url) as sessions, _noted(looks):
        return run_source("bench", source, make_intake(settings, sessions, SystemClock()), settings)


@contextmanager
def _noted(looks: Path | None) -> Iterator[None]:
    if looks is None:
        yield
        return
    descriptor = os.open(looks, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    fetch = Folder.fetch

    def noted(folder: Folder, key: str, target: Path, most_bytes: int) -> None:
        if key.endswith(".wav"):
            os.write(descriptor, f"{key}\n".encode())  # one write, so that a kill leaves whole lines
        fetch(folder, key, target, most_bytes)

    Folder.fetch = noted  # type: ignore[method-assign]
    try:
        yield
    finally:
        Folder.fetch = fetch  # type: ignore[method-assign]
        os.close(descriptor)
