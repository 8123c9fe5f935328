"""Notices of the QC tickets: the collector is told what was shared, the reviewers of an appeal."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from complaint_warnings.notices.outbox import Draft, House, people_of, places, write
from complaint_warnings.notices.service import house_of
from complaint_warnings.notices.targets import Concerned
from complaint_warnings.notices.types import TicketKind
from ingest.models import CallRow
from qc.models import TicketRow
from qc.review.models import TicketEventRow
from qc.review.view import TicketView
from store.clock import Clock
from store.settings import get_settings

# What a ticket is told of when it comes to a state by an action.
_KINDS: Final[Mapping[str, TicketKind]] = {
    "share": "ticket_shared",
    "appeal": "ticket_appealed",
    "decide_appeal": "ticket_final",
    "finalise": "ticket_final",
    "assign": "ticket_assigned",
    "ask_second": "ticket_assigned",
}


def follow(
    session: Session, clock: Clock, ticket: TicketRow, view: TicketView, event: TicketEventRow
) -> None:
    """Write down who is to be told of an event of a ticket; nobody where the policy has no channels.

    Raises:
        BadInputError: `notices.…`, the policy file is wrong.
    """
    kind = _KINDS.get(event.action)
    if kind is None:
        return
    house = house_of(get_settings(), clock)
    if not house.policy.channels:
        return
    call = session.get_one(CallRow, ticket.call_id)
    for person in _meant(kind, view):
        _tell(session, house, ticket, call, event, kind, person)


def _meant(kind: TicketKind, view: TicketView) -> list[str]:
    """Who is meant by `named` in a route."""
    if kind in ("ticket_shared", "ticket_final"):
        found = {view.call.collector}
    else:
        found = {view.reviewer, view.second_reviewer}
    return sorted(each for each in found if each is not None)


def _tell(
    session: Session,
    house: House,
    ticket: TicketRow,
    call: CallRow,
    event: TicketEventRow,
    kind: TicketKind,
    person: str,
) -> None:
    concerned = Concerned(
        reporter="", reviewer=ticket.assigned_to, handler=ticket.assigned_to, members=(), collector=None,
        team=call.agent_team, named=person,
    )  # fmt: skip
    where = places(house.policy, kind, concerned, people_of(session))
    if where:
        draft = Draft(
            kind, f"ticket:{ticket.id}", f"ticket:{ticket.id}:{event.seq}", _document(ticket, event, kind)
        )
        write(session, house, draft, where)


def _document(ticket: TicketRow, event: TicketEventRow, kind: TicketKind) -> dict[str, Any]:
    """What is told: the number of the ticket and where it stands, nothing that was said."""
    return {
        "event": kind,
        "number": f"T-{ticket.id}",
        "kind": "ticket",
        "level": None,
        "state": ticket.state,
        "debtor": None,
        "at": event.at.isoformat(),
        "link": None,
    }
