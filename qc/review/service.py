"""Looking tickets up, and what the beat does with them. No verb commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from ingest.models import CallRow
from qc.models import TicketRow
from qc.review.decide import Possible, possible
from qc.review.guards.base import Step
from qc.review.loading import Loaded
from store.people import Actor

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets to list. `mine` is a person: whose to review, first or second."""

    state: str | None = None
    priority: str | None = None
    mine: str | None = None
    collector: str | None = None
    limit: int = 50


def list_tickets(session: Session, wanted: Wanted) -> list[tuple[TicketRow, CallRow]]:
    """Tickets with their calls, newest first."""
    query = select(TicketRow, CallRow).join(CallRow, CallRow.id == TicketRow.call_id)
    if wanted.state is not None:
        query = query.where(TicketRow.state == wanted.state)
    if wanted.priority is not None:
        query = query.where(TicketRow.priority == wanted.priority)
    if wanted.mine is not None:
        query = query.where(
            or_(TicketRow.assigned_to == wanted.mine, TicketRow.second_reviewer == wanted.mine)
        )
    if wanted.collector is not None:
        query = query.where(CallRow.agent_id == wanted.collector)
    rows = session.execute(query.order_by(TicketRow.id.desc()).limit(wanted.limit))
    return [(ticket, call) for ticket, call in rows]


def possible_now(loaded: Loaded, actor: Actor, now: datetime) -> list[Possible]:
    """What the actor could do with a ticket now."""
    return possible(Step(loaded.view, actor, now))


def to_finalise(session: Session, now: datetime, limit: int = AT_ONCE) -> Sequence[int]:
    """The tickets whose result nobody can appeal any more, the longest waiting first."""
    over = and_(TicketRow.state == "shared", TicketRow.appeal_until <= now)
    query = select(TicketRow.id).where(or_(over, TicketRow.state == "acknowledged"))
    return session.scalars(query.order_by(TicketRow.appeal_until, TicketRow.id).limit(limit)).all()
