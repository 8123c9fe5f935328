from dataclasses import replace

import pytest
from sqlalchemy import func, select

from ingest.models import CallRow, RecordingRow
from store.database import transaction
from store.errors import NotFoundError
from transcription.models import HearingRow, TranscriptRow
from transcription.service import (
    latest_transcript_id,
    load_cues,
    load_transcript,
    options_hash,
    save_hearing,
    save_transcript,
)
from transcription.types import Cue, Transcript, Utterance

TRANSCRIPT = Transcript(
    "zh", "faster-whisper", "base", (Utterance(0, "agent", 0.0, 1.0, "您好"),), {"beam": 5}
)
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


def test_cues_are_kept_once_per_version(session_factory, clock, call_id):
    with transaction(session_factory) as session:
        transcript_id = save_transcript(session, clock, call_id=call_id, transcript=TRANSCRIPT)
        assert load_cues(session, transcript_id, "1") is None
        first = save_hearing(session, clock, transcript_id=transcript_id, version="1", cues=CUES)
        assert save_hearing(session, clock, transcript_id=transcript_id, version="1", cues=()) == first
        assert load_cues(session, transcript_id, "1") == CUES
        save_hearing(session, clock, transcript_id=transcript_id, version="2", cues=())
        assert load_cues(session, transcript_id, "2") == ()
        assert session.scalar(select(func.count()).select_from(HearingRow)) == 2


def test_an_unknown_transcript_is_an_error(session_factory):
    with transaction(session_factory) as session, pytest.raises(NotFoundError) as caught:
        load_transcript(session, 99)
    assert caught.value.code == "transcript.not_found"


def test_the_order_of_options_does_not_matter():
    assert options_hash({"a": 1, "b": None}) == options_hash({"b": None, "a": 1})
    assert options_hash({"a": 1}) != options_hash({"a": 2})
