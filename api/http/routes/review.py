"""Everything for the page on which a call is reviewed, in one answer."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from api import scorecards
from api.clause import Clause
from api.heard import known_in_calls
from api.http.deps import Caller, InFull, Reader
from api.http.present import finding_out
from api.http.routes.calls import call_detail, find
from api.http.schemas_review import Queue, ReviewFinding, ReviewOut
from api.http.schemas_tickets import TicketActionOut, TicketDetail
from api.permissions import permits
from api.tickets import clause_line, possible_document, ticket_document
from ingest.models import CallRow
from qc.models import FindingRow, InspectionRow, TicketRow
from qc.review.loading import Loaded, load
from qc.review.rulebook import NO_COUNSEL, UNKNOWN, Rulebook, rulebook
from qc.review.service import possible_now
from qc.review.types import SETTLED
from qc.taxonomy import CATEGORIES
from store.clock import Clock
from store.people import Actor, PersonRow
from transcription.privacy.detect import Known

router = APIRouter(tags=["calls"])
_PEOPLE = frozenset({"assigned_to", "second_reviewer", "collector_id", "reviewer", "by"})


@router.get("/calls/{call_id}/review", summary="Everything for reviewing one call, in one answer")
def review(request: Request, session: Reader, caller: Caller, in_full: InFull, call_id: int) -> ReviewOut:
    """The call with its result file, findings with clause and better wording, the ticket as the caller may
    see it, what they may do with it, the scorecard, and the calls before and after in their own queue."""
    stored = find(session, call_id)
    loaded = None if stored.ticket is None else load(session, stored.ticket.id)
    known = None if in_full else known_in_calls(session, [call_id])[call_id]
    clock: Clock = request.app.state.clock
    may_act = loaded is not None and permits(caller, "tickets.act")
    possible = possible_now(loaded, caller, clock.now()) if loaded is not None and may_act else []
    ticket = None if loaded is None else _ticket(session, loaded, caller)
    return ReviewOut(
        call=call_detail(session, stored, in_full),
        findings=_findings(session, call_id, stored.inspection, known),
        ticket=ticket,
        actions=[TicketActionOut(**possible_document(each)) for each in possible],
        scorecard=None if loaded is None else _card(loaded, caller),
        people={} if ticket is None else _people(session, ticket),
        queue=_queue(session, caller, stored.ticket),
    )


def _findings(
    session: Session, call_id: int, inspection: InspectionRow | None, known: Known | None
) -> list[ReviewFinding]:
    if inspection is None:
        return []
    book = rulebook(session, inspection.pack_hash)
    query = select(FindingRow).where(FindingRow.inspection_id == inspection.id).order_by(FindingRow.ordinal)
    return [_finding(row, call_id, known, book) for row in session.scalars(query)]


def _finding(row: FindingRow, call_id: int, known: Known | None, book: Rulebook) -> ReviewFinding:
    counsel = book.counsel.get(row.document["rule"], NO_COUNSEL)
    category = CATEGORIES[row.category]
    shown: dict[str, Any] = finding_out(row, call_id, known).model_dump()
    return ReviewFinding.model_validate(
        {
            **shown,
            "title": dict(counsel.title) or {"zh": category.zh, "en": category.en},
            "clauses": [clause_line(Clause.of(cited)) for cited in counsel.cite],
            "better": dict(counsel.advice),
        }
    )


def _ticket(session: Session, loaded: Loaded, caller: Actor) -> TicketDetail:
    book = UNKNOWN if loaded.pack_hash is None else rulebook(session, loaded.pack_hash)
    return TicketDetail(**ticket_document(loaded, caller, book))


def _people(session: Session, ticket: TicketDetail) -> dict[str, str]:
    ids = set(_ids(ticket.model_dump()))
    query = select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(ids)).order_by(PersonRow.id)
    return {row.id: row.name for row in session.execute(query)}


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (value[key] for key in _PEOPLE & value.keys() if isinstance(value[key], str))
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _ids(each)


def _card(loaded: Loaded, caller: Actor) -> scorecards.CardOut | None:
    view = loaded.view
    mine = view.review_of(caller.id)
    if mine is not None and mine.card is not None:
        return scorecards.card_out(view.cards[mine.card], mine.card[1])
    return None if view.card is None else scorecards.card_out(view.card, view.card_version)


def _queue(session: Session, caller: Actor, ticket: TicketRow | None) -> Queue:
    if ticket is None:
        return Queue(before=None, after=None)
    mine = or_(
        TicketRow.assigned_to == caller.id,
        TicketRow.second_reviewer == caller.id,
        CallRow.agent_id == caller.id,
    )
    own = select(TicketRow.id).join(CallRow, CallRow.id == TicketRow.call_id)
    own = own.where(TicketRow.state.not_in(SETTLED), mine)
    newer = own.where(TicketRow.id > ticket.id).with_only_columns(func.min(TicketRow.id))
    older = own.where(TicketRow.id < ticket.id).with_only_columns(func.max(TicketRow.id))
    return Queue(before=_call_of(session, newer), after=_call_of(session, older))


def _call_of(session: Session, found: Any) -> int | None:
    number = session.scalar(found)
    return None if number is None else session.get_one(TicketRow, number).call_id
