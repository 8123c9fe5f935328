"""A house with people, and calls that have left something in every table that calls can reach."""

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, Text, cast, select
from sqlalchemy.orm import Session

from complaint_warnings.cases.door import act
from complaint_warnings.cases.opening import find_open
from complaint_warnings.scoring.weights import default_weights
from complaint_warnings.service import apply_call
from complaint_warnings.types import CallEvidence
from ingest.facts.models import CaseFactRow
from ingest.metadata import parse_call_record
from ingest.models import CallRow, RecordingRow, RefusalRow
from ingest.sources.models import SourceItemRow
from pipeline.models import WorkRow
from pipeline.retention.erase import Way
from pipeline.retention.policy import Policy, load_policy
from qc.adviser.models import AdviceRow
from qc.findings import Advice, Finding, Inspection, Score, TicketProposal
from qc.models import FindingRow
from qc.service import open_ticket, save_inspection
from qc.verdicts.models import FindingVerdictRow
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.people import Person, add_person, find_actor
from store.recordings import RecordingStore
from transcription.service import save_hearing, save_transcript
from transcription.types import Transcript, Utterance

SECRET = "青花瓷密语"
BEGUN = datetime(2022, 3, 1, 2, 0, tzinfo=UTC)
PEOPLE = (
    Person("law", "法务", ("legal",)),
    Person("lead", "防控负责人", ("control_lead",)),
    Person("desk", "客服", ("customer_service",)),
)


def finding(category: str = "threat") -> Finding:
    return Finding(
        rule=f"test.{category}@1", pack="test@1", category=category, kind="violation", speaker="agent",
        utterances=(0,), span=(0, 4), start=1.0, end=2.0, heard=SECRET, matched=SECRET, how="letters",
        confidence=0.9, status="certain", severity="critical", points=40, why={"zh": SECRET, "en": SECRET},
        advice=Advice("agrees", f"因为{SECRET}", "model"),
    )  # fmt: skip


@dataclass
class House:
    """A database and a store, with verbs that tests use."""

    sessions: SessionFactory
    recordings: RecordingStore
    clock: FixedClock
    folder: Path
    policy: Policy

    @property
    def way(self) -> Way:
        return Way(self.policy, "tester")

    def audio(self, name: str) -> Path:
        path = self.folder / f"{name}.wav"
        path.write_bytes(b"RIFF" + f"{name} {SECRET}".encode() * 50)
        return path

    def call(
        self, name: str, *, customer: str = "C1", at: datetime | None = BEGUN, ticket: bool = False,
        warns: bool = False, client: str = "中国联通", state: str = "assessed",
    ) -> int:  # fmt: skip
        """A call that is done, with a row in every table that hangs on it."""
        sha256 = self.recordings.put(self.audio(name))
        found = finding() if warns else finding("dead_air")
        record = parse_call_record(
            {
                "external_id": name, "source": "pbx", "direction": "outbound",
                "started_at": at and at.isoformat(),
                "agent": {"id": "A1", "name": "王敏"},
                "customer": {"id": customer, "name": SECRET, "number": "+8613800138000"},
                "case": {"id": f"K-{customer}", "client": client},
                "note": {"text": SECRET},
            },
            "test",
        )  # fmt: skip
        with transaction(self.sessions) as session:
            call_id = self._register(session, record, sha256, state)
            self._judge(session, call_id, found, ticket=ticket)
            self._around(session, call_id, name, customer, sha256)
        with transaction(self.sessions) as session:
            evidence = CallEvidence(
                f"pbx/{name}", at, record, (found,) if warns else (), "critical" if warns else "clean"
            )
            apply_call(session, self.clock, call_id=call_id, evidence=evidence, weights=default_weights())
        return call_id

    def _register(self, session: Session, record: Any, sha256: str, state: str) -> int:
        recording = RecordingRow(
            sha256=sha256, bytes=1, codec="pcm", source_rate=8000, source_channels=1, duration_s=1.0,
            original_name=f"{SECRET}.wav", stored_at=self.clock.now(),
        )  # fmt: skip
        call = CallRow(
            source=record.source, external_id=record.external_id, recording=recording,
            started_at=record.started_at, customer_id=record.customer.id,
            customer_number=record.customer.number, case_id=record.case.id, debtor_key=record.debtor_key,
            record=record.to_document(), record_sha256=record.content_sha256(),
            registered_at=self.clock.now(),
        )  # fmt: skip
        session.add(call)
        session.flush()
        failed = "received" if state == "failed" else None
        session.add(
            WorkRow(call_id=call.id, state=state, failed_at=failed, reasons=[], updated_at=self.clock.now())
        )
        return call.id

    def _judge(self, session: Session, call_id: int, found: Finding, *, ticket: bool) -> None:
        words = (Utterance(0, "agent", 0.0, 2.0, SECRET),)
        transcript = Transcript(language="zh", engine="given", model="", utterances=words)
        made = save_transcript(session, self.clock, call_id=call_id, transcript=transcript)
        save_hearing(session, self.clock, transcript_id=made, version="1", cues=(), answers=(), voice=None)
        proposal = TicketProposal("high", (SECRET,)) if ticket else None
        inspection = Inspection((found,), Score(60, "critical", ()), proposal, ("test",), "a" * 64)
        number = save_inspection(
            session, self.clock, call_id=call_id, transcript_id=made, inspection=inspection
        )
        if proposal is not None:
            open_ticket(session, self.clock, inspection_id=number, proposal=proposal)
        finding_id = session.scalars(select(FindingRow.id).where(FindingRow.inspection_id == number)).one()
        verdict = FindingVerdictRow(
            finding_id=finding_id, person="lead", number=1, verdict="true", comment=SECRET,
            decided_at=self.clock.now(),
        )  # fmt: skip
        session.add(verdict)

    def _around(self, session: Session, call_id: int, name: str, customer: str, sha256: str) -> None:
        now = self.clock.now()
        key = hashlib.sha256(name.encode()).hexdigest()
        if session.get(AdviceRow, "k" * 64) is None:
            reason = f"因为{SECRET}"
            session.add(AdviceRow(key="k" * 64, model="model", view="agrees", reason=reason, created_at=now))
        session.add(
            CaseFactRow(
                kind="note", subject=f"note {name}", call_key=f"pbx/{name}", customer_id=customer,
                data={"text": SECRET}, as_of=BEGUN, dated=True, content_sha256=key, place="f.csv:1",
                imported_at=now, imported_by="tester", next_at=None,
            )
        )  # fmt: skip
        session.add(
            SourceItemRow(
                source="drop", key=f"{SECRET}/{name}.wav", version="1", kind="call", state="taken",
                document={"text": SECRET}, modified_at=now, found_at=now, next_at=now, ended_at=now,
                attempts=1, call_id=call_id,
            )
        )  # fmt: skip
        session.add(
            RefusalRow(
                key=key, name=f"{SECRET}.wav", sha256=sha256, code="audio.empty", message=SECRET,
                first_at=now, last_at=now, times=1,
            )
        )  # fmt: skip

    def close_case(self, debtor: str) -> int:
        """Close the debtor's open case as unfounded."""
        with transaction(self.sessions) as session:
            case = find_open(session, debtor)
            assert case is not None
            act(
                session, self.clock, case_id=case.id, action="dismiss", actor=find_actor(session, "lead"),
                details={"reason": SECRET},
            )  # fmt: skip
            return case.id

    def tables_with(self, text: str) -> list[str]:
        """Every column in the real database that holds the text."""
        found = []
        with reading(self.sessions) as session:
            metadata = MetaData()
            metadata.reflect(session.connection())
            escaped = text.encode("unicode_escape").decode()
            for table in metadata.sorted_tables:
                if table.name.startswith("search_words_"):  # the files of an index, read through its table
                    continue
                for column in table.columns:
                    for value in session.scalars(select(cast(column, Text))):
                        if value is not None and (text in value or escaped in value):
                            found.append(f"{table.name}.{column.name}")
                            break
        return sorted(found)


def make_house(
    sessions: SessionFactory, recordings: RecordingStore, clock: FixedClock, folder: Path
) -> House:
    clock.moment = BEGUN + timedelta(days=1)
    house = House(sessions, recordings, clock, folder, load_policy())
    with transaction(sessions) as session:
        for person in PEOPLE:
            add_person(session, clock, person)
    return house


def raw_bytes(url: str) -> bytes:
    """What a SQLite database has on disk, with everything written back to its file."""
    path = Path(url.removeprefix("sqlite:///"))
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path.read_bytes()
