"""Legal hold: calls whose recordings and results nothing may delete while a complaint is open.

A hold belongs to a case. It is set with a reason by whoever gathers the evidence, and released by a named
person; it stays on record after that.
"""

from collections.abc import Iterable

from sqlalchemy import exists, insert, select, update
from sqlalchemy.orm import Session

from complaint_warnings.complaints.models import LegalHoldRow
from store.clock import Clock
from store.people import Actor


def holds(session: Session, call_id: int) -> bool:
    """Whether the call must be kept, whatever the rules of retention say."""
    in_force = (LegalHoldRow.call_id == call_id) & LegalHoldRow.released_at.is_(None)
    return bool(session.scalar(select(exists().where(in_force))))


def held_calls(session: Session, case_id: int) -> list[int]:
    """The calls that the case holds, by id."""
    rows = session.scalars(
        select(LegalHoldRow.call_id)
        .where(LegalHoldRow.case_id == case_id, LegalHoldRow.released_at.is_(None))
        .order_by(LegalHoldRow.call_id)
    )
    return list(rows)


def set_holds(
    session: Session, clock: Clock, *, case_id: int, calls: Iterable[int], actor: Actor, reason: str
) -> list[int]:
    """Hold the calls for the case; those it holds already stay as they are.

    The caller has the case's row locked, so that two people cannot hold the same call twice.

    Returns:
        The calls held by this, by id.
    """
    known = set(held_calls(session, case_id))
    fresh = sorted(set(calls) - known)
    rows = [
        {
            "case_id": case_id,
            "call_id": call,
            "set_by": actor.id,
            "set_at": clock.now(),
            "reason": reason,
        }
        for call in fresh
    ]
    if rows:
        session.execute(insert(LegalHoldRow), rows)
    return fresh


def release_holds(session: Session, clock: Clock, *, case_id: int, actor: Actor, reason: str) -> list[int]:
    """Release everything the case holds; other cases may hold the same calls on.

    Returns:
        The calls released, by id.
    """
    released = held_calls(session, case_id)
    session.execute(
        update(LegalHoldRow)
        .where(LegalHoldRow.case_id == case_id, LegalHoldRow.released_at.is_(None))
        .values(released_by=actor.id, released_at=clock.now(), release_reason=reason)
    )
    return released
