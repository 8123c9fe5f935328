"""The view log: one row for a listening, with its entry in the audit log."""

from datetime import timedelta

from sqlalchemy import select

from store import audit
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.views import (
    LISTENING,
    Subject,
    Viewing,
    ViewRow,
    exported,
    listened,
    new_export_id,
    unmasked,
    unmasking,
)

CALL = Subject("call:recorder/7", 7)
MASKED = Viewing("api:li", CALL, masked=True)


def rows(sessions: SessionFactory) -> list[ViewRow]:
    with reading(sessions) as session:
        return list(session.scalars(select(ViewRow).order_by(ViewRow.id)))


def audited(sessions: SessionFactory) -> list[tuple[str, str, dict[str, object]]]:
    with reading(sessions) as session:
        assert audit.verify(session) == []
        found = session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.seq))
        return [(entry.action, entry.subject, entry.details) for entry in found]


def hear(sessions: SessionFactory, clock: FixedClock, viewing: Viewing, *part: float) -> None:
    with transaction(sessions) as session:
        listened(session, clock, viewing, part=(part[0], part[1]), sha256="ab")


def test_the_parts_of_one_listening_are_one_row_and_one_entry(session_factory, clock):
    for part in ((0, 10), (10.2, 20), (50, 60), (55, 70)):
        hear(session_factory, clock, MASKED, *part)
    (row,) = rows(session_factory)
    assert (row.actor, row.what, row.call_id, row.masked, row.heard) == (
        "api:li",
        "listen",
        7,
        True,
        [[0, 20], [50, 70]],
    )
    assert audited(session_factory) == [
        (
            "recording.played",
            "call:recorder/7",
            {"sha256": "ab", "view": row.id, "masked": True, "reason": None},
        )
    ]


def test_another_person_the_original_and_another_time_are_other_rows(session_factory, clock):
    hear(session_factory, clock, MASKED, 0, 1)
    hear(session_factory, clock, MASKED._replace(actor="api:wang"), 0, 1)
    hear(session_factory, clock, MASKED._replace(masked=False, reason="客户投诉"), 0, 1)
    hear(session_factory, FixedClock(clock.now() + LISTENING), MASKED, 0, 1)
    assert [(row.actor, row.masked, row.reason) for row in rows(session_factory)] == [
        ("api:li", True, None),
        ("api:wang", True, None),
        ("api:li", False, "客户投诉"),
        ("api:li", True, None),
    ]


def test_a_reason_holds_for_half_an_hour_for_this_person_and_this_call(session_factory, clock):
    with transaction(session_factory) as session:
        row = unmasked(session, clock, actor="api:li", subject=CALL, reason="客户投诉号码错误")
        assert row.until == clock.now() + timedelta(minutes=30)
    now = clock.now()
    with reading(session_factory) as session:
        assert unmasking(session, actor="api:li", call_id=7, now=now) is not None
        assert unmasking(session, actor="api:li", call_id=7, now=now + timedelta(minutes=30)) is None
        assert unmasking(session, actor="api:wang", call_id=7, now=now) is None
        assert unmasking(session, actor="api:li", call_id=8, now=now) is None
    ((action, _, details),) = audited(session_factory)
    assert (action, details["reason"]) == ("personal_data.unmasked", "客户投诉号码错误")


def test_the_id_on_an_export_leads_to_its_entry(session_factory, clock):
    number = new_export_id()
    with transaction(session_factory) as session:
        exported(session, clock, Viewing("cli", Subject("ledger"), masked=True), export_id=number, details={})
    (row,) = rows(session_factory)
    assert (row.what, row.export_id, row.masked) == ("export", number, True)
    assert audited(session_factory)[0][2]["export"] == number
