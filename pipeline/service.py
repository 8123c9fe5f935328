"""Verbs on the work table. Each takes a session and never commits.

A lease is taken by one UPDATE whose conditions are checked by the database itself (compare and set), so two
workers can never both believe that a call is theirs. Every later write repeats the lease token as a
condition: who has lost the lease writes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, and_, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from pipeline.models import WorkRow
from pipeline.states import (
    OPEN_STATES,
    STATES,
    GiveUp,
    Retry,
    Stage,
    State,
    after_failure,
    after_lost_worker,
    describe,
    stage_of,
    state_before,
)
from store.clock import Clock
from store.errors import ConflictError, NotFoundError

# An expired lease is not free: the sweeper takes it back first, and counts what happened.
_FREE = WorkRow.lease_owner.is_(None)


class LeaseLostError(ConflictError):
    """The lease ran out or was taken back; somebody else may be doing the work by now."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do one stage of one call until `until`."""

    call_id: int
    stage: Stage
    token: str
    attempts: int


def receive(session: Session, clock: Clock, call_id: int) -> bool:
    """Put a registered call on its way. Returns False when it is on its way already."""
    if session.get(WorkRow, call_id) is not None:
        return False
    session.add(WorkRow(call_id=call_id, state="received", updated_at=clock.now()))
    session.flush()
    return True


def due(
    session: Session, now: datetime, *, states: Sequence[State] = OPEN_STATES, limit: int = 20
) -> list[int]:
    """Ids of calls that could be worked on now, those furthest along first, then the oldest."""
    order = sorted(states, key=OPEN_STATES.index, reverse=True)
    found: list[int] = []
    for state in order:
        if len(found) >= limit:
            break
        query = select(WorkRow.call_id).where(WorkRow.state == state, _FREE, _ripe(now))
        found += session.scalars(query.order_by(WorkRow.call_id).limit(limit - len(found)))
    return found


def take_lease(
    session: Session, clock: Clock, call_id: int, stage: Stage, *, token: str, seconds: float
) -> Lease | None:
    """Take the lease of a call for `seconds`; None when it is not waiting for this stage, not yet due,
    or held by somebody. The attempt is counted here, before the work, so that a recording which kills
    its worker is counted too."""
    now = clock.now()
    taken = _execute(
        session,
        update(WorkRow)
        .where(WorkRow.call_id == call_id, WorkRow.state == state_before(stage), _FREE, _ripe(now))
        .values(
            lease_owner=token,
            lease_until=now + timedelta(seconds=seconds),
            attempts=WorkRow.attempts + 1,
            updated_at=now,
        ),
    )
    if not taken:
        return None
    attempts = session.scalars(select(WorkRow.attempts).where(WorkRow.call_id == call_id)).one()
    return Lease(call_id=call_id, stage=stage, token=token, attempts=attempts)


def renew_lease(session: Session, clock: Clock, lease: Lease, *, seconds: float) -> None:
    """Keep a lease for `seconds` from now.

    Raises:
        LeaseLostError: it is not ours any more.
    """
    _write(session, lease, lease_until=clock.now() + timedelta(seconds=seconds))


def release_lease(session: Session, clock: Clock, lease: Lease) -> None:
    """Give a lease back unused; the attempt does not count. Nothing happens if it was lost meanwhile."""
    _execute(
        session,
        update(WorkRow)
        .where(_ours(lease))
        .values(lease_owner=None, lease_until=None, attempts=WorkRow.attempts - 1, updated_at=clock.now()),
    )


def complete_stage(
    session: Session, clock: Clock, lease: Lease, state: State, reasons: tuple[str, ...] = ()
) -> None:
    """Move the call to `state`. To be called FIRST in the transaction that writes the result of the stage:
    it locks the row, so the lease cannot be taken away before the commit.

    Raises:
        LeaseLostError: it is not ours any more; the transaction must not be committed.
    """
    _write(
        session,
        lease,
        state=state,
        reasons=list(reasons),
        attempts=0,
        interruptions=0,
        lease_owner=None,
        lease_until=None,
        next_at=None,
        sent_at=None,
        error_code=None,
        error_message=None,
        updated_at=clock.now(),
    )


def fail_stage(
    session: Session,
    clock: Clock,
    lease: Lease,
    error: BaseException,
    *,
    attempts_max: int,
    backoff_s: float,
) -> Retry | GiveUp:
    """Record that the stage raised, and decide whether it is tried again.

    Raises:
        LeaseLostError: it is not ours any more.
    """
    now = clock.now()
    outcome = after_failure(
        error, attempts=lease.attempts, attempts_max=attempts_max, backoff_s=backoff_s, now=now
    )
    code, message = describe(error)
    _write(session, lease, lease_owner=None, lease_until=None)
    _settle(session, now, lease.call_id, outcome, code, message)
    return outcome


def take_back(
    session: Session, clock: Clock, call_id: int, token: str, *, attempts_max: int, counted: bool
) -> bool:
    """Take back the lease of a worker that vanished. Returns False when it had ended by itself meanwhile.

    Args:
        counted: False when the whole runner vanished, as at a power cut: then the recording is hardly to
            blame, and the attempt is given back (but see INTERRUPTIONS_MAX).
    """
    now = clock.now()
    freed = _execute(
        session,
        update(WorkRow)
        .where(WorkRow.call_id == call_id, WorkRow.lease_owner == token)
        .values(
            lease_owner=None,
            lease_until=None,
            attempts=WorkRow.attempts if counted else WorkRow.attempts - 1,
            interruptions=WorkRow.interruptions + (0 if counted else 1),
        ),
    )
    if not freed:
        return False
    row = _row(session, call_id)
    outcome = after_lost_worker(
        attempts=row.attempts, attempts_max=attempts_max, interruptions=row.interruptions, now=now
    )
    code, message = "stage.worker_lost", "the worker vanished while it had this call in hand"
    _settle(session, now, call_id, outcome, code, message)
    return True


def leases(session: Session) -> list[tuple[int, str, datetime]]:
    """`(call_id, token, until)` of every lease held."""
    query = select(WorkRow.call_id, WorkRow.lease_owner, WorkRow.lease_until)
    rows = session.execute(query.where(WorkRow.lease_owner.is_not(None)).order_by(WorkRow.call_id))
    return [(call_id, token, until) for call_id, token, until in rows if token and until]


def unsent(session: Session, now: datetime, *, sent_before: datetime, limit: int) -> list[tuple[int, Stage]]:
    """`(call_id, stage)` of due calls never given to the broker, or given to it before `sent_before` and
    not taken since (the broker lost them, or its queue is long: sending twice is harmless)."""
    query = (
        select(WorkRow.call_id, WorkRow.state)
        .where(
            WorkRow.state.in_(OPEN_STATES),
            _FREE,
            _ripe(now),
            or_(WorkRow.sent_at.is_(None), WorkRow.sent_at < sent_before),
        )
        .order_by(WorkRow.call_id)
        .limit(limit)
    )
    rows: list[tuple[int, State]] = [(call_id, _as_state(state)) for call_id, state in session.execute(query)]
    return [(call_id, stage) for call_id, state in rows if (stage := stage_of(state)) is not None]


def mark_sent(session: Session, clock: Clock, call_id: int, stage: Stage) -> None:
    """Note that the task of this stage was given to the broker."""
    _execute(
        session,
        update(WorkRow)
        .where(WorkRow.call_id == call_id, WorkRow.state == state_before(stage))
        .values(sent_at=clock.now()),
    )


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
    return _as_state(row.state)


def _settle(
    session: Session, now: datetime, call_id: int, outcome: Retry | GiveUp, code: str, message: str
) -> None:
    row = _row(session, call_id)
    row.error_code, row.error_message, row.updated_at = code, message, now
    row.sent_at = None
    if isinstance(outcome, GiveUp):
        row.failed_at, row.state = row.state, "failed"
        row.reasons = [f"{code}: {message}"]
        row.next_at = None
    else:
        row.next_at = outcome.at
    session.flush()


def _row(session: Session, call_id: int) -> WorkRow:
    return session.scalars(
        select(WorkRow)
        .where(WorkRow.call_id == call_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _ripe(now: datetime) -> ColumnElement[bool]:
    return or_(WorkRow.next_at.is_(None), WorkRow.next_at <= now)


def _ours(lease: Lease) -> ColumnElement[bool]:
    return and_(
        WorkRow.call_id == lease.call_id,
        WorkRow.lease_owner == lease.token,
        WorkRow.state == state_before(lease.stage),
    )


def _write(session: Session, lease: Lease, **values: object) -> None:
    if not _execute(session, update(WorkRow).where(_ours(lease)).values(**values)):
        raise LeaseLostError(
            f"the lease on call {lease.call_id} for stage {lease.stage} is not ours any more",
            code="work.lease_lost",
        )


def _execute(session: Session, statement: Update) -> bool:
    # Rows already loaded in the session are refreshed by whoever reads them with populate_existing.
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return isinstance(result, CursorResult) and result.rowcount == 1


def _as_state(value: str) -> State:
    return next(state for state in STATES if state == value)
