"""Whether a backup is whole: every byte against its hash, and the database against what the manifest says."""

import sqlite3
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pipeline.backup import manifest as manifests
from pipeline.backup.dump import open_dump, read
from pipeline.backup.listing import read_listing
from pipeline.backup.make import Told
from pipeline.backup.manifest import Kept, Manifest
from pipeline.backup.vault import Vault
from store import audit, migrate
from store.errors import BadInputError, ConflictError, DitingError, IntegrityError

_TOLD_EVERY: Final = 16


def require_usable(manifest: Manifest, key: str | None, *, unsealed: bool) -> None:
    """Refuse a backup that is not ours, or of a newer Diting.

    Raises:
        IntegrityError: `backup.seal`.
        ConflictError: `backup.newer`.
    """
    if not unsealed and not manifests.is_ours(manifest, key):
        raise IntegrityError(
            "this backup was not sealed with this installation's DITING_SECRET_KEY, or was changed since",
            code="backup.seal",
            where=manifest.name,
            mend="Set the key that was in force when it was made; --unsealed takes it all the same.",
        )
    if not migrate.knows(manifest.database.revision):
        raise ConflictError(
            f"its database is at revision {manifest.database.revision}, which this version does not know",
            code="backup.newer",
            where=manifest.name,
            mend=f"Use Diting {manifest.product} or newer.",
        )


def problems(vault: Vault, manifest: Manifest, told: Told) -> Iterator[DitingError]:
    """Everything in a backup that is not as it was kept. Reads every byte of it. Into a dump of PostgreSQL
    nobody can look without a server."""
    broken = [problem for kept in manifest.objects() for problem in _unlike(vault, kept)]
    if broken:
        yield from broken
        return
    count = length = 0
    absent = {each.sha256 for each in manifest.recordings.absent}
    try:
        for kept in recordings_of(vault, manifest):
            count, length = count + 1, length + kept.bytes
            if manifest.recordings.kept == "here" and kept.sha256 not in absent:
                yield from _unlike(vault, kept)
            if count % _TOLD_EVERY == 0 or count == manifest.recordings.count:
                told("verify", count, manifest.recordings.count)
    except DitingError as error:
        yield error
        return
    if manifest.database.kind == "sqlite":
        told("database", 0, None)
        yield from dump_problems(vault, manifest)
    if (count, length) != (manifest.recordings.count, manifest.recordings.bytes):
        yield BadInputError(
            "the list of recordings is not the one that the manifest tells of",
            code="backup.listing",
            where=manifest.name,
            mend="Use another backup.",
        )


def recordings_of(vault: Vault, manifest: Manifest) -> Iterator[Kept]:
    """The recordings on record in a backup; raises as `Vault.opened` and `read_listing` do."""
    with vault.opened(manifest.recordings.listing) as file:
        yield from read_listing(file)


def dump_problems(vault: Vault, manifest: Manifest) -> Iterator[DitingError]:
    """What is wrong inside an SQLite dump whose bytes are as they were kept."""
    engine = open_dump(vault.path_of(manifest.database.dump))
    try:
        with engine.connect() as connection:
            connection.execute(text("PRAGMA trusted_schema=OFF"))
            said = connection.execute(text("PRAGMA integrity_check(1)")).scalar_one()
            if said != "ok":
                yield _otherwise(manifest, f"SQLite finds it damaged: {said}")
                return
            yield from database_problems(connection, manifest)
    except (sqlite3.Error, SQLAlchemyError) as error:
        yield _otherwise(manifest, f"SQLite cannot read it: {getattr(error, 'orig', None) or error}")
    finally:
        engine.dispose()


def database_problems(connection: Connection, manifest: Manifest) -> Iterator[DitingError]:
    """Where a database is not what the manifest says: revision, rows of each table, chain of the audit."""
    found = read(connection)
    wanted = manifest.database
    if found.revision != wanted.revision:
        yield _otherwise(manifest, f"it is at revision {found.revision}, not {wanted.revision}")
    for name in sorted(found.tables.keys() | wanted.tables.keys()):
        has, should = found.tables.get(name), wanted.tables.get(name)
        if has != should:
            yield _otherwise(manifest, f"table {name} has {has} rows, not {should}")
    if found.audit != manifest.audit:
        yield _otherwise(manifest, f"the audit log ends at {found.audit.seq}, not {manifest.audit.seq}")
    with Session(connection) as session:
        for broken in audit.verify(session):
            yield _otherwise(manifest, f"the chain of the audit log is broken: {broken.message}")


def _unlike(vault: Vault, kept: Kept) -> Iterator[DitingError]:
    try:
        vault.check(kept)
    except DitingError as error:
        yield error


def _otherwise(manifest: Manifest, problem: str) -> IntegrityError:
    return IntegrityError(
        f"the database is not the one that was kept: {' '.join(problem.split())}",
        code="backup.database_differs",
        where=manifest.name,
        mend="Do not work with it; use another backup.",
    )
