"""What was said in tickets against the audit log, on both databases."""

from sqlalchemy import Connection, text

from qc.review.check import check_tickets
from store.database import reading, transaction
from tests.qc.review.conftest import House


def problems(house: House) -> list[tuple[int, str]]:
    with reading(house.sessions) as session:
        return [(each.seq, each.kind) for each in check_tickets(session)]


def tamper(house: House, *statements: str) -> None:
    with transaction(house.sessions) as session:
        _unprotect(session.connection())
        for statement in statements:
            session.execute(text(statement))


def _unprotect(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE ticket_event DISABLE TRIGGER USER"))
        return
    for verb in ("update", "delete"):
        connection.execute(text(f"DROP TRIGGER ticket_event_no_{verb}"))


def test_what_was_said_is_what_was_written(house: House) -> None:
    house.do("ann", "take")
    house.review("ann", "true", "false")
    assert problems(house) == []


def test_events_altered_removed_and_slipped_in_are_found(house: House) -> None:
    house.do("ann", "take")
    house.review("ann", "true", "false")
    columns = "at, actor, action, from_state, to_state, details, sha256"
    tamper(
        house,
        "UPDATE ticket_event SET actor = 'bo' WHERE seq = 2",
        f"INSERT INTO ticket_event (ticket_id, seq, {columns})"  # noqa: S608
        f" SELECT ticket_id, 9, {columns} FROM ticket_event WHERE seq = 3",
        "DELETE FROM ticket_event WHERE seq = 3",
    )
    assert problems(house) == [(2, "altered"), (3, "missing"), (9, "extra")]
