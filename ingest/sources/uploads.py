"""Large recordings sent in parts: what has arrived is kept in a folder, and goes on where it broke off.

An upload is two files, its bytes and what is known of it. How far it has come is the size of the first: a
crash at any moment loses at most what was not yet written.
"""

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Final

from store.clock import Clock
from store.errors import BadInputError, ConflictError, DitingError, NotFoundError

KEPT: Final = timedelta(hours=24)
MOST: Final = 1_000
_ID: Final = re.compile(r"[0-9a-f]{48}")
_SPARE_BYTES: Final = 256 * 1024 * 1024


class TooLargeError(BadInputError):
    """More than is taken, or than was announced."""

    http_status = 413


class NoRoomError(DitingError):
    """There is no room for it now."""

    http_status = 507


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload: `length` bytes in all, `offset` of them have arrived."""

    id: str
    owner: str
    length: int
    offset: int
    metadata: str
    began_at: datetime


class Uploads:
    """The uploads of one machine.

    Args:
        folder: where they are kept.
        most_bytes: of one recording.
        clock: tells when one was left lying.
    """

    def __init__(self, folder: Path, most_bytes: int, clock: Clock) -> None:
        self._folder = folder
        self._most = most_bytes
        self._clock = clock

    def create(self, owner: str, length: int, metadata: str = "") -> Upload:
        """Begin one.

        Raises:
            TooLargeError: `upload.too_large`.
            NoRoomError: `upload.no_room`.
        """
        if length > self._most:
            raise TooLargeError(
                f"the recording is larger than {self._most} bytes",
                code="upload.too_large",
                where="Upload-Length",
                mend="Split it, or raise DITING_MAX_RECORDING_BYTES.",
            )
        self._folder.mkdir(parents=True, exist_ok=True)
        self.sweep()
        waiting = sum(1 for _ in self._folder.glob("*.json"))
        if waiting >= MOST or shutil.disk_usage(self._folder).free < length + _SPARE_BYTES:
            raise NoRoomError(
                "there is no room for another upload now",
                code="upload.no_room",
                mend="Finish or delete those that were begun; make room under DITING_DATA_DIR.",
            )
        upload = Upload(secrets.token_hex(24), owner, length, 0, metadata, self._clock.now())
        known = {
            "owner": owner,
            "length": length,
            "metadata": metadata,
            "began_at": upload.began_at.isoformat(),
        }
        (self._folder / upload.id).touch()
        self._write(self._folder / f"{upload.id}.json", json.dumps(known).encode())
        return upload

    def find(self, upload_id: str, owner: str) -> Upload:
        """One upload of this owner.

        Raises:
            NotFoundError: `upload.not_found`; those of others are not told of.
        """
        try:
            if not _ID.fullmatch(upload_id):
                raise FileNotFoundError
            known = json.loads((self._folder / f"{upload_id}.json").read_bytes())
            size = (self._folder / upload_id).stat().st_size
        except (OSError, ValueError):
            known = None
        if known is None or known["owner"] != owner:
            raise NotFoundError(
                "there is no such upload",
                code="upload.not_found",
                where=f"upload {upload_id[:60]!r}",
                mend="Begin another one: POST /api/v1/uploads. They are kept for 24 hours.",
            )
        began = datetime.fromisoformat(known["began_at"])
        return Upload(upload_id, owner, known["length"], size, known["metadata"], began)

    @contextmanager
    def appending(self, upload: Upload, offset: int) -> Iterator[IO[bytes]]:
        """The file to write to, at its end; nobody else writes meanwhile. What was written is kept, also when
        the sender breaks off.

        Raises:
            ConflictError: `upload.offset`, `upload.busy`.
        """
        with (self._folder / upload.id).open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise ConflictError(
                    "somebody is sending this upload now",
                    code="upload.busy",
                    mend="Wait until it has ended, then ask for the offset.",
                ) from error
            if file.tell() != offset:
                raise ConflictError(
                    f"{file.tell()} bytes have arrived, not {offset}",
                    code="upload.offset",
                    where="Upload-Offset",
                    mend="Ask with HEAD how far it has come, and go on from there.",
                )
            try:
                yield file
            finally:
                file.flush()
                os.fsync(file.fileno())

    def whole(self, upload: Upload) -> Path:
        """The file of an upload that has arrived.

        Raises:
            ConflictError: `upload.unfinished`.
        """
        if upload.offset != upload.length:
            raise ConflictError(
                f"{upload.offset} of {upload.length} bytes have arrived",
                code="upload.unfinished",
                where=f"upload {upload.id}",
                mend="Send the rest first.",
            )
        return self._folder / upload.id

    def remove(self, upload_id: str) -> None:
        """Forget one."""
        for name in (f"{upload_id}.json", upload_id):
            (self._folder / name).unlink(missing_ok=True)

    def sweep(self) -> int:
        """Remove those that were left lying; returns how many."""
        count = 0
        border = (self._clock.now() - KEPT).timestamp()
        for path in self._folder.glob("*"):
            name = path.name.removesuffix(".json")
            if _ID.fullmatch(name) and self._last_change(name) < border:
                self.remove(name)
                count += 1
        return count

    def _last_change(self, upload_id: str) -> float:
        times = []
        for name in (upload_id, f"{upload_id}.json"):
            try:
                times.append((self._folder / name).stat().st_mtime)
            except FileNotFoundError:
                continue
        return max(times, default=0.0)

    @staticmethod
    def _write(path: Path, content: bytes) -> None:
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
