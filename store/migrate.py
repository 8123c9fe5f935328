"""Schema migrations: Alembic without an alembic.ini, so that they run from an installed wheel."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import ColumnElement, Connection, MetaData, column, exists, select, table, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from store.database import make_engine
from store.errors import ConflictError

_SCRIPTS = Path(__file__).parent / "migrations"
_VERSIONS = table("alembic_version", column("version_num"))
_LOCK_KEY = 0x444954494E47  # "DITING": any number, the same in every process
# Whoever comes after a migration that waits for a table waits behind it: it must not wait for long.
LOCK_WAIT_S: Final = 3.0
LOCK_TRIES: Final = 20
_PAUSE_S: Final = 1.0
_LOCK_NOT_AVAILABLE: Final = "55P03"


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to `revision`, all of it or nothing. Harmless when it is there already.

    Several processes may do this at once: one migrates, the others wait and find nothing to do. Calls are
    taken in and worked on meanwhile: a table that somebody holds is waited for again and again, not for long
    at once.

    Raises:
        ConflictError: `database.in_use`, somebody holds a table and does not let go.
    """
    for attempt in range(1, LOCK_TRIES + 1):
        try:
            with _locked_connection(url) as connection:
                command.upgrade(_config(connection), revision)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
            if attempt == LOCK_TRIES:
                raise ConflictError(
                    "a long transaction or a session that does nothing holds a table; nothing was changed",
                    code="database.in_use",
                    mend="Find it in pg_stat_activity and end it, or upgrade at a quieter time.",
                ) from error
            time.sleep(_PAUSE_S)
        else:
            return


def downgrade(url: str, revision: str) -> None:
    """Take the database at `url` back to `revision` (`base`: to nothing)."""
    with _locked_connection(url) as connection:
        command.downgrade(_config(connection), revision)


def current_revision(url: str) -> str | None:
    """The revision the database is at, None when it was never migrated."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


@cache
def head_revision() -> str | None:
    """The newest revision this version of Diting knows, as it was when this process first asked: the files
    may be replaced by those of another version while it runs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def at_head() -> ColumnElement[bool]:
    """Condition: the database is at the revision of this version of Diting."""
    return exists().where(_VERSIONS.c.version_num == head_revision())


def revision_seen(session: Session) -> str | None:
    """The revision the session's database is at."""
    return session.scalar(select(_VERSIONS.c.version_num))


def require_head(revision: str | None) -> None:
    """Refuse a database that is not at the revision of this version of Diting.

    Raises:
        ConflictError: `database.outdated` where it is older, `database.newer` where this version is.
    """
    head = head_revision()
    if revision == head:
        return
    if revision is None or knows(revision):
        raise ConflictError(
            f"the database is at revision {revision or 'none'}, this version of Diting needs {head}",
            code="database.outdated",
            mend="Run `diting db upgrade` once, then start again.",
        )
    raise ConflictError(
        f"the database is at revision {revision}, which this version of Diting does not know (it has {head})",
        code="database.newer",
        mend="Another version has upgraded the database: start this worker in that version.",
    )


def knows(revision: str) -> bool:
    """Whether this version of Diting knows the revision: it is the head, or can be upgraded to it."""
    scripts = ScriptDirectory.from_config(_config())
    return any(script.revision == revision for script in scripts.walk_revisions())


def is_current(url: str) -> bool:
    """Whether the database has exactly the tables that this version of Diting works with."""
    return current_revision(url) == head_revision()


def make_revision(url: str, metadata: MetaData, message: str, revision_id: str | None = None) -> None:
    """Write a new revision file with what the models in `metadata` have and the database has not."""
    with _locked_connection(url) as connection:
        command.revision(_config(connection, metadata), message, autogenerate=True, rev_id=revision_id)
    head_revision.cache_clear()


# Made by statements of their own: models cannot describe the full-text index of each kind of database.
_FULL_TEXT: Final = ("search_words", "ix_search_text_words")


def is_ours(name: str | None, _kind: str, _parents: object) -> bool:
    """Whether models describe the table or index of that name."""
    return name is None or not name.startswith(_FULL_TEXT)


def differences(url: str, metadata: MetaData) -> list[Any]:
    """What the models in `metadata` have and the database has not, or the other way round."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            options = {"compare_type": True, "include_name": is_ours}
            context = MigrationContext.configure(connection, opts=options)
            return list(compare_metadata(context, metadata))
    finally:
        engine.dispose()


def _config(connection: Connection | None = None, metadata: MetaData | None = None) -> Config:
    config = Config()
    # Alembic reads the value with %-interpolation.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


@contextmanager
def _locked_connection(url: str) -> Iterator[Connection]:
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            is_sqlite = connection.dialect.name == "sqlite"
            if (
                is_sqlite
            ):  # a table is changed by making it anew, and dropping the old one is no loss of its rows
                cursor = connection.connection.cursor()
                cursor.execute("PRAGMA foreign_keys=OFF")
                cursor.close()
            # SQLite holds its only write lock from the BEGIN on.
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
                    connection.execute(text(f"SET LOCAL lock_timeout = '{int(LOCK_WAIT_S * 1000)}ms'"))
                yield connection
                if is_sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).first()):
                    raise RuntimeError(f"the migration would lose rows that {broken[0]} needs")
    finally:
        engine.dispose()
