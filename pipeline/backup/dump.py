"""The database at one moment: written to a file, and asked about that same moment."""

import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, column, create_engine, func, inspect, select, table, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from pipeline.backup.manifest import AuditHead, Database, Kept, Pack
from pipeline.backup.postgresql import run_tool
from store.database import SQLITE_BUSY_SECONDS, database_address, make_engine
from store.errors import ConflictError, DitingError

Told = Callable[[int, int | None], None]
"""Hears how far something has come: done, and of how much (None: nobody knows)."""

_PAGES_AT_ONCE: Final = 2048
_PEEK_S: Final = 0.5
_VERSION_TABLE: Final = "alembic_version"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The database at one moment. `connection` may be asked until the snapshot ends."""

    kind: str
    server: str
    revision: str
    tables: dict[str, int]
    audit: AuditHead
    packs: list[Pack]
    connection: Connection

    def recordings(self) -> Iterator[tuple[str, int]]:
        """Hash and length of every recording on record that was not deleted for good, sorted by hash."""
        recording = table("recording", column("sha256"), column("bytes"))
        query = select(recording.c.sha256, recording.c.bytes).order_by(recording.c.sha256)
        if "tombstone" in self.tables:
            tombstone = table("tombstone", column("kind"), column("recording_sha256"))
            gone = select(tombstone.c.recording_sha256).where(tombstone.c.kind == "recording")
            query = query.where(recording.c.sha256.not_in(gone))
        rows = self.connection.execute(query, execution_options={"yield_per": 5000})
        for sha256, length in rows:
            yield str(sha256), int(length)

    def described(self, dump: Kept) -> Database:
        """What the manifest says of it."""
        return Database.model_validate(
            {
                "kind": self.kind,
                "server": self.server,
                "revision": self.revision,
                "dump": dump.model_dump(),
                "tables": self.tables,
            }
        )


@contextmanager
def snapshot(url: str, file: Path, told: Told) -> Iterator[Snapshot]:
    """Write the database to `file` without stopping anybody who writes, and answer for the same moment.

    Raises:
        ConflictError: `backup.no_database`, there is nothing to keep.
        DitingError: `backup.no_tool`, `backup.tool_failed`, `backup.database_failed`.
    """
    address = database_address(url)
    taken = _of_sqlite if address.get_backend_name() == "sqlite" else _of_postgresql
    try:
        with taken(address, file, told) as connection:
            yield read(connection)
    except (sqlite3.Error, SQLAlchemyError) as error:
        said = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise DitingError(
            f"the database could not be read ({said})",
            code="backup.database_failed",
            where=address.render_as_string(hide_password=True),
            mend="Look with `diting doctor`.",
        ) from error


def read(connection: Connection) -> Snapshot:
    """What a manifest says of the database that the connection sees.

    Raises:
        ConflictError: `backup.no_database`.
    """
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        raise _no_database()
    kind = connection.dialect.name
    names = sorted(set(inspect(connection).get_table_names()) - {_VERSION_TABLE})
    head = table("audit_head", column("seq"), column("hash"))
    seq, last_hash = connection.execute(select(head.c.seq, head.c.hash)).one()
    return Snapshot(
        kind=kind,
        server=sqlite3.sqlite_version if kind == "sqlite" else _server_version(connection),
        revision=revision,
        tables={
            name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
            for name in names
        },
        audit=AuditHead(seq=seq, hash=last_hash),
        packs=_packs(connection) if "pack_version" in names else [],
        connection=connection,
    )


def open_dump(file: Path) -> Engine:
    """An engine on an SQLite file that nobody writes: it makes no files beside it and runs no code of it."""
    return create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True),
    )


@contextmanager
def _of_sqlite(address: URL, file: Path, told: Told) -> Iterator[Connection]:
    place = Path(address.database or "").absolute()
    if not place.is_file():
        raise _no_database()
    copy_sqlite(place, file, told)
    engine = open_dump(file)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def copy_sqlite(place: Path, file: Path, told: Told) -> None:
    """Copy a database that others may be writing, as it is at the beginning, into one file."""
    source = sqlite3.connect(
        f"{place.as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=SQLITE_BUSY_SECONDS
    )
    target = sqlite3.connect(file, isolation_level=None)
    try:
        # A read transaction holds the moment; without one, each commit of a writer would begin it anew.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(
            target,
            pages=_PAGES_AT_ONCE,
            progress=lambda _status, remaining, total: told(total - remaining, total),
        )
        target.execute("PRAGMA journal_mode=DELETE")  # the file is alone: it has no log beside it
    finally:
        target.close()
        source.close()


@contextmanager
def _of_postgresql(address: URL, file: Path, told: Told) -> Iterator[Connection]:
    engine = make_engine(address.render_as_string(hide_password=False))
    try:
        with engine.connect() as plain:
            connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            exported = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            arguments = [
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={exported}",
                f"--file={file}",
            ]
            with run_tool("pg_dump", address, arguments) as process:
                while process.poll() is None:
                    told(file.stat().st_size if file.exists() else 0, None)
                    try:
                        process.wait(_PEEK_S)
                    except subprocess.TimeoutExpired:
                        continue
            yield connection
    finally:
        engine.dispose()


def _server_version(connection: Connection) -> str:
    return str(connection.execute(text("SHOW server_version")).scalar_one())


def _packs(connection: Connection) -> list[Pack]:
    version = table(
        "pack_version", column("pack"), column("version"), column("content_hash"), column("state")
    )
    rows = connection.execute(
        select(version.c.pack, version.c.version, version.c.content_hash)
        .where(version.c.state == "approved")
        .order_by(version.c.pack, version.c.version, version.c.content_hash)
    )
    return [Pack(name=f"{pack}@{number}", content_hash=content) for pack, number, content in rows]


def _no_database() -> ConflictError:
    return ConflictError(
        "there is no database of Diting yet, so there is nothing to keep",
        code="backup.no_database",
        where="DITING_DATABASE_URL",
        mend="Check DITING_DATABASE_URL and DITING_DATA_DIR.",
    )
