"""Many calls at once are registered like each alone."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from ingest.audio import AudioInfo, probe
from ingest.metadata import parse_call_record
from ingest.models import CallRow
from ingest.service import Registered, keep, register_call
from ingest.together import Offered, register_calls
from store import audit
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import ConflictError
from store.recordings import RecordingStore
from tests.ingest.sources.site import record, wav


@pytest.fixture
def offer(tmp_path: Path, recordings: RecordingStore):
    def make(external_id: str, number: int) -> Offered:
        path = tmp_path / f"{external_id}-{number}.wav"
        path.write_bytes(wav(number))
        info: AudioInfo = probe(path)
        keep(recordings, path, info)
        return Offered(path, parse_call_record(record(external_id), "test"), info)

    return make


def outcome(result: Registered | ConflictError) -> tuple[bool | str, int | None]:
    return (result.created, result.call_id) if isinstance(result, Registered) else (result.code, None)


def test_each_is_registered_once_and_conflicts_are_told(
    session_factory: SessionFactory, clock: FixedClock, recordings: RecordingStore, offer
):
    known = offer("A0", 0)
    with transaction(session_factory) as session:
        register_call(session, clock, recordings, recording=known.path, record=known.record, info=known.info)
    offers = [
        known,
        offer("A1", 1),
        offer("A2", 2),
        offer("A1", 1),  # the same again
        offer("A1", 3),  # the same call with another recording
        offer("A4", 2),  # another call with the same recording
        offer("A0", 5),
    ]
    with transaction(session_factory) as session:
        results = register_calls(session, clock, recordings, offers)
    assert [outcome(each) for each in results] == [
        (False, 1),
        (True, 2),
        (True, 3),
        (False, 2),
        ("ingest.conflict", None),
        ("ingest.duplicate_recording", None),
        ("ingest.conflict", None),
    ]
    with transaction(session_factory) as session:
        again = register_calls(session, clock, recordings, offers[:4])
    assert [outcome(each) for each in again] == [(False, 1), (False, 2), (False, 3), (False, 2)]
    with reading(session_factory) as session:
        assert session.scalar(select(func.count()).select_from(CallRow)) == 3
        assert audit.verify(session) == []
        entries = session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.seq)).all()
        assert [entry.subject for entry in entries] == ["call:pbx/A0", "call:pbx/A1", "call:pbx/A2"]
