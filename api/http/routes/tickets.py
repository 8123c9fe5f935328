"""Quality-control tickets: list, one ticket, its history, feedback, what the caller may do, and doing it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from sqlalchemy.orm import Session

from api.http import examples
from api.http import schemas_tickets as schemas
from api.http.deps import Acting, Caller, PageAsked, Reader
from api.http.etags import require_match, tag
from api.http.paging import cut
from api.http.problems import Problem
from api.http.schemas import TicketOut, TicketPage
from api.http.schemas_feedback import FeedbackOut
from api.http.ticket_query import TicketQuery
from api.tickets import (
    event_document,
    feedback_document,
    possible_document,
    ticket_document,
    ticket_line,
)
from ingest.models import CallRow
from pipeline.reviewing import act_on
from qc.models import TicketRow
from qc.review.door import who_changed
from qc.review.loading import Loaded, load, load_view
from qc.review.rulebook import UNKNOWN, Rulebook, rulebook
from qc.review.service import possible_now
from qc.review.sight import seen_events, seen_version
from qc.review.types import REVIEWERS
from store.clock import Clock
from store.database import SessionFactory, transaction
from store.people import Actor

router = APIRouter(tags=["tickets"])

TicketId = Annotated[int, Path(ge=1, lt=2**31)]
_REFUSALS: dict[int | str, dict[str, Any]] = {
    403: {"model": Problem, "description": "Forbidden: acting takes a person's own token"},
    409: {"model": Problem, "description": "Conflict: not allowed now, or the ticket changed meanwhile"},
    412: {"model": Problem, "description": "Precondition Failed: the ticket changed meanwhile (`If-Match`)"},
}


def _listed(example: Any) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {"application/json": {"example": example}}}}


@router.get(
    "/tickets",
    summary="QC tickets, newest or most pressing first",
    responses=_listed({"items": [examples.TICKET], "next": None}),
)
def tickets(
    session: Reader,
    caller: Caller,
    page: PageAsked,
    wanted: Annotated[TicketQuery, Depends()],
) -> TicketPage:
    """Calls that a person should look at, and why. A cursor goes on in the order that it came from."""
    rows = wanted.read(session, caller, page)
    following = cut([place for place, _, _ in rows], page.limit)
    items = [_line(session, row, call, caller) for _, row, call in rows[: page.limit]]
    return TicketPage(items=items, next=following)


def _line(session: Session, row: TicketRow, call: CallRow, caller: Actor) -> TicketOut:
    line = ticket_line(row, call, caller)
    if row.state == "draft" and row.second_reviewer is not None and caller.has(*REVIEWERS):
        # How often the other of two blind reviewers did something is not for the one.
        _, view, events = load_view(session, row.id)
        line["version"] = seen_version(row.version, view, events, caller)
    return TicketOut.model_validate(line)


@router.get("/tickets/{ticket_id}", summary="One ticket: the machine's, people's and the final result")
def ticket(session: Reader, caller: Caller, ticket_id: TicketId, response: Response) -> schemas.TicketDetail:
    """The `ETag` names its version. Of the reviews what the caller may see: two blind reviewers see nothing
    of each other until both are done, the collector nothing before it is shared and never who judged."""
    loaded = load(session, ticket_id)
    detail = _detail(session, loaded, caller)
    response.headers["ETag"] = tag(detail.version)
    return detail


@router.get(
    "/tickets/{ticket_id}/history",
    summary="Everything that happened to a ticket",
    responses=_listed([schemas.EVENT]),
)
def history(session: Reader, caller: Caller, ticket_id: TicketId) -> list[schemas.TicketEventOut]:
    """The events that the caller may see, oldest first. The database refuses to change any of them."""
    loaded = load(session, ticket_id)
    return [
        schemas.TicketEventOut(**event_document(event, caller, loaded))
        for event in seen_events(loaded.view, loaded.events, caller)
    ]


@router.get("/tickets/{ticket_id}/feedback", summary="What the collector is told, in plain words")
def feedback(session: Reader, ticket_id: TicketId) -> FeedbackOut:
    """For each finding that stands: what was said with its clip, the clause, and what to say instead."""
    loaded = load(session, ticket_id)
    return FeedbackOut.model_validate(feedback_document(loaded, _book(session, loaded)))


@router.get(
    "/tickets/{ticket_id}/actions",
    summary="What the caller may do with a ticket now",
    responses=_listed([schemas.ACTION]),
)
def actions(
    request: Request, session: Reader, caller: Caller, ticket_id: TicketId
) -> list[schemas.TicketActionOut]:
    """By the caller's roles and the present state, each with its document and what stands in the way."""
    clock: Clock = request.app.state.clock
    found = possible_now(load(session, ticket_id), caller, clock.now())
    return [schemas.TicketActionOut(**possible_document(each)) for each in found]


@router.post(
    "/tickets/{ticket_id}/actions/{action}", summary="Do something with a ticket", responses=_REFUSALS
)
def act(
    request: Request,
    actor: Acting,
    ticket_id: TicketId,
    action: Annotated[str, Path(max_length=40, description="of docs/tickets.md, such as take")],
    wanted: schemas.TicketAct,
    response: Response,
    if_match: Annotated[
        str | None,
        Header(description="the `ETag` of the ticket that was seen; like `version`", examples=['"3"']),
    ] = None,
) -> schemas.TicketDetail:
    """Checked against the table of transitions; a refusal says why, where it stands and what helps."""
    sessions: SessionFactory = request.app.state.sessions
    with transaction(sessions) as session:
        if if_match is not None:
            _require_seen(request, session, ticket_id, actor)
        loaded = act_on(
            session,
            request.app.state.clock,
            ticket_id=ticket_id,
            action=action,
            actor=actor,
            details=wanted.document,
            version=wanted.version,
        )
        detail = _detail(session, loaded, actor)
        response.headers["ETag"] = tag(detail.version)
        return detail


def _require_seen(request: Request, session: Session, ticket_id: int, actor: Actor) -> None:
    """Let only an action through that is thought out on the ticket as it is now."""
    row, view, events = load_view(session, ticket_id, lock=True)
    now = seen_version(row.version, view, events, actor)
    require_match(request, now, changed_by=who_changed(view, events, actor), required=False)


def _detail(session: Session, loaded: Loaded, actor: Actor) -> schemas.TicketDetail:
    return schemas.TicketDetail(**ticket_document(loaded, actor, _book(session, loaded)))


def _book(session: Session, loaded: Loaded) -> Rulebook:
    return UNKNOWN if loaded.pack_hash is None else rulebook(session, loaded.pack_hash)
