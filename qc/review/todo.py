"""Which tickets wait for a person."""

from typing import Final

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from ingest.models import CallRow
from qc.models import TicketRow
from qc.review.models import TicketEventRow
from qc.review.transitions import COLLECTOR, DECIDERS, LEAD
from qc.review.types import REVIEWERS
from store.people import Actor

# After these a review begins anew: what was handed in before counts no more.
_ANEW: Final = ("give_back", "reopen")
# Most tickets are settled: these are found by an index.
_AT_WORK: Final = ("open", "draft", "shared", "appealed")


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Condition: tickets in which it is this person's turn: their own review, one that both reviewers handed
    in (the first shares it, who leads settles what differs), an appeal, a result to be answered."""
    first, second = TicketRow.assigned_to == actor.id, TicketRow.second_reviewer == actor.id
    apart = and_(_is_not(TicketRow.assigned_to, actor.id), _is_not(TicketRow.second_reviewer, actor.id))
    both = and_(_handed_in(TicketRow.assigned_to), _handed_in(TicketRow.second_reviewer))
    ways: list[ColumnElement[bool]] = [false()]
    if actor.has(*REVIEWERS):
        ways.append(and_(TicketRow.state.in_(("open", "draft")), or_(first, second), ~_handed_in(actor.id)))
        ways.append(and_(TicketRow.state == "draft", first, both))
    if actor.has(*LEAD):
        ways.append(and_(TicketRow.state == "draft", apart, both, ~_happened("adjudicate")))
    if actor.has(*DECIDERS):
        ways.append(and_(TicketRow.state == "appealed", apart))
    own = TicketRow.call_id.in_(select(CallRow.id).where(CallRow.agent_id == actor.id))
    answer = and_(TicketRow.state == "shared", own) if actor.has(*COLLECTOR) else false()
    return and_(TicketRow.state.in_(_AT_WORK), or_(answer, and_(or_(*ways), ~own)))


def _is_not(column: InstrumentedAttribute[str | None], person: str) -> ColumnElement[bool]:
    return or_(column.is_(None), column != person)


def _handed_in(person: str | InstrumentedAttribute[str | None]) -> ColumnElement[bool]:
    return _happened("complete", TicketEventRow.actor == person)


def _happened(action: str, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether an action was taken since the review began, or began anew."""
    return exists().where(
        TicketEventRow.ticket_id == TicketRow.id,
        TicketEventRow.action == action,
        TicketEventRow.seq > _begun(),
        *more,
    )


def _begun() -> ScalarSelect[int]:
    again = TicketEventRow.__table__.alias()
    newest = select(func.coalesce(func.max(again.c.seq), 0))
    return (
        newest.where(again.c.ticket_id == TicketRow.id, again.c.action.in_(_ANEW))
        .correlate(TicketRow)
        .scalar_subquery()
    )
