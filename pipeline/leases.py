"""Leases on calls. None of these functions commits.

A lease is taken by one UPDATE whose conditions are checked by the database itself (compare and set), so two
workers can never both believe that a call is theirs. Every later write repeats the lease token as a
condition: who has lost the lease writes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, and_, exists, or_, select, true, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, aliased

from ingest.models import CallRow
from pipeline.collectors import earlier_day_unheard
from pipeline.models import WorkRow
from pipeline.runs import service as runs
from pipeline.states import (
    GiveUp,
    Retry,
    Stage,
    State,
    after_failure,
    after_lost_worker,
    as_state,
    describe,
    stage_of,
    state_before,
)
from qc.service import open_failure_ticket
from store import audit, migrate
from store.clock import Clock
from store.errors import ConflictError


class LeaseLostError(ConflictError):
    """The lease ran out or was taken back; somebody else may be doing the work by now."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do one stage of one call until `until`."""

    call_id: int
    stage: Stage
    token: str
    attempts: int


def take_lease(
    session: Session, clock: Clock, call_id: int, stage: Stage, *, token: str, seconds: float
) -> Lease | None:
    """Take the lease of a call for `seconds`; None when it is not waiting for this stage, not yet due,
    or held by somebody, or when the tables are those of another version of Diting. The attempt is counted
    here, before the work, so that a recording which kills its worker is counted too."""
    now = clock.now()
    attempts = session.scalar(
        update(WorkRow)
        .where(
            WorkRow.call_id == call_id,
            WorkRow.state == state_before(stage),
            is_due(now),
            migrate.at_head(),
        )
        .values(
            lease_owner=token,
            lease_until=now + timedelta(seconds=seconds),
            attempts=WorkRow.attempts + 1,
            updated_at=now,
        )
        .returning(WorkRow.attempts),
        execution_options={"synchronize_session": False},
    )
    if attempts is None:
        return None
    return Lease(call_id=call_id, stage=stage, token=token, attempts=attempts)


def find_lease(session: Session, call_id: int, stage: Stage, *, token: str) -> Lease | None:
    """The lease of that token, if it was taken: who loses the connection while taking one does not know."""
    attempts = session.scalar(
        select(WorkRow.attempts).where(
            WorkRow.call_id == call_id, WorkRow.lease_owner == token, WorkRow.state == state_before(stage)
        )
    )
    return None if attempts is None else Lease(call_id, stage, token, attempts)


def renew_lease(session: Session, clock: Clock, lease: Lease, *, seconds: float) -> None:
    """Keep a lease for `seconds` from now.

    Raises:
        LeaseLostError: it is not ours any more.
    """
    _write(session, lease, lease_until=clock.now() + timedelta(seconds=seconds))


def release_lease(session: Session, clock: Clock, lease: Lease) -> None:
    """Give a lease back unused; the attempt does not count, and the task is to be sent again. Nothing happens
    if it was lost meanwhile."""
    _execute(
        session,
        update(WorkRow)
        .where(_ours(lease))
        .values(
            lease_owner=None,
            lease_until=None,
            attempts=WorkRow.attempts - 1,
            sent_at=None,
            updated_at=clock.now(),
        ),
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
    _settle(session, clock, lease.call_id, outcome, code, message)
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
    stage = stage_of(as_state(row.state))
    code, message = runs.CRASHED, "the worker vanished while it had this call in hand"
    _settle(session, clock, call_id, outcome, code, message)
    if stage is not None:
        ended: runs.Outcome = "gave_up" if isinstance(outcome, GiveUp) else "retried"
        runs.note(session, stage, ended, code=code if counted else runs.INTERRUPTED)
    return True


def held(session: Session) -> list[tuple[int, str, datetime]]:
    """`(call_id, token, until)` of every lease held."""
    query = select(WorkRow.call_id, WorkRow.lease_owner, WorkRow.lease_until)
    rows = session.execute(query.where(WorkRow.lease_owner.is_not(None)).order_by(WorkRow.call_id))
    return [(call_id, token, until) for call_id, token, until in rows if token and until]


def is_due(now: datetime) -> ColumnElement[bool]:
    """Condition: nobody holds the call, it does not wait for a later moment, and not for another call.

    A call is inspected after the earlier calls of its debtor, whatever comes through transcription first,
    because what was said in those (a dispute, a request not to be called again) counts in this one. Calls of
    unknown time are waited for where they were registered earlier. A call is heard after its collector's
    calls of earlier days, because the collector is held against how he sounded in those. Neither waits for
    calls of a lane behind its own: those count as calls that came in late.
    """
    # An expired lease is not free: the sweeper takes it back first, and counts what happened.
    free = WorkRow.lease_owner.is_(None)
    ripe = or_(WorkRow.next_at.is_(None), WorkRow.next_at <= now)
    in_order = or_(WorkRow.state != "heard", ~earlier_call_open(in_lane=True))
    by_days = or_(WorkRow.state != "transcribed", ~earlier_day_unheard())
    return and_(free, ripe, in_order, by_days)


def earlier_call_open(*, in_lane: bool = False) -> ColumnElement[bool]:
    """Condition: an earlier call of the same debtor has not been inspected yet; with `in_lane`, one of the
    same lane or of one before it."""
    this, earlier, work = aliased(CallRow), aliased(CallRow), aliased(WorkRow)
    return exists().where(
        this.id == WorkRow.call_id,
        earlier.debtor_key == this.debtor_key,
        or_(
            earlier.started_at < this.started_at,
            and_(earlier.started_at.is_(None), this.started_at.is_not(None), earlier.id < this.id),
        ),
        work.call_id == earlier.id,
        work.state.in_(("received", "transcribed", "heard")),
        work.lane <= WorkRow.lane if in_lane else true(),
    )


def _settle(
    session: Session, clock: Clock, call_id: int, outcome: Retry | GiveUp, code: str, message: str
) -> None:
    row = _row(session, call_id)
    row.error_code, row.error_message, row.updated_at = code, message, clock.now()
    row.sent_at = None
    if isinstance(outcome, GiveUp):
        row.failed_at, row.state = row.state, "failed"
        row.reasons = [f"{code}: {message}"]
        row.next_at = None
        open_failure_ticket(session, clock, call_id=call_id, reason=f"处理失败，需要人工查看：{message}")
        _audit_failure(session, clock, call_id, code, message)
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


def _audit_failure(session: Session, clock: Clock, call_id: int, code: str, message: str) -> None:
    call = session.get_one(CallRow, call_id)
    audit.append(
        session,
        clock,
        actor="pipeline",
        action="call.failed",
        subject=f"call:{call.source}/{call.external_id}",
        details={"code": code, "message": message},
    )


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
