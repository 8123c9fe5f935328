"""Plans and draws on record, on both databases."""

import threading
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from qc.models import TicketRow
from qc.review.door import Terms, act
from qc.sampling.lookup import check_draw, estimate_draw, picks
from qc.sampling.models import SamplingDrawRow, SamplingPickRow
from qc.sampling.plan import Plan, read_plan
from qc.sampling.population import population, within
from qc.sampling.service import add_plan, due_plans, find_plan, plans, run_plan
from qc.service import withdraw_ticket
from qc.verdicts.service import Limits, decide
from store import audit
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import ConflictError, NotFoundError
from store.people import Person, add_person, find_actor
from tests.qc.reviewed_calls import (
    MONDAY,
    finding,
    findings_of,
    put_call,
    put_calls,
    put_failed,
    put_people,
    put_ticket,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
# The Monday after the week of the calls, noon in Shanghai.
AFTER = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def make_plan(**changes: object) -> Plan:
    document = {
        "name": "weekly", "title": {"zh": "每周", "en": "Weekly"}, "size": {"number": 4},
        "strata": ["team"], "random": {"size": {"number": 3}}, "second_review": 0.5,
    }  # fmt: skip
    return read_plan({**document, **changes})


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(AFTER)


def fill(sessions: SessionFactory, clock: FixedClock) -> dict[str, list[int]]:
    with transaction(sessions) as session:
        return {
            "flagged": [put_call(session, clock, f"F{at}", finding(), team="T2") for at in range(3)],
            "clean": put_calls(session, clock, 12),
            "unjudged": [
                put_call(session, clock, "U", unjudged=True),
                put_failed(session, clock, "X", at=MONDAY + timedelta(hours=1)),
            ],
            "pending": [put_call(session, clock, "P", judged=False)],
            "other": [put_call(session, clock, "O", at=MONDAY + timedelta(days=7))],
        }


def run(sessions: SessionFactory, clock: FixedClock, **more: object):
    with transaction(sessions) as session:
        return run_plan(session, clock, "weekly", zone=SHANGHAI, by="test", **more)  # type: ignore[arg-type]


def test_the_population_is_told_apart(session_factory: SessionFactory, clock: FixedClock) -> None:
    with transaction(session_factory) as session:
        put_call(session, clock, "first", agent="A9", at=MONDAY - timedelta(days=11))
        put_call(
            session, clock, "C1", finding("abuse", "test.abuse@2"), agent="A9", seconds=200.0,
            case={"product": "信用卡", "client": "东澜银行"},
        )  # fmt: skip
        put_call(session, clock, "C2", at=None)
        put_failed(session, clock, "C3", agent=None)
        put_call(session, clock, "C4", judged=False)
    with reading(session_factory) as session:
        week = within(MONDAY, MONDAY + timedelta(days=7))
        found = population(session, week, SHANGHAI, newness=True)
    assert found.pending == 1
    one, two, three = found.calls
    assert (one.flag, one.product, one.client, one.new_days) == ("flagged", "信用卡", "东澜银行", 11)
    assert (one.seconds, one.band, str(one.at)) == (200.0, "critical", "10:00:00")
    assert (one.rules, one.categories) == ({"test.abuse@2"}, {"abuse"})
    assert (two.flag, two.at, two.new_days) == ("clean", None, None)
    assert (three.flag, three.collector) == ("unjudged", None)


def test_a_plan_is_kept_in_versions(session_factory: SessionFactory, clock: FixedClock) -> None:
    with transaction(session_factory) as session:
        assert add_plan(session, clock, make_plan(), by="王敏")[1]
        assert not add_plan(session, clock, make_plan(), by="王敏")[1]
        row, new = add_plan(session, clock, make_plan(size={"number": 5}), by="王敏")
        assert (row.version, new) == (2, True)
        assert add_plan(session, clock, make_plan(), by="王敏")[0].version == 3
    with reading(session_factory) as session:
        assert [(row.name, row.version) for row in plans(session)] == [("weekly", 3)]
        entries = session.execute(select(audit.AuditEntry.action, audit.AuditEntry.subject)).all()
        assert entries == [("sampling_plan.added", "sampling_plan:weekly")] * 3
        with pytest.raises(NotFoundError, match=r"sampling\.plan_unknown"):
            find_plan(session, "monthly")
    with pytest.raises(DBAPIError, match="append-only"), transaction(session_factory) as session:
        session.execute(text("UPDATE sampling_plan SET name = 'x'"))


def test_a_draw_is_on_record_with_its_population(session_factory: SessionFactory, clock: FixedClock) -> None:
    calls = fill(session_factory, clock)
    with transaction(session_factory) as session:
        add_plan(session, clock, make_plan(), by="test")
    sample, beside = run(session_factory, clock)
    assert (sample.created, sample.row.part, sample.row.population, sample.row.pending) == (
        True,
        "plan",
        17,
        1,
    )
    strata = [(each["name"], each["population"], each["drawn"]) for each in sample.row.strata]
    assert strata == [("team=T1", 12, 2), ("team=T2", 3, 1), ("unjudged|team=T1", 2, 1)]
    assert (beside.row.part, beside.row.filters["flagged"], len(beside.row.seed)) == ("random", False, 32)
    strata = [(each["name"], each["population"], each["drawn"]) for each in beside.row.strata]
    assert strata == [("all", 12, 2), ("unjudged", 2, 1)]

    with reading(session_factory) as session:
        drawn = {
            part: [pick.call_id for pick, _ in picks(session, each.row.id)]
            for part, each in (("plan", sample), ("random", beside))
        }
        assert not set(drawn["random"]) & set(calls["flagged"])
        second = session.scalars(select(SamplingPickRow.id).where(SamplingPickRow.second_review)).all()
        assert len(second) == 2 + 2  # half of 4, half of 3 rounded up
        tickets = {row.call_id: row for row in session.scalars(select(TicketRow))}
        assert {tickets[call].plan for part in drawn.values() for call in part} == {"weekly@1"}
        assert {call for call, row in tickets.items() if row.plan} == {*drawn["plan"], *drawn["random"]}
        for each in (sample, beside):
            checked = check_draw(session, each.row.id, SHANGHAI)
            assert (checked.holds, checked.deleted, checked.gone, checked.new) == (True, 0, 0, 0)


def test_a_period_is_drawn_once(session_factory: SessionFactory, clock: FixedClock) -> None:
    fill(session_factory, clock)
    with transaction(session_factory) as session:
        add_plan(session, FixedClock(MONDAY), make_plan(), by="test")
    with reading(session_factory) as session:
        assert due_plans(session, clock, SHANGHAI) == ["weekly"]
    together = [threading.Thread(target=run, args=(session_factory, clock)) for _ in range(4)]
    for each in together:
        each.start()
    for each in together:
        each.join()
    again = run(session_factory, clock, day=date(2026, 2, 25))
    assert [each.created for each in again] == [False, False]
    with reading(session_factory) as session:
        assert session.scalar(select(func.count()).select_from(SamplingDrawRow)) == 2
        assert due_plans(session, clock, SHANGHAI) == []
    with pytest.raises(ConflictError, match=r"sampling\.not_over"):
        run(session_factory, clock, day=date(2026, 3, 2))
    with transaction(session_factory) as session:
        add_plan(session, clock, make_plan(active=False), by="test")
    with pytest.raises(ConflictError, match=r"sampling\.inactive"):
        run(session_factory, clock)


def test_nobody_changes_what_was_drawn(session_factory: SessionFactory, clock: FixedClock) -> None:
    fill(session_factory, clock)
    with transaction(session_factory) as session:
        add_plan(session, clock, make_plan(), by="test")
    run(session_factory, clock)
    for change in (
        "UPDATE sampling_draw SET seed = 'mine'",
        "DELETE FROM sampling_draw",
        "UPDATE sampling_pick SET call_id = 1",
        "DELETE FROM sampling_pick",
    ):
        with pytest.raises(DBAPIError, match="append-only"), transaction(session_factory) as session:
            session.execute(text(change))


def test_late_and_deleted_calls_are_told_from_forgery(
    session_factory: SessionFactory, clock: FixedClock
) -> None:
    calls = fill(session_factory, clock)
    with transaction(session_factory) as session:
        add_plan(session, clock, make_plan(size={"number": 0}), by="test")
    _, beside = run(session_factory, clock)
    with transaction(session_factory) as session:
        put_call(session, clock, "late", at=MONDAY)
        undrawn = set(calls["clean"]) - {pick.call_id for pick, _ in picks(session, beside.row.id)}
        session.add(
            SamplingPickRow(
                draw_id=beside.row.id, call_id=min(undrawn), stratum="all", place=9, second_review=False
            )
        )
    with reading(session_factory) as session:
        checked = check_draw(session, beside.row.id, SHANGHAI)
    assert (checked.holds, checked.foreign, checked.missing) == (False, (min(undrawn),), ())
    assert (checked.new, checked.gone) == (1, 0)


def test_a_drawn_call_is_looked_at_whatever_is_found(
    session_factory: SessionFactory, clock: FixedClock
) -> None:
    with transaction(session_factory) as session:
        drawn, other = put_calls(session, clock, 2)
        put_ticket(session, clock, drawn, plan="weekly@1")
        put_ticket(session, clock, other)
        for call in (drawn, other):
            withdraw_ticket(session, call_id=call)
        states = {row.call_id: row.state for row in session.scalars(select(TicketRow))}
    assert states == {drawn: "open", other: "withdrawn"}


def test_the_random_sample_tells_what_the_rules_miss(
    session_factory: SessionFactory, clock: FixedClock
) -> None:
    with transaction(session_factory) as session:
        put_calls(session, clock, 40)
        add_person(session, clock, Person("w", "王敏", ("qc_reviewer",)), by="test")
        add_plan(session, clock, make_plan(size={"number": 0}, random={"size": {"number": 10}}), by="test")
    _, beside = run(session_factory, clock)
    with transaction(session_factory) as session:
        assert estimate_draw(session, beside.row.id)[0].share is None
        calls = [pick.call_id for pick, _ in picks(session, beside.row.id)]
        for row in session.scalars(select(TicketRow).where(TicketRow.call_id.in_(calls[:8]))):
            row.state = "final"
        made, (stratum,) = estimate_draw(session, beside.row.id)
    assert (made.share, made.reviewed, made.population) == (0.0, 8, 40)
    assert made.high == pytest.approx(0.3244, abs=1e-4)
    assert (stratum.drawn, stratum.reviewed, stratum.violating) == (10, 8, 0)


def test_what_people_add_is_what_the_machine_missed(
    session_factory: SessionFactory, clock: FixedClock
) -> None:
    terms = Terms(timedelta(hours=72), Limits(1.0, 20))
    with transaction(session_factory) as session:
        put_people(session, clock, ["wang"])
        put_calls(session, clock, 4)
        add_plan(session, clock, make_plan(size={"number": 0}, random={"size": {"number": 4}}), by="test")
    _, beside = run(session_factory, clock)
    with transaction(session_factory) as session:
        wang = find_actor(session, "wang")
        tickets = session.scalars(select(TicketRow.id).order_by(TicketRow.id)).all()
        for at, ticket in enumerate(tickets):
            missed = {"category": "dismissive", "start": 1.0, "end": 2.0, "comment": "不耐烦"}
            actions: list[tuple[str, dict[str, object]]] = [("take", {})]
            if at == 0:
                actions.append(("add_missed", missed))
            for action, details in [*actions, ("share", {})]:
                act(session, clock, terms, ticket_id=ticket, action=action, actor=wang, details=details)
        session.flush()
        assert estimate_draw(session, beside.row.id)[0].reviewed == 0  # it may still be appealed
    later = FixedClock(clock.now() + timedelta(hours=72))
    with transaction(session_factory) as session:
        for ticket in tickets:
            act(session, later, terms, ticket_id=ticket, action="finalise", actor=wang, details={})
        made, _ = estimate_draw(session, beside.row.id)
    assert (made.share, made.reviewed) == (0.25, 4)


def test_what_people_let_stand_is_a_violation(session_factory: SessionFactory, clock: FixedClock) -> None:
    """In the plan's sample the machine's findings are judged by people."""
    with transaction(session_factory) as session:
        calls = [put_call(session, clock, f"F{at}", finding()) for at in range(4)]
        add_plan(session, clock, make_plan(random={"size": {"number": 0}}), by="test")
    sample, _ = run(session_factory, clock)
    with transaction(session_factory) as session:
        for row in session.scalars(select(TicketRow)):
            row.state = "final"
        for call, verdict in zip(calls, ("true", "true", "false", "unsure"), strict=True):
            (said,) = findings_of(session, call)
            decide(
                session, clock, finding_id=said, verdict=verdict, by="w", limits=Limits(1.0, 20)  # type: ignore[arg-type]
            )  # fmt: skip
        made, _ = estimate_draw(session, sample.row.id)
    assert (made.share, made.reviewed) == (0.5, 4)
