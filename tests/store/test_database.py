import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from subprocess import Popen

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, event, func, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError, StatementError

from store.audit import AuditHead
from store.database import (
    SessionFactory,
    UtcDateTime,
    database_address,
    make_engine,
    make_session_factory,
    reading,
    transaction,
)
from store.errors import SettingsError

SHANGHAI = timezone(timedelta(hours=8))

scratch = MetaData()
moments = Table("moment", scratch, Column("id", Integer, primary_key=True), Column("at", UtcDateTime))


@pytest.fixture
def moment_table(engine: Engine) -> Table:
    scratch.create_all(engine)
    return moments


def test_a_moment_comes_back_aware_and_in_utc(session_factory: SessionFactory, moment_table: Table):
    with transaction(session_factory) as session:
        session.execute(
            insert(moment_table).values(id=1, at=datetime(2026, 3, 5, 10, 12, 0, 7, tzinfo=SHANGHAI))
        )
    with reading(session_factory) as session:
        at = session.scalar(select(moment_table.c.at))
    assert at == datetime(2026, 3, 5, 2, 12, 0, 7, tzinfo=UTC)
    assert at.tzinfo is UTC


def test_moments_compare_in_the_database(session_factory: SessionFactory, moment_table: Table):
    with transaction(session_factory) as session:
        session.execute(insert(moment_table).values(id=1, at=datetime(2026, 3, 5, 7, 0, tzinfo=SHANGHAI)))
        later = select(func.count()).where(moment_table.c.at > datetime(2026, 3, 4, 22, 59, tzinfo=UTC))
        earlier = select(func.count()).where(moment_table.c.at < datetime(2026, 3, 4, 22, 59, tzinfo=UTC))
        assert (session.scalar(later), session.scalar(earlier)) == (1, 0)


def test_a_time_without_zone_is_refused(session_factory: SessionFactory, moment_table: Table):
    with (
        pytest.raises(StatementError, match="time without a zone: 2026-03-05T10:12:00"),
        transaction(session_factory) as session,
    ):
        session.execute(insert(moment_table).values(id=1, at=datetime(2026, 3, 5, 10, 12)))  # noqa: DTZ001


def test_a_transaction_that_raises_writes_nothing(session_factory: SessionFactory, moment_table: Table):
    def fail_after_writing() -> None:
        with transaction(session_factory) as session:
            session.execute(insert(moment_table).values(id=1))
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        fail_after_writing()
    with reading(session_factory) as session:
        assert session.scalar(select(func.count()).select_from(moment_table)) == 0


def test_reading_cannot_write(session_factory: SessionFactory, moment_table: Table):
    with (
        pytest.raises((OperationalError, ProgrammingError, StatementError), match=r"read-?only"),
        reading(session_factory) as session,
    ):
        session.execute(insert(moment_table).values(id=1))
    with transaction(session_factory) as session:  # the same connection writes again afterwards
        session.execute(insert(moment_table).values(id=1))


def test_reading_does_not_wait_for_a_writer(session_factory: SessionFactory, moment_table: Table):
    with transaction(session_factory) as writer:
        writer.execute(insert(moment_table).values(id=1))
        with reading(session_factory) as session:
            assert session.scalar(select(func.count()).select_from(moment_table)) == 0


def test_foreign_keys_hold(session_factory: SessionFactory):
    columns = "id, source, external_id, recording_sha256, debtor_key, record, record_sha256, registered_at"
    row = f"INSERT INTO call ({columns})"
    values = "VALUES (1, 's', 'e', 'nowhere', 'k', '{}', 'x', '2026-03-05 02:00:00')"
    with pytest.raises(IntegrityError), transaction(session_factory) as session:
        session.execute(text(f"{row} {values}"))


COUNT_UP = """
import sys
from sqlalchemy import select
from store.audit import AuditHead
from store.database import make_engine, make_session_factory, transaction
factory = make_session_factory(make_engine(sys.argv[1]))
for _ in range(25):
    with transaction(factory) as session:
        session.scalars(select(AuditHead).with_for_update()).one().seq += 1
"""


def test_many_processes_write_one_database_and_lose_nothing(
    database_url: str, session_factory: SessionFactory, start_python: Callable[..., "Popen[bytes]"]
):
    processes = [start_python(COUNT_UP, database_url) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    with reading(session_factory) as session:
        assert session.scalar(select(AuditHead.seq)) == 75


def test_sqlite_is_set_up_to_survive(sqlite_url: str):
    engine = make_engine(sqlite_url)
    with engine.connect() as connection:
        pragmas = ["journal_mode", "synchronous", "foreign_keys", "busy_timeout"]
        values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    engine.dispose()
    assert values == ["wal", 2, 1, 60_000]


def test_many_may_open_a_new_sqlite_file_at_once(tmp_path: Path):
    """Without a second try, about one round in twenty fails with "database is locked"."""
    workers = 4

    def open_it(url: str, together: threading.Barrier) -> str | None:
        engine = make_engine(url)
        together.wait(60)
        try:
            with engine.connect() as connection:
                return connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        finally:
            engine.dispose()

    with ThreadPoolExecutor(workers) as pool:
        for turn in range(100):
            url, together = f"sqlite:///{tmp_path}/{turn}.db", threading.Barrier(workers)
            modes = list(pool.map(open_it, [url] * workers, [together] * workers))
            assert modes == ["wal"] * workers


def test_sqlite_writers_take_the_lock_at_once(sqlite_url: str):
    engine = make_engine(sqlite_url)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    factory = make_session_factory(engine)
    with transaction(factory) as session:
        session.execute(text("SELECT 1"))
    with reading(factory) as session:
        session.execute(text("SELECT 2"))
    engine.dispose()
    assert statements == [
        "PRAGMA query_only=OFF",
        "BEGIN IMMEDIATE",
        "SELECT 1",
        "PRAGMA query_only=ON",
        "BEGIN DEFERRED",
        "SELECT 2",
    ]


def test_the_folder_of_a_new_sqlite_database_is_made(tmp_path: Path):
    engine = make_engine(f"sqlite:///{tmp_path}/new/folder/diting.db")
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    engine.dispose()
    assert (tmp_path / "new" / "folder" / "diting.db").exists()


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg"),
        ("postgresql://u:p@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg"),
        ("sqlite:///x.db", "sqlite"),
    ],
)
def test_spellings_of_database_urls(url: str, driver: str):
    assert database_address(url).drivername == driver


@pytest.mark.parametrize("url", ["mysql://u:sesame@h/d", "not a url", "postgresql+psycopg2://u:sesame@h/d"])
def test_other_databases_are_refused_without_showing_the_password(url: str):
    with pytest.raises(SettingsError) as caught:
        database_address(url)
    assert caught.value.code == "settings.database_url"
    assert "sesame" not in str(caught.value)
