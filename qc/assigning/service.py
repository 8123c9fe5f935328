"""Giving tickets to reviewers, and taking them from who is away. No verb commits."""

from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from qc.assigning.choose import Given, Reviewer, Seat, WithinTeam, assign, barred
from qc.assigning.models import ReviewerRow, ReviewSeatRow
from qc.assigning.reviewers import DONE, reviewers
from qc.assigning.waiting import SEATS, holder, tasks_of, waiting
from qc.models import TicketRow
from store import audit
from store.clock import Clock
from store.errors import ConflictError, NotFoundError
from store.people import PersonRow

AT_ONCE: Final = 2000


def assign_waiting(
    session: Session, clock: Clock, *, within_team: WithinTeam, by: str, limit: int = AT_ONCE
) -> list[Given]:
    """Give out the tickets that nobody has, the most pressing first, `limit` at once. Several may do this
    at once: each seat is given once."""
    pool = reviewers(session, lock=True)
    if not pool:
        return []
    tasks = waiting(session, limit)
    given = assign(tasks, pool, within_team=within_team)
    tickets = {
        row.id: row
        for row in session.scalars(
            select(TicketRow)
            .where(TicketRow.id.in_({task.ticket_id for task in tasks}))
            .order_by(TicketRow.id)  # all who lock several tickets do so in one order
            .with_for_update()
        )
    }
    for each in given:
        if each.person is not None:
            because = {"priority": each.task.priority, "refused": dict(each.refused)}
            _seat(session, clock, tickets[each.task.ticket_id], each.task.seat, each.person, because, by)
    return given


def rebalance(session: Session, clock: Clock, *, by: str) -> list[tuple[int, Seat, str]]:
    """Take the tickets in work from those who are away or not active any more; who gives out tickets next
    gives them to others. Returns ticket, seat, and who had it."""
    away = {each.id for each in reviewers(session, lock=True) if each.away}
    gone = away | set(session.scalars(select(PersonRow.id).where(PersonRow.active.is_(False))))
    rows = session.scalars(
        select(TicketRow)
        .where(
            TicketRow.state.not_in(DONE),
            or_(TicketRow.assigned_to.in_(gone), TicketRow.second_reviewer.in_(gone)),
        )
        .order_by(TicketRow.id)
        .with_for_update()
    )
    taken = []
    for ticket in rows:
        for seat in SEATS:
            person = holder(ticket, seat)
            if person in gone:
                _seat(session, clock, ticket, seat, None, {"from": person, "why": "away"}, by)
                taken.append((ticket.id, seat, person))
    return taken


def give(
    session: Session,
    clock: Clock,
    ticket_id: int,
    person: str,
    *,
    seat: Seat,
    within_team: WithinTeam,
    by: str,
) -> TicketRow:
    """Give a ticket to somebody by name. Skill and load are up to whoever does it; who may not judge the
    collector does not get it.

    Raises:
        NotFoundError: `ticket.unknown`, `people.unknown`.
        ConflictError: `reviewer.barred`, `reviewer.done`.
    """
    ticket = session.get(TicketRow, ticket_id, with_for_update=True)
    if ticket is None:
        raise NotFoundError(f"there is no ticket {ticket_id}", code="ticket.unknown")
    who = session.get(PersonRow, person)
    if who is None:
        raise NotFoundError(f"there is no person {person}", code="people.unknown")
    if ticket.state in DONE:
        raise ConflictError(
            f"the ticket {ticket_id} is {ticket.state}",
            code="reviewer.done",
            mend="Nobody needs to review it.",
        )
    (task,) = tasks_of(session, [(ticket, seat)])
    why = None if not who.active else barred(task, _named(session, who), within_team)
    if why is not None or not who.active:
        raise ConflictError(
            f"{person} may not review this call: {why or 'not active'}",
            code="reviewer.barred",
            mend="Give it to somebody else.",
        )
    if holder(ticket, seat) != person:
        _seat(session, clock, ticket, seat, person, {"by_name": True}, by)
    return ticket


def vacate(session: Session, clock: Clock, ticket: TicketRow, *, seat: Seat, by: str) -> None:
    """Take a seat from whoever has it; nobody has it then."""
    because = {"from": holder(ticket, seat), "why": "given back"}
    _seat(session, clock, ticket, seat, None, because, by)


def _named(session: Session, person: PersonRow) -> Reviewer:
    row = session.get(ReviewerRow, person.id)
    conflicts = frozenset(row.conflicts) if row is not None else frozenset()
    return Reviewer(person.id, person.team, frozenset(person.roles), conflicts=conflicts)


def _seat(
    session: Session,
    clock: Clock,
    ticket: TicketRow,
    seat: Seat,
    person: str | None,
    because: dict[str, Any],
    by: str,
) -> None:
    if seat == "first":
        ticket.assigned_to = person
    else:
        ticket.second_reviewer = person
    ticket.version += 1
    number = session.scalar(
        select(func.count()).where(ReviewSeatRow.ticket_id == ticket.id, ReviewSeatRow.seat == seat)
    )
    session.add(
        ReviewSeatRow(
            ticket_id=ticket.id, seat=seat, number=(number or 0) + 1, person=person, because=because,
            given_by=by, given_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()
    details = {"seat": seat, "person": person, **because}
    audit.append(
        session, clock, actor=by, action="ticket.seat_given", subject=f"ticket:{ticket.id}", details=details
    )
