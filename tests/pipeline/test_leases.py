from collections.abc import Callable
from datetime import timedelta

import pytest

from pipeline import leases, service
from pipeline.leases import Lease, LeaseLostError
from pipeline.models import WorkRow
from pipeline.states import INTERRUPTIONS_MAX, GiveUp, Retry, Stage
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import AudioError, EngineError

Receive = Callable[..., int]


class Desk:
    """Short words for what the tests do, each in a transaction of its own."""

    def __init__(self, factory: SessionFactory, clock: FixedClock) -> None:
        self.factory, self.clock = factory, clock

    def take(self, call_id: int, stage: Stage = "transcribe", who: str = "me") -> Lease | None:
        with transaction(self.factory) as session:
            return leases.take_lease(session, self.clock, call_id, stage, token=who, seconds=60)

    def must_take(self, call_id: int, stage: Stage = "transcribe", who: str = "me") -> Lease:
        lease = self.take(call_id, stage, who)
        assert lease is not None
        return lease

    def complete(self, lease: Lease, state: str, reasons: tuple[str, ...] = ()) -> None:
        with transaction(self.factory) as session:
            leases.complete_stage(session, self.clock, lease, state, reasons)  # type: ignore[arg-type]

    def fail(self, lease: Lease, error: Exception) -> Retry | GiveUp:
        with transaction(self.factory) as session:
            return leases.fail_stage(session, self.clock, lease, error, attempts_max=3, backoff_s=10)

    def take_back(self, call_id: int, who: str = "me", *, counted: bool) -> bool:
        with transaction(self.factory) as session:
            return leases.take_back(session, self.clock, call_id, who, attempts_max=3, counted=counted)

    def row(self, call_id: int) -> WorkRow:
        with reading(self.factory) as session:
            row = session.get(WorkRow, call_id)
            assert row is not None
            return row


@pytest.fixture
def desk(session_factory: SessionFactory, clock: FixedClock) -> Desk:
    return Desk(session_factory, clock)


def test_lease_is_taken_once(desk: Desk, receive: Receive) -> None:
    call_id = receive()

    assert desk.take(call_id, who="first") == Lease(call_id, "transcribe", "first", attempts=1)
    assert desk.take(call_id, who="second") is None
    row = desk.row(call_id)
    assert (row.lease_owner, row.attempts) == ("first", 1)
    assert row.lease_until == desk.clock.now() + timedelta(seconds=60)


def test_stage_that_is_not_next_cannot_be_leased(desk: Desk, receive: Receive) -> None:
    call_id = receive()

    assert desk.take(call_id, "inspect") is None
    assert desk.take(call_id + 1) is None
    assert desk.row(call_id).attempts == 0


def test_expired_lease_must_be_taken_back_before_it_is_free(desk: Desk, receive: Receive) -> None:
    call_id = receive()
    desk.must_take(call_id, who="slow")
    desk.clock.moment += timedelta(seconds=61)

    assert desk.take(call_id, who="next") is None
    assert desk.take_back(call_id, "slow", counted=True)
    assert desk.must_take(call_id, who="next").attempts == 2


def test_completed_stage_moves_on_and_starts_counting_anew(desk: Desk, receive: Receive) -> None:
    call_id = receive()
    desk.complete(desk.must_take(call_id), "transcribed")

    row = desk.row(call_id)
    assert (row.state, row.attempts, row.lease_owner, row.lease_until) == ("transcribed", 0, None, None)
    assert desk.must_take(call_id, "hear").attempts == 1


def test_unjudged_call_keeps_its_reasons(desk: Desk, receive: Receive) -> None:
    call_id = receive()
    desk.complete(desk.must_take(call_id), "unjudged", ("time.missing: no time",))

    row = desk.row(call_id)
    assert (row.state, row.reasons) == ("unjudged", ["time.missing: no time"])


def test_who_lost_the_lease_writes_nothing(desk: Desk, receive: Receive) -> None:
    call_id = receive()
    lost = desk.must_take(call_id, who="slow")
    desk.take_back(call_id, "slow", counted=True)
    desk.must_take(call_id, who="next")

    with pytest.raises(LeaseLostError) as caught:
        desk.complete(lost, "transcribed")
    with pytest.raises(LeaseLostError):
        desk.fail(lost, OSError("disk"))

    assert caught.value.code == "work.lease_lost"
    row = desk.row(call_id)
    assert (row.state, row.lease_owner, row.error_code) == ("received", "next", "stage.worker_lost")


def test_renewed_lease_lasts_from_now(desk: Desk, receive: Receive) -> None:
    call_id = receive()
    lease = desk.must_take(call_id)
    desk.clock.moment += timedelta(seconds=50)

    with transaction(desk.factory) as session:
        leases.renew_lease(session, desk.clock, lease, seconds=60)

    assert desk.row(call_id).lease_until == desk.clock.now() + timedelta(seconds=60)


def test_released_lease_costs_no_attempt(desk: Desk, receive: Receive) -> None:
    call_id = receive()
    lease = desk.must_take(call_id)

    for _ in range(2):  # the second time there is nothing to release
        with transaction(desk.factory) as session:
            leases.release_lease(session, desk.clock, lease)

    row = desk.row(call_id)
    assert (row.lease_owner, row.attempts) == (None, 0)
    assert desk.must_take(call_id, who="next").attempts == 1


def test_failed_stage_waits_before_it_is_tried_again(desk: Desk, receive: Receive) -> None:
    call_id = receive()
    outcome = desk.fail(desk.must_take(call_id), EngineError("busy", code="engine.busy"))

    due_at = desk.clock.now() + timedelta(seconds=10)
    assert outcome == Retry(at=due_at)
    row = desk.row(call_id)
    assert (row.state, row.next_at, row.error_code) == ("received", due_at, "engine.busy")
    assert desk.take(call_id) is None
    desk.clock.moment = due_at
    assert desk.must_take(call_id).attempts == 2


def test_last_attempt_fails_the_call_with_its_reason(desk: Desk, receive: Receive) -> None:
    call_id = receive()
    for _ in range(3):
        outcome = desk.fail(desk.must_take(call_id), EngineError("busy", code="engine.busy"))
        desk.clock.moment += timedelta(minutes=20)

    assert outcome == GiveUp()
    row = desk.row(call_id)
    assert (row.state, row.failed_at, row.attempts) == ("failed", "received", 3)
    assert row.reasons == ["engine.busy: busy. [engine.busy]"]
    assert desk.take(call_id) is None


def test_bad_audio_fails_the_call_at_once(desk: Desk, receive: Receive) -> None:
    call_id = receive()

    assert desk.fail(desk.must_take(call_id), AudioError("cut off", code="audio.truncated")) == GiveUp()
    assert desk.row(call_id).error_code == "audio.truncated"


def test_recording_that_kills_its_worker_fails_after_all_attempts(desk: Desk, receive: Receive) -> None:
    call_id = receive()
    for _ in range(3):
        desk.must_take(call_id)
        assert desk.take_back(call_id, counted=True)

    row = desk.row(call_id)
    assert (row.state, row.error_code, row.attempts) == ("failed", "stage.worker_lost", 3)


def test_killed_runner_costs_no_attempt(desk: Desk, receive: Receive) -> None:
    call_id = receive()
    for _ in range(INTERRUPTIONS_MAX - 1):
        desk.must_take(call_id)
        assert desk.take_back(call_id, counted=False)

    row = desk.row(call_id)
    assert (row.state, row.attempts, row.interruptions) == ("received", 0, INTERRUPTIONS_MAX - 1)
    assert desk.must_take(call_id).attempts == 1


def test_call_that_always_takes_the_runner_down_fails_in_the_end(desk: Desk, receive: Receive) -> None:
    call_id = receive()
    for _ in range(INTERRUPTIONS_MAX):
        desk.must_take(call_id)
        desk.take_back(call_id, counted=False)

    assert desk.row(call_id).state == "failed"


def test_lease_that_ended_meanwhile_is_not_taken_back(desk: Desk, receive: Receive) -> None:
    call_id = receive()
    desk.complete(desk.must_take(call_id), "transcribed")

    assert not desk.take_back(call_id, counted=True)
    assert desk.row(call_id).state == "transcribed"


def test_leases_held_are_listed(desk: Desk, receive: Receive) -> None:
    held, free = receive("H001"), receive("H002")
    desk.must_take(held, who="me")

    with reading(desk.factory) as session:
        assert leases.held(session) == [(held, "me", desk.clock.now() + timedelta(seconds=60))]
        assert service.due(session, desk.clock.now()) == [(free, "transcribe")]


def test_call_is_inspected_after_the_earlier_calls_of_its_debtor(desk: Desk, receive: Receive) -> None:
    later = receive("later", started_at="2026-03-06T10:00:00+08:00")
    earlier = receive("earlier", started_at="2026-03-06T09:00:00+08:00")
    receive("stranger", started_at="2026-03-06T08:30:00+08:00", customer={"id": "C1"})
    for stage, state in (("transcribe", "transcribed"), ("hear", "heard")):
        desk.complete(desk.must_take(later, stage), state)  # type: ignore[arg-type]

    assert desk.take(later, "inspect") is None
    with reading(desk.factory) as session:
        assert service.lane_if_due(session, desk.clock.now(), later, "inspect") is None
        assert (later, "inspect") not in service.due(session, desk.clock.now())
        unsent = service.unsent(session, desk.clock.now(), sent_before=desk.clock.now(), limit=9)
        assert later not in [call_id for call_id, _stage, _lane, _stale in unsent]

    desk.fail(desk.must_take(earlier), AudioError("cut off", code="audio.truncated"))

    assert desk.must_take(later, "inspect").attempts == 1


def test_calls_of_unknown_time_are_waited_for_where_they_came_earlier(desk: Desk, receive: Receive) -> None:
    untimed = receive("untimed", started_at=None)
    later = receive("later")
    receive("untimed after", started_at=None)
    for stage, state in (("transcribe", "transcribed"), ("hear", "heard")):
        desk.complete(desk.must_take(later, stage), state)  # type: ignore[arg-type]
    assert desk.take(later, "inspect") is None

    desk.fail(desk.must_take(untimed), AudioError("cut off", code="audio.truncated"))

    assert desk.must_take(later, "inspect").attempts == 1
