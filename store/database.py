"""The database session: typed models, UTC times, and transactions that behave alike on every database."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    JSON,
    Connection,
    Date,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    create_engine,
    event,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from store.errors import SettingsError

SessionFactory = sessionmaker[Session]

# Constraint names must be the same everywhere, or a later migration cannot name what it alters.
NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

SQLITE_BUSY_SECONDS = 60
_WAL_RETRY_SECONDS = 0.01
_READ_ONLY = "diting_read_only"
_OF_TRANSACTION = "diting.transaction"


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in time: takes aware values only, gives aware UTC values back on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"time without a zone: {value.isoformat()}; give an aware datetime")
        moment = value.astimezone(UTC)
        # SQLite keeps the text it is given and would return it without its zone.
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class utc_day(FunctionElement[date]):  # noqa: N801 (written in statements, like the functions of SQL)
    """The day of a moment in UTC, whatever the time zone of the connection; to be compared with others."""

    inherit_cache = True
    type = Date()


@compiles(utc_day)
def _utc_day(element: utc_day, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"date({compiler.process(element.clauses, **kwargs)})"


@compiles(utc_day, "postgresql")
def _utc_day_of_postgresql(element: utc_day, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"date(timezone('UTC', {compiler.process(element.clauses, **kwargs)}))"


class Base(DeclarativeBase):
    """Base of every table. JSON columns keep the order of their keys; None is SQL NULL."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it as it stands)
        datetime: UtcDateTime,
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
        list[dict[str, Any]]: JSON(none_as_null=True),
    }


def database_address(url: str) -> URL:
    """Parse a database URL; `postgres://` and `postgresql://` mean the psycopg 3 driver.

    Raises:
        SettingsError: `settings.database_url`, when it is malformed or names another kind of database.
    """
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise _bad_url("it is not a database URL") from error
    if address.drivername in {"postgres", "postgresql"}:
        address = address.set(drivername="postgresql+psycopg")
    if address.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        raise _bad_url(f"databases of kind {address.drivername!r} are not supported")
    return address


def _bad_url(problem: str) -> SettingsError:
    return SettingsError(
        problem,
        code="settings.database_url",
        where="DITING_DATABASE_URL",
        mend="Use sqlite:///path/to/file.db or postgresql://user:password@host/name.",
    )


def make_engine(url: str) -> Engine:
    """Create the engine of one process. After a fork, make a new one: connections cannot be shared."""
    address = database_address(url)
    if address.get_backend_name() == "sqlite":
        return _make_sqlite_engine(address)
    # A connection that the server dropped is replaced instead of failing the first statement on it.
    return create_engine(
        address, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": 10}
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"this folder cannot be made ({error.strerror})",
            code="settings.data_dir",
            where=str(folder),
            mend="Set DITING_DATA_DIR to a folder that may be written.",
        ) from error


def _make_sqlite_engine(address: URL) -> Engine:
    if address.database and address.database != ":memory:":
        _make_folder(Path(address.database).parent)
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": SQLITE_BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions behind our back
        cursor = connection.cursor()
        _switch_to_wal(cursor)
        cursor.execute("PRAGMA synchronous=FULL")  # a committed transaction survives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes the write lock at once and waits for it here; a transaction that begins as a
        # reader and writes later would fail with "database is locked" however long it may wait.
        read_only = connection.get_execution_options().get(_READ_ONLY, False)
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
        connection.exec_driver_sql("BEGIN DEFERRED" if read_only else "BEGIN IMMEDIATE")

    return engine


def _switch_to_wal(cursor: sqlite3.Cursor) -> None:
    """Let readers read while somebody writes. Only the first to open the file changes anything."""
    give_up_at = time.monotonic() + SQLITE_BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            # Where several open a new file at once, SQLite fails here at once whatever the busy timeout is.
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > give_up_at:
                raise
            time.sleep(_WAL_RETRY_SECONDS)
        else:
            return


def make_session_factory(engine: Engine) -> SessionFactory:
    """Sessions on the engine; objects stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def transaction(factory: SessionFactory) -> Iterator[Session]:
    """One unit of work: commits at the end, rolls everything back when the body raises."""
    with factory() as session, session.begin():
        yield session


@contextmanager
def reading(factory: SessionFactory) -> Iterator[Session]:
    """One consistent look at the database that never waits for writers and cannot write.

    What was read stays readable afterwards.
    """
    with factory() as session:
        backend = session.get_bind().dialect.name
        options: dict[str, Any] = {_READ_ONLY: True}
        if backend == "postgresql":
            options |= {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        session.connection(execution_options=options)
        try:
            yield session
        finally:
            session.expunge_all()  # a rollback would make the objects forget what was read
            session.rollback()


def in_transaction(session: Session) -> dict[str, Any]:
    """A place for what holds as long as the session's transaction lasts: the next one finds it empty. What
    was put there inside a savepoint stays when that is rolled back."""
    transaction = session.get_transaction() or session.begin()
    of, kept = session.info.get(_OF_TRANSACTION, (None, {}))
    if of is not transaction:
        kept = {}
        session.info[_OF_TRANSACTION] = (transaction, kept)
    return cast("dict[str, Any]", kept)


@contextmanager
def open_sessions(url: str) -> Iterator[SessionFactory]:
    """Sessions on the database at `url`; its connections are closed at the end, whatever happens."""
    engine = make_engine(url)
    try:
        yield make_session_factory(engine)
    finally:
        engine.dispose()
