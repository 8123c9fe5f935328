"""Puts calls into their lanes, and moves them up. None of these functions commits.

What presses about a debtor is read from the cases and findings: an open complaint, an open case of level
high, talk of self-harm in any call of his.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from complaint_warnings.cases.models import CaseRow
from ingest.models import CallRow
from pipeline.lanes import PRESSING, Because, Lane, Order, Place, Pressing, place_of, rank
from pipeline.models import WorkRow
from pipeline.states import OPEN_STATES
from qc.models import FindingRow, InspectionRow
from store.clock import Clock

_AT_ONCE: Final = 500  # rows a statement: databases take so many values and no more
# So few of a back-fill go with the live calls because they waited: more would make these wait in turn.
WAITED_AT_ONCE: Final = 5


def receive(
    session: Session, clock: Clock, which: ColumnElement[bool], order: Order, trace: str | None
) -> int:
    """Put registered calls that have no work row on their way, each in its lane; return how many."""
    unknown = (
        select(CallRow.id, CallRow.debtor_key, CallRow.started_at, CallRow.registered_at)
        .outerjoin(WorkRow, WorkRow.call_id == CallRow.id)
        .where(WorkRow.call_id.is_(None), which)
        .order_by(CallRow.id)
    )
    found = session.execute(unknown).all()
    added = 0
    for at in range(0, len(found), _AT_ONCE):
        some = found[at : at + _AT_ONCE]
        pressing = pressing_among(session, {call.debtor_key for call in some})
        places = [
            (call.id, place_of(call.started_at, call.registered_at, pressing[call.debtor_key], order))
            for call in some
        ]
        added += _add(session, clock, places, trace)
    return added


def _add(session: Session, clock: Clock, places: Sequence[tuple[int, Place]], trace: str | None) -> int:
    rows = [
        {
            "call_id": call_id,
            "state": "received",
            "lane": rank(place.lane),
            "lane_because": place.because,
            "updated_at": clock.now(),
            "trace": trace,
        }
        for call_id, place in places
    ]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    added = insert(WorkRow).values(rows).on_conflict_do_nothing().returning(WorkRow.call_id)
    return len(session.scalars(added).all())


def pressing_among(session: Session, debtors: Collection[str]) -> dict[str, set[Pressing]]:
    """What presses about each of these debtors."""
    cases = _pressing_cases().where(CaseRow.debtor_key.in_(debtors))
    words = _self_harm().where(CallRow.debtor_key.in_(debtors))
    found: dict[str, set[Pressing]] = defaultdict(set)
    for debtor, reason in session.execute(cases.union(words)):
        found[debtor].add(next(known for known in PRESSING if known == reason))
    return found


def lift(session: Session, clock: Clock, order: Order) -> int:
    """Move up what waits behind its place by now: calls of debtors about whom something presses since, and a
    few that have waited long. What the broker has of them is sent again, further ahead; the task that comes
    second finds nothing to do. Returns how many calls were moved."""
    behind = (WorkRow.state.in_(OPEN_STATES), WorkRow.lane > rank("urgent"))
    pressing = _pressing_cases().union(_self_harm()).subquery()
    query = (
        select(WorkRow.call_id, CallRow.debtor_key)
        .join(CallRow, CallRow.id == WorkRow.call_id)
        .where(*behind, CallRow.debtor_key.in_(select(pressing.c.debtor_key)))
        .order_by(WorkRow.call_id)
        .limit(_AT_ONCE)
    )
    waiting = session.execute(query).all()
    reasons = pressing_among(session, {row.debtor_key for row in waiting}) if waiting else {}
    by_reason: dict[Because, list[int]] = defaultdict(list)
    for call_id, debtor in waiting:
        by_reason[next(reason for reason in PRESSING if reason in reasons[debtor])].append(call_id)
    moved = sum(_move(session, ids, "urgent", because) for because, ids in by_reason.items())
    return moved + _lift_the_patient(session, clock.now(), order)


def _lift_the_patient(session: Session, now: datetime, order: Order) -> int:
    if not order.begins_backfill(now):
        return 0
    going = select(func.count()).where(WorkRow.state.in_(OPEN_STATES), WorkRow.lane_because == "waited")
    room = WAITED_AT_ONCE - session.scalars(going).one()
    if room <= 0:
        return 0
    waited = (
        select(WorkRow.call_id)
        .where(
            WorkRow.state == "received",
            WorkRow.lane == rank("backfill"),
            WorkRow.updated_at < now - order.patience,
        )
        .order_by(WorkRow.call_id)
        .limit(room)
    )
    # From now on it waits among the live ones, behind those that are there.
    return _move(session, session.scalars(waited).all(), "live", "waited", updated_at=now)


def _move(session: Session, call_ids: Collection[int], lane: Lane, because: Because, **more: datetime) -> int:
    if not call_ids:
        return 0
    session.execute(
        update(WorkRow)
        .where(WorkRow.call_id.in_(call_ids), WorkRow.lane > rank(lane))
        .values(lane=rank(lane), lane_because=because, sent_at=None, **more),
        execution_options={"synchronize_session": False},
    )
    return len(call_ids)


def _pressing_cases() -> Select[str, str]:
    reason = case((CaseRow.kind == "complaint", "complaint"), else_="high_case")
    pressing = CaseRow.closed_at.is_(None) & ((CaseRow.kind == "complaint") | (CaseRow.level == "high"))
    return select(CaseRow.debtor_key, reason).where(pressing)


def _self_harm() -> Select[str, str]:
    return (
        select(CallRow.debtor_key, literal("self_harm"))
        .join(InspectionRow, InspectionRow.call_id == CallRow.id)
        .join(
            FindingRow, and_(FindingRow.inspection_id == InspectionRow.id, FindingRow.category == "self_harm")
        )
    )
