"""Tickets by the beat, and who is told."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from complaint_warnings.notices.models import NoticeRow
from pipeline.reviewing import act_on, finalise_due
from qc.models import TicketRow
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.people import add_person, find_actor
from tests.qc.review.conftest import PEOPLE, SLOW, THREAT, put_ticket

NOTICES = """
id: house
version: 1
channels:
  hook: {type: webhook, url: "https://example.com/hook", secrets: [hook]}
via: [hook]
routes:
  - kinds: [ticket_assigned, ticket_shared, ticket_final]
    to: [named]
  - kinds: [ticket_appealed]
    to: [named, "role:qc_lead"]
"""


def do(sessions: SessionFactory, clock: FixedClock, ticket: int, who: str, action: str, **details: object):
    with transaction(sessions) as session:
        act_on(
            session, clock, ticket_id=ticket, action=action, actor=find_actor(session, who), details=details
        )


def shared(sessions: SessionFactory, clock: FixedClock, name: str) -> tuple[int, list[int]]:
    with transaction(sessions) as session:
        ticket, findings = put_ticket(session, clock, name, THREAT, SLOW)
    do(sessions, clock, ticket, "ann", "take")
    for finding in findings:
        do(sessions, clock, ticket, "ann", "decide", finding=finding, verdict="true")
    do(sessions, clock, ticket, "ann", "share")
    return ticket, findings


@pytest.fixture
def sessions(session_factory: SessionFactory, clock: FixedClock) -> SessionFactory:
    with transaction(session_factory) as session:
        for person in PEOPLE:
            add_person(session, clock, person)
    return session_factory


def test_the_beat_makes_final_what_nobody_can_appeal_any_more(
    sessions: SessionFactory, clock: FixedClock
) -> None:
    over, _ = shared(sessions, clock, "C1")
    accepted, _ = shared(sessions, clock, "C2")
    do(sessions, clock, accepted, "A-7", "acknowledge")
    appealed, findings = shared(sessions, clock, "C3")
    do(sessions, clock, appealed, "A-7", "appeal", grounds=[{"finding": findings[0], "reason": "r"}])

    assert finalise_due(sessions, clock) == 1
    clock.moment += timedelta(hours=72, seconds=-1)
    assert finalise_due(sessions, clock) == 0
    clock.moment += timedelta(seconds=1)
    assert finalise_due(sessions, clock) == 1
    assert finalise_due(sessions, clock) == 0
    with reading(sessions) as session:
        states = {row.id: row.state for row in session.scalars(select(TicketRow))}
    assert states == {over: "final", accepted: "final", appealed: "appealed"}


def test_who_is_told(
    sessions: SessionFactory, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "notices.yaml"
    policy.write_text(NOTICES, encoding="utf-8")
    monkeypatch.setenv("DITING_NOTICES_FILE", str(policy))
    ticket, findings = shared(sessions, clock, "C1")
    do(sessions, clock, ticket, "A-7", "appeal", grounds=[{"finding": findings[0], "reason": "是客户说的"}])
    rulings = [{"finding": findings[0], "ruling": "upheld", "reason": "属实"}]
    do(sessions, clock, ticket, "head", "decide_appeal", rulings=rulings)
    with reading(sessions) as session:
        told = session.scalars(select(NoticeRow).order_by(NoticeRow.id)).all()
    assert [(row.kind, row.recipient) for row in told] == [
        ("ticket_shared", "A-7"),
        ("ticket_appealed", "ann"),
        ("ticket_appealed", "lead"),
        ("ticket_final", "A-7"),
    ]
    assert told[0].document["number"] == f"T-{ticket}"
    assert "客户" not in str([row.document for row in told])
