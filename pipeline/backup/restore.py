"""Brings a backup back into an empty place. Nothing is written before everything was verified, and
nothing that is there is ever overwritten.

The recordings come first and the database last, in one step. So a restore that was killed is simply begun
again: recordings that are there already are of this backup, and there is no database yet.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.engine import URL

from pipeline.backup import examine
from pipeline.backup.make import AT_ONCE, Told, key_of, leave_a_note
from pipeline.backup.manifest import Kept, Manifest
from pipeline.backup.postgresql import find_tool, run_tool
from pipeline.backup.vault import Vault
from store.clock import Clock
from store.database import database_address, make_engine
from store.errors import ConflictError, IntegrityError
from store.recordings import RecordingStore
from store.settings import Settings

_USER_TABLES = text(
    "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname <> 'information_schema'"
    " AND n.nspname NOT LIKE 'pg\\_%'"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be restored, and how.

    `unsealed`: take it although its seal is not ours. `keep_recordings`: the store may hold others, too.
    """

    name: str
    unsealed: bool = False
    keep_recordings: bool = False


@dataclass(slots=True)
class Restored:
    """What came back: recordings put into the store, those that are nowhere, and those that were deleted for
    good since."""

    manifest: Manifest
    files: Path
    put: int = 0
    missing: list[str] = field(default_factory=list)
    deleted: int = 0


def restore(settings: Settings, clock: Clock, vault: Vault, told: Told, wish: Wish) -> Restored:
    """Bring a backup back to where the settings say.

    Raises:
        ConflictError: `restore.not_empty`, `backup.other_database`, `backup.newer`.
        DitingError: `backup.…`, whatever is wrong with it; nothing was written then.
    """
    vault.require()
    with vault.locked(alone=False):
        manifest = vault.manifest(wish.name)
        examine.require_usable(manifest, key_of(settings), unsealed=wish.unsealed)
        recordings = settings.recording_store()
        files = settings.data_dir.absolute() / "restored" / manifest.name
        _require_room(settings, vault, manifest, recordings, wish)
        for problem in examine.problems(vault, manifest, told):
            raise problem
        done = Restored(manifest, files)
        _put_recordings(vault, manifest, recordings, told, done)
        _put_files(vault, manifest, files)
        told("database", 0, None)
        _put_database(settings, vault, manifest)
        details = {"recordings": done.put, "missing": len(done.missing), "deleted": done.deleted}
        leave_a_note(settings, clock, manifest, "backup.restored", details)
        return done


def _require_room(
    settings: Settings, vault: Vault, manifest: Manifest, recordings: RecordingStore, wish: Wish
) -> None:
    address = database_address(settings.database_url)
    kind = address.get_backend_name()
    if kind != manifest.database.kind:
        raise ConflictError(
            f"the backup is of {manifest.database.kind}, DITING_DATABASE_URL names {kind}",
            code="backup.other_database",
            where=manifest.name,
            mend=f"Set DITING_DATABASE_URL to an empty {manifest.database.kind} database.",
        )
    if kind == "postgresql":
        find_tool("pg_restore")
    if not _is_empty(address):
        raise _not_empty(address.render_as_string(hide_password=True), "there is a database already")
    if manifest.recordings.kept == "here" and not wish.keep_recordings:
        held = set(recordings.hashes())
        ours = {kept.sha256 for kept in examine.recordings_of(vault, manifest)} if held else set()
        if held - ours:
            raise _not_empty(
                settings.recordings_url,
                f"{len(held - ours)} recordings are there that are not of this backup",
            )


def _is_empty(address: URL) -> bool:
    if address.get_backend_name() == "sqlite":
        place = str(address.database)
        return not any(os.path.lexists(place + ending) for ending in ("", "-wal", "-shm", "-journal"))
    engine = make_engine(address.render_as_string(hide_password=False))
    try:
        with engine.connect() as connection:
            return int(connection.execute(_USER_TABLES).scalar_one()) == 0
    finally:
        engine.dispose()


def _put_recordings(
    vault: Vault, manifest: Manifest, recordings: RecordingStore, told: Told, done: Restored
) -> None:
    here = manifest.recordings.kept == "here"
    absent = {each.sha256 for each in manifest.recordings.absent}

    def put(kept: Kept) -> str:
        if not here or kept.sha256 in absent:
            if recordings.exists(kept.sha256):
                return "there"
            return "missing" if recordings.erased(kept.sha256) is None else "deleted"
        try:
            with vault.plain_file(kept) as file:
                sha256 = recordings.put(file)
            if sha256 != kept.sha256:
                raise IntegrityError(
                    "a recording of the backup changes while it is read",
                    code="backup.changed",
                    where=kept.sha256,
                )
        except ConflictError as error:
            if error.code != "recording.deleted":
                raise
            return "deleted"
        return "put"

    listed, count = examine.recordings_of(vault, manifest), 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while batch := list(islice(listed, AT_ONCE * 16)):
            for kept, how in zip(batch, pool.map(put, batch), strict=True):
                done.put += how == "put"
                done.deleted += how == "deleted"
                if how == "missing":
                    done.missing.append(kept.sha256)
            count += len(batch)
            told("recordings", count, manifest.recordings.count)


def _put_files(vault: Vault, manifest: Manifest, folder: Path) -> None:
    """The site's own files, beside the data and not where they were: whoever restores compares them first."""
    for file in manifest.files:
        place = folder / file.name
        place.parent.mkdir(parents=True, exist_ok=True)
        waiting = place.with_name(place.name + ".part")
        waiting.unlink(missing_ok=True)
        vault.copy(file, waiting)
        waiting.replace(place)


def _put_database(settings: Settings, vault: Vault, manifest: Manifest) -> None:
    address = database_address(settings.database_url)
    if address.get_backend_name() == "sqlite":
        _put_sqlite(Path(str(address.database)), vault, manifest)
        return
    arguments = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    with vault.opened(manifest.database.dump) as file, run_tool("pg_restore", address, arguments, file):
        pass
    engine = make_engine(settings.database_url)
    try:
        _check_database(engine, manifest)
    finally:
        engine.dispose()


def _put_sqlite(place: Path, vault: Vault, manifest: Manifest) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    waiting = place.with_name(f"{place.name}.restoring")
    waiting.unlink(missing_ok=True)
    vault.copy(manifest.database.dump, waiting)
    try:
        place.hardlink_to(waiting)  # unlike a rename it overwrites nothing
    except FileExistsError as error:
        raise _not_empty(str(place), "there is a database already") from error
    waiting.unlink()


def _check_database(engine: Engine, manifest: Manifest) -> None:
    with engine.connect() as connection:
        for problem in examine.database_problems(connection, manifest):
            raise problem


def _not_empty(where: str, problem: str) -> ConflictError:
    return ConflictError(
        f"a backup is restored into an empty place only: {problem}",
        code="restore.not_empty",
        where=where,
        mend="Name another place by DITING_DATA_DIR, DITING_DATABASE_URL or DITING_RECORDINGS_URL.",
    )
