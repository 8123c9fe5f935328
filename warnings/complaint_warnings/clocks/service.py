"""The verbs of the clocks. They take an open session and never commit."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from complaint_warnings.cases.door import history
from complaint_warnings.cases.models import CaseEventRow, CaseRow
from complaint_warnings.clocks.changes import require_possible
from complaint_warnings.clocks.deadlines import deadlines
from complaint_warnings.clocks.events import happenings
from complaint_warnings.clocks.house import House, house_of
from complaint_warnings.clocks.models import DeadlineRow, DeadlineToldRow
from complaint_warnings.clocks.telling import next_to_say
from complaint_warnings.clocks.types import Deadline
from complaint_warnings.clocks.wording import explain
from complaint_warnings.clocks.worktime import Pause
from complaint_warnings.ledger.service import write_awaited
from store.clock import Clock
from store.settings import get_settings

Told = dict[tuple[str, int], set[tuple[datetime, str]]]


def follow(session: Session, clock: Clock, case: CaseRow, event: CaseEventRow) -> None:  # noqa: ARG001
    """Reckon the deadlines of a case anew after an event: a follower of the cases' door.

    Raises:
        ConflictError: `deadline.not_running`, `deadline.no_extension`, `deadline.extension_role`: the event
            asks of a clock what cannot be.
    """
    house = house_of(get_settings())
    found = compute(session, case, house)
    require_possible(session, event, found)
    keep(session, case, found, house)


def compute(session: Session, case: CaseRow, house: House) -> tuple[Deadline, ...]:
    """The deadlines that the events of a case make, by the policy of its client."""
    told = happenings(history(session, case.id))
    return deadlines(told, house.policy_for(case.client), house.calendars, house.zone)


def keep(session: Session, case: CaseRow, found: Sequence[Deadline], house: House) -> None:
    """Write down how the deadlines of a case stand. Repeating it changes nothing."""
    rows = {(row.clock, row.number): row for row in deadlines_of(session, case.id)}
    told = told_of(session, case.id)
    for deadline in found:
        key = deadline.clock, deadline.number
        row = rows.pop(key, None)
        if row is None:
            row = DeadlineRow(case_id=case.id, clock=deadline.clock, number=deadline.number)
            session.add(row)
        for name, value in _values(deadline, house, told.get(key, set())).items():
            if getattr(row, name) != value:
                setattr(row, name, value)
    for gone in rows.values():  # another policy has no such clock
        session.delete(gone)
    session.flush()
    awaited = [one.due_at for one in found if one.due_at and one.met_at is None and one.ended_at is None]
    write_awaited(session, case.id, min(awaited, default=None))


def outdated(session: Session, house: House, *, limit: int) -> list[int]:
    """Open cases with a deadline that was reckoned by another policy or calendar: a year has been announced
    meanwhile, or the policy has changed and may have a clock for a case in which none runs."""
    query = (
        select(DeadlineRow.case_id)
        .join(CaseRow, CaseRow.id == DeadlineRow.case_id)
        .where(CaseRow.closed_at.is_(None), DeadlineRow.stamp != house.stamp)
        .distinct()
        .order_by(DeadlineRow.case_id)
    )
    return list(session.scalars(query.limit(limit)))


def leave(session: Session, case_id: int, house: House) -> None:
    """Do not try again to reckon a case anew that cannot be, until something else changes."""
    session.execute(update(DeadlineRow).where(DeadlineRow.case_id == case_id).values(stamp=house.stamp))


def deadlines_of(session: Session, case_id: int) -> list[DeadlineRow]:
    """The deadlines of a case as they are kept, in the order in which they began."""
    query = select(DeadlineRow).where(DeadlineRow.case_id == case_id)
    return list(session.scalars(query.order_by(DeadlineRow.id).execution_options(populate_existing=True)))


def told_of(session: Session, case_id: int) -> Told:
    """What was said of the deadlines of a case, by clock and number."""
    told: Told = {}
    for row in session.scalars(select(DeadlineToldRow).where(DeadlineToldRow.case_id == case_id)):
        told.setdefault((row.clock, row.number), set()).add((row.due_at, row.mark))
    return told


def due(
    session: Session,
    now: datetime,
    *,
    within: timedelta | None = None,
    breached: bool = False,
    limit: int = 100,
) -> list[tuple[DeadlineRow, CaseRow]]:
    """The deadlines that are awaited, the most urgent first, each with its case.

    Args:
        session: to read.
        now: the present.
        within: only those that are due by then, the overdue ones among them.
        breached: only the overdue ones.
        limit: so many at most.
    """
    query = (
        select(DeadlineRow, CaseRow)
        .join(CaseRow, CaseRow.id == DeadlineRow.case_id)
        .where(DeadlineRow.met_at.is_(None), DeadlineRow.ended_at.is_(None))
    )
    if breached:
        query = query.where(DeadlineRow.due_at < now)
    if within is not None:
        query = query.where(DeadlineRow.due_at <= now + within)
    query = query.order_by(DeadlineRow.due_at.is_(None), DeadlineRow.due_at, DeadlineRow.id).limit(limit)
    return [(row, case) for row, case in session.execute(query)]


def _values(deadline: Deadline, house: House, told: set[tuple[datetime, str]]) -> dict[str, Any]:
    by_hand = deadline.manual is not None and deadline.manual.due is not None
    return {
        "title": deadline.title.model_dump(),
        "starts_at": deadline.starts_at,
        "due_at": deadline.due_at,
        "rule_due_at": deadline.rule_due_at,
        "met_at": deadline.met_at,
        "ended_at": deadline.ended_at,
        "breached_at": deadline.breached_at,
        "by_hand": by_hand,
        "provisional": deadline.provisional,
        "force": deadline.basis.force,
        "policy": deadline.policy,
        "why": explain(deadline, house.zone).model_dump(),
        "document": _document(deadline),
        "stamp": house.stamp,
        "next_at": next_to_say(deadline, told),
    }


def _document(deadline: Deadline) -> dict[str, Any]:
    return {
        "warnings": [{"mark": mark.name, "at": mark.at.isoformat()} for mark in deadline.marks],
        "pauses": [_pause(pause) for pause in deadline.pauses],
        "extensions": [
            {"at": step.at.isoformat(), "by": step.by, "reason": step.reason} for step in deadline.extensions
        ],
        "cite": deadline.basis.cite,
    }


def _pause(pause: Pause) -> dict[str, Any]:
    return {
        "from": pause.begins.isoformat(),
        "until": pause.ends.isoformat() if pause.ends else None,
        "reason": pause.reason,
        "by": pause.by,
    }
