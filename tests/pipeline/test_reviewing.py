"""Tickets by the beat, and who is told."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from complaint_warnings.notices.models import NoticeRow
from pipeline import coaching
from pipeline.reviewing import act_on, finalise_due, give_out
from qc.assigning.reviewers import Profile, set_reviewer
from qc.coaching.service import Task
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
  - kinds: [ticket_assigned, ticket_shared, ticket_appeal_decided, ticket_final, coaching_set, coaching_ended]
    to: [named]
  - kinds: [ticket_differs]
    to: ["role:qc_lead"]
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


@pytest.fixture
def channels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = tmp_path / "notices.yaml"
    policy.write_text(NOTICES, encoding="utf-8")
    monkeypatch.setenv("DITING_NOTICES_FILE", str(policy))


def told(sessions: SessionFactory) -> list[tuple[str, str]]:
    """Kind and person of every notice, in order."""
    with reading(sessions) as session:
        rows = session.scalars(select(NoticeRow).order_by(NoticeRow.id))
        return [(row.kind, row.recipient) for row in rows]


@pytest.mark.usefixtures("channels")
def test_a_round_of_assignments_tells_who_got_a_ticket(sessions: SessionFactory, clock: FixedClock) -> None:
    with transaction(sessions) as session:
        ticket, _ = put_ticket(session, clock, "C1", SLOW)
        set_reviewer(session, clock, "bo", Profile(seniority=3), by="lead")
    for _ in range(2):
        with transaction(sessions) as session:
            give_out(session, clock, within_team="no_superiors", by="system")
    assert told(sessions) == [("ticket_assigned", "bo")]
    do(sessions, clock, ticket, "lead", "assign", reviewer="ann")
    do(sessions, clock, ticket, "lead", "ask_second", reviewer="lead")  # who does it knows
    assert told(sessions)[1:] == [("ticket_assigned", "ann")]


@pytest.mark.usefixtures("channels")
def test_who_leads_is_told_when_two_reviews_differ(sessions: SessionFactory, clock: FixedClock) -> None:
    for name, word in (("C1", "true"), ("C2", "false")):
        with transaction(sessions) as session:
            ticket, findings = put_ticket(session, clock, name, SLOW)
        do(sessions, clock, ticket, "lead", "assign", reviewer="ann", second_reviewer="bo")
        do(sessions, clock, ticket, "ann", "take")
        for who, verdict in (("ann", "true"), ("bo", word)):
            do(sessions, clock, ticket, who, "decide", finding=findings[0], verdict=verdict)
            do(sessions, clock, ticket, who, "complete")
    assert [each for each in told(sessions) if each[0] != "ticket_assigned"] == [("ticket_differs", "lead")]


@pytest.mark.usefixtures("channels")
def test_collector_and_coach_are_told_of_coaching(sessions: SessionFactory, clock: FixedClock) -> None:
    task = Task("threat", "不威胁", clock.now().date() + timedelta(days=7), collector="A-7", coach="head")
    with transaction(sessions) as session:
        put_ticket(session, clock, "C1", SLOW)
        number = coaching.set_task(session, clock, task, zone=ZoneInfo("Asia/Shanghai"), by="lead").id
    with transaction(sessions) as session:
        coaching.finish(session, clock, number, evidence="听了录音", by="head")
    assert told(sessions) == [("coaching_set", "A-7"), ("coaching_set", "head"), ("coaching_ended", "A-7")]


@pytest.mark.usefixtures("channels")
def test_who_is_told(sessions: SessionFactory, clock: FixedClock) -> None:
    ticket, findings = shared(sessions, clock, "C1")
    do(sessions, clock, ticket, "A-7", "appeal", grounds=[{"finding": findings[0], "reason": "是客户说的"}])
    rulings = [{"finding": findings[0], "ruling": "upheld", "reason": "属实"}]
    do(sessions, clock, ticket, "head", "decide_appeal", rulings=rulings)
    with reading(sessions) as session:
        rows = session.scalars(select(NoticeRow).order_by(NoticeRow.id)).all()
    assert told(sessions) == [
        ("ticket_shared", "A-7"),
        ("ticket_appealed", "ann"),
        ("ticket_appealed", "lead"),
        ("ticket_appeal_decided", "ann"),
        ("ticket_final", "A-7"),
    ]
    assert rows[0].document["number"] == f"T-{ticket}"
    assert "客户" not in str([row.document for row in rows])
