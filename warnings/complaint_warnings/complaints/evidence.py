"""The evidence of a complaint: an index of all calls with the debtor, what was found in them, and the hashes
by which it can be told later that nothing was exchanged."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.models import CallRow
from qc.models import FindingRow, InspectionRow, TicketRow


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One call of the debtor. `findings` are `rule@version category status`, None while the call has not been
    judged; `noted` whether the collector left a note."""

    call_id: int
    call: str
    started_at: str | None
    collector: str | None
    recording_sha256: str
    record_sha256: str
    inspection: int | None
    pack_hash: str | None
    findings: tuple[str, ...] | None
    ticket: str | None
    noted: bool

    def to_document(self) -> dict[str, Any]:
        """The item as values that JSON can hold."""
        return {
            "call_id": self.call_id,
            "call": self.call,
            "started_at": self.started_at,
            "collector": self.collector,
            "recording_sha256": self.recording_sha256,
            "record_sha256": self.record_sha256,
            "inspection": self.inspection,
            "pack_hash": self.pack_hash,
            "findings": None if self.findings is None else list(self.findings),
            "ticket": self.ticket,
            "noted": self.noted,
        }


def gather(session: Session, debtor_key: str) -> list[EvidenceItem]:
    """The index over all calls on record with the debtor, oldest first; unknown times first."""
    newest = (
        select(InspectionRow.call_id, func.max(InspectionRow.id).label("id"))
        .group_by(InspectionRow.call_id)
        .subquery()
    )
    rows = session.execute(
        select(CallRow, InspectionRow, TicketRow)
        .outerjoin(newest, newest.c.call_id == CallRow.id)
        .outerjoin(InspectionRow, InspectionRow.id == newest.c.id)
        .outerjoin(TicketRow, TicketRow.call_id == CallRow.id)
        .where(CallRow.debtor_key == debtor_key)
        .order_by(CallRow.started_at.asc().nulls_first(), CallRow.id)
    ).all()
    found = _findings(session, [inspection.id for _, inspection, _ in rows if inspection is not None])
    return [_item(call, inspection, ticket, found) for call, inspection, ticket in rows]


def _findings(session: Session, inspections: list[int]) -> dict[int, tuple[str, ...]]:
    said: dict[int, list[str]] = {number: [] for number in inspections}
    if inspections:
        rows = session.scalars(
            select(FindingRow)
            .where(FindingRow.inspection_id.in_(inspections))
            .order_by(FindingRow.inspection_id, FindingRow.ordinal)
        )
        for row in rows:
            said[row.inspection_id].append(f"{row.rule} {row.category} {row.status}")
    return {number: tuple(items) for number, items in said.items()}


def _item(
    call: CallRow,
    inspection: InspectionRow | None,
    ticket: TicketRow | None,
    found: dict[int, tuple[str, ...]],
) -> EvidenceItem:
    return EvidenceItem(
        call_id=call.id,
        call=f"{call.source}/{call.external_id}",
        started_at=call.started_at.isoformat() if call.started_at else None,
        collector=call.agent_id,
        recording_sha256=call.recording_sha256,
        record_sha256=call.record_sha256,
        inspection=inspection.id if inspection else None,
        pack_hash=inspection.pack_hash if inspection else None,
        findings=found[inspection.id] if inspection else None,
        ticket=f"{ticket.priority} {ticket.state}" if ticket else None,
        noted=bool(call.record.get("note")),
    )
