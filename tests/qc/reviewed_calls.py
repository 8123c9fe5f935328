"""Calls with what was found in them, for the tests of sampling, assignment, agreement and coaching."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.models import CallRow, RecordingRow
from qc.findings import Band, Finding, Inspection, Score
from qc.models import FindingRow, InspectionRow, TicketRow
from qc.service import open_failure_ticket, save_inspection
from store.clock import Clock
from store.people import Person, add_person
from transcription.service import save_transcript
from transcription.types import Transcript

# A Monday, 10:00 in Shanghai.
MONDAY = datetime(2026, 2, 23, 2, 0, tzinfo=UTC)


def finding(category: str = "threat", rule: str = "test.threat@1") -> Finding:
    return Finding(
        rule=rule, pack="test", category=category, kind="violation", speaker="agent", utterances=(0,),
        span=(0, 2), start=1.0, end=2.0, heard="走着瞧", matched="走着瞧", how="letters", confidence=1.0,
        status="certain", severity="critical", points=40, why={"zh": "威胁", "en": "threat"},
    )  # fmt: skip


def put_call(
    session: Session,
    clock: Clock,
    name: str,
    *findings: Finding,
    at: datetime | None = MONDAY,
    agent: str | None = "A1",
    team: str | None = "T1",
    case: dict[str, Any] | None = None,
    unjudged: bool = False,
    judged: bool = True,
    seconds: float = 60.0,
    language: str = "zh",
    band: Band | None = None,
) -> int:
    """A call, judged unless it is said otherwise; its number."""
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    call = CallRow(
        source="test", external_id=name, debtor_key=name, record={"case": case or {}}, record_sha256=sha256,
        registered_at=MONDAY, started_at=at, agent_id=agent, agent_team=team, direction="outbound",
        recording=RecordingRow(
            sha256=sha256, bytes=1, codec="opus", source_rate=8000, source_channels=2,
            duration_s=seconds, original_name="call.opus", stored_at=MONDAY,
        ),
    )  # fmt: skip
    session.add(call)
    session.flush()
    if judged:
        words = Transcript(language=language, engine="given", model="", utterances=())
        transcript = save_transcript(session, clock, call_id=call.id, transcript=words)
        score = Score(0 if findings else 100, band or ("critical" if findings else "clean"), ())
        reasons = (("time.missing", "通话时间缺失"),) if unjudged else ()
        made = Inspection(findings, score, None, ("test",), "0" * 64, reasons)
        save_inspection(session, clock, call_id=call.id, transcript_id=transcript, inspection=made)
    return call.id


def put_failed(session: Session, clock: Clock, name: str, **more: Any) -> int:
    """A call that failed before it could be judged."""
    call = put_call(session, clock, name, judged=False, **more)
    open_failure_ticket(session, clock, call_id=call, reason="失败")
    return call


def put_calls(session: Session, clock: Clock, count: int, prefix: str = "C", **more: Any) -> list[int]:
    return [
        put_call(session, clock, f"{prefix}{at}", at=MONDAY + timedelta(minutes=at), **more)
        for at in range(count)
    ]


def put_ticket(session: Session, clock: Clock, call: int, **columns: Any) -> TicketRow:
    inspection = session.scalar(select(InspectionRow.id).where(InspectionRow.call_id == call))
    values = {"priority": "normal", "state": "open", "reasons": ["抽检"], **columns}
    row = TicketRow(call_id=call, inspection_id=inspection, created_at=clock.now(), **values)
    session.add(row)
    session.flush()
    return row


def findings_of(session: Session, call: int) -> list[int]:
    query = select(FindingRow.id).join(InspectionRow, InspectionRow.id == FindingRow.inspection_id)
    return list(session.scalars(query.where(InspectionRow.call_id == call).order_by(FindingRow.id)))


def put_people(session: Session, clock: Clock, people: Sequence[str], **more: Any) -> None:
    for person in people:
        add_person(session, clock, Person(person, person.title(), ("qc_reviewer",), **more), by="test")
