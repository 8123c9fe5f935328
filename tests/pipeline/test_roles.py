"""A person decides who is who: on real audio with a scripted engine, on both databases."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from complaint_warnings.models import WarningCallRow
from complaint_warnings.scoring.document import evidence_to_document
from ingest.metadata import parse_call_record
from ingest.models import CallRow
from pipeline import leases
from pipeline.models import WorkRow
from pipeline.roles import Decided, StaleVersionError, set_roles, swap_roles
from pipeline.snapshot import snapshot
from pipeline.stages import run_stage
from pipeline.states import STAGES, Stage, State, as_state
from pipeline.tools import Tools
from pipeline.verify import audit_problems, call_problems, version_problems
from qc.models import FindingRow, InspectionRow, TicketRow
from qc.service import load_inspection
from store import audit
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import ConflictError, EngineError, NotFoundError
from transcription.models import HearingRow, TranscriptRow
from transcription.service import latest_transcript_id, load_transcript, save_transcript, versions
from transcription.types import RoleDecision, Transcript, Utterance

AGAIN: tuple[Stage, ...] = ("hear", "inspect", "assess")


def swap(tools: Tools, call_id: int, **more: Any) -> Decided:
    with transaction(tools.sessions) as session:
        return swap_roles(session, tools.clock, call_id=call_id, by="cli:wang", **more)


def state(tools: Tools, call_id: int) -> State:
    with reading(tools.sessions) as session:
        return as_state(session.get_one(WorkRow, call_id).state)


def finish(tools: Tools, call_id: int) -> None:
    for stage in STAGES:
        run_stage(tools, call_id, stage)
    assert state(tools, call_id) in {"assessed", "unjudged"}


def newest(tools: Tools, call_id: int) -> Transcript:
    with reading(tools.sessions) as session:
        transcript_id = latest_transcript_id(session, call_id)
        assert transcript_id
        return load_transcript(session, transcript_id)


def speakers(transcript: Transcript) -> list[str]:
    return [said.speaker for said in transcript.utterances]


def found(tools: Tools, call_id: int) -> list[tuple[str, str | None]]:
    with reading(tools.sessions) as session:
        _, inspection = load_inspection(session, call_id)
        return [(finding.rule, finding.speaker) for finding in inspection.findings]


@pytest.fixture
def judged(tools: Tools, call_id: int) -> int:
    finish(tools, call_id)
    return call_id


def test_swapped_roles_are_a_new_version_judged_anew(tools: Tools, judged: int) -> None:
    before, accused = newest(tools, judged), found(tools, judged)

    decided = swap(tools, judged, reason="听过录音")

    assert decided == Decided(2, True, "transcribed")
    assert newest(tools, judged).roles == RoleDecision("person", 1.0, "cli:wang", tools.clock.now())
    for stage in AGAIN:
        assert run_stage(tools, judged, stage) is not None
    after = newest(tools, judged)
    opposite = {"agent": "customer", "customer": "agent"}
    assert speakers(after) == [opposite[speaker] for speaker in speakers(before)]
    assert after.options["agent_channel"] == before.options["customer_channel"]
    assert found(tools, judged) != accused
    with reading(tools.sessions) as session:
        rows = session.execute(
            select(InspectionRow.transcript_id, func.count(FindingRow.id))
            .outerjoin(FindingRow)
            .group_by(InspectionRow.id)
            .order_by(InspectionRow.id)
        ).all()
        ids = [version.transcript_id for version in versions(session, judged)]
        assert [transcript_id for transcript_id, _ in rows] == ids, (
            "the old inspection stays, findings and all"
        )
        assert rows[0][1] == len(accused)
        assert set(session.scalars(select(HearingRow.transcript_id))) == set(ids)
        problems = [*call_problems(session), *version_problems(session), *audit_problems(session)]
        assert problems == []


def test_ticket_and_warning_follow_the_newest_version(tools: Tools, judged: int) -> None:
    swap(tools, judged)
    finish(tools, judged)

    with reading(tools.sessions) as session:
        inspection_id, inspection = load_inspection(session, judged)
        (kept,) = session.scalars(select(WarningCallRow)).all()
        record = parse_call_record(session.get_one(CallRow, judged).record, "test")
        evidence = tools.judge.evidence(record, newest(tools, judged), inspection)
        assert kept.evidence == evidence_to_document(evidence)
        (ticket,) = session.scalars(select(TicketRow)).all()
        if inspection.ticket is None:
            assert ticket.state == "withdrawn"
        else:
            assert (ticket.state, ticket.inspection_id) == ("open", inspection_id)
            assert tuple(ticket.reasons) == inspection.ticket.reasons


def test_swapping_twice_gives_the_first_roles_back_as_a_third_version(tools: Tools, judged: int) -> None:
    before, accused = newest(tools, judged), found(tools, judged)
    for version in (2, 3):
        assert swap(tools, judged).version == version
        finish(tools, judged)

    after = newest(tools, judged)
    assert [replace(said, role_trust=1.0) for said in before.utterances] == list(after.utterances)
    assert found(tools, judged) == accused
    with reading(tools.sessions) as session:
        assert [version.replaced for version in versions(session, judged)] == [None, 1, 2]
        assert list(call_problems(session)) == []
        (ticket,) = session.scalars(select(TicketRow)).all()
        assert ticket.state == "open"


def test_decision_is_in_the_audit_log(tools: Tools, judged: int) -> None:
    swap(tools, judged, reason="听过录音")

    with reading(tools.sessions) as session:
        entry = session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.seq.desc())).first()
        assert entry
        assert (entry.actor, entry.action) == ("cli:wang", "roles.swapped")
        assert entry.subject == "call:sample-recorder/S02-abuse"
        assert entry.details == {"version": 2, "replaced": 1, "agent_side": 1, "reason": "听过录音"}


def test_naming_the_side_again_changes_nothing(tools: Tools, judged: int) -> None:
    def name(side: int, **more: Any) -> Decided:
        with transaction(tools.sessions) as session:
            return set_roles(session, tools.clock, call_id=judged, side=side, by="api:token", **more)

    assert name(1) == Decided(2, True, "transcribed")
    assert name(1) == Decided(2, False, "transcribed"), "a double click, while the call is in work"
    with pytest.raises(ConflictError) as caught:
        name(0)
    assert caught.value.code == "roles.call_busy"
    finish(tools, judged)
    assert name(1, expected=2) == Decided(2, False, state(tools, judged))
    assert name(0) == Decided(3, True, "transcribed")


def test_confirming_what_the_machine_assumed_is_a_decision(tools: Tools, judged: int) -> None:
    with transaction(tools.sessions) as session:
        decided = set_roles(session, tools.clock, call_id=judged, side=0, by="cli:wang")
    assert decided.changed
    assert newest(tools, judged).roles == RoleDecision("person", 1.0, "cli:wang", tools.clock.now())


def test_swap_of_a_version_that_is_not_current_is_refused(tools: Tools, judged: int) -> None:
    swap(tools, judged, expected=1)

    with pytest.raises(StaleVersionError) as caught:
        swap(tools, judged, expected=1)

    assert caught.value.code == "roles.version_changed"
    assert "version 2 was swapped by cli:wang at 2026-03-05 02:30:00 UTC" in caught.value.message
    finish(tools, judged)
    with reading(tools.sessions) as session:
        assert len(versions(session, judged)) == 2


def test_swap_is_refused_while_the_call_is_worked_on(tools: Tools, call_id: int) -> None:
    refusals: dict[Stage, str] = {"transcribe": "roles.no_transcript", "hear": "roles.call_busy"}
    for stage, code in refusals.items():
        with pytest.raises(ConflictError) as caught:
            swap(tools, call_id)
        assert caught.value.code == code
        run_stage(tools, call_id, stage)
    with transaction(tools.sessions) as session:
        assert leases.take_lease(session, tools.clock, call_id, "inspect", token="me", seconds=60)
    with pytest.raises(ConflictError) as caught:
        swap(tools, call_id)
    assert caught.value.code == "roles.call_busy"


def test_swap_of_a_failed_or_unknown_call_is_refused(tools: Tools, judged: int, clock: FixedClock) -> None:
    swap(tools, judged)
    with transaction(tools.sessions) as session:
        lease = leases.take_lease(session, clock, judged, "hear", token="me", seconds=60)
        assert lease
        error = EngineError("x", code="e.x")
        leases.fail_stage(session, clock, lease, error, attempts_max=1, backoff_s=1)
    with pytest.raises(ConflictError) as failed:
        swap(tools, judged)
    with pytest.raises(NotFoundError) as unknown:
        swap(tools, judged + 1)
    assert (failed.value.code, unknown.value.code) == ("roles.call_failed", "call.unknown")


def test_two_people_deciding_at_once_make_one_version(tools: Tools, judged: int) -> None:
    gate = threading.Barrier(2)
    outcomes: list[object] = []

    def decide(by: str) -> None:
        gate.wait()
        try:
            with transaction(tools.sessions) as session:
                outcomes.append(swap_roles(session, tools.clock, call_id=judged, by=by))
        except ConflictError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=decide, args=(by,)) for by in ("api:a", "api:b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, outcomes)) == sorted([str(Decided(2, True, "transcribed")), "roles.call_busy"])
    with reading(tools.sessions) as session:
        assert len(versions(session, judged)) == 2
        assert list(audit_problems(session)) == []


def test_crash_before_the_commit_leaves_no_trace(
    tools: Tools, judged: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading(tools.sessions) as session:
        before = snapshot(session)

    def power_cut(*_arguments: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(audit, "append", power_cut)
    with pytest.raises(KeyboardInterrupt):
        swap(tools, judged)

    with reading(tools.sessions) as session:
        assert snapshot(session) == before
    assert state(tools, judged) == before["calls"][0]["state"]


def test_stage_repeated_after_a_lost_commit_answer_writes_nothing_new(tools: Tools, judged: int) -> None:
    swap(tools, judged)
    for stage, waiting in zip(AGAIN, ("transcribed", "heard", "inspected"), strict=True):
        run_stage(tools, judged, stage)
        with reading(tools.sessions) as session:
            before = snapshot(session)
        with transaction(tools.sessions) as session:
            session.get_one(WorkRow, judged).state = waiting
        run_stage(tools, judged, stage)
        with reading(tools.sessions) as session:
            assert snapshot(session) == before


def test_transcribing_again_does_not_take_the_decision_back(tools: Tools, judged: int) -> None:
    swap(tools, judged)
    finish(tools, judged)
    decided = newest(tools, judged)
    with transaction(tools.sessions) as session:
        session.get_one(WorkRow, judged).state = "received"

    finish(tools, judged)

    assert newest(tools, judged) == decided
    with reading(tools.sessions) as session:
        assert session.scalar(select(func.count()).select_from(TranscriptRow)) == 2
        assert list(call_problems(session)) == []


Receive = Callable[..., int]
VOICES = Transcript(
    "zh",
    "scripted",
    "x",
    (
        Utterance(0, "unknown", 0.0, 2.0, "您好", role_trust=0.0, side=0),
        Utterance(1, "unknown", 2.0, 4.0, "谁呀", role_trust=0.0, side=1),
    ),
    {"split": "voices"},
    problems=("roles.unknown",),
    roles=RoleDecision("unknown", 0.0),
)


def test_mono_call_whose_roles_nobody_could_tell_is_set(
    session_factory: SessionFactory, clock: FixedClock, receive: Receive
) -> None:
    call_id = receive()
    with transaction(session_factory) as session:
        save_transcript(session, clock, call_id=call_id, transcript=VOICES)
        session.get_one(WorkRow, call_id).state = "unjudged"
    with pytest.raises(ConflictError) as caught, transaction(session_factory) as session:
        swap_roles(session, clock, call_id=call_id, by="cli")
    assert caught.value.code == "roles.nobody_known"

    with transaction(session_factory) as session:
        set_roles(session, clock, call_id=call_id, side=1, by="cli", reason="女声是坐席")

    with reading(session_factory) as session:
        transcript_id = latest_transcript_id(session, call_id)
        assert transcript_id
        made = load_transcript(session, transcript_id)
        assert (speakers(made), made.problems) == (["customer", "agent"], ())
        assert [said.role_trust for said in made.utterances] == [1.0, 1.0]
        (last,) = [version.decision for version in versions(session, call_id) if version.decision]
        assert (last.kind, last.reason) == ("set", "女声是坐席")
