"""A stored portfolio for the tests of back-tests, put in as the pipeline leaves it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import insert
from sqlalchemy.orm import Session

from complaint_warnings.models import WarningCallRow, WarningDebtorRow
from complaint_warnings.scoring.document import evidence_to_document
from complaint_warnings.types import CallEvidence
from ingest.models import CallRow, RecordingRow
from qc.findings import Finding

from ..helpers import call, finding

START = datetime(2026, 1, 4, 16, 0, tzinfo=UTC)  # midnight in Shanghai


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def heard(debtor: str, number: float, *findings: Finding, **case: object) -> tuple[str, CallEvidence]:
    """One call of `customer:DEBTOR` so many days after the start."""
    name = f"{debtor}-{number:g}"
    known = {"id": f"K-{debtor}"} | case
    return f"customer:{debtor}", call(*findings, name=name, at=day(number), customer={"id": debtor}, **known)


def store(session: Session, calls: Iterable[tuple[str, CallEvidence]]) -> None:
    """Keep the calls and what they contribute; no warning is opened."""
    rows = list(calls)
    recordings, stored, evidence = [], [], []
    for number, (debtor, each) in enumerate(rows, start=1):
        digest = f"{number:064x}"
        recordings.append(
            {
                "sha256": digest,
                "bytes": 1,
                "codec": "opus",
                "source_rate": 8000,
                "source_channels": 2,
                "duration_s": 1.0,
                "original_name": "call.opus",
                "stored_at": START,
            }
        )
        stored.append(
            {
                "id": number,
                "source": "recorder",
                "external_id": each.call,
                "recording_sha256": digest,
                "started_at": each.started_at,
                "customer_id": each.record.customer.id,
                "case_id": each.record.case.id,
                "debtor_key": debtor,
                "record": {},
                "record_sha256": digest,
                "registered_at": START,
            }
        )
        evidence.append(
            {
                "call_id": number,
                "debtor_key": debtor,
                "evidence": evidence_to_document(each),
                "added_at": START,
            }
        )
    session.execute(insert(RecordingRow), recordings)
    session.execute(insert(CallRow), stored)
    session.execute(
        insert(WarningDebtorRow), [{"debtor_key": key, "turns": 0} for key in sorted({d for d, _ in rows})]
    )
    session.execute(insert(WarningCallRow), evidence)


def portfolio(many: int) -> list[tuple[str, CallEvidence]]:
    """Debtors of four kinds, each with a call in every month: those who dispute (D) complain, those who are
    in hardship (H) never do, though both have the same points."""
    marks: Sequence[tuple[Finding, ...]] = (
        (finding("dispute.amount"),),
        (finding("hardship"),),
        (finding("no_closing"),),
        (),
    )
    return [
        heard(
            f"{'DHCN'[number % 4]}{number:04}",
            month * 30 + 1 + number % 20,
            *marks[number % 4],
            days_overdue=10 + number % 300,
            amount_due=Decimal(2000),
        )
        for number in range(many)
        for month in range(6)
    ]
