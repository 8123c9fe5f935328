"""How the work stands, for people: what waits, what is in hand, what gave up and why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.models import CallRow
from pipeline.lanes import LANES, Lane
from pipeline.models import WorkRow
from pipeline.owner import owner_of
from pipeline.states import OPEN_STATES, STATES, Stage, State, as_state, stage_of


@dataclass(frozen=True, slots=True)
class Queue:
    """Calls of one lane that wait for one stage; `oldest_at` is when the oldest was taken in, `later` how
    many of them wait for a later attempt."""

    stage: Stage
    lane: Lane
    waiting: int
    later: int
    oldest_at: datetime


@dataclass(frozen=True, slots=True)
class Failed:
    """Calls that gave up with the same error; `oldest_at` is when the first of them did."""

    code: str
    count: int
    oldest_at: datetime


def by_state(session: Session) -> dict[State, int]:
    """How many calls are in each state."""
    query = select(WorkRow.state, func.count()).group_by(WorkRow.state)
    counts = {as_state(state): count for state, count in session.execute(query)}
    return {state: counts.get(state, 0) for state in STATES}


def queues(session: Session, now: datetime) -> list[Queue]:
    """What waits, stage by stage and lane by lane, in the order of the work."""
    query = (
        select(
            WorkRow.state,
            WorkRow.lane,
            func.count(),
            func.count().filter(WorkRow.next_at > now),
            func.min(CallRow.registered_at),
        )
        .join(CallRow, CallRow.id == WorkRow.call_id)
        .where(WorkRow.state.in_(OPEN_STATES), WorkRow.lease_owner.is_(None))
        .group_by(WorkRow.state, WorkRow.lane)
    )
    found = []
    for state, lane, waiting, later, oldest in session.execute(query):
        stage = stage_of(as_state(state))
        if stage is not None:
            place = OPEN_STATES.index(as_state(state)), lane
            found.append((place, Queue(stage, LANES[lane], waiting, later, oldest)))
    return [queue for _, queue in sorted(found, key=lambda each: each[0])]


def in_hand(session: Session) -> dict[str, int]:
    """How many calls the workers of each machine have in hand."""
    query = select(WorkRow.lease_owner).where(WorkRow.lease_owner.is_not(None))
    counts: dict[str, int] = {}
    for token in session.scalars(query):
        owner = owner_of(token or "")
        host = "-" if owner is None else owner.host
        counts[host] = counts.get(host, 0) + 1
    return dict(sorted(counts.items()))


def failed(session: Session) -> list[Failed]:
    """Calls that gave up, by error, the most first."""
    query = (
        select(WorkRow.error_code, func.count(), func.min(WorkRow.updated_at))
        .where(WorkRow.state == "failed")
        .group_by(WorkRow.error_code)
    )
    found = [Failed(code or "-", count, since) for code, count, since in session.execute(query)]
    return sorted(found, key=lambda each: (-each.count, each.code))


def failed_calls(
    session: Session, *, code: str | None, before: int | None, limit: int
) -> list[tuple[WorkRow, CallRow]]:
    """Calls that gave up, the newest first."""
    query = select(WorkRow, CallRow).join(CallRow, CallRow.id == WorkRow.call_id)
    query = query.where(WorkRow.state == "failed")
    if code is not None:
        query = query.where(WorkRow.error_code == code)
    if before is not None:
        query = query.where(WorkRow.call_id < before)
    rows = session.execute(query.order_by(WorkRow.call_id.desc()).limit(limit))
    return [(work, call) for work, call in rows]


def gave_up_in(row: WorkRow) -> Stage:
    """The stage in which a failed call gave up."""
    stage = stage_of(as_state(row.failed_at or "received"))
    return stage or "assess"
