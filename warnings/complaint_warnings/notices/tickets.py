"""Notices of the QC tickets: reviewers are told what waits for them, the collector what was shared, both what
came of an appeal. Nobody is told what they did themselves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.notices.outbox import Draft, House, people_of, places, write
from complaint_warnings.notices.service import house_of
from complaint_warnings.notices.targets import Concerned
from complaint_warnings.notices.types import TicketKind
from ingest.models import CallRow
from qc.assigning.models import ReviewSeatRow
from qc.models import TicketRow
from qc.review.models import TicketEventRow
from qc.review.view import TicketView
from store.clock import Clock
from store.settings import get_settings

# Of the document of an action that gives seats, who is named in it.
_NAMED_IN: Final = {"assign": ("reviewer", "second_reviewer"), "ask_second": ("reviewer",)}


def follow(
    session: Session, clock: Clock, ticket: TicketRow, view: TicketView, event: TicketEventRow
) -> None:
    """Write down who is to be told of an event of a ticket; nobody where the policy has no channels.

    Raises:
        BadInputError: `notices.…`, the policy file is wrong.
    """
    meant = _meant(view, event)
    house = house_of(get_settings(), clock)
    if not meant or not house.policy.channels:
        return
    call = session.get_one(CallRow, ticket.call_id)
    for kind, people in meant.items():
        for person in sorted(people - {event.actor}) if people else (None,):
            _tell(session, house, ticket, call, kind, person, f"ticket:{ticket.id}:{event.seq}", event.at)


def tell_seats(session: Session, clock: Clock, seats: Iterable[tuple[int, str]]) -> None:
    """Tell who was given a ticket in a round of assignments.

    Args:
        seats: ticket and seat.

    Raises:
        BadInputError: `notices.…`, the policy file is wrong.
    """
    house = house_of(get_settings(), clock)
    for number, seat in seats if house.policy.channels else ():
        ticket = session.get_one(TicketRow, number)
        given = session.scalars(
            select(ReviewSeatRow)
            .where(ReviewSeatRow.ticket_id == number, ReviewSeatRow.seat == seat)
            .order_by(ReviewSeatRow.number.desc())
            .limit(1)
        ).one()
        call = session.get_one(CallRow, ticket.call_id)
        source = f"ticket:{number}:{seat}:{given.number}"
        _tell(session, house, ticket, call, "ticket_assigned", given.person, source, given.given_at)


def _meant(view: TicketView, event: TicketEventRow) -> dict[TicketKind, set[str]]:
    """What an event is told as, and who is meant by `named` in a route; nobody in particular where that is
    empty."""
    collector = {each for each in (view.call.collector,) if each is not None}
    reviewers = {each for each in (view.reviewer, view.second_reviewer) if each is not None}
    meant: dict[TicketKind, set[str]] = {}
    match event.action:
        case "assign" | "ask_second":
            named = {event.details.get(field) for field in _NAMED_IN[event.action]}
            meant["ticket_assigned"] = {each for each in named if each is not None}
        case "complete" if view.differing and not view.blind:
            meant["ticket_differs"] = set()
        case "share":
            meant["ticket_shared"] = collector
        case "appeal":
            meant["ticket_appealed"] = reviewers
        case "decide_appeal":
            meant |= {"ticket_appeal_decided": reviewers, "ticket_final": collector}
        case "finalise":
            meant["ticket_final"] = collector
    return meant


def _tell(
    session: Session,
    house: House,
    ticket: TicketRow,
    call: CallRow,
    kind: TicketKind,
    person: str | None,
    source: str,
    at: datetime,
) -> None:
    concerned = Concerned(
        reporter="", reviewer=ticket.assigned_to, handler=ticket.assigned_to, members=(), collector=None,
        team=call.agent_team, named=person,
    )  # fmt: skip
    where = places(house.policy, kind, concerned, people_of(session))
    if where:
        draft = Draft(kind, f"ticket:{ticket.id}", source, _document(ticket, kind, at))
        write(session, house, draft, where)


def _document(ticket: TicketRow, kind: TicketKind, at: datetime) -> dict[str, Any]:
    """What is told: the number of the ticket and where it stands, nothing that was said."""
    return {
        "event": kind,
        "number": f"T-{ticket.id}",
        "kind": "ticket",
        "level": None,
        "state": ticket.state,
        "debtor": None,
        "at": at.isoformat(),
        "link": None,
    }
