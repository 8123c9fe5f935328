"""Tampering with any one row of a case is found and located."""

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from complaint_warnings.cases.check import check_case, check_cases
from complaint_warnings.cases.door import act
from store.database import SessionFactory, transaction
from store.errors import IntegrityError

from .people import ACTORS, REVIEW, add_house, begin


@pytest.fixture
def three(session_factory: SessionFactory, clock) -> list[int]:
    """Three cases; the second was signed and collected."""
    with transaction(session_factory) as session:
        add_house(session, clock)
    cases = []
    for number in range(3):
        with transaction(session_factory) as session:
            cases.append(begin(session, clock, debtor_key=f"debtor:{number}").id)
    for who, action, document in (("wang", "sign", REVIEW), ("li", "collect", {})):
        with transaction(session_factory) as session:
            act(session, clock, case_id=cases[1], action=action, actor=ACTORS[who], details=document)
    return cases


def tamper(engine: Engine, *statements: str, **values: object) -> None:
    """Change tables as somebody with the database's own rights could: triggers and keys out of the way."""
    with engine.connect() as connection:
        _unprotect(connection)
        for statement in statements:
            connection.execute(text(statement), values)
        connection.commit()


def _unprotect(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER case_event_no_{verb}"))
        return
    connection.execute(text("SET session_replication_role = replica"))


def found(sessions: SessionFactory) -> list[tuple[int, int | None, str]]:
    with sessions() as session:
        return [(each.case_id, each.seq, each.kind) for each in check_cases(session)]


def test_what_was_written_holds(three, session_factory):
    assert found(session_factory) == []
    with session_factory() as session:
        assert check_case(session, three[1]) == []
        assert [each.kind for each in check_case(session, 99)] == []


ROW = "UPDATE complaint_case SET {} WHERE id = :case"
EVENT = "UPDATE case_event SET {} WHERE case_id = :case AND seq = 2"


@pytest.mark.parametrize(
    ("statement", "seq", "kind"),
    [
        (ROW.format("level = 'low'"), None, "row_altered"),
        (ROW.format("handler_id = 'zhang'"), None, "row_altered"),
        (ROW.format("amount_due = '1.00'"), None, "row_altered"),
        (ROW.format("version = 2"), None, "row_altered"),
        (EVENT.format("actor = 'zhou'"), 2, "event_altered"),
        (EVENT.format("details = '{}'"), 2, "event_altered"),
        (EVENT.format("to_state = 'closed'"), 2, "event_altered"),
        (EVENT.format("action = 'dismiss'"), 2, "event_altered"),
        ("DELETE FROM case_event WHERE case_id = :case AND seq = 2", 2, "event_missing"),
        ("DELETE FROM case_event WHERE case_id = :case AND seq = 3", 3, "event_missing"),
    ],
)
def test_one_altered_row_is_found_and_located(three, session_factory, engine, statement, seq, kind):
    tamper(engine, statement, case=three[1])
    assert found(session_factory) == [(three[1], seq, kind)]


def test_two_events_in_another_order_are_found(three, session_factory, engine):
    order = "UPDATE case_event SET seq = {} WHERE case_id = :case AND seq = {}"
    tamper(engine, order.format(9, 2), order.format(2, 3), order.format(3, 9), case=three[1])
    assert found(session_factory) == [(three[1], 2, "event_altered"), (three[1], 3, "event_altered")]


def test_an_event_that_was_added_is_found(three, session_factory, engine):
    tamper(
        engine,
        "INSERT INTO case_event (id, case_id, seq, at, actor, action, from_state, to_state, details,"
        " entry_sha256, sha256) SELECT 99, case_id, 4, at, actor, action, from_state, to_state, details,"
        " entry_sha256, 'forged' FROM case_event WHERE case_id = :case AND seq = 3",
        case=three[1],
    )
    assert found(session_factory) == [(three[1], 4, "event_extra")]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_case_that_was_removed_whole_is_found(three, session_factory, engine, place):
    gone = three[place]
    tamper(
        engine,
        "DELETE FROM case_deadline_told WHERE case_id = :case",
        "DELETE FROM case_deadline WHERE case_id = :case",
        "DELETE FROM ledger_line WHERE case_id = :case",
        "DELETE FROM case_event WHERE case_id = :case",
        "DELETE FROM complaint_case WHERE id = :case",
        case=gone,
    )
    kinds = [(seq, kind) for case, seq, kind in found(session_factory) if case == gone]
    events = 3 if place == 1 else 1
    assert kinds == [*((seq, "event_missing") for seq in range(1, events + 1)), (None, "row_missing")]


def test_a_case_that_was_smuggled_in_is_found(three, session_factory, engine):
    tamper(
        engine,
        "INSERT INTO complaint_case (id, number, closed_at, kind, state, version, level, source, complexity,"
        " opened_at, updated_at, advice, reporter_id, debtor_key) SELECT 77, 'W-2026-000077', "
        "opened_at, kind,"
        " state, version, level, source, complexity, opened_at, updated_at, advice, reporter_id, debtor_key"
        " FROM complaint_case WHERE id = :case",
        case=three[0],
    )
    assert found(session_factory) == [(77, None, "row_extra")]


def test_the_door_does_not_heal_a_row_that_was_altered(three, session_factory, engine, clock):
    tamper(engine, ROW.format("level = 'low'"), case=three[0])
    with pytest.raises(IntegrityError) as refusal, transaction(session_factory) as session:
        act(session, clock, case_id=three[0], action="sign", actor=ACTORS["wang"], details=REVIEW)
    assert refusal.value.code == "case.altered"


@pytest.mark.parametrize("statement", ["UPDATE case_event SET actor = 'x'", "DELETE FROM case_event"])
def test_the_database_itself_refuses_to_change_an_event(three, engine, statement):
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
