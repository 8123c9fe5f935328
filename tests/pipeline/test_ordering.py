"""Calls in their lanes, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from complaint_warnings.cases.models import CaseRow
from complaint_warnings.models import WarningDebtorRow
from ingest.models import CallRow
from pipeline import ordering, service
from pipeline.lanes import DEFAULT
from pipeline.models import WorkRow
from pipeline.states import Stage
from store.clock import FixedClock
from store.daily import DailyHours
from store.database import SessionFactory, reading, transaction

from .conftest import add_finding

Receive = Callable[..., int]
OLD = "2026-01-05T10:12:00+08:00"
EARLIER = "2026-03-04T10:12:00+08:00"


def place(factory: SessionFactory, call_id: int) -> tuple[int, str]:
    with reading(factory) as session:
        row = session.get_one(WorkRow, call_id)
        return row.lane, row.lane_because


def due(factory: SessionFactory, clock: FixedClock, **how: bool) -> list[tuple[int, Stage]]:
    with reading(factory) as session:
        return service.due(session, clock.now(), **how)


def open_case(factory: SessionFactory, clock: FixedClock, debtor: str, *, kind: str, level: str) -> int:
    now = clock.now()
    with transaction(factory) as session:
        if session.get(WarningDebtorRow, debtor) is None:
            session.add(WarningDebtorRow(debtor_key=debtor))
            session.flush()
        row = CaseRow(
            number=f"C-{kind}-{level}", kind=kind, debtor_key=debtor, state="reported", level=level,
            source="test", opened_at=now, updated_at=now, advice={}, reporter_id="system",
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def debtor_of(customer: str) -> dict[str, object]:
    return {"customer": {"id": customer}, "case": {"id": f"K-{customer}"}}


def key_of(factory: SessionFactory, call_id: int) -> str:
    with reading(factory) as session:
        return session.get_one(CallRow, call_id).debtor_key


def test_old_calls_wait_behind_new_ones(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    old = receive("old", started_at=OLD, **debtor_of("C1"))
    timeless = receive("timeless", started_at=None, **debtor_of("C2"))
    new = receive("new", **debtor_of("C3"))

    assert [place(session_factory, call) for call in (old, timeless, new)] == [
        (2, "old"), (1, "no_time"), (1, "recent"),
    ]  # fmt: skip
    assert due(session_factory, clock) == [(timeless, "transcribe"), (new, "transcribe"), (old, "transcribe")]
    assert due(session_factory, clock, begin_backfill=False) == [
        (timeless, "transcribe"),
        (new, "transcribe"),
    ]


def test_a_backfill_that_was_begun_goes_on_outside_its_hours(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    old = receive("old", started_at=OLD)
    with transaction(session_factory) as session:
        session.get_one(WorkRow, old).state = "transcribed"

    assert due(session_factory, clock, begin_backfill=False) == [(old, "hear")]


@pytest.mark.parametrize(
    ("kind", "level", "lane"),
    [
        ("complaint", "low", (0, "complaint")),
        ("warning", "high", (0, "high_case")),
        ("warning", "medium", (1, "recent")),
    ],
)
def test_calls_of_a_debtor_with_a_pressing_case_come_first_and_those_that_wait_move_up(
    session_factory: SessionFactory,
    clock: FixedClock,
    receive: Receive,
    kind: str,
    level: str,
    lane: tuple[int, str],
) -> None:
    waiting = receive("waiting", **debtor_of("C1"))
    other = receive("other", **debtor_of("C2"))
    open_case(session_factory, clock, key_of(session_factory, waiting), kind=kind, level=level)
    with transaction(session_factory) as session:
        service.mark_sent(session, clock, waiting, "transcribe")
        moved = ordering.lift(session, clock, DEFAULT)
    later = receive("later", **debtor_of("C1"))

    assert moved == (1 if lane[0] == 0 else 0)
    assert [place(session_factory, call) for call in (waiting, other, later)] == [lane, (1, "recent"), lane]
    with reading(session_factory) as session:  # the broker has it far behind: it is given to it again
        assert (session.get_one(WorkRow, waiting).sent_at is None) == (lane[0] == 0)
    with transaction(session_factory) as session:
        assert ordering.lift(session, clock, DEFAULT) == 0


def test_a_closed_case_presses_no_more(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    first = receive("first")
    case_id = open_case(
        session_factory, clock, key_of(session_factory, first), kind="complaint", level="high"
    )
    with transaction(session_factory) as session:
        session.get_one(CaseRow, case_id).closed_at = clock.now()

    assert place(session_factory, receive("second")) == (1, "recent")


def test_talk_of_self_harm_moves_the_debtors_other_calls_up(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    waiting = receive("waiting", started_at=OLD)
    heard = receive("heard", started_at=EARLIER)
    with transaction(session_factory) as session:
        session.get_one(WorkRow, heard).state = "inspected"
        add_finding(session, clock, heard, "self_harm")
    with transaction(session_factory) as session:
        assert ordering.lift(session, clock, DEFAULT) == 2

    assert place(session_factory, waiting) == (0, "self_harm")
    assert place(session_factory, receive("next")) == (0, "self_harm")


def test_a_few_that_waited_long_go_with_the_live_ones(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    old = [receive(f"old{number}", started_at=OLD, **debtor_of(f"C{number}")) for number in range(8)]
    clock.moment += DEFAULT.patience
    moved = []
    for _ in range(2):
        with transaction(session_factory) as session:
            moved.append(ordering.lift(session, clock, DEFAULT))
    clock.moment += timedelta(seconds=1)
    for done in (None, old[0]):
        with transaction(session_factory) as session:
            if done is not None:
                session.get_one(WorkRow, done).state = "assessed"
            moved.append(ordering.lift(session, clock, DEFAULT))

    assert moved == [0, 0, ordering.WAITED_AT_ONCE, 1]
    with reading(session_factory) as session:
        lifted = session.scalars(select(WorkRow.call_id).where(WorkRow.lane_because == "waited"))
        assert sorted(lifted) == old[:6]


def test_nothing_waits_for_calls_of_a_lane_behind_its_own(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    old, new = receive("old", started_at=OLD), receive("new")
    states = []
    for state, stage in (("transcribed", "hear"), ("heard", "inspect")):
        with transaction(session_factory) as session:
            session.get_one(WorkRow, new).state = state
        with reading(session_factory) as session:
            states.append(service.lane_if_due(session, clock.now(), new, stage))  # type: ignore[arg-type]
    with transaction(session_factory) as session:
        session.get_one(WorkRow, old).lane = 1
    with reading(session_factory) as session:
        states.append(service.lane_if_due(session, clock.now(), new, "inspect"))

    assert states == ["live", "live", None]


def test_what_waited_for_a_call_is_named_when_that_was_done(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    first = receive("first", started_at=EARLIER)
    later = receive("later")
    stranger = receive("stranger", agent={"id": "A9"}, **debtor_of("C9"))
    with transaction(session_factory) as session:
        for call in (later, stranger):
            session.get_one(WorkRow, call).state = "transcribed"
    with reading(session_factory) as session:
        assert service.freed_by(session, clock.now(), first, "transcribe") == []
        assert service.freed_by(session, clock.now(), first, "hear") == []  # it was not heard yet
    with transaction(session_factory) as session:
        session.get_one(WorkRow, first).state = "heard"
    with reading(session_factory) as session:
        assert service.freed_by(session, clock.now(), first, "hear") == [(later, "hear")]
    with transaction(session_factory) as session:
        session.get_one(WorkRow, first).state = "inspected"
        session.get_one(WorkRow, later).state = "heard"
    with reading(session_factory) as session:
        assert service.freed_by(session, clock.now(), first, "inspect") == [(later, "inspect")]


def test_live_calls_do_not_starve_behind_those_that_waited_long(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    """One worker, a sweep before each call it takes: the archive of old calls has no end."""
    for number in range(12):
        receive(f"old{number}", started_at=OLD, **debtor_of(f"C{number}"))
    clock.moment += DEFAULT.patience + timedelta(seconds=1)
    live = [
        receive(f"new{number}", started_at=clock.now().isoformat(), **debtor_of(f"N{number}"))
        for number in range(2)
    ]
    taken = []
    for _ in range(8):
        clock.moment += timedelta(seconds=30)
        with transaction(session_factory) as session:
            ordering.lift(session, clock, DEFAULT)
            ((call_id, _stage),) = service.due(session, clock.now(), limit=1)
            session.get_one(WorkRow, call_id).state = "assessed"
        taken.append(call_id)

    assert set(live) <= set(taken)
    assert len(set(taken) - set(live)) == 6  # and neither do the old ones


def test_those_that_waited_long_are_begun_in_the_hours_for_them_only(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    old = receive("old", started_at=OLD)
    clock.moment += DEFAULT.patience + timedelta(seconds=1)  # 10:30 in Shanghai
    night = replace(DEFAULT, hours=DailyHours.read("22-06"), zone=ZoneInfo("Asia/Shanghai"))
    with transaction(session_factory) as session:
        assert ordering.lift(session, clock, night) == 0
        clock.moment += timedelta(hours=12)
        assert ordering.lift(session, clock, night) == 1
    assert place(session_factory, old) == (1, "waited")
