"""Verbs on the work table: what waits to be done, and what was sent. None of them commits."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, String, func, literal, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ingest.models import CallRow
from pipeline.leases import is_due
from pipeline.models import WorkRow
from pipeline.states import OPEN_STATES, STAGES, Stage, State, as_state, stage_of, state_before
from store import tracing
from store.clock import Clock
from store.database import UtcDateTime
from store.errors import ConflictError, NotFoundError


def receive(session: Session, clock: Clock, call_ids: Collection[int]) -> int:
    """Put these registered calls on their way, those that are not yet; return how many there were."""
    if not call_ids:
        return 0
    return _receive(session, clock, CallRow.id.in_(call_ids), trace=tracing.traceparent())


def receive_new(session: Session, clock: Clock, *, newest: int | None = None) -> int:
    """Put every registered call that has no work row on its way; return how many there were.

    Whoever registers calls does so without knowing the pipeline, so this also finds what was registered
    by a process that died right afterwards.

    Args:
        session: the caller's open transaction.
        clock: tells the time.
        newest: look only at so many calls before the newest one under way, and at all after it. To look at
            all calls that were ever made takes longer from month to month; left out, that is done.
    """
    if newest is None:
        return _receive(session, clock, true())
    last = session.scalar(select(func.max(WorkRow.call_id))) or 0
    return _receive(session, clock, CallRow.id > last - newest)


def _receive(session: Session, clock: Clock, which: ColumnElement[bool], *, trace: str | None = None) -> int:
    unknown = (
        select(
            CallRow.id, literal("received"), literal(clock.now(), UtcDateTime()), literal(trace, String(55))
        )
        .outerjoin(WorkRow, WorkRow.call_id == CallRow.id)
        .where(WorkRow.call_id.is_(None), which)
    )
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    columns = ["call_id", "state", "updated_at", "trace"]
    added = insert(WorkRow).from_select(columns, unknown).on_conflict_do_nothing().returning(WorkRow.call_id)
    return len(session.scalars(added).all())


def due(session: Session, now: datetime, *, limit: int = 20) -> list[tuple[int, Stage]]:
    """`(call_id, stage)` of calls that could be worked on now, those furthest along first, then the
    oldest: a call that was begun is finished before another one is begun."""
    found: list[tuple[int, Stage]] = []
    for stage in reversed(STAGES):
        query = select(WorkRow.call_id).where(WorkRow.state == state_before(stage), is_due(now))
        ids = session.scalars(query.order_by(WorkRow.call_id).limit(limit - len(found)))
        found += [(call_id, stage) for call_id in ids]
    return found


def open_calls(session: Session) -> int:
    """How many calls have not reached a final state."""
    return session.scalars(select(func.count()).where(WorkRow.state.in_(OPEN_STATES))).one()


def unsent(
    session: Session, now: datetime, *, sent_before: datetime, limit: int
) -> list[tuple[int, Stage, bool]]:
    """`(call_id, stage, stale)` of due calls that were never given to the broker, or (`stale`) were given
    to it before `sent_before` and not taken since."""
    query = (
        select(WorkRow.call_id, WorkRow.state, WorkRow.sent_at)
        .where(
            WorkRow.state.in_(OPEN_STATES),
            is_due(now),
            or_(WorkRow.sent_at.is_(None), WorkRow.sent_at < sent_before),
        )
        .order_by(WorkRow.sent_at.is_not(None), WorkRow.call_id)
        .limit(limit)
    )
    rows = [
        (call_id, stage_of(as_state(state)), sent_at) for call_id, state, sent_at in session.execute(query)
    ]
    return [(call_id, stage, sent_at is not None) for call_id, stage, sent_at in rows if stage is not None]


def is_waiting(session: Session, now: datetime, call_id: int, stage: Stage) -> bool:
    """Whether this stage of the call could be worked on now."""
    query = select(WorkRow.call_id).where(
        WorkRow.call_id == call_id, WorkRow.state == state_before(stage), is_due(now)
    )
    return session.scalar(query) is not None


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
    row = session.get(WorkRow, call_id)
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
