"""Seats of tickets that wait for somebody, with what has to be known to give them."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from sqlalchemy import ColumnElement, and_, case, select
from sqlalchemy.orm import Session

from ingest.models import CallRow
from qc.assigning.choose import RANK, Seat, Task
from qc.assigning.models import ReviewSeatRow
from qc.assigning.reviewers import DONE
from qc.findings import Priority
from qc.models import InspectionRow, TicketRow
from qc.sampling.models import SamplingPickRow
from store.people import PersonRow
from transcription.models import TranscriptRow

SEATS: Final[tuple[Seat, ...]] = ("first", "second")
_RANKED: Final = case(dict(RANK), value=TicketRow.priority, else_=len(RANK))


def holder(ticket: TicketRow, seat: Seat) -> str | None:
    """Who has the seat."""
    return ticket.assigned_to if seat == "first" else ticket.second_reviewer


def waiting(session: Session, limit: int) -> list[Task]:
    """Seats that nobody has: the first of every ticket in work, and the second where the draw asked for
    it."""
    first = select(TicketRow).where(TicketRow.assigned_to.is_(None), TicketRow.state.not_in(DONE))
    second = select(TicketRow).where(
        TicketRow.assigned_to.is_not(None),
        TicketRow.second_reviewer.is_(None),
        TicketRow.state.not_in(DONE),
        _wants_second(),
    )
    seats: list[tuple[TicketRow, Seat]] = []
    for seat, query in (("first", first), ("second", second)):
        rows = session.scalars(query.order_by(_RANKED, TicketRow.id).limit(limit))
        seats += [(row, cast("Seat", seat)) for row in rows]
    return tasks_of(session, seats)


def _wants_second() -> ColumnElement[bool]:
    return (
        select(SamplingPickRow.id)
        .where(and_(SamplingPickRow.call_id == TicketRow.call_id, SamplingPickRow.second_review))
        .exists()
    )


def tasks_of(session: Session, seats: Sequence[tuple[TicketRow, Seat]]) -> list[Task]:
    """What has to be known of each seat to give it."""
    tickets = {ticket.id for ticket, _ in seats}
    about = {
        row.id: row
        for row in session.execute(
            select(
                TicketRow.id,
                CallRow.agent_id,
                CallRow.agent_team,
                CallRow.record["case"]["product"].as_string().label("product"),
                TranscriptRow.language,
            )
            .join(CallRow, CallRow.id == TicketRow.call_id)
            .outerjoin(InspectionRow, InspectionRow.id == TicketRow.inspection_id)
            .outerjoin(TranscriptRow, TranscriptRow.id == InspectionRow.transcript_id)
            .where(TicketRow.id.in_(tickets))
        )
    }
    sat: dict[int, set[str]] = {}
    for ticket_id, person in session.execute(
        select(ReviewSeatRow.ticket_id, ReviewSeatRow.person).where(ReviewSeatRow.ticket_id.in_(tickets))
    ):
        if person is not None:
            sat.setdefault(ticket_id, set()).add(person)
    lines = session.execute(select(PersonRow.id, PersonRow.reports_to))
    above = {row.id: row.reports_to for row in lines}
    return [
        Task(
            ticket_id=ticket.id,
            seat=seat,
            priority=cast("Priority", ticket.priority),
            opened_at=ticket.created_at,
            collector=about[ticket.id].agent_id,
            team=about[ticket.id].agent_team,
            product=about[ticket.id].product,
            language=about[ticket.id].language,
            superiors=superiors(about[ticket.id].agent_id, above),
            other=holder(ticket, "second" if seat == "first" else "first"),
            sat=frozenset(sat.get(ticket.id, ())),
        )
        for ticket, seat in seats
    ]


def superiors(person: str | None, above: Mapping[str, str | None]) -> frozenset[str]:
    """All persons up the line from somebody; a circle ends the look."""
    found: list[str] = []
    step = above.get(person or "")
    while step is not None and step not in found:
        found.append(step)
        step = above.get(step)
    return frozenset(found)
