"""Calls on record without going through audio, and the tools of a process with a scripted engine."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from ingest.audio import Samples
from ingest.metadata import parse_call_record
from ingest.models import CallRow, RecordingRow
from pipeline import service
from pipeline.intake import take_in
from pipeline.judging import Judge
from pipeline.tools import Tools
from qc.findings import Finding, Inspection, Score, StateOfCall
from qc.service import save_inspection
from store.clock import FixedClock
from store.database import SessionFactory, make_engine, make_session_factory, transaction
from store.settings import Settings
from transcription.engines.engine import Engine, EngineSettings, Hearing, Options
from transcription.service import save_transcript
from transcription.types import Transcript

from .site import load_program, write_calls

RECORD: dict[str, Any] = {
    "external_id": "H001",
    "source": "central-recorder",
    "direction": "outbound",
    "started_at": "2026-03-05T10:12:00+08:00",
    "agent": {"id": "A1027", "name": "王敏", "team": "T2"},
    "customer": {"id": "C889201", "name": "李建国", "number": "+8613800138000", "timezone": "Asia/Shanghai"},
    "case": {"id": "K-2026-000123", "client": "中国联通", "days_overdue": 63, "amount_due": "1260.00"},
    "note": {"outcome": "promise_to_pay", "text": "承诺周五还500元"},
    "history": [],
}


def add_call(session: Session, external_id: str, **changed: Any) -> int:
    """Put one call on record, as the intake would, and return its id."""
    record = parse_call_record(RECORD | {"external_id": external_id} | changed, "test")
    sha256 = hashlib.sha256(external_id.encode()).hexdigest()
    now = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
    recording = RecordingRow(
        sha256=sha256,
        bytes=1,
        codec="opus",
        source_rate=8000,
        source_channels=2,
        duration_s=1.0,
        original_name="call.opus",
        stored_at=now,
    )
    call = CallRow(
        source=record.source,
        external_id=record.external_id,
        recording=recording,
        started_at=record.started_at,
        direction=record.direction,
        agent_id=record.agent.id,
        customer_id=record.customer.id,
        customer_number=record.customer.number,
        case_id=record.case.id,
        debtor_key=record.debtor_key,
        record=record.to_document(),
        record_sha256=record.content_sha256(),
        registered_at=now,
    )
    session.add(call)
    session.flush()
    return call.id


@pytest.fixture
def receive(session_factory: SessionFactory, clock: FixedClock) -> Callable[..., int]:
    """`receive("H001")`: a registered call on its way; returns its id."""

    def make(external_id: str = "H001", **changed: Any) -> int:
        with transaction(session_factory) as session:
            call_id = add_call(session, external_id, **changed)
            assert service.receive_new(session, clock) == 1
        return call_id

    return make


def add_finding(session: Session, clock: FixedClock, call_id: int, category: str) -> None:
    """Record that one certain finding of `category` was made in the call."""
    finding = Finding(
        rule="test.rule@1",
        pack="test",
        category=category,
        kind="signal",
        speaker="customer",
        utterances=(0,),
        span=None,
        start=None,
        end=None,
        heard="别打了",
        matched="别打了",
        how="letters",
        confidence=1.0,
        status="certain",
        severity="info",
        points=0,
        why={"zh": "测试", "en": "test"},
    )
    add_inspection(session, clock, call_id, finding)


def add_inspection(
    session: Session,
    clock: FixedClock,
    call_id: int,
    *findings: Finding,
    packs: str | None = None,
    unjudged: tuple[tuple[str, str], ...] = (),
    states: tuple[StateOfCall, ...] = (),
) -> None:
    """Record an inspection with these findings; `packs` tells inspections of one call apart, of themselves by
    their findings."""
    packs = packs or str(len(findings))
    transcript = Transcript(language="zh", engine="given", model="", utterances=())
    transcript_id = save_transcript(session, clock, call_id=call_id, transcript=transcript)
    score = Score(100, "clean", ())
    inspection = Inspection(findings, score, None, ("test",), packs * 64, unjudged=unjudged, states=states)
    save_inspection(session, clock, call_id=call_id, transcript_id=transcript_id, inspection=inspection)


class HookedEngine:
    """The scripted engine, doing something else first whenever it hears a clip."""

    name, model, ways = "scripted", "x", 1

    def __init__(self, hook: Callable[[], None]) -> None:
        self.options: Options = {}
        self._hook = hook
        self._engine: Engine = load_program("scripted_engine").make(EngineSettings())

    def hear(
        self,
        clips: Sequence[Samples],
        language: str | None,
        way: int = 0,
        *,
        speakers: Sequence[int] = (),  # noqa: ARG002
    ) -> Hearing:
        self._hook()
        return self._engine.hear(clips, language, way)


@pytest.fixture(scope="session")
def judge() -> Judge:
    return Judge(Settings())


@pytest.fixture
def tools(database_url: str, tmp_path: Path, clock: FixedClock, judge: Judge) -> Iterator[Tools]:
    settings = Settings(data_dir=tmp_path / "var", database_url=database_url, max_attempts=2)
    database = make_engine(database_url)
    engine = HookedEngine(lambda: None)
    yield Tools(
        settings=settings,
        database=database,
        sessions=make_session_factory(database),
        recordings=settings.recording_store(),
        clock=clock,
        judge=judge,
        speech=lambda: engine,
    )
    database.dispose()


@pytest.fixture
def call_id(tools: Tools, tmp_path: Path) -> int:
    write_calls(tmp_path / "calls", ["S02-abuse"])
    (outcome,) = take_in(tools, tmp_path / "calls")
    assert outcome.call_id
    return outcome.call_id
