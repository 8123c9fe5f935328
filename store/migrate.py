"""Schema migrations: Alembic without an alembic.ini, so that they run from an installed wheel."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from store.database import make_engine

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK_KEY = 0x444954494E47  # "DITING": any number, the same in every process


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to `revision`, all of it or nothing. Harmless when it is there already.

    Several processes may do this at once: one migrates, the others wait and find nothing to do.
    """
    with _locked_connection(url) as connection:
        command.upgrade(_config(connection), revision)


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


def head_revision() -> str | None:
    """The newest revision this version of Diting knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


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


def differences(url: str, metadata: MetaData) -> list[Any]:
    """What the models in `metadata` have and the database has not, or the other way round."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
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
                yield connection
                if is_sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).first()):
                    raise RuntimeError(f"the migration would lose rows that {broken[0]} needs")
    finally:
        engine.dispose()
