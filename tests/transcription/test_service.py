from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError as DatabaseIntegrityError

from ingest.models import CallRow, RecordingRow
from store.database import transaction
from store.errors import NotFoundError
from transcription.models import HearingRow, TranscriptRow
from transcription.service import (
    HeardBeside,
    latest_transcript_id,
    load_hearing,
    load_transcript,
    options_hash,
    save_decision,
    save_hearing,
    save_transcript,
    versions,
)
from transcription.speakers.decision import exchanged
from transcription.types import Cue, RoleDecision, Transcript, Utterance
from transcription.voice.types import Interaction, VoiceReport

TRANSCRIPT = Transcript(
    "zh", "faster-whisper", "base", (Utterance(0, "agent", 0.0, 1.0, "您好"),), {"beam": 5}
)
REPORT = VoiceReport(seconds={"agent": (0.5, None)}, interaction=Interaction(silent_s=30.0))
CUES = (Cue("dead_air", "unknown", 1.0, 31.0, 30.0, "s"),)


@pytest.fixture
def call_id(session_factory, clock):
    with transaction(session_factory) as session:
        session.add(
            RecordingRow(
                sha256="a" * 64,
                bytes=10,
                codec="opus",
                source_rate=8000,
                source_channels=2,
                duration_s=1.0,
                original_name="a.opus",
                stored_at=clock.now(),
            )
        )
        session.flush()
        call = CallRow(
            source="s",
            external_id="e",
            recording_sha256="a" * 64,
            debtor_key="d",
            record={},
            record_sha256="b" * 64,
            registered_at=clock.now(),
        )
        session.add(call)
        session.flush()
        return call.id


def test_a_transcript_is_kept_once_and_read_back(session_factory, clock, call_id):
    with transaction(session_factory) as session:
        first = save_transcript(session, clock, call_id=call_id, transcript=TRANSCRIPT)
    with transaction(session_factory) as session:
        assert save_transcript(session, clock, call_id=call_id, transcript=TRANSCRIPT) == first
        assert session.scalar(select(func.count()).select_from(TranscriptRow)) == 1
        assert load_transcript(session, first) == TRANSCRIPT


def test_other_options_make_another_transcript(session_factory, clock, call_id):
    with transaction(session_factory) as session:
        assert latest_transcript_id(session, call_id) is None
        first = save_transcript(session, clock, call_id=call_id, transcript=TRANSCRIPT)
        other = replace(TRANSCRIPT, options={"beam": 1})
        second = save_transcript(session, clock, call_id=call_id, transcript=other)
        assert second != first
        assert latest_transcript_id(session, call_id) == second


def test_what_it_was_computed_on_makes_no_other_transcript(session_factory, clock, call_id):
    by_gpu = {"beam": 5, "device": "cuda", "compute_type": "int8_float16"}
    by_processor = {"beam": 5, "device": "cpu", "compute_type": "int8_float32"}
    with transaction(session_factory) as session:
        first, again = (
            save_transcript(session, clock, call_id=call_id, transcript=replace(TRANSCRIPT, options=options))
            for options in (by_gpu, by_processor)
        )
        assert again == first
        assert load_transcript(session, first).options == by_gpu


def test_a_hearing_is_kept_once_per_version(session_factory, clock, call_id):
    with transaction(session_factory) as session:
        transcript_id = save_transcript(session, clock, call_id=call_id, transcript=TRANSCRIPT)
        assert load_hearing(session, transcript_id, "1") is None
        assert load_hearing(session, transcript_id, None) is None
        first = save_hearing(
            session, clock, transcript_id=transcript_id, version="1", cues=CUES, voice=REPORT
        )
        assert save_hearing(session, clock, transcript_id=transcript_id, version="1", cues=()) == first
        assert load_hearing(session, transcript_id, "1") == HeardBeside(CUES, (), REPORT)
        save_hearing(session, clock, transcript_id=transcript_id, version="2", cues=())
        assert load_hearing(session, transcript_id, "2") == HeardBeside((), (), None)
        assert load_hearing(session, transcript_id, None) == HeardBeside((), (), None)
        assert session.scalar(select(func.count()).select_from(HearingRow)) == 2


def test_a_hearing_from_before_voices_were_reported_on_says_so(session_factory, clock, call_id):
    with transaction(session_factory) as session:
        transcript_id = save_transcript(session, clock, call_id=call_id, transcript=TRANSCRIPT)
        old = {"transcript_id": transcript_id, "version": "1", "cues": [], "created_at": clock.now()}
        session.execute(insert(HearingRow), [old])
        assert load_hearing(session, transcript_id, "1") == HeardBeside((), (), None)


def test_an_unknown_transcript_is_an_error(session_factory):
    with transaction(session_factory) as session, pytest.raises(NotFoundError) as caught:
        load_transcript(session, 99)
    assert caught.value.code == "transcript.not_found"


def test_the_order_of_options_does_not_matter():
    assert options_hash({"a": 1, "b": None}) == options_hash({"b": None, "a": 1})
    assert options_hash({"a": 1}) != options_hash({"a": 2})


AT = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
TWO = Transcript(
    "zh",
    "faster-whisper",
    "base",
    (Utterance(0, "agent", 0.0, 2.0, "您好", side=0), Utterance(1, "customer", 2.0, 4.0, "谁呀", side=1)),
    {"beam": 5, "split": "channels", "agent_channel": 0, "customer_channel": 1},
)


def decide(session, clock, call_id, replaced_id, by="cli:wang"):
    decided = exchanged(load_transcript(session, replaced_id), RoleDecision("person", 1.0, by, AT))
    return save_decision(
        session,
        clock,
        call_id=call_id,
        replaced_id=replaced_id,
        decided=decided,
        kind="swapped",
        reason="听过录音",
    )


def speakers(session, transcript_id):
    return [said.speaker for said in load_transcript(session, transcript_id).utterances]


def test_roles_exchanged_twice_are_three_versions(session_factory, clock, call_id):
    with transaction(session_factory) as session:
        first = save_transcript(session, clock, call_id=call_id, transcript=TWO)
        second = decide(session, clock, call_id, first)
        third = decide(session, clock, call_id, second, "cli:li")

        assert latest_transcript_id(session, call_id) == third
        assert [speakers(session, each) for each in (first, second, third)] == [
            ["agent", "customer"],
            ["customer", "agent"],
            ["agent", "customer"],
        ]
        found = versions(session, call_id)
        assert [(each.number, each.transcript_id, each.replaced) for each in found] == [
            (1, first, None),
            (2, second, 1),
            (3, third, 2),
        ]
        assert [
            (each.decision.kind, each.decision.decided_by, each.decision.decided_at, each.decision.reason)
            for each in found
            if each.decision
        ] == [("swapped", "cli:wang", AT, "听过录音"), ("swapped", "cli:li", AT, "听过录音")]


def test_nobody_decides_twice_on_the_same_version(session_factory, clock, call_id):
    with transaction(session_factory) as session:
        first = save_transcript(session, clock, call_id=call_id, transcript=TWO)
        decide(session, clock, call_id, first)
    with pytest.raises(DatabaseIntegrityError), transaction(session_factory) as session:
        decide(session, clock, call_id, first, "cli:li")


def test_transcribing_again_keeps_a_person_s_decision(session_factory, clock, call_id):
    with transaction(session_factory) as session:
        decided = decide(
            session, clock, call_id, save_transcript(session, clock, call_id=call_id, transcript=TWO)
        )

        save_transcript(session, clock, call_id=call_id, transcript=TWO)
        assert latest_transcript_id(session, call_id) == decided

        other = replace(TWO, engine="sherpa-onnx", options={**TWO.options, "beam": 1})
        carried = save_transcript(session, clock, call_id=call_id, transcript=other)
        assert latest_transcript_id(session, call_id) == carried
        assert speakers(session, carried) == ["customer", "agent"]
        assert load_transcript(session, carried).roles == RoleDecision("person", 1.0, "cli:wang", AT)
        last = versions(session, call_id)
        assert [(each.engine, each.decision and each.decision.kind, each.replaced) for each in last] == [
            ("faster-whisper", None, None),
            ("faster-whisper", "swapped", 1),
            ("sherpa-onnx", None, None),
            ("sherpa-onnx", "carried", 3),
        ]
        save_transcript(session, clock, call_id=call_id, transcript=other)
        assert latest_transcript_id(session, call_id) == carried


def test_a_decision_that_cannot_be_carried_over_is_asked_for_again(session_factory, clock, call_id):
    with transaction(session_factory) as session:
        decide(session, clock, call_id, save_transcript(session, clock, call_id=call_id, transcript=TWO))
        other = replace(TWO, model="large", utterances=(Utterance(0, "agent", 50.0, 60.0, "您好", side=0),))
        fresh = save_transcript(session, clock, call_id=call_id, transcript=other)
        assert latest_transcript_id(session, call_id) == fresh
        assert load_transcript(session, fresh).problems == ("roles.not_carried",)
