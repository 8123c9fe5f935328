"""Evidence as JSON and back. Only findings that bear on the score are kept."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from complaint_warnings.scoring.indicators import bears_on_score
from complaint_warnings.types import CallEvidence, ItemEvidence
from ingest.metadata import CallRecord
from qc.document import finding_from_document, finding_to_document


def evidence_to_document(evidence: CallEvidence) -> dict[str, Any]:
    """The evidence as values that JSON can hold."""
    return {
        "call": evidence.call,
        "started_at": evidence.started_at.isoformat() if evidence.started_at else None,
        "band": evidence.band,
        "language": evidence.language,
        "record": evidence.record.model_dump(mode="json"),
        "findings": [finding_to_document(f) for f in evidence.findings if bears_on_score(f)],
    }


def evidence_from_document(document: dict[str, Any]) -> CallEvidence:
    """The evidence back from `evidence_to_document`."""
    started = document["started_at"]
    return CallEvidence(
        call=document["call"],
        started_at=datetime.fromisoformat(started) if started else None,
        record=CallRecord.model_validate(document["record"]),
        findings=tuple(finding_from_document(item) for item in document["findings"]),
        band=document["band"],
        language=document["language"],
    )


def item_to_document(evidence: ItemEvidence) -> dict[str, Any]:
    """The evidence of an item as values that JSON can hold."""
    return {
        "item": evidence.item,
        "at": evidence.at.isoformat() if evidence.at else None,
        "indicators": list(evidence.indicators),
        "certain": evidence.certain,
        "why_zh": evidence.why_zh,
        "why_en": evidence.why_en,
        "name": evidence.name,
        "contact": evidence.contact,
        "amount_due": str(evidence.amount_due) if evidence.amount_due is not None else None,
        "currency": evidence.currency,
        "client": evidence.client,
        "collector_id": evidence.collector_id,
        "team": evidence.team,
        "language": evidence.language,
    }


def item_from_document(document: dict[str, Any]) -> ItemEvidence:
    """The evidence back from `item_to_document`."""
    at, amount = document["at"], document["amount_due"]
    return ItemEvidence(
        **document
        | {
            "at": datetime.fromisoformat(at) if at else None,
            "indicators": tuple(document["indicators"]),
            "amount_due": Decimal(amount) if amount is not None else None,
        }
    )
