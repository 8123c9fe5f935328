"""The stages in one process, on real audio with a scripted engine, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import leases, service
from pipeline.events import Event, StageEnded, StageProgress, StageStarted
from pipeline.intake import take_in
from pipeline.models import WorkRow
from pipeline.snapshot import snapshot
from pipeline.stages import run_stage
from pipeline.states import STAGES
from pipeline.tools import Tools
from pipeline.verify import audit_problems, call_problems, recording_problem, recordings_on_record
from qc.models import TicketRow
from store.clock import FixedClock
from store.database import reading, transaction
from store.errors import EngineError
from transcription.engines.engine import Engine

from .conftest import HookedEngine


def hearing(tools: Tools, hook: Callable[[], None]) -> Tools:
    engine = HookedEngine(hook)
    return replace(tools, speech=lambda: engine)


def raising(tools: Tools, error: BaseException) -> Tools:
    def hook() -> None:
        raise error

    return hearing(tools, hook)


def row(tools: Tools, call_id: int) -> WorkRow:
    with reading(tools.sessions) as session:
        found = session.get(WorkRow, call_id)
        assert found
        return found


def test_call_goes_its_whole_way_and_every_repeat_is_harmless(tools: Tools, call_id: int) -> None:
    events: list[Event] = []
    for stage in STAGES:
        assert run_stage(tools, call_id, stage, listen=events.append) is not None
        assert run_stage(tools, call_id, stage) is None

    with reading(tools.sessions) as session:
        end = snapshot(session)
        assert list(call_problems(session)) == []
        assert list(audit_problems(session)) == []
        assert [recording_problem(tools.recordings, sha) for sha in recordings_on_record(session)] == [None]
    assert [(call["call"], call["state"]) for call in end["calls"]] == [
        ("sample-recorder/S02-abuse", "assessed")
    ]
    assert [len(end[part]) for part in ("transcripts", "inspections", "tickets")] == [1, 1, 1]
    assert [(event.stage, event.state) for event in events if isinstance(event, StageEnded)] == [
        ("transcribe", "transcribed"),
        ("hear", "heard"),
        ("inspect", "inspected"),
        ("assess", "assessed"),
    ]
    assert [event.stage for event in events if isinstance(event, StageStarted)] == list(STAGES)
    assert [event.share for event in events if isinstance(event, StageProgress)][-1] == 1.0


def test_taking_in_the_same_folder_again_changes_nothing(tools: Tools, call_id: int, tmp_path: Path) -> None:
    run_stage(tools, call_id, "transcribe")

    (outcome,) = take_in(tools, tmp_path / "calls")

    assert (outcome.call_id, outcome.created) == (call_id, False)
    assert row(tools, call_id).state == "transcribed"


def test_result_written_twice_is_one_row(tools: Tools, call_id: int) -> None:
    """As after a crash of the database server, when the commit arrived but its answer did not."""
    for stage in STAGES:
        run_stage(tools, call_id, stage)
        with reading(tools.sessions) as session:
            before = snapshot(session)
        with transaction(tools.sessions) as session:
            again = session.get(WorkRow, call_id)
            assert again
            again.state = {"transcribe": "received", "hear": "transcribed", "inspect": "heard"}.get(
                stage, "inspected"
            )
        run_stage(tools, call_id, stage)
        with reading(tools.sessions) as session:
            assert snapshot(session) == before


def test_error_is_on_record_and_the_stage_is_tried_again(tools: Tools, call_id: int) -> None:
    broken = raising(tools, OSError("disk on fire"))

    ended = run_stage(broken, call_id, "transcribe")

    assert ended == StageEnded(
        call_id, "transcribe", "received", ("stage.unexpected: OSError: disk on fire",)
    )
    assert row(tools, call_id).error_message == "OSError: disk on fire"
    assert run_stage(tools, call_id, "transcribe") is None, "it must wait"


def test_call_that_fails_for_good_goes_to_a_person_until_a_retry_succeeds(
    tools: Tools, call_id: int, clock: FixedClock
) -> None:
    broken = raising(tools, OSError("disk on fire"))
    for _ in range(2):
        ended = run_stage(broken, call_id, "transcribe")
        waits = row(tools, call_id).next_at
        clock.moment = waits or clock.moment

    assert ended
    assert ended.state == "failed"
    with reading(tools.sessions) as session:
        (ticket,) = session.query(TicketRow)
        assert (ticket.inspection_id, ticket.state) == (None, "open")
        assert list(call_problems(session)) == []

    with transaction(tools.sessions) as session:
        service.retry(session, clock, call_id)
    for stage in STAGES:
        run_stage(tools, call_id, stage)

    assert row(tools, call_id).state == "assessed"
    with reading(tools.sessions) as session:
        (ticket,) = session.query(TicketRow)
        assert ticket.inspection_id is not None


def test_speech_engine_that_does_not_open_is_no_fault_of_the_call(tools: Tools, call_id: int) -> None:
    def cannot_open() -> Engine:
        raise EngineError("there is no such model folder", code="model.missing")

    with pytest.raises(EngineError):
        run_stage(replace(tools, speech=cannot_open), call_id, "transcribe")

    left = row(tools, call_id)
    assert (left.state, left.attempts, left.error_code) == ("received", 0, None)


def test_interrupted_stage_gives_its_lease_back(tools: Tools, call_id: int) -> None:
    stopped = raising(tools, KeyboardInterrupt())

    with pytest.raises(KeyboardInterrupt):
        run_stage(stopped, call_id, "transcribe")

    left = row(tools, call_id)
    assert (left.state, left.lease_owner, left.attempts) == ("received", None, 0)


def test_worker_that_lost_its_lease_writes_nothing(tools: Tools, call_id: int) -> None:
    def lose_lease() -> None:
        with reading(tools.sessions) as session:
            held = leases.held(session)
        for _call, token, _until in held:
            with transaction(tools.sessions) as session:
                leases.take_back(session, tools.clock, call_id, token, attempts_max=9, counted=True)

    assert run_stage(hearing(tools, lose_lease), call_id, "transcribe") is None

    with reading(tools.sessions) as session:
        assert snapshot(session)["transcripts"] == []
    assert row(tools, call_id).state == "received"


def test_verify_names_what_is_missing(tools: Tools, call_id: int) -> None:
    with transaction(tools.sessions) as session:
        work = session.get(WorkRow, call_id)
        assert work
        work.state = "unjudged"

    with reading(tools.sessions) as session:
        assert list(call_problems(session)) == [
            f"call sample-recorder/S02-abuse is unjudged but has no {wanted} [verify.missing_result]"
            for wanted in ("transcript", "cues", "inspection", "warning evidence", "ticket")
        ] + ["call sample-recorder/S02-abuse is unjudged without a reason [verify.missing_reason]"]


def test_verify_names_damaged_recordings(tools: Tools, call_id: int) -> None:
    assert call_id
    with reading(tools.sessions) as session:
        (sha256,) = recordings_on_record(session)
    (stored,) = [path for path in Path(tools.settings.data_dir).rglob(sha256) if path.is_file()]
    stored.write_bytes(b"rot")

    problem = recording_problem(tools.recordings, sha256)

    assert problem
    assert "[recording.damaged]" in problem
