"""A ticket out of the database: its row, its events, and what they tell."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.models import CallRow
from qc.document import finding_from_document, from_document
from qc.findings import Finding, Score
from qc.models import FindingRow, InspectionRow, TicketRow
from qc.review.fold import fold
from qc.review.models import TicketEventRow
from qc.review.view import Call, CardVersion, Machine, TicketView
from qc.sampling.scorecards import Card, load_card
from qc.sampling.service import card_of_plan
from store.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Loaded:
    """A ticket with all that belongs to it. `findings` are those of the inspection that it is about, by row
    id; `machine` its score and `pack_hash` its rules, None where the call was never inspected."""

    row: TicketRow
    call: CallRow
    view: TicketView
    events: tuple[TicketEventRow, ...]
    findings: Mapping[int, Finding]
    machine: Score | None
    pack_hash: str | None


def load_view(
    session: Session, ticket_id: int, *, lock: bool = False
) -> tuple[TicketRow, TicketView, list[TicketEventRow]]:
    """The ticket as its events tell it; with `lock` nobody else changes it until the transaction ends.

    Raises:
        NotFoundError: `ticket.unknown`.
    """
    query = select(TicketRow).where(TicketRow.id == ticket_id).execution_options(populate_existing=True)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFoundError(
            f"there is no ticket {ticket_id}", code="ticket.unknown", mend="`diting tickets list` names all."
        )
    events = list(
        session.scalars(
            select(TicketEventRow).where(TicketEventRow.ticket_id == ticket_id).order_by(TicketEventRow.seq)
        )
    )
    view = fold(TicketView(row.id, "open", 0, _call(session, row), plan=row.plan), events)
    card, card_version = card_of_plan(session, row.plan) or (None, 0)
    view = replace(view, card=card, card_version=card_version, cards=_cards(session, view))
    # The machine may have moved an untouched ticket since, and seats are given out by load: the row knows.
    view = replace(view, reviewer=row.assigned_to, second_reviewer=row.second_reviewer)
    return row, replace(view, state=row.state, version=row.version), events


def load(session: Session, ticket_id: int) -> Loaded:
    """The ticket with its call and its findings.

    Raises:
        NotFoundError: `ticket.unknown`.
    """
    row, view, events = load_view(session, ticket_id)
    call = session.get_one(CallRow, row.call_id)
    inspection = None if row.inspection_id is None else session.get(InspectionRow, row.inspection_id)
    if inspection is None:
        return Loaded(row, call, view, tuple(events), {}, None, None)
    findings = {each.id: finding_from_document(each.document) for each in inspection.findings}
    judged = from_document(
        inspection.document, tuple(findings.values()), tuple(inspection.packs), inspection.pack_hash
    )
    return Loaded(row, call, view, tuple(events), findings, judged.score, inspection.pack_hash)


def _cards(session: Session, view: TicketView) -> dict[CardVersion, Card]:
    """The scorecards that the reviews began with."""
    begun = {review.card for review in view.reviews.values() if review.card is not None}
    return {each: load_card(session, *each)[0] for each in begun}


def _call(session: Session, row: TicketRow) -> Call:
    call = session.get_one(CallRow, row.call_id)
    found = session.execute(
        select(FindingRow.id, FindingRow.category, FindingRow.kind, FindingRow.status)
        .where(FindingRow.inspection_id == row.inspection_id)
        .order_by(FindingRow.ordinal)
    )
    return Call(call.agent_id, call.recording.duration_s, tuple(Machine(*each) for each in found))
