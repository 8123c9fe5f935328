"""An installation with people, one call of 60 seconds, its inspection and its ticket."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.models import CallRow, RecordingRow
from qc.findings import Finding, Inspection, TicketProposal
from qc.models import FindingRow
from qc.review.door import Terms, act
from qc.review.loading import Loaded
from qc.scoring import score
from qc.service import open_ticket, save_inspection
from qc.verdicts.service import Limits
from store.clock import FixedClock
from store.database import SessionFactory, transaction
from store.people import Person, add_person, find_actor
from transcription.service import save_transcript
from transcription.types import Transcript

TERMS = Terms(timedelta(hours=72), Limits(share=0.3, decisions=4))
PEOPLE = (
    Person("ann", "Ann", ("qc_reviewer",)),
    Person("bo", "Bo", ("qc_reviewer",)),
    Person("cai", "Cai", ("qc_reviewer",)),
    Person("lead", "Lead", ("qc_lead",)),
    Person("head", "Head", ("department_head",)),
    Person("A-7", "Collector", ("collector",), team="T1"),
    Person("A-8", "Other collector", ("collector",), team="T1"),
)
THREAT = Finding(
    rule="test.threat@1", pack="test", category="threat", kind="violation", speaker="agent", utterances=(0,),
    span=(0, 2), start=1.0, end=2.0, heard="走着瞧", matched="走着瞧", how="letters", confidence=1.0,
    status="certain", severity="critical", points=40, why={"zh": "威胁", "en": "threat"},
)  # fmt: skip
SLOW = replace(
    THREAT, rule="test.slow@1", category="dead_air", severity="minor", points=5, status="unsure", start=30.0,
    end=40.0, why={"zh": "静默", "en": "dead air"},
)  # fmt: skip
SAD = replace(
    THREAT, rule="test.sad@1", category="hardship", kind="signal", speaker="customer", severity="info",
    points=0, why={"zh": "困难", "en": "hardship"},
)  # fmt: skip


def call_row(name: str, collector: str | None = "A-7") -> CallRow:
    """A call of 60 seconds that was never heard."""
    now = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    recording = RecordingRow(
        sha256=sha256, bytes=1, codec="opus", source_rate=8000, source_channels=2, duration_s=60.0,
        original_name="call.opus", stored_at=now,
    )  # fmt: skip
    return CallRow(
        source="test", external_id=name, recording=recording, agent_id=collector, agent_team="T1",
        debtor_key=name, record={}, record_sha256=sha256, registered_at=now,
    )  # fmt: skip


def put_ticket(session: Session, clock: FixedClock, name: str, *findings: Finding) -> tuple[int, list[int]]:
    """A call with its inspection and its ticket; the ids of ticket and findings."""
    call = call_row(name)
    session.add(call)
    session.flush()
    said = Transcript(language="zh", engine="given", model="", utterances=())
    transcript = save_transcript(session, clock, call_id=call.id, transcript=said)
    total = score(findings, (each.rule for each in findings if each.severity == "critical"))
    made = Inspection(findings, total, None, ("test",), "0" * 64)
    inspection = save_inspection(session, clock, call_id=call.id, transcript_id=transcript, inspection=made)
    ticket = open_ticket(session, clock, inspection_id=inspection, proposal=TicketProposal("high", ("why",)))
    ids = session.scalars(
        select(FindingRow.id).where(FindingRow.inspection_id == inspection).order_by(FindingRow.ordinal)
    )
    return ticket, list(ids)


@dataclass
class House:
    """One installation: `do("ann", "take")` acts, `ticket` and `findings` are ids."""

    sessions: SessionFactory
    clock: FixedClock
    ticket: int
    findings: list[int]

    def do(self, who: str, action: str, *, version: int | None = None, **details: Any) -> Loaded:
        """Act in a transaction of its own."""
        with transaction(self.sessions) as session:
            return act(
                session, self.clock, TERMS, ticket_id=self.ticket, action=action,
                actor=find_actor(session, who), details=details, version=version,
            )  # fmt: skip

    def review(self, who: str, *verdicts: str) -> None:
        """Decide on the findings in order."""
        for finding, verdict in zip(self.findings, verdicts, strict=False):
            self.do(who, "decide", finding=finding, verdict=verdict)


@pytest.fixture
def house(session_factory: SessionFactory, clock: FixedClock) -> House:
    with transaction(session_factory) as session:
        for person in PEOPLE:
            add_person(session, clock, person)
        ticket, findings = put_ticket(session, clock, "C1", THREAT, SLOW, SAD)
    return House(session_factory, clock, ticket, findings)
