"""A complaint as people are shown it, on the command line and over HTTP alike."""

from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.masking import mask_name, mask_text
from complaint_warnings.clocks.service import deadlines_of
from complaint_warnings.complaints.models import ComplaintRow
from complaint_warnings.complaints.receipt import Limit, receipt_text
from complaint_warnings.complaints.service import receipt_of
from complaint_warnings.ledger.rows import mask_number
from complaint_warnings.types import Language
from transcription.privacy.detect import Known, known_of

# The clocks that are the complainant's business; the others are the house's own.
_TOLD = ("first_answer", "settle", "regulator")


def receipt(session: Session, row: ComplaintRow, language: Language, zone: ZoneInfo) -> str:
    """The receipt 受理回执 of a complaint with the limits that run for it."""
    limits = tuple(
        Limit({"zh": each.title["zh"], "en": each.title["en"]}, each.due_at, each.provisional)
        for each in deadlines_of(session, row.case_id)
        if each.clock in _TOLD and each.due_at is not None and each.ended_at is None
    )
    return receipt_text(receipt_of(row, limits), language, zone)


def complaint_document(row: ComplaintRow) -> dict[str, Any]:
    """The complaint as values that JSON can hold; telephone numbers partly masked."""
    known = known_of([row.document["debtor"].get("name")], [row.document["debtor"]["number"]])
    document = {name: _shown(value, known) for name, value in row.document.items()}
    document["contact"] = _masked(row.document["contact"])
    debtor = row.document["debtor"]
    name = debtor.get("name")
    document["debtor"] = debtor | {"number": _masked(debtor["number"]), "name": name and mask_name(name)}
    return {
        "number": row.number,
        "case_id": row.case_id,
        "received_at": row.received_at.isoformat(),
        "received_by": row.received_by,
        **document,
        "arrived_at": row.arrived_at.astimezone(UTC).isoformat(),
    }


def _shown(value: Any, known: Known) -> Any:
    """What people wrote, with personal data partly hidden wherever it stands."""
    if isinstance(value, dict):
        return {name: _shown(each, known) for name, each in value.items()}
    return mask_text(value, known) if isinstance(value, str) else value


def _masked(number: str | None) -> str | None:
    return mask_number(number) if number else None
