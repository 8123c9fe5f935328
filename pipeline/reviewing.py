"""Tickets acted on by the terms of the house, with the notices of it, and what becomes final by itself."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from complaint_warnings.notices.tickets import follow, tell_seats
from qc.assigning.choose import Given, Seat, WithinTeam
from qc.assigning.service import assign_waiting, rebalance
from qc.review.door import Terms, act
from qc.review.loading import Loaded
from qc.review.service import AT_ONCE, to_finalise
from store.clock import Clock
from store.database import SessionFactory, reading, transaction
from store.errors import DitingError
from store.logging import get_logger
from store.people import SYSTEM, Actor
from store.settings import get_settings

_log = get_logger(__name__)


def act_on(
    session: Session,
    clock: Clock,
    *,
    ticket_id: int,
    action: str,
    actor: Actor,
    details: Mapping[str, Any],
    version: int | None = None,
) -> Loaded:
    """Do one thing with a ticket and write down who is to be told; see `qc.review.door.act`.

    Raises:
        DitingError: as `qc.review.door.act` does.
    """
    return act(
        session, clock, replace(Terms.of(get_settings()), followers=(follow,)), ticket_id=ticket_id,
        action=action, actor=actor, details=details, version=version,
    )  # fmt: skip


def give_out(
    session: Session, clock: Clock, *, within_team: WithinTeam, by: str
) -> tuple[list[tuple[int, Seat, str]], list[Given]]:
    """Take tickets from who is away, give out those that nobody has, and tell who got one; what was taken,
    and what was given."""
    taken = rebalance(session, clock, by=by)
    given = assign_waiting(session, clock, within_team=within_team, by=by)
    seats = [(each.task.ticket_id, each.task.seat) for each in given if each.person is not None]
    tell_seats(session, clock, seats)
    return taken, given


def finalise_due(sessions: SessionFactory, clock: Clock, *, limit: int = AT_ONCE) -> int:
    """Make final what nobody can appeal any more; returns how many. Each is a transaction of its own: one
    that somebody changed meanwhile, or that cannot be made final, does not hold up the others."""
    with reading(sessions) as session:
        waiting = to_finalise(session, clock.now(), limit)
    count = 0
    for ticket_id in waiting:
        try:
            with transaction(sessions) as session:
                act_on(session, clock, ticket_id=ticket_id, action="finalise", actor=SYSTEM, details={})
            count += 1
        except DitingError as error:
            _log.warning("ticket.not_finalised", ticket_id=ticket_id, code=error.code)
    return count
