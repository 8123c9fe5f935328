"""The verbs of complaints. They take an open session and never commit; the case changes through its door."""

import hashlib
import json
from datetime import UTC
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaint_warnings.cases.door import act
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.cases.opening import Opening, find_open, open_case
from complaint_warnings.complaints.documents import Intake, require_past
from complaint_warnings.complaints.evidence import gather
from complaint_warnings.complaints.models import ComplaintRow
from complaint_warnings.complaints.receipt import Limit, Receipt
from complaint_warnings.complaints.types import AUTHORITIES, PUBLIC
from complaint_warnings.sources.debtors import find_debtors
from complaint_warnings.turns import take_turn
from complaint_warnings.types import Level
from ingest.numbers import normalise_number
from store.clock import Clock
from store.errors import ConflictError, NotFoundError
from store.people import SYSTEM, Actor

# Who may take a complaint in. A collector passes it on: it may be about them.
RECEIVERS = (
    "customer_service",
    "complaint_officer",
    "control_lead",
    "department_head",
    "supervisor",
    "legal",
    "integration",
)
ADVICE = {
    "zh": "核实录音与记录，按时限首次答复",
    "en": "check recordings and notes; give the first answer in time",
}


def receive(session: Session, clock: Clock, intake: Intake, *, actor: Actor) -> ComplaintRow:
    """Take a complaint in. It joins the debtor's open case, which becomes a complaint, or opens one; the
    calls with the debtor are indexed and put on legal hold at once. The same number from the same channel
    again changes nothing.

    Raises:
        BadInputError: `complaint.future`.
        ConflictError: `complaint.role`, the actor may not take complaints in, or not this one, which is about
            them; `complaint.differs`, the number is on record with other words.
    """
    if not actor.has(*RECEIVERS):
        raise ConflictError(
            f"{actor.id} may not take complaints in",
            code="complaint.role",
            mend=f"It takes one of the roles {', '.join(RECEIVERS)}.",
        )
    if intake.collector_id == actor.id:
        raise ConflictError(
            f"the complaint is about {actor.id}, who may not take it in",
            code="complaint.role",
            mend="Somebody else takes it in.",
        )
    now = clock.now()
    require_past(intake.arrived_at, now, "arrived_at")
    document = intake.model_dump(mode="json")
    digest = document_hash(document)
    key = _debtor_key(session, intake) or f"complaint:{_own_name(intake, digest)}"
    take_turn(session, key)
    known = _known(session, intake, digest)
    if known is not None:
        return known
    case = find_open(session, key) or _open(session, clock, key, intake, actor)
    row = ComplaintRow(
        number=_number(session, case),
        case_id=case.id,
        channel=intake.channel,
        external_number=intake.external_number,
        arrived_at=intake.arrived_at,
        received_at=now,
        received_by=actor.id,
        document=document,
        sha256=digest,
    )
    session.add(row)
    session.flush()
    act(
        session,
        clock,
        case_id=case.id,
        action="complaint_received",
        actor=SYSTEM,
        details={
            "complaint": row.id,
            "number": row.number,
            "channel": row.channel,
            "source": source_of(intake),
            "arrived_at": intake.arrived_at,
            "received_by": actor.id,
            "level": level_of(intake),
            "collector_id": intake.collector_id,
            "sha256": digest,
        },
    )
    gather_evidence(session, clock, case.id, actor=actor)
    return row


def gather_evidence(session: Session, clock: Clock, case_id: int, *, actor: Actor) -> CaseRow:
    """Index all calls with the case's debtor again, and hold those that are not held yet.

    Raises:
        NotFoundError: `case.unknown`.
        ConflictError: `case.not_complaint` and those of the door.
    """
    case = session.get(CaseRow, case_id)
    if case is None:
        raise NotFoundError(f"there is no case {case_id}", code="case.unknown")
    items = [item.to_document() for item in gather(session, case.debtor_key)]
    details = {"items": items, "asked_by": actor.id}
    return act(session, clock, case_id=case_id, action="gather_evidence", actor=SYSTEM, details=details)


def find_complaint(session: Session, number: str) -> ComplaintRow:
    """The complaint with the number on the receipt.

    Raises:
        NotFoundError: `complaint.unknown`.
    """
    row = session.scalar(select(ComplaintRow).where(ComplaintRow.number == number))
    if row is None:
        raise NotFoundError(
            f"there is no complaint {number}",
            code="complaint.unknown",
            mend="The number is on the receipt; `diting complaints list` names all.",
        )
    return row


def complaints(
    session: Session, *, before: int | None = None, limit: int = 100, case_id: int | None = None
) -> list[ComplaintRow]:
    """The complaints, newest first; `before` is the id below which to go on."""
    query = select(ComplaintRow).order_by(ComplaintRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(ComplaintRow.id < before)
    if case_id is not None:
        query = query.where(ComplaintRow.case_id == case_id)
    return list(session.scalars(query))


def receipt_of(row: ComplaintRow, limits: tuple[Limit, ...]) -> Receipt:
    """The receipt of a complaint, with the time limits that run for its case."""
    intake = Intake.model_validate(row.document, strict=False)
    return Receipt(
        number=row.number,
        channel=intake.channel,
        arrived_at=row.arrived_at,
        received_at=row.received_at,
        addressed_to=intake.complainant_name,
        claim=intake.claim,
        wanted=intake.wanted,
        limits=limits,
    )


def level_of(intake: Intake) -> Level:
    """How much is at stake, by the way the complaint came."""
    return "high" if intake.channel in AUTHORITIES | PUBLIC else "medium"


def source_of(intake: Intake) -> str:
    """What the ledger shows as the source."""
    return "regulator" if intake.channel in AUTHORITIES else "complaint"


def document_hash(document: dict[str, Any]) -> str:
    """SHA-256 over what was written down."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _debtor_key(session: Session, intake: Intake) -> str | None:
    """The one debtor of stored calls whom the ids can name; else the key that the ids themselves make."""
    found = find_debtors(session, intake.debtor)
    return found.certain or found.own


def _own_name(intake: Intake, digest: str) -> str:
    return f"{intake.channel}/{intake.external_number}" if intake.external_number else digest[:16]


def _known(session: Session, intake: Intake, digest: str) -> ComplaintRow | None:
    """The same complaint entered before: by its number with the channel, or by every word of it."""
    same = ComplaintRow.sha256 == digest
    if intake.external_number is not None:
        same = (ComplaintRow.channel == intake.channel) & (
            ComplaintRow.external_number == intake.external_number
        )
    row = session.scalar(select(ComplaintRow).where(same))
    if row is not None and row.sha256 != digest:
        raise ConflictError(
            f"{intake.channel} {intake.external_number} is on record as {row.number} with other words",
            code="complaint.differs",
            mend=f"Add what is new to {row.number} with `diting cases note`.",
        )
    return row


def _open(session: Session, clock: Clock, key: str, intake: Intake, actor: Actor) -> CaseRow:
    opening = Opening(
        kind="complaint",
        debtor_key=key,
        level=level_of(intake),
        source=source_of(intake),
        advice=ADVICE,
        first_seen_at=intake.arrived_at.astimezone(UTC),
        debtor_name=intake.debtor.name,
        contact=normalise_number(intake.debtor.number) if intake.debtor.number else None,
        client=intake.client,
        collector_id=intake.collector_id,
        team=intake.team,
        details={"arrived_at": intake.arrived_at.astimezone(UTC).isoformat()},
    )
    return open_case(session, clock, opening=opening, actor=actor)


def _number(session: Session, case: CaseRow) -> str:
    count = session.scalar(
        select(func.count()).select_from(ComplaintRow).where(ComplaintRow.case_id == case.id)
    )
    return f"{case.number}-{(count or 0) + 1}"
