from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest
from sqlalchemy import select

from ingest.audio import probe
from ingest.metadata import CallRecord, parse_call_record
from ingest.models import CallRow, RecordingRow, RefusalRow
from ingest.service import record_refusal, register_call, resolve_refusals
from store.audit import AuditEntry, verify
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import AudioError, ConflictError, IntegrityError
from store.recordings import RecordingStore

RECORD = parse_call_record(
    {
        "external_id": "H1",
        "source": "recorder",
        "direction": "outbound",
        "started_at": "2026-03-05T10:12:00+08:00",
        "agent": {"id": "A1", "team": "T2"},
        "customer": {"id": "C1", "number": "13800138000"},
        "case": {"id": "K1"},
    },
    "x",
)


@pytest.fixture
def register(
    session_factory: SessionFactory, clock: FixedClock, recordings: RecordingStore
) -> Callable[..., tuple[int, bool]]:
    def call(recording: Path, record: CallRecord = RECORD) -> tuple[int, bool]:
        with transaction(session_factory) as session:
            done = register_call(session, clock, recordings, recording=recording, record=record)
        return done.call_id, done.created

    return call


def test_a_call_is_put_on_record(
    register, wav, session_factory: SessionFactory, recordings: RecordingStore, clock
):
    path = wav("a.wav", 2)
    call_id, created = register(path)
    assert created
    with reading(session_factory) as session:
        call = session.get_one(CallRow, call_id)
        (entry,) = session.scalars(select(AuditEntry))
    assert (call.source, call.external_id, call.direction) == ("recorder", "H1", "outbound")
    assert (call.started_at, call.time_problem) == (RECORD.started_at, None)
    assert (call.agent_id, call.agent_team, call.customer_id, call.case_id) == ("A1", "T2", "C1", "K1")
    assert (call.customer_number, call.debtor_key) == ("+8613800138000", "customer:C1")
    assert call.registered_at == clock.now()
    assert parse_call_record(call.record, "stored") == RECORD
    row = call.recording
    assert (row.codec, row.source_rate, row.source_channels, row.duration_s) == ("pcm_s16le", 8000, 1, 2.0)
    assert (row.bytes, row.original_name) == (path.stat().st_size, "a.wav")
    assert recordings.read(row.sha256) == path.read_bytes()
    assert (entry.action, entry.subject) == ("call.registered", "call:recorder/H1")
    assert entry.details == {"call_id": call_id, "recording": row.sha256, "record": call.record_sha256}


def test_the_same_call_again_changes_nothing(register, wav, session_factory: SessionFactory):
    path = wav("a.wav", 2)
    first, _ = register(path)
    assert register(path) == (first, False)
    assert register(path.rename(path.with_name("renamed.wav"))) == (first, False)
    with reading(session_factory) as session:
        assert len(session.scalars(select(CallRow)).all()) == 1
        assert len(session.scalars(select(AuditEntry)).all()) == 1


def _conflict(register, path: Path, record: CallRecord = RECORD) -> ConflictError:
    with pytest.raises(ConflictError) as caught:
        register(path, record)
    return caught.value


def test_the_same_call_with_another_recording_is_a_conflict(register, wav, session_factory: SessionFactory):
    first, second = wav("a.wav", 2), wav("b.wav", 3)
    register(first)
    error = _conflict(register, second)
    assert (error.code, error.where) == ("ingest.conflict", "call recorder/H1")
    assert probe(first).sha256[:12] in error.message
    assert probe(second).sha256[:12] in error.message
    with reading(session_factory) as session:
        assert session.scalars(select(CallRow.recording_sha256)).all() == [probe(first).sha256]
        assert len(session.scalars(select(RecordingRow)).all()) == 1


def test_the_same_call_with_other_metadata_is_a_conflict(register, wav, session_factory: SessionFactory):
    path = wav("a.wav", 2)
    register(path)
    other = RECORD.model_copy(update={"direction": "inbound"})
    error = _conflict(register, path, other)
    assert error.code == "ingest.conflict"
    assert RECORD.content_sha256()[:12] in error.message
    assert other.content_sha256()[:12] in error.message
    with reading(session_factory) as session:
        assert session.scalars(select(CallRow.direction)).all() == ["outbound"]


def test_a_recording_belongs_to_one_call(register, wav):
    path = wav("a.wav", 2)
    register(path)
    error = _conflict(register, path, RECORD.model_copy(update={"external_id": "H2"}))
    assert (error.code, error.where) == ("ingest.duplicate_recording", "call recorder/H2")
    assert error.message == "this recording is on record as call recorder/H1"


def test_ids_of_two_recorders_do_not_meet(register, wav):
    first, _ = register(wav("a.wav", 2))
    second, created = register(wav("b.wav", 3), RECORD.model_copy(update={"source": "other"}))
    assert created
    assert first != second


def test_a_broken_recording_is_not_registered(register, tmp_path: Path, session_factory: SessionFactory):
    path = tmp_path / "empty.wav"
    path.touch()
    with pytest.raises(AudioError):
        register(path)
    with reading(session_factory) as session:
        assert session.scalars(select(RecordingRow)).all() == []


def test_a_file_that_changed_after_it_was_checked(
    wav, session_factory: SessionFactory, clock: FixedClock, recordings: RecordingStore
):
    path = wav("a.wav", 2)
    info = probe(path)
    wav("a.wav", 3)
    with pytest.raises(IntegrityError) as caught, transaction(session_factory) as session:
        register_call(session, clock, recordings, recording=path, record=RECORD, info=info)
    assert caught.value.code == "recording.changed"


REGISTER = """
import sys
from pathlib import Path
from ingest.metadata import parse_call_record
from ingest.service import register_call
from store.clock import SystemClock
from store.database import make_engine, make_session_factory, transaction
from store.recordings import RecordingStore
factory = make_session_factory(make_engine(sys.argv[1]))
for number in range(5):
    record = parse_call_record({"external_id": str(number), "source": "s"}, "x")
    with transaction(factory) as session:
        path = Path(sys.argv[3]) / f"{number}.wav"
        register_call(session, SystemClock(), RecordingStore(sys.argv[2]), recording=path, record=record)
"""


def test_processes_that_register_the_same_calls_at_once(
    database_url: str,
    session_factory: SessionFactory,
    wav,
    tmp_path: Path,
    start_python: "Callable[..., Popen[bytes]]",
):
    for number in range(5):
        wav(f"{number}.wav", 0.1 + number / 100)
    arguments = (database_url, (tmp_path / "kept").as_uri(), str(tmp_path))
    processes = [start_python(REGISTER, *arguments) for _ in range(3)]
    assert [process.wait(120) for process in processes] == [0, 0, 0]
    with reading(session_factory) as session:
        assert sorted(session.scalars(select(CallRow.external_id))) == list("01234")
        assert len(session.scalars(select(AuditEntry)).all()) == 5
        assert verify(session) == []


ERROR = AudioError("the file holds no bytes", code="audio.empty", where="a.wav", mend="Send it again.")


def test_a_refusal_is_counted_not_repeated(session_factory: SessionFactory, clock: FixedClock):
    first = clock.now()
    for _ in range(3):
        with transaction(session_factory) as session:
            record_refusal(session, clock, name="/in/a.wav", error=ERROR)
        last, clock.moment = clock.now(), clock.now().replace(hour=clock.now().hour + 1)
    with reading(session_factory) as session:
        (row,) = session.scalars(select(RefusalRow))
        (entry,) = session.scalars(select(AuditEntry))
    assert (row.name, row.code, row.times, row.sha256) == ("/in/a.wav", "audio.empty", 3, None)
    assert row.message == "a.wav: the file holds no bytes. Send it again. [audio.empty]"
    assert (row.mend, row.first_at, row.last_at, row.resolved_at) == ("Send it again.", first, last, None)
    assert (entry.action, entry.subject) == ("recording.refused", "file:/in/a.wav")


def test_another_reason_or_other_bytes_are_another_refusal(
    session_factory: SessionFactory, clock: FixedClock
):
    other = AudioError("no sound", code="audio.no_sound")
    with transaction(session_factory) as session:
        record_refusal(session, clock, name="a", error=ERROR)
        record_refusal(session, clock, name="a", error=other)
        record_refusal(session, clock, name="b", error=ERROR)
        record_refusal(session, clock, name="a", error=ERROR, sha256="0" * 64)
    with reading(session_factory) as session:
        assert [row.times for row in session.scalars(select(RefusalRow))] == [1, 1, 1, 1]


def test_refusals_are_closed_and_opened_again(session_factory: SessionFactory, clock: FixedClock):
    with transaction(session_factory) as session:
        record_refusal(session, clock, name="a", error=ERROR)
        record_refusal(session, clock, name="b", error=ERROR)
    with transaction(session_factory) as session:
        assert resolve_refusals(session, clock, name="a") == 1
        assert resolve_refusals(session, clock, name="a") == 0
    with reading(session_factory) as session:
        closed = {row.name: row.resolved_at for row in session.scalars(select(RefusalRow))}
    assert closed == {"a": clock.now(), "b": None}
    with transaction(session_factory) as session:
        assert record_refusal(session, clock, name="a", error=ERROR).resolved_at is None
