"""Builders of evidence for the tests of the warnings."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from complaint_warnings.types import CallEvidence, Language
from ingest.metadata import CallRecord, Case, Customer, EarlierCall
from qc.findings import Band, Finding, How, Severity, Status

NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai

CRITICAL = (
    "abuse", "threat", "impersonation", "false_legal", "third_party_disclosure", "improper_payment",
)  # fmt: skip
MAJOR = (
    "third_party_pressure", "private_channel", "new_loan_pressure", "false_promise", "dismissive",
    "dispute_ignored", "stop_request_ignored", "vulnerable_ignored", "off_hours", "over_frequency",
    "unlogged_call", "raised_voice",
)  # fmt: skip
MINOR = ("no_identity", "no_closing", "dead_air", "interruption")


def finding(
    category: str,
    status: Status = "certain",
    how: How = "letters",
    start: float | None = 12.5,
    **attributes: str,
) -> Finding:
    """A finding of the category with the severity the base packs give it."""
    severity: Severity = "info"
    if category in CRITICAL:
        severity = "critical"
    elif category in MAJOR:
        severity = "major"
    elif category in MINOR:
        severity = "minor"
    return Finding(
        rule=f"test.{category}@1",
        pack="test@1",
        category=category,
        kind="signal" if severity == "info" else "violation",
        speaker="customer" if severity == "info" else "agent",
        utterances=(3,),
        span=(0, 4),
        start=start,
        end=None if start is None else start + 2,
        heard="…",
        matched="…",
        how=how,
        confidence=0.9,
        status=status,
        severity=severity,
        points=0,
        why={"zh": "…", "en": "…"},
        cite=("cn.cba2026",),
        attributes=dict(attributes),
    )


def band_of(findings: tuple[Finding, ...]) -> Band:
    """The score band by the table of the default configuration, over certain findings."""
    categories = {f.category for f in findings if f.kind == "violation" and f.status == "certain"}
    majors = categories & set(MAJOR)
    minors = categories & set(MINOR)
    if categories & set(CRITICAL) or len(majors) >= 3:
        return "critical"
    if majors or len(minors) >= 3:
        return "major"
    return "minor" if minors else "clean"


def call(
    *findings: Finding,
    name: str = "H001",
    at: datetime | None = NOON,
    language: Language = "zh",
    attempts: int = 0,
    customer: dict[str, Any] | None = None,
    **case: Any,
) -> CallEvidence:
    """One call's evidence with ordinary case data: 63 days, 1260.00 CNY, no earlier complaint."""
    known = {"id": "K-1", "days_overdue": 63, "amount_due": Decimal("1260.00"), "complaints_before": 0}
    history = tuple(
        EarlierCall(started_at=NOON - timedelta(hours=n + 1), connected=False) for n in range(attempts)
    )
    person = {"id": "C1", "name": "李建国", "number": "+8613800138000"} | (customer or {})
    record = CallRecord(
        external_id=name,
        source="central-recorder",
        started_at=at,
        customer=Customer(**person),
        case=Case(**(known | case)),
        history=history,
    )
    return CallEvidence(name, at, record, findings, band_of(findings), language)
