from collections.abc import Callable
from datetime import timedelta

import pytest

from pipeline import leases, service, sweeper
from pipeline.lanes import Lane
from pipeline.models import WorkRow
from pipeline.states import Stage
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import ConflictError, EngineError, NotFoundError

from .conftest import add_call

Receive = Callable[..., int]


def set_row(factory: SessionFactory, call_id: int, **values: object) -> None:
    with transaction(factory) as session:
        row = session.get(WorkRow, call_id)
        for name, value in values.items():
            setattr(row, name, value)


def test_registered_calls_are_received_once(session_factory: SessionFactory, clock: FixedClock) -> None:
    with transaction(session_factory) as session:
        ids = [add_call(session, f"H{number}") for number in range(3)]
    counts = []
    for _ in range(2):
        with transaction(session_factory) as session:
            counts.append(service.receive_new(session, clock))

    assert counts == [3, 0]
    with reading(session_factory) as session:
        rows = [session.get(WorkRow, call_id) for call_id in ids]
        assert [(row.state, row.attempts, row.reasons, row.updated_at) for row in rows if row] == [
            ("received", 0, [], clock.now())
        ] * 3


def test_only_the_newest_calls_are_looked_at_but_for_the_first_time_and_once_an_hour(
    session_factory: SessionFactory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeper, "_NEWEST", 2)
    receiver = sweeper.Receiver(session_factory, clock)
    with transaction(session_factory) as session:
        ids = [add_call(session, f"H{number}") for number in range(6)]
        assert service.receive(session, clock, []) == 0
        assert service.receive(session, clock, [ids[5]]) == 1
        assert service.receive(session, clock, [ids[5]]) == 0
        assert service.receive_new(session, clock, newest=2) == 1  # of the two before the newest: ids[4]
    assert receiver.receive() == 4
    with transaction(session_factory) as session:
        for row in session.query(WorkRow).where(WorkRow.call_id < ids[4]):
            session.delete(row)

    assert receiver.receive() == 0
    clock.moment += timedelta(hours=1)
    assert receiver.receive() == 4


def test_calls_furthest_along_are_due_first(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    first, second, third, done = (receive(f"H{number}") for number in range(4))
    set_row(session_factory, second, state="heard")
    set_row(session_factory, third, next_at=clock.now() + timedelta(seconds=1))
    set_row(session_factory, done, state="assessed")

    with reading(session_factory) as session:
        assert service.due(session, clock.now()) == [(second, "inspect"), (first, "transcribe")]
        assert service.due(session, clock.now(), limit=1) == [(second, "inspect")]
        assert service.open_calls(session) == 3


def fail_for_good(factory: SessionFactory, clock: FixedClock, call_id: int) -> None:
    with transaction(factory) as session:
        lease = leases.take_lease(session, clock, call_id, "transcribe", token="me", seconds=60)
        assert lease is not None
        leases.fail_stage(session, clock, lease, EngineError("x", code="e.x"), attempts_max=1, backoff_s=1)


def test_retried_call_goes_on_where_it_failed(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    call_id = receive()
    fail_for_good(session_factory, clock, call_id)

    with transaction(session_factory) as session:
        assert service.retry(session, clock, call_id) == "received"

    with reading(session_factory) as session:
        row = session.get(WorkRow, call_id)
        assert row is not None
        assert (row.state, row.failed_at, row.reasons, row.attempts) == ("received", None, [], 0)
        assert service.due(session, clock.now()) == [(call_id, "transcribe")]


def test_only_failed_calls_are_retried(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    call_id = receive()
    with transaction(session_factory) as session:
        with pytest.raises(ConflictError) as conflict:
            service.retry(session, clock, call_id)
        with pytest.raises(NotFoundError) as unknown:
            service.retry(session, clock, call_id + 1)

    assert (conflict.value.code, unknown.value.code) == ("work.not_failed", "call.unknown")


class Broker:
    """Remembers what was sent; `messages` of it are still waiting."""

    def __init__(self, messages: int = 0) -> None:
        self.sent: list[tuple[int, Stage]] = []
        self.messages = messages

    def send(self, call_id: int, stage: Stage, _lane: Lane) -> None:
        self.sent.append((call_id, stage))

    def sweep(self, factory: SessionFactory, clock: FixedClock) -> int:
        return sweeper.send_due(
            factory, clock, self.send, lambda _stage, _lane: self.messages, resend_after_s=60
        )


def test_committed_work_is_sent_once(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    first, second = receive("H001"), receive("H002")
    set_row(session_factory, second, state="inspected")
    broker = Broker()

    assert [broker.sweep(session_factory, clock), broker.sweep(session_factory, clock)] == [2, 0]
    assert broker.sent == [(first, "transcribe"), (second, "assess")]


def test_work_lost_by_the_broker_is_sent_again(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    call_id = receive()
    broker = Broker()
    broker.sweep(session_factory, clock)
    clock.moment += timedelta(seconds=61)

    assert broker.sweep(session_factory, clock) == 1
    assert broker.sent == [(call_id, "transcribe")] * 2


def test_long_queue_is_not_made_longer(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    receive()
    broker = Broker(messages=1)
    broker.sweep(session_factory, clock)
    clock.moment += timedelta(seconds=61)

    assert broker.sweep(session_factory, clock) == 0


def test_leased_waiting_and_finished_calls_are_not_sent(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    leased, waiting, failed = (receive(f"H{number}") for number in range(3))
    with transaction(session_factory) as session:
        leases.take_lease(session, clock, leased, "transcribe", token="me", seconds=60)
    set_row(session_factory, waiting, next_at=clock.now() + timedelta(seconds=5))
    fail_for_good(session_factory, clock, failed)

    assert Broker().sweep(session_factory, clock) == 0


def test_note_of_sending_does_not_touch_a_call_that_moved_on(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    call_id = receive()
    set_row(session_factory, call_id, state="transcribed")
    with transaction(session_factory) as session:
        service.mark_sent(session, clock, call_id, "transcribe")

    with reading(session_factory) as session:
        row = session.get(WorkRow, call_id)
        assert row is not None
        assert row.sent_at is None


def test_sweep_takes_back_what_ran_out(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    call_id = receive()
    with transaction(session_factory) as session:
        leases.take_lease(session, clock, call_id, "transcribe", token="elsewhere", seconds=60)

    assert sweeper.take_back_lost(session_factory, clock, attempts_max=3) == []
    clock.moment += timedelta(seconds=60)
    taken = sweeper.take_back_lost(session_factory, clock, attempts_max=3)
    assert taken == [sweeper.Reclaim(call_id, "elsewhere", counted=True)]
    assert sweeper.take_back_lost(session_factory, clock, attempts_max=3) == []


def test_a_backfill_that_is_with_the_broker_hides_no_lost_live_call(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    live = receive("live")
    Broker().sweep(session_factory, clock)  # and then Redis lost everything
    with transaction(session_factory) as session:
        for number in range(600):
            add_call(session, f"old{number}", started_at="2025-01-05T10:12:00+08:00")
        service.receive_new(session, clock)
    clock.moment += timedelta(seconds=61)
    sent: list[int] = []

    def send(call_id: int, _stage: Stage, _lane: Lane) -> None:
        sent.append(call_id)

    def waiting(_stage: Stage, lane: Lane) -> int:
        return {"urgent": 0, "live": 0, "backfill": 100}[lane]

    assert sweeper.send_due(session_factory, clock, send, waiting, resend_after_s=60) == 101
    assert sent[0] == live
