"""Databases with calls in them are migrated while others read and write them, as an older version would."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from store import migrate
from store.database import make_engine
from store.errors import ConflictError

FILLED = 300
MOMENT = datetime(2026, 3, 5, 2, 30, tzinfo=UTC).isoformat()
# As version 0001 wrote them: what came later must not be needed by who does not know of it.
RECORDING = text(
    "INSERT INTO recording (sha256, bytes, codec, source_rate, source_channels, duration_s, original_name, "
    "stored_at) VALUES (:sha, 1, 'opus', 8000, 2, 1.5, 'a.wav', :moment)"
)
CALL = text(
    "INSERT INTO call (id, source, external_id, recording_sha256, debtor_key, record, record_sha256, "
    "registered_at) VALUES (:id, 'recorder', :sha, :sha, :debtor, '{}', :sha, :moment)"
)
WORK = text(
    "INSERT INTO work (call_id, state, reasons, attempts, interruptions, updated_at) "
    "VALUES (:id, 'received', '[]', 0, 0, :moment)"
)
# PostgreSQL itself tells of every table that an ALTER TABLE writes anew.
WATCH = (
    "CREATE TABLE rewritten (name text)",
    "CREATE FUNCTION note_rewrite() RETURNS event_trigger LANGUAGE plpgsql AS "
    "$$ BEGIN INSERT INTO rewritten SELECT pg_event_trigger_table_rewrite_oid()::regclass::text; END $$",
    "CREATE EVENT TRIGGER watch ON table_rewrite EXECUTE FUNCTION note_rewrite()",
)


def revisions() -> list[str]:
    scripts = ScriptDirectory(str(migrate._SCRIPTS))
    return [each.revision for each in reversed(list(scripts.walk_revisions()))]


def add_call(connection: Connection, number: int) -> None:
    values = {"id": number, "sha": f"{number:064d}", "debtor": f"case:{number % 7}", "moment": MOMENT}
    for statement in (RECORDING, CALL, WORK):
        connection.execute(statement, values)


class AtWork:
    """Adds a call and counts them all, again and again, until it is told to stop."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.written, self.read = engine, 0, 0
        self.failed: list[BaseException] = []
        self.stopping = threading.Event()
        self.threads = [
            threading.Thread(target=self._run, args=(each,)) for each in (self._write, self._look)
        ]

    def _run(self, step) -> None:
        try:
            while not self.stopping.is_set():
                step()
                time.sleep(0.002)  # leaves the processor to the migration
        except BaseException as error:
            self.failed.append(error)

    def _write(self) -> None:
        with self.engine.begin() as connection:
            add_call(connection, FILLED + self.written)
        self.written += 1

    def _look(self) -> None:
        with self.engine.begin() as connection:
            found = connection.scalar(
                text("SELECT count(*) FROM call JOIN work ON work.call_id = call.id WHERE state = 'received'")
            )
            assert found >= FILLED
        self.read += 1

    def wait_for_turns(self, more: int) -> None:
        """Until both have come so much further; a writer that waits for ever fails here."""
        reads, writes, deadline = self.read + more, self.written + more, time.monotonic() + 120
        while (self.read < reads or self.written < writes) and not self.failed:
            assert time.monotonic() < deadline
            time.sleep(0.005)


@contextmanager
def at_work(engine: Engine) -> Iterator[AtWork]:
    busy = AtWork(engine)
    for thread in busy.threads:
        thread.start()
    try:
        yield busy
    finally:
        busy.stopping.set()
        for thread in busy.threads:
            thread.join()


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path) -> Iterator[Engine]:
    """A database of the first version with calls in it."""
    url = f"sqlite:///{tmp_path}/filled.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("empty_postgresql_url")
    migrate.upgrade(url, revisions()[0])
    engine = make_engine(url)
    with engine.begin() as connection:
        for number in range(FILLED):
            add_call(connection, number)
        if request.param == "postgresql":
            for statement in WATCH:
                connection.execute(text(statement))
    yield engine
    engine.dispose()


def test_every_migration_lets_an_older_version_go_on_and_rewrites_no_table(filled: Engine):
    url = filled.url.render_as_string(hide_password=False)
    with at_work(filled) as busy:
        for revision in revisions()[1:]:
            migrate.upgrade(url, revision)
            busy.wait_for_turns(2)
    assert busy.failed == []
    assert migrate.is_current(url)
    with filled.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM work")) == FILLED + busy.written
        if filled.dialect.name == "postgresql":
            assert connection.execute(text("SELECT name FROM rewritten")).all() == []


def test_the_watch_sees_a_table_that_is_written_anew(empty_postgresql_url: str):
    engine = make_engine(empty_postgresql_url)
    with engine.begin() as connection:
        for statement in (*WATCH, "CREATE TABLE a (n integer)", "ALTER TABLE a ALTER n TYPE bigint"):
            connection.execute(text(statement))
        assert connection.scalars(text("SELECT name FROM rewritten")).all() == ["a"]
    engine.dispose()


def test_a_held_table_is_waited_for_and_given_up_with_nothing_changed(
    empty_postgresql_url: str, monkeypatch: pytest.MonkeyPatch
):
    before, last = "0019", "0020"  # it alters the table `work`
    migrate.upgrade(empty_postgresql_url, before)
    monkeypatch.setattr(migrate, "LOCK_WAIT_S", 0.05)
    monkeypatch.setattr(migrate, "LOCK_TRIES", 2)
    tries = count()
    engine = make_engine(empty_postgresql_url)
    with engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM work"))  # its transaction stays open
        monkeypatch.setattr(migrate.time, "sleep", lambda _seconds: next(tries))
        with pytest.raises(ConflictError) as caught:
            migrate.upgrade(empty_postgresql_url, last)
        assert caught.value.code == "database.in_use"
        assert migrate.current_revision(empty_postgresql_url) == before
        monkeypatch.setattr(migrate.time, "sleep", lambda _seconds: reader.rollback())
        migrate.upgrade(empty_postgresql_url, last)
    assert next(tries) == 1
    assert migrate.current_revision(empty_postgresql_url) == last
    engine.dispose()
