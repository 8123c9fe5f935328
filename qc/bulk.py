"""Many inspections and tickets in few statements, for calls judged again in batches. No verb commits.

What is written is what `qc.service` writes for each call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from qc.document import finding_to_document, to_document
from qc.figures.service import mark_calls
from qc.findings import Finding, Inspection, TicketProposal, band_to_tell
from qc.models import FindingRow, InspectionRow, TicketRow
from qc.review.transitions import UNTOUCHED
from qc.service import supersede
from store.clock import Clock


@dataclass(frozen=True, slots=True)
class Judged:
    """One transcript of a call, judged with what was known beside it (`facts_hash`)."""

    call_id: int
    transcript_id: int
    inspection: Inspection
    facts_hash: str = ""


def save_inspections(session: Session, clock: Clock, judged: Sequence[Judged]) -> dict[int, int]:
    """Keep inspections of which none is on record, with their findings; the row ids by call."""
    if not judged:
        return {}
    now = clock.now()
    rows = [
        {
            "call_id": each.call_id,
            "transcript_id": each.transcript_id,
            "pack_hash": each.inspection.pack_hash,
            "facts_hash": each.facts_hash,
            "packs": list(each.inspection.packs),
            "score": each.inspection.score.total,
            "band": band_to_tell(each.inspection.score.band, judged=not each.inspection.unjudged),
            "document": to_document(each.inspection),
            "created_at": now,
        }
        for each in judged
    ]
    supersede(session, [each.call_id for each in judged])
    kept = session.execute(insert(InspectionRow).returning(InspectionRow.call_id, InspectionRow.id), rows)
    ids = {row.call_id: row.id for row in kept}
    findings = [
        _finding_values(ids[each.call_id], ordinal, finding)
        for each in judged
        for ordinal, finding in enumerate(each.inspection.findings)
    ]
    if findings:
        session.execute(insert(FindingRow), findings)
    mark_calls(session, list(ids))
    return ids


def follow_tickets(
    session: Session, clock: Clock, proposals: Mapping[int, tuple[int, TicketProposal | None]]
) -> None:
    """Bring the tickets of calls in line with their newest inspections.

    Args:
        proposals: by call, its newest inspection and the ticket that this one proposes.
    """
    columns = (TicketRow.id, TicketRow.call_id, TicketRow.state, TicketRow.plan, TicketRow.version)
    # In one order and kept from others: somebody may be taking them up.
    query = select(*columns).where(TicketRow.call_id.in_(proposals)).order_by(TicketRow.id).with_for_update()
    known = {row.call_id: row for row in session.execute(query)}
    opened, followed, withdrawn = [], [], []
    for call_id, (inspection_id, proposal) in proposals.items():
        ticket = known.get(call_id)
        if proposal is None:
            if ticket is not None and ticket.state == "open" and ticket.plan is None:
                changed = {"id": ticket.id, "state": "withdrawn", "version": ticket.version + 1}
                withdrawn.append(changed)
            continue
        values: dict[str, Any] = {
            "state": "open",
            "inspection_id": inspection_id,
            "priority": proposal.priority,
            "reasons": list(proposal.reasons),
        }
        if ticket is None:
            opened.append({**values, "call_id": call_id, "created_at": clock.now()})
        elif ticket.state in UNTOUCHED:
            followed.append({**values, "id": ticket.id, "version": ticket.version + 1})
    if opened:
        session.execute(insert(TicketRow), opened)
    for rows in (followed, withdrawn):
        if rows:
            session.execute(update(TicketRow), rows)


def _finding_values(inspection_id: int, ordinal: int, finding: Finding) -> dict[str, Any]:
    return {
        "inspection_id": inspection_id,
        "ordinal": ordinal,
        "rule": finding.rule,
        "category": finding.category,
        "kind": finding.kind,
        "status": finding.status,
        "severity": finding.severity,
        "points": finding.points,
        "start": finding.start,
        "end": finding.end,
        "document": finding_to_document(finding),
    }
