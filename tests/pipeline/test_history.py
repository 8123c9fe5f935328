from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from ingest.metadata import EarlierCall, oldest_first, parse_call_record
from ingest.models import CallRow
from pipeline.history import later_unaware, outcome_of, registered_calls, with_earlier_calls
from qc.findings import StateOfCall
from qc.language.statuses import Status
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction

from .conftest import RECORD, add_finding, add_inspection

STARTED = datetime(2026, 3, 5, 2, 12, tzinfo=UTC)
NUMBER = "+8613800138000"


def earlier(minutes: float, number: str | None = NUMBER, *, connected: bool = True) -> EarlierCall:
    return EarlierCall(
        started_at=STARTED - timedelta(minutes=minutes), connected=connected, number=number, agent="A1"
    )


def record(*history: EarlierCall, **changed: object):
    given = [call.model_dump(mode="json") for call in history]
    return parse_call_record(RECORD | {"history": given} | changed, "test")


def starts(call) -> list[int]:
    return [round((STARTED - known.started_at).total_seconds() / 60) for known in call.history]


def test_registered_calls_join_the_history_oldest_first() -> None:
    joined = with_earlier_calls(record(earlier(60)), [earlier(10), earlier(90)])

    assert starts(joined) == [90, 60, 10]


def test_call_that_both_know_counts_once_as_the_metadata_tells_it() -> None:
    told = earlier(60, connected=False)
    joined = with_earlier_calls(record(told), [earlier(60)])

    assert [(known.started_at, known.connected) for known in joined.history] == [(told.started_at, False)]


def test_same_moment_on_another_number_is_another_call() -> None:
    assert starts(with_earlier_calls(record(earlier(60)), [earlier(60, "+8613900000000")])) == [60, 60]


def test_call_without_a_number_may_be_any_at_that_moment() -> None:
    assert starts(with_earlier_calls(record(earlier(60, None)), [earlier(60)])) == [60]


def test_later_calls_and_the_call_itself_are_left_out() -> None:
    assert starts(with_earlier_calls(record(), [earlier(0), earlier(-30)])) == []


def test_call_without_a_time_keeps_its_history_as_given() -> None:
    untimed = record(earlier(60), started_at=None)

    assert with_earlier_calls(untimed, [earlier(10)]) == untimed


def test_what_the_metadata_leave_out_is_added() -> None:
    told = earlier(60).model_copy(update={"agent": None, "relation": None})
    on_record = EarlierCall.model_validate(
        earlier(60).model_dump() | {"connected": False, "relation": "relative", "dispute": True}
    )

    (call,) = with_earlier_calls(record(told), [on_record]).history

    assert (call.connected, call.agent, call.relation, call.dispute) == (True, "A1", "relative", True)


def test_calls_of_unknown_time_stay_unknown() -> None:
    undated = EarlierCall(connected=True, number=NUMBER)

    assert with_earlier_calls(record(earlier(60)), [undated]).history == (earlier(60), undated)


def test_earlier_calls_to_the_debtor_are_found(
    session_factory: SessionFactory, receive: Callable[..., int]
) -> None:
    receive("untimed before", started_at=None, source="another recorder")
    this = receive("H001")
    receive("before", started_at="2026-03-05T09:00:00+08:00", agent={"id": "B7"})
    receive("after", started_at="2026-03-05T11:00:00+08:00")
    receive("inbound", started_at="2026-03-05T08:30:00+08:00", direction="inbound")
    receive("contact", started_at="2026-03-05T08:40:00+08:00", source="another agency",
            customer={"id": "C889201", "number": "13900139000", "relation": "relative"})  # fmt: skip
    receive("stranger", started_at="2026-03-05T08:00:00+08:00", customer={"id": "other"})
    receive("untimed after", started_at=None)

    with reading(session_factory) as session:
        found = registered_calls(session, this, "customer:C889201", STARTED)

    known = [
        (call.started_at and call.started_at.minute, call.direction, call.relation, call.number, call.agent)
        for call in oldest_first(found)
    ]
    assert known == [
        (30, "inbound", "debtor", NUMBER, "A1027"),
        (40, "outbound", "relative", "+8613900139000", "A1027"),
        (0, "outbound", "debtor", NUMBER, "B7"),
        (None, "outbound", "debtor", NUMBER, "A1027"),
    ]
    assert {call.connected for call in found} == {True}
    assert {call.case for call in found} == {"K-2026-000123"}


def claims(call: EarlierCall) -> tuple[object, ...]:
    return call.dispute, call.stop_request, call.promise, (call.model_extra or {}).get("vulnerable")


def the_only(session_factory: SessionFactory, this: int) -> EarlierCall:
    with reading(session_factory) as session:
        (found,) = registered_calls(session, this, "customer:C889201", STARTED)
    return found


def test_what_was_found_in_an_earlier_call_counts(
    session_factory: SessionFactory, receive: Callable[..., int], clock: FixedClock
) -> None:
    this = receive("H001")
    asked = receive("asked", started_at="2026-03-04T09:00:00+08:00", direction="inbound")
    assert claims(the_only(session_factory, this)) == (None, None, None, None)
    with transaction(session_factory) as session:
        add_finding(session, clock, asked, "stop_request")
    assert claims(the_only(session_factory, this)) == (None, True, None, None)


@pytest.mark.parametrize(
    ("matter", "status", "sure", "expected"),
    [
        ("dispute", "open", True, (True, None, None, None)),
        ("dispute", "acknowledged", True, (True, None, None, None)),
        ("dispute", "resolved", True, ("resolved", None, None, None)),
        ("dispute", "withdrawn", True, ("withdrawn", None, None, None)),
        ("dispute", "open", False, (None, None, None, None)),
        ("stop_request", "open", True, (None, True, None, None)),
        ("vulnerable", "open", True, (None, None, None, True)),
    ],
)
def test_the_states_that_an_earlier_call_left_count(
    session_factory: SessionFactory,
    receive: Callable[..., int],
    clock: FixedClock,
    matter: str,
    status: Status,
    sure: bool,
    expected: tuple[object, ...],
) -> None:
    this = receive("H001")
    before = receive("before", started_at="2026-03-04T09:00:00+08:00")
    left = StateOfCall("any_name", matter, status, 0, 1, sure)
    with transaction(session_factory) as session:
        add_inspection(session, clock, before, states=(left,))

    assert claims(the_only(session_factory, this)) == expected


def test_only_the_newest_inspection_of_an_earlier_call_counts(
    session_factory: SessionFactory, receive: Callable[..., int], clock: FixedClock
) -> None:
    this = receive("H001")
    asked = receive("asked", started_at="2026-03-04T09:00:00+08:00")
    with transaction(session_factory) as session:
        add_finding(session, clock, asked, "promise_to_pay")
    assert claims(the_only(session_factory, this)) == (None, None, True, None)
    with transaction(session_factory) as session:
        add_inspection(session, clock, asked, packs="x")
    assert claims(the_only(session_factory, this)) == (None, None, None, None)


def test_a_call_that_nobody_answered_was_not_connected(
    session_factory: SessionFactory, receive: Callable[..., int], clock: FixedClock
) -> None:
    this = receive("H001")
    before = receive("before", started_at="2026-03-04T09:00:00+08:00")
    with transaction(session_factory) as session:
        add_inspection(session, clock, before, unjudged=(("call.voicemail", "语音信箱"),))

    assert the_only(session_factory, this).connected is False


def test_later_calls_learn_that_an_earlier_one_has_changed(
    session_factory: SessionFactory, receive: Callable[..., int], clock: FixedClock
) -> None:
    first = receive("first", started_at="2026-03-04T09:00:00+08:00")
    later = receive("later")
    other = receive("other", customer={"id": "other"})
    with transaction(session_factory) as session:
        add_inspection(session, clock, first)
        for call_id in (later, other):
            add_inspection(session, clock, call_id)
        call = session.get_one(CallRow, first)
        before = outcome_of(session, first)
        assert later_unaware(session, call, before) == []
        add_finding(session, clock, first, "dispute.paid")
        assert later_unaware(session, call, before) == [later]
        assert later_unaware(session, call, outcome_of(session, first)) == []
        assert later_unaware(session, session.get_one(CallRow, later), None) == []


def test_later_calls_learn_of_a_call_that_came_after_them(
    session_factory: SessionFactory, receive: Callable[..., int], clock: FixedClock
) -> None:
    later = receive("later")
    with transaction(session_factory) as session:
        add_inspection(session, clock, later)
    late = receive("late", started_at="2026-03-04T09:00:00+08:00")
    with transaction(session_factory) as session:
        add_inspection(session, clock, late)
        call = session.get_one(CallRow, late)
        call.registered_at = clock.now() - timedelta(hours=1)
        assert later_unaware(session, call, None) == []
        call.registered_at = clock.now() + timedelta(hours=1)
        assert later_unaware(session, call, None) == [later]
