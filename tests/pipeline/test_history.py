from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from ingest.metadata import EarlierCall, parse_call_record
from pipeline.history import registered_calls, stop_was_requested, with_earlier_calls, with_stop_request
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


def test_earlier_calls_to_the_debtor_are_found(
    session_factory: SessionFactory, receive: Callable[..., int]
) -> None:
    this = receive("H001")
    receive("before", started_at="2026-03-05T09:00:00+08:00")
    receive("after", started_at="2026-03-05T11:00:00+08:00")
    receive("inbound", started_at="2026-03-05T08:30:00+08:00", direction="inbound")
    receive("stranger", started_at="2026-03-05T08:00:00+08:00", customer={"id": "other"})
    receive("untimed", started_at=None)

    with reading(session_factory) as session:
        found = registered_calls(session, this, "customer:C889201", STARTED)

    assert found == [
        EarlierCall(
            started_at=datetime(2026, 3, 5, 1, 0, tzinfo=UTC), connected=True, number=NUMBER, agent="A1027"
        )
    ]


def test_request_in_an_earlier_call_counts(
    session_factory: SessionFactory, receive: Callable[..., int], clock: FixedClock
) -> None:
    this = receive("H001")
    asked = receive("asked", started_at="2026-03-04T09:00:00+08:00", direction="inbound")
    with transaction(session_factory) as session:
        add_finding(session, clock, asked, "stop_request")

    with reading(session_factory) as session:
        debtor = "customer:C889201"
        assert stop_was_requested(session, this, debtor, STARTED)
        assert not stop_was_requested(session, this, "customer:other", STARTED)
        assert not stop_was_requested(session, asked, debtor, STARTED)
        assert not stop_was_requested(session, this, debtor, STARTED - timedelta(days=9))


def test_only_the_newest_inspection_of_an_earlier_call_counts(
    session_factory: SessionFactory, receive: Callable[..., int], clock: FixedClock
) -> None:
    this = receive("H001")
    asked = receive("asked", started_at="2026-03-04T09:00:00+08:00")
    other = receive("other", started_at="2026-03-04T10:00:00+08:00")
    with transaction(session_factory) as session:
        add_finding(session, clock, asked, "stop_request")
        add_inspection(session, clock, other)
        assert stop_was_requested(session, this, "customer:C889201", STARTED)
        add_inspection(session, clock, asked, packs="1")
        assert not stop_was_requested(session, this, "customer:C889201", STARTED)


def test_stop_request_is_written_where_the_rules_look_for_it() -> None:
    assert with_stop_request(record()).case.model_extra == {"stop_requested": True}
    assert with_stop_request(record()).case.client == "中国联通"
