from datetime import UTC, datetime, timedelta

from pipeline.lanes import Lane
from pipeline.owner import Fate, Owner
from pipeline.states import Stage
from pipeline.sweeper import Held, Reclaim, Unsent, reclaims, to_send

NOW = datetime(2026, 3, 5, 2, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
TOKEN = "host/7/100/6/90/abc"


def fate(value: Fate):
    def of(owner: Owner) -> Fate:
        assert owner == Owner("host", 7, "100", 6, "90")
        return value

    return of


def test_lease_of_a_living_worker_stays() -> None:
    assert reclaims([Held(1, TOKEN, LATER)], NOW, fate("alive")) == []


def test_lease_that_ran_out_is_taken_back_and_counted() -> None:
    assert reclaims([Held(1, TOKEN, NOW)], NOW, fate("alive")) == [Reclaim(1, TOKEN, counted=True)]


def test_lease_of_a_crashed_worker_is_taken_back_at_once_and_counted() -> None:
    assert reclaims([Held(1, TOKEN, LATER)], NOW, fate("crashed")) == [Reclaim(1, TOKEN, counted=True)]


def test_lease_of_a_killed_runner_is_taken_back_at_once_and_not_counted() -> None:
    assert reclaims([Held(1, TOKEN, LATER)], NOW, fate("interrupted")) == [Reclaim(1, TOKEN, counted=False)]


def test_lease_of_an_unknown_holder_is_taken_back_when_it_ran_out() -> None:
    held = [Held(1, "who?", LATER), Held(2, "who?", NOW)]

    assert reclaims(held, NOW, fate("alive")) == [Reclaim(2, "who?", counted=True)]


def test_what_was_never_sent_is_sent_whatever_waits() -> None:
    never = Unsent(1, "inspect", "live", stale=False)

    assert to_send([never], lambda _stage, _lane: 1000) == [never]


def test_stale_work_is_sent_again_only_where_the_broker_lost_tasks() -> None:
    asr = [Unsent(call, "transcribe", "live", stale=True) for call in (1, 2, 3)]
    judged = [Unsent(4, "inspect", "live", stale=True)]
    queued: dict[Stage, int] = {"transcribe": 2, "inspect": 1}

    assert to_send([*asr, *judged], lambda stage, _lane: queued[stage]) == asr


def test_broker_is_not_asked_when_nothing_is_stale() -> None:
    def unreachable(_stage: Stage, _lane: Lane) -> int:
        raise AssertionError("asked")

    assert to_send([Unsent(1, "hear", "live", stale=False)], unreachable) == [
        Unsent(1, "hear", "live", stale=False)
    ]
