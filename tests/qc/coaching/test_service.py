"""Coaching tasks, their follow-ups and what they changed, on both databases."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from qc.coaching.effect import effect
from qc.coaching.models import CoachingTaskRow
from qc.coaching.service import (
    Task,
    cancel,
    draw_follow_up,
    due_follow_ups,
    find_task,
    finish,
    list_tasks,
    set_task,
)
from qc.models import TicketRow
from qc.sampling.lookup import check_draw, find_draw, picks
from store import audit
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import BadInputError, ConflictError, NotFoundError
from tests.qc.reviewed_calls import finding, put_call, put_ticket

SHANGHAI = ZoneInfo("Asia/Shanghai")
TASK = Task(
    category="threat", goal="不提上门、不提单位", due_on=date(2026, 3, 20), collector="A1", follow_up=3
)


def set_(sessions: SessionFactory, clock: FixedClock, task: Task = TASK) -> int:
    with transaction(sessions) as session:
        return set_task(session, clock, task, zone=SHANGHAI, by="boss").id


def test_a_task_comes_from_a_final_ticket(session_factory: SessionFactory, clock: FixedClock) -> None:
    with transaction(session_factory) as session:
        ticket = put_ticket(session, clock, put_call(session, clock, "C1", finding())).id
    task = replace(TASK, collector=None, ticket_id=ticket)
    with pytest.raises(ConflictError, match=r"coaching\.not_final"):
        set_(session_factory, clock, task)
    with transaction(session_factory) as session:
        session.get_one(TicketRow, ticket).state = "final"
    number = set_(session_factory, clock, task)
    with reading(session_factory) as session:
        row = find_task(session, number)
        assert (row.source, row.collector, row.team, row.state, row.ticket_id) == (
            "test",
            "A1",
            "T1",
            "open",
            ticket,
        )


@pytest.mark.parametrize(
    ("changes", "problem", "where"),
    [
        ({"category": "promise_to_pay"}, "coaching.invalid", "category"),
        ({"goal": " "}, "coaching.invalid", "goal"),
        ({"due_on": date(2026, 3, 4)}, "coaching.invalid", "due_on"),
        ({"follow_up": -1}, "coaching.invalid", "follow_up"),
        ({"window_days": 0}, "coaching.invalid", "window_days"),
        ({"collector": None}, "coaching.invalid", "collector"),
        ({"collector": "A9"}, "coaching.collector_unknown", None),
        ({"ticket_id": 99}, "ticket.unknown", None),
    ],
)
def test_tasks_that_cannot_be(session_factory, clock, changes, problem, where) -> None:
    with transaction(session_factory) as session:
        put_call(session, clock, "C1")
    with pytest.raises((BadInputError, NotFoundError), match=problem) as caught:
        set_(session_factory, clock, replace(TASK, **changes))
    assert caught.value.where == where


def test_a_task_ends_once_with_evidence(session_factory: SessionFactory, clock: FixedClock) -> None:
    with transaction(session_factory) as session:
        put_call(session, clock, "C1")
    number, other = set_(session_factory, clock), set_(session_factory, clock)
    with transaction(session_factory) as session:
        with pytest.raises(BadInputError, match=r"coaching\.evidence"):
            finish(session, clock, number, evidence=" ", by="boss")
        with pytest.raises(ConflictError, match=r"coaching\.own"):
            finish(session, clock, number, evidence="我学会了", by="A1")
        finish(session, clock, number, evidence="听了三段录音", by="boss")
        finish(session, clock, number, evidence="又一次", by="somebody")
        cancel(session, clock, other, reason="已离职", by="boss")
        with pytest.raises(ConflictError, match=r"coaching\.ended"):
            finish(session, clock, other, evidence="x", by="boss")
        with pytest.raises(NotFoundError, match=r"coaching\.unknown"):
            finish(session, clock, 99, evidence="x", by="boss")
    with reading(session_factory) as session:
        assert [(row.id, row.state, row.evidence) for row in list_tasks(session)] == [
            (other, "cancelled", "已离职"), (number, "done", "听了三段录音"),
        ]  # fmt: skip
        assert [row.id for row in list_tasks(session, state="done", collector="A1", team="T1")] == [number]
        assert list_tasks(session, overdue_on=date(2026, 4, 1)) == []
        actions = session.scalars(select(audit.AuditEntry.action).order_by(audit.AuditEntry.seq)).all()
        assert actions == ["coaching.set"] * 2 + ["coaching.done", "coaching.cancelled"]


def test_what_follows_is_drawn_once_and_compared(session_factory: SessionFactory, clock: FixedClock) -> None:
    done = clock.now()
    with transaction(session_factory) as session:
        for at in range(10):  # every second call before, every fifth after
            put_call(
                session,
                clock,
                f"B{at}",
                *([finding()] if at % 2 else []),
                at=done - timedelta(days=1, minutes=at),
            )
            put_call(
                session,
                clock,
                f"A{at}",
                *([finding()] if at % 5 == 0 else []),
                at=done + timedelta(days=1, minutes=at),
            )
        put_call(session, clock, "other", finding(), agent="A2", at=done + timedelta(days=1))
    number = set_(session_factory, clock)
    with transaction(session_factory) as session:
        finish(session, clock, number, evidence="听了三段录音", by="boss")
    with transaction(session_factory) as session:
        assert due_follow_ups(session, clock.now()) == []
        with pytest.raises(ConflictError, match=r"coaching\.too_early"):
            draw_follow_up(session, clock, number, zone=SHANGHAI, by="system")
    later = FixedClock(done + timedelta(days=14))
    with reading(session_factory) as session:
        assert due_follow_ups(session, later.now()) == [number]
    with transaction(session_factory) as session:
        drawn = draw_follow_up(session, later, number, zone=SHANGHAI, by="system")
        assert draw_follow_up(session, later, number, zone=SHANGHAI, by="system") == drawn
    with reading(session_factory) as session:
        assert drawn is not None
        row = find_draw(session, drawn)
        assert (row.name, row.part, row.population, row.drawn) == (f"coaching-{number}", "follow_up", 10, 3)
        assert {call.external_id[0] for _, call in picks(session, drawn)} == {"A"}
        assert check_draw(session, drawn, SHANGHAI).holds
        assert due_follow_ups(session, later.now()) == []
        made = effect(session, session.get_one(CoachingTaskRow, number), now=later.now())
        assert (made.machine.before.value, made.machine.after.value) == (0.5, 0.2)
        assert (made.machine.difference, made.machine.change) == (pytest.approx(-0.3), "unclear")
        assert made.people.change == "too_few"
