"""Files that are handed out while they are made, or from disk: never whole in memory."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from fastapi import Response
from fastapi.responses import FileResponse, StreamingResponse
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask

from store.database import SessionFactory, reading


def streamed(
    sessions: SessionFactory, chunks: Callable[[Session], Iterator[bytes]], *, media_type: str, name: str
) -> Response:
    """Sends pieces as they come out of the database; the reading ends with the sending."""

    def send() -> Iterator[bytes]:
        with reading(sessions) as session:
            yield from chunks(session)

    return StreamingResponse(send(), media_type=media_type, headers=_headers(name))


def made(write: Callable[[Path], object], *, media_type: str, name: str) -> Response:
    """Lets `write` make a file on disk, sends it piece by piece, and deletes it."""
    folder = tempfile.TemporaryDirectory(prefix="diting-")
    try:
        path = Path(folder.name) / name
        write(path)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        path, media_type=media_type, headers=_headers(name), background=BackgroundTask(folder.cleanup)
    )


def _headers(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
