import hashlib
from collections.abc import Callable
from datetime import timedelta
from subprocess import Popen

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from store.audit import GENESIS, AuditEntry, append, append_many, verify
from store.clock import FixedClock
from store.database import SessionFactory, make_engine, make_session_factory, reading, transaction


@pytest.fixture
def log(session_factory: SessionFactory, clock: FixedClock) -> SessionFactory:
    """A log of five entries."""
    for number in range(1, 6):
        clock.moment += timedelta(seconds=1)
        with transaction(session_factory) as session:
            append(
                session,
                clock,
                actor="ingest",
                action="call.registered",
                subject=f"call:recorder/H{number}",
                details={"number": number, "share": 0.1, "name": "李建国", "at": None},
            )
    return session_factory


def _tamper(factory: SessionFactory, *statements: str) -> None:
    """Do what somebody with full rights over the database can do."""
    with transaction(factory) as session:
        if session.get_bind().dialect.name == "sqlite":
            for verb in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER audit_entry_no_{verb}"))
        else:
            session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        for statement in statements:
            session.execute(text(statement))


def _breaks(factory: SessionFactory) -> list[tuple[int, str]]:
    with reading(factory) as session:
        return [(found.seq, found.kind) for found in verify(session)]


def test_entries_are_numbered_and_chained(log: SessionFactory):
    with reading(log) as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.previous_hash for entry in entries] == [GENESIS, *(entry.hash for entry in entries[:4])]
    assert entries[2].details == {"number": 3, "share": 0.1, "name": "李建国", "at": None}
    assert entries[2].at.isoformat() == "2026-03-05T02:30:03+00:00"


def test_the_hash_can_be_computed_by_anyone(log: SessionFactory):
    with reading(log) as session:
        entry = session.get_one(AuditEntry, 1)
    content = (
        '{"action":"call.registered","actor":"ingest","at":"2026-03-05T02:30:01+00:00",'
        '"details":{"at":null,"name":"李建国","number":1,"share":0.1},'
        f'"previous_hash":"{GENESIS}","seq":1,"subject":"call:recorder/H1"}}'
    )
    assert entry.hash == hashlib.sha256(content.encode()).hexdigest()


def test_a_whole_log_has_no_breaks(log: SessionFactory):
    assert _breaks(log) == []


def test_an_empty_log_has_no_breaks(session_factory: SessionFactory):
    assert _breaks(session_factory) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'nobody' WHERE seq = 3",
        "UPDATE audit_entry SET subject = 'call:recorder/H9' WHERE seq = 3",
        "UPDATE audit_entry SET details = '{}' WHERE seq = 3",
        "UPDATE audit_entry SET at = '2026-03-05 02:30:04' WHERE seq = 3",
    ],
)
def test_an_altered_entry_is_found(log: SessionFactory, statement: str):
    _tamper(log, statement)
    assert _breaks(log) == [(3, "altered")]


def test_removed_entries_are_found(log: SessionFactory):
    _tamper(log, "DELETE FROM audit_entry WHERE seq IN (2, 3)")
    assert _breaks(log) == [(2, "missing")]


def test_entries_removed_from_the_end_are_found(log: SessionFactory):
    _tamper(log, "DELETE FROM audit_entry WHERE seq >= 4")
    assert _breaks(log) == [(3, "head")]


def test_reordered_entries_are_found(log: SessionFactory):
    _tamper(
        log,
        "UPDATE audit_entry SET seq = 99 WHERE seq = 2",
        "UPDATE audit_entry SET seq = 2 WHERE seq = 3",
        "UPDATE audit_entry SET seq = 3 WHERE seq = 99",
    )
    assert _breaks(log) == [(2, "relinked"), (2, "altered"), (3, "relinked"), (3, "altered"), (4, "relinked")]


def test_a_removed_entry_whose_gap_was_closed_is_found(log: SessionFactory):
    _tamper(
        log,
        "DELETE FROM audit_entry WHERE seq = 3",
        "UPDATE audit_entry SET seq = 3 WHERE seq = 4",
        "UPDATE audit_entry SET seq = 4 WHERE seq = 5",
    )
    assert (3, "relinked") in _breaks(log)
    assert (3, "altered") in _breaks(log)


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_changes(log: SessionFactory, statement: str):
    with pytest.raises(DatabaseError, match="audit_entry is append-only"), transaction(log) as session:
        session.execute(text(statement))
    assert _breaks(log) == []


def test_postgresql_refuses_to_empty_the_log(postgresql_url: str):
    engine = make_engine(postgresql_url)
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text("TRUNCATE audit_entry"))
    engine.dispose()


def test_an_entry_of_a_transaction_that_failed_leaves_no_gap(log: SessionFactory, clock: FixedClock):
    def fail_after_appending() -> None:
        with transaction(log) as session:
            append(session, clock, actor="a", action="b", subject="c")
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        fail_after_appending()
    with transaction(log) as session:
        append(session, clock, actor="a", action="b", subject="c")
    with reading(log) as session:
        assert session.scalars(select(AuditEntry.seq).where(AuditEntry.seq > 5)).all() == [6]
    assert _breaks(log) == []


def test_two_entries_in_one_transaction_follow_each_other(log: SessionFactory, clock: FixedClock):
    with transaction(log) as session:
        append(session, clock, actor="a", action="b", subject="c")
        append(session, clock, actor="a", action="b", subject="d")
    with reading(log) as session:
        first, second = session.scalars(select(AuditEntry).where(AuditEntry.seq > 5).order_by(AuditEntry.seq))
    assert (first.seq, second.seq, second.previous_hash) == (6, 7, first.hash)
    assert (first.subject, second.subject) == ("c", "d")
    assert _breaks(log) == []


def test_nobody_waits_for_a_transaction_that_appended_and_goes_on(
    postgresql_url: str, clock: FixedClock
) -> None:
    """The head is taken at the commit: else all others would wait until the rest of the work is done."""
    engine = make_engine(postgresql_url)
    factory = make_session_factory(engine)
    with transaction(factory) as slow:
        append(slow, clock, actor="slow", action="b", subject="c")
        with transaction(factory) as quick:
            quick.execute(text("SET LOCAL lock_timeout = '60s'"))
            append(quick, clock, actor="quick", action="b", subject="c")
    with reading(factory) as session:
        assert session.scalars(select(AuditEntry.actor).order_by(AuditEntry.seq)).all() == ["quick", "slow"]
        assert verify(session) == []
    engine.dispose()


def test_a_savepoint_that_is_rolled_back_takes_its_entries_with_it(
    session_factory: SessionFactory, clock: FixedClock
) -> None:
    with transaction(session_factory) as session:
        append(session, clock, actor="a", action="before", subject="s")
        savepoint = session.begin_nested()
        append(session, clock, actor="a", action="undone", subject="s")
        savepoint.rollback()
        with session.begin_nested():
            append(session, clock, actor="a", action="inside", subject="s")
        append(session, clock, actor="a", action="after", subject="s")

    with reading(session_factory) as session:
        kept = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
        assert kept == ["inside", "before", "after"]
        assert verify(session) == []


def test_a_session_that_was_rolled_back_forgets_its_entries(
    session_factory: SessionFactory, clock: FixedClock
) -> None:
    with session_factory() as session:
        append(session, clock, actor="a", action="undone", subject="s")
        session.rollback()
        append(session, clock, actor="a", action="done", subject="s")
        session.commit()
        session.commit()

    with reading(session_factory) as session:
        assert session.scalars(select(AuditEntry.action)).all() == ["done"]


def test_values_that_json_cannot_hold_are_refused(log: SessionFactory, clock: FixedClock):
    with pytest.raises(ValueError, match="JSON"), transaction(log) as session:
        append(session, clock, actor="a", action="b", subject="c", details={"x": float("nan")})
    assert _breaks(log) == []


APPEND = """
import sys
from store.audit import append
from store.clock import SystemClock
from store.database import make_engine, make_session_factory, transaction
factory = make_session_factory(make_engine(sys.argv[1]))
for number in range(20):
    with transaction(factory) as session:
        append(session, SystemClock(), actor=sys.argv[2], action="test", subject=str(number))
"""


def test_many_processes_append_to_one_chain(
    database_url: str, session_factory: SessionFactory, start_python: Callable[..., "Popen[bytes]"]
):
    processes = [start_python(APPEND, database_url, actor) for actor in "abc"]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert _breaks(session_factory) == []
    with reading(session_factory) as session:
        counts = session.execute(select(AuditEntry.actor, func.count()).group_by(AuditEntry.actor)).all()
    assert sorted(map(tuple, counts)) == [("a", 20), ("b", 20), ("c", 20)]


def test_many_entries_at_once_are_chained_like_single_ones(
    session_factory: SessionFactory, clock: FixedClock
) -> None:
    with transaction(session_factory) as session:
        append(session, clock, actor="a", action="one", subject="s", details={"n": 1})
    with transaction(session_factory) as session:
        entries = [("two", "s:2", {"n": 2}), ("three", "s:3", {"名": "三"})]
        append_many(session, clock, actor="b", entries=entries)
        append_many(session, clock, actor="b", entries=[])
    with transaction(session_factory) as session:
        append(session, clock, actor="c", action="four", subject="s")

    with reading(session_factory) as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
        assert [(row.seq, row.actor, row.action) for row in rows] == [
            (1, "a", "one"), (2, "b", "two"), (3, "b", "three"), (4, "c", "four"),
        ]  # fmt: skip
        assert rows[2].details == {"名": "三"}
        assert verify(session) == []
