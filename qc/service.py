"""Keep and find inspections, open tickets. Every verb may be repeated; none commits."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError as DatabaseIntegrityError
from sqlalchemy.orm import Session

from qc.document import finding_from_document, finding_to_document, from_document, to_document
from qc.figures.service import mark_calls
from qc.findings import Finding, Inspection, TicketProposal, band_to_tell
from qc.models import FindingRow, InspectionRow, TicketRow
from qc.review.transitions import UNTOUCHED
from store.clock import Clock
from store.errors import NotFoundError


def save_inspection(
    session: Session,
    clock: Clock,
    *,
    call_id: int,
    transcript_id: int,
    inspection: Inspection,
    facts_hash: str = "",
) -> int:
    """Keep an inspection with its findings and return its row id.

    The same transcript under the same packs with the same facts (`facts_hash`) is inspected once: what is on
    record stays.
    """
    known = _inspection_id(session, call_id, transcript_id, inspection.pack_hash, facts_hash)
    if known is not None:
        return known
    row = InspectionRow(
        call_id=call_id,
        transcript_id=transcript_id,
        pack_hash=inspection.pack_hash,
        facts_hash=facts_hash,
        packs=list(inspection.packs),
        score=inspection.score.total,
        band=band_to_tell(inspection.score.band, judged=not inspection.unjudged),
        document=to_document(inspection),
        created_at=clock.now(),
        findings=[_finding_row(ordinal, finding) for ordinal, finding in enumerate(inspection.findings)],
    )
    try:
        with session.begin_nested():
            supersede(session, [call_id])
            session.add(row)
    except DatabaseIntegrityError:
        # Another process kept the same inspection between the look and the write.
        known = _inspection_id(session, call_id, transcript_id, inspection.pack_hash, facts_hash)
        if known is None:
            raise
        return known
    mark_calls(session, [call_id])
    return row.id


def supersede(session: Session, calls: Sequence[int]) -> None:
    """Make room for newer inspections of the calls: the ones that counted do so no more."""
    session.execute(
        update(InspectionRow)
        .where(InspectionRow.call_id.in_(calls), InspectionRow.newest)
        .values(newest=False)
    )


def load_inspection(
    session: Session, call_id: int, transcript_id: int | None = None
) -> tuple[int, Inspection]:
    """The newest inspection of a call, or of one version of its transcript, with its row id.

    Raises:
        NotFoundError: `inspection.not_found`, the call was not inspected yet.
    """
    query = select(InspectionRow).where(InspectionRow.call_id == call_id)
    if transcript_id is not None:
        query = query.where(InspectionRow.transcript_id == transcript_id)
    row = session.scalar(query.order_by(InspectionRow.id.desc()).limit(1))
    if row is None:
        raise NotFoundError(f"call {call_id} was not inspected yet", code="inspection.not_found")
    findings = tuple(finding_from_document(finding.document) for finding in row.findings)
    return row.id, from_document(row.document, findings, tuple(row.packs), row.pack_hash)


def open_ticket(session: Session, clock: Clock, *, inspection_id: int, proposal: TicketProposal) -> int:
    """Open the ticket of the inspected call and return its row id.

    A call has one ticket. One that nobody has taken up yet follows the newest inspection, and one that was
    withdrawn is opened again; one in work is left as it is.

    Raises:
        NotFoundError: `inspection.not_found`.
    """
    inspection = session.get(InspectionRow, inspection_id)
    if inspection is None:
        raise NotFoundError(f"there is no inspection {inspection_id}", code="inspection.not_found")
    known = _ticket(session, inspection.call_id)
    if known is None:
        row = TicketRow(
            call_id=inspection.call_id,
            inspection_id=inspection_id,
            priority=proposal.priority,
            state="open",
            reasons=list(proposal.reasons),
            created_at=clock.now(),
        )
        try:
            with session.begin_nested():
                session.add(row)
        except DatabaseIntegrityError:
            # Another process opened it between the look and the write.
            known = _ticket(session, inspection.call_id)
            if known is None:
                raise
        else:
            return row.id
    if known.state in UNTOUCHED and (known.inspection_id or 0) < inspection_id:
        known.state = "open"
        known.inspection_id = inspection_id
        known.priority = proposal.priority
        known.reasons = list(proposal.reasons)
        known.version += 1
        session.flush()
    return known.id


def open_failure_ticket(session: Session, clock: Clock, *, call_id: int, reason: str) -> int:
    """Open the ticket of a call that failed before it could be inspected; a ticket that it has stays, and
    one that was withdrawn is opened again."""
    known = _ticket(session, call_id)
    if known is not None:
        if known.state == "withdrawn":
            known.state, known.inspection_id = "open", None
            known.priority, known.reasons = "normal", [reason]
            known.version += 1
            session.flush()
        return known.id
    row = TicketRow(
        call_id=call_id, priority="normal", state="open", reasons=[reason], created_at=clock.now()
    )
    session.add(row)
    session.flush()
    return row.id


def ask_for_review(session: Session, clock: Clock, *, call_id: int, reason: str) -> None:
    """Have a person look at a call that was inspected, for a reason that came up afterwards. A ticket that it
    has gets the reason too, once; one that was withdrawn is opened again."""
    known = _ticket(session, call_id)
    if known is None:
        inspection_id, _inspection = load_inspection(session, call_id)
        session.add(
            TicketRow(
                call_id=call_id,
                inspection_id=inspection_id,
                priority="normal",
                state="open",
                reasons=[reason],
                created_at=clock.now(),
            )
        )
    elif reason not in known.reasons:
        if known.state == "withdrawn":
            known.state, known.priority, known.reasons = "open", "normal", []
        known.reasons = [*known.reasons, reason]
        known.version += 1
    session.flush()


def withdraw_ticket(session: Session, *, call_id: int) -> None:
    """Take back the ticket of a call whose newest inspection needs nobody's attention: it had failed, or was
    judged otherwise, before. A ticket that somebody has taken up is theirs to close, and a call that was
    drawn by a sampling plan is looked at whatever is found in it."""
    known = _ticket(session, call_id)
    if known is not None and known.state == "open" and known.plan is None:
        known.state = "withdrawn"
        known.version += 1
        session.flush()


def _inspection_id(
    session: Session, call_id: int, transcript_id: int, pack_hash: str, facts_hash: str
) -> int | None:
    return session.scalar(
        select(InspectionRow.id).where(
            InspectionRow.call_id == call_id,
            InspectionRow.transcript_id == transcript_id,
            InspectionRow.pack_hash == pack_hash,
            InspectionRow.facts_hash == facts_hash,
        )
    )


def _ticket(session: Session, call_id: int) -> TicketRow | None:
    """The ticket of a call as it is now, kept from others: somebody may be taking it up."""
    query = select(TicketRow).where(TicketRow.call_id == call_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def _finding_row(ordinal: int, finding: Finding) -> FindingRow:
    return FindingRow(
        ordinal=ordinal,
        rule=finding.rule,
        category=finding.category,
        kind=finding.kind,
        status=finding.status,
        severity=finding.severity,
        points=finding.points,
        start=finding.start,
        end=finding.end,
        document=finding_to_document(finding),
    )
