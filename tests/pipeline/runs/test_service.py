"""What ended runs leave behind, by real stages on both databases."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline import leases
from pipeline.runs import service as runs
from pipeline.runs.models import StageRunRow
from pipeline.runs.service import BOUNDS_S, Runs, bound_of, summed
from pipeline.stages import run_stage
from pipeline.tools import Tools
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from tests.pipeline.conftest import HookedEngine


def totals(sessions: SessionFactory) -> list[Runs]:
    with reading(sessions) as session:
        return sorted(runs.totals(session), key=lambda each: (each.stage, each.outcome, each.code))


@pytest.mark.parametrize(
    ("seconds", "bound"),
    [(0.0, 0.05), (0.05, 0.05), (0.051, 0.1), (300.0, 300.0), (1800.0, 1800.0), (1800.1, None)],
)
def test_a_run_lies_below_the_first_bound_that_is_not_shorter(seconds: float, bound: float | None):
    assert bound_of(seconds) == bound


def test_runs_alike_are_one():
    one = Runs("hear", "done", up_to=1.0, seconds=0.6, audio_seconds=2.0)
    other = Runs("hear", "retried", "audio.empty", up_to=0.05)
    assert summed([one, other, replace(one, runs=3, seconds=1.5)]) == [
        Runs("hear", "done", up_to=1.0, runs=4, seconds=2.1, audio_seconds=4.0),
        other,
    ]


def test_a_stage_leaves_behind_how_long_it_took_and_how_it_failed(
    tools: Tools, call_id: int, clock: FixedClock
):
    def work_slowly() -> None:
        clock.moment += timedelta(seconds=2)

    def fail() -> None:
        raise OSError("no room")

    def hearing(hook) -> Tools:
        return replace(tools, speech=lambda: HookedEngine(hook))

    run_stage(hearing(fail), call_id, "transcribe")
    clock.moment += timedelta(hours=1)
    run_stage(hearing(work_slowly), call_id, "transcribe")
    run_stage(tools, call_id, "hear")

    done, retried = [each for each in totals(tools.sessions) if each.stage == "transcribe"]
    assert (retried.outcome, retried.code, retried.runs) == ("retried", "stage.unexpected", 1)
    assert (done.outcome, done.runs) == ("done", 1)
    assert done.seconds >= 2.0
    assert done.up_to in BOUNDS_S
    assert done.audio_seconds > 1.0
    (heard,) = [each for each in totals(tools.sessions) if each.stage == "hear"]
    assert (heard.outcome, heard.seconds, heard.audio_seconds) == ("done", 0.0, 0.0)


def test_what_was_taken_back_says_whether_the_worker_or_everything_had_ended(
    tools: Tools, call_id: int, clock: FixedClock
):
    for counted in (False, True, True):
        with transaction(tools.sessions) as session:
            assert leases.take_lease(session, clock, call_id, "transcribe", token="one", seconds=60)
        with transaction(tools.sessions) as session:
            assert leases.take_back(session, clock, call_id, "one", attempts_max=2, counted=counted)
        with transaction(tools.sessions) as session:
            assert not leases.take_back(session, clock, call_id, "one", attempts_max=2, counted=counted)
        clock.moment += timedelta(hours=1)
    assert [(each.outcome, each.code, each.runs) for each in totals(tools.sessions)] == [
        ("gave_up", "stage.worker_lost", 1),
        ("retried", "stage.interrupted", 1),
        ("retried", "stage.worker_lost", 1),
    ]


def test_summing_up_keeps_every_count_however_many_do_it_at_once(session_factory: SessionFactory):
    with transaction(session_factory) as session:
        for seconds in range(60):
            runs.note(session, "hear", "done", seconds=seconds, audio_seconds=1.0)
            runs.note(session, "hear", "gave_up", code="audio.empty")
    before = totals(session_factory)
    failed: list[BaseException] = []

    def merge() -> None:
        try:
            with transaction(session_factory) as session:
                runs.merge(session, at_least=2)
        except BaseException as error:  # an assertion in a thread would be lost
            failed.append(error)

    threads = [threading.Thread(target=merge) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    merge()
    assert failed == []
    assert totals(session_factory) == before
    with reading(session_factory) as session:
        assert session.query(StageRunRow).count() == len(before)


def test_few_rows_are_left_as_they_are(session_factory: SessionFactory):
    with transaction(session_factory) as session:
        for _ in range(3):
            runs.note(session, "hear", "done", seconds=0.2)
        assert runs.merge(session, at_least=4) == 0
        assert session.query(StageRunRow).count() == 3
