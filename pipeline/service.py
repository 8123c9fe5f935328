"""Verbs on the work table: what waits to be done, and what was sent. None of them commits."""

from collections.abc import Collection
from datetime import datetime
from itertools import product
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select, true, update
from sqlalchemy.orm import Session

from ingest.models import CallRow
from pipeline import ordering
from pipeline.lanes import DEFAULT, LANES, Lane, Order, rank
from pipeline.leases import is_due
from pipeline.models import WorkRow
from pipeline.states import OPEN_STATES, STAGES, Stage, State, as_state, stage_of, state_before
from store import audit, tracing
from store.clock import Clock
from store.errors import ConflictError, NotFoundError

# The sweeper finds the others.
_FREED_AT_ONCE: Final = 50


def receive(session: Session, clock: Clock, call_ids: Collection[int], order: Order = DEFAULT) -> int:
    """Put these registered calls on their way, those that are not yet; return how many there were."""
    if not call_ids:
        return 0
    return ordering.receive(session, clock, CallRow.id.in_(call_ids), order, tracing.traceparent())


def receive_new(session: Session, clock: Clock, order: Order = DEFAULT, *, newest: int | None = None) -> int:
    """Put every registered call that has no work row on its way; return how many there were.

    Whoever registers calls does so without knowing the pipeline, so this also finds what was registered
    by a process that died right afterwards.

    Args:
        session: the caller's open transaction.
        clock: tells the time.
        order: which calls come first.
        newest: look only at so many calls before the newest one under way, and at all after it. To look at
            all calls that were ever made takes longer from month to month; left out, that is done.
    """
    if newest is None:
        return ordering.receive(session, clock, true(), order, None)
    last = session.scalar(select(func.max(WorkRow.call_id))) or 0
    return ordering.receive(session, clock, CallRow.id > last - newest, order, None)


def due(
    session: Session, now: datetime, *, limit: int = 20, begin_backfill: bool = True
) -> list[tuple[int, Stage]]:
    """`(call_id, stage)` of calls that could be worked on now: lane by lane, in each those furthest along
    first, then the oldest: a call that was begun is finished before another one is begun."""
    found: list[tuple[int, Stage]] = []
    for lane, stage in product(LANES, reversed(STAGES)):
        if lane == "backfill" and stage == "transcribe" and not begin_backfill:
            continue
        query = select(WorkRow.call_id).where(
            WorkRow.state == state_before(stage), WorkRow.lane == rank(lane), is_due(now)
        )
        # A call that joined the live ones late stands behind those that were there.
        since = (WorkRow.updated_at,) if (lane, stage) == ("live", "transcribe") else ()
        ids = session.scalars(query.order_by(*since, WorkRow.call_id).limit(limit - len(found)))
        found += [(call_id, stage) for call_id in ids]
        if len(found) >= limit:
            break
    return found


def open_calls(session: Session) -> int:
    """How many calls have not reached a final state."""
    return session.scalars(select(func.count()).where(WorkRow.state.in_(OPEN_STATES))).one()


def unsent(
    session: Session, now: datetime, *, sent_before: datetime, limit: int, begin_backfill: bool = True
) -> list[tuple[int, Stage, Lane, bool]]:
    """`(call_id, stage, lane, stale)` of due calls that were never given to the broker, or (`stale`) were
    given to it before `sent_before` and not taken since; those that come first in front."""
    begins = and_(WorkRow.state == "received", WorkRow.lane == rank("backfill"))
    query = (
        select(WorkRow.call_id, WorkRow.state, WorkRow.lane, WorkRow.sent_at)
        .where(
            WorkRow.state.in_(OPEN_STATES),
            is_due(now),
            or_(WorkRow.sent_at.is_(None), WorkRow.sent_at < sent_before),
        )
        # A back-fill may be longer than any limit: what begins one must hide nothing else.
        .order_by(begins, WorkRow.sent_at.is_not(None), WorkRow.lane, WorkRow.call_id)
        .limit(limit)
    )
    if not begin_backfill:
        query = query.where(~begins)
    return [
        (call_id, stage, LANES[lane], sent_at is not None)
        for call_id, state, lane, sent_at in session.execute(query)
        if (stage := stage_of(as_state(state))) is not None
    ]


def lane_if_due(session: Session, now: datetime, call_id: int, stage: Stage) -> Lane | None:
    """The lane of the call, if this stage of it could be worked on now."""
    query = select(WorkRow.lane).where(
        WorkRow.call_id == call_id, WorkRow.state == state_before(stage), is_due(now)
    )
    lane = session.scalar(query)
    return None if lane is None else LANES[lane]


def freed_by(session: Session, now: datetime, call_id: int, stage: Stage) -> list[tuple[int, Stage]]:
    """What may have waited for this stage of the call, and is due now that it was done: the collector's calls
    of later days after it was heard, the debtor's later calls after it was inspected."""
    call = session.get_one(CallRow, call_id)
    same: ColumnElement[bool]
    if stage == "hear":
        same = and_(CallRow.source == call.source, CallRow.agent_id == call.agent_id)
    elif stage == "inspect":
        same = CallRow.debtor_key == call.debtor_key
    else:
        return []
    query = (
        select(WorkRow.call_id)
        .join(CallRow, CallRow.id == WorkRow.call_id)
        .where(same, WorkRow.state == state_before(stage), WorkRow.sent_at.is_(None), is_due(now))
        .order_by(WorkRow.lane, WorkRow.call_id)
        .limit(_FREED_AT_ONCE)
    )
    return [(freed, stage) for freed in session.scalars(query)]


def mark_sent(session: Session, clock: Clock, call_id: int, stage: Stage) -> None:
    """Note that the task of this stage was given to the broker."""
    session.execute(
        update(WorkRow)
        .where(WorkRow.call_id == call_id, WorkRow.state == state_before(stage))
        .values(sent_at=clock.now())
    )


def failed_calls(session: Session, *, code: str | None = None) -> list[int]:
    """The calls that gave up, all of them or those with this error."""
    query = select(WorkRow.call_id).where(WorkRow.state == "failed").order_by(WorkRow.call_id)
    if code is not None:
        query = query.where(WorkRow.error_code == code)
    return list(session.scalars(query))


def retry(session: Session, clock: Clock, call_id: int) -> State:
    """Put a failed call back to the stage where it failed, with all its attempts before it.

    Raises:
        NotFoundError: no such call.
        ConflictError: the call has not failed.
    """
    row = session.get(WorkRow, call_id, with_for_update=True)
    if row is None:
        raise NotFoundError(f"there is no call {call_id}", code="call.unknown")
    if row.state != "failed" or row.failed_at is None:
        raise ConflictError(
            f"call {call_id} is {row.state}, not failed",
            code="work.not_failed",
            mend="Only failed calls are retried.",
        )
    row.state, row.failed_at = row.failed_at, None
    row.reasons = []
    row.attempts = row.interruptions = 0
    row.next_at = row.sent_at = None
    row.updated_at = clock.now()
    session.flush()
    return as_state(row.state)


def retry_on_record(session: Session, clock: Clock, call: CallRow, *, actor: str) -> State:
    """The same as `retry`, with its entry in the audit log.

    Raises:
        NotFoundError: no such call.
        ConflictError: the call has not failed.
    """
    state = retry(session, clock, call.id)
    subject = f"call:{call.source}/{call.external_id}"
    audit.append(
        session, clock, actor=actor, action="call.retried", subject=subject, details={"state": state}
    )
    return state
