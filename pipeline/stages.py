"""The stages of a call. Each takes a lease, works outside any transaction, and writes its result together
with the next state in one transaction. The same functions run embedded and under Celery."""

from collections.abc import Callable
from typing import Final

from sqlalchemy.orm import Session

from pipeline import leases
from pipeline.events import Event, StageEnded, StageStarted
from pipeline.lease_progress import LeaseProgress
from pipeline.leases import Lease, LeaseLostError
from pipeline.owner import this_process
from pipeline.patience import is_passing, patiently
from pipeline.runs import service as runs
from pipeline.stage_work import WORK, stored_call
from pipeline.states import FINAL_STATES, GiveUp, Retry, Stage, State, describe, state_after, state_before
from pipeline.tools import Tools
from pipeline.traced import stage_span, tell_end
from store import audit, migrate
from store.database import transaction
from store.logging import bound, get_logger

ACTOR: Final = "pipeline"
BACKOFF_S: Final = 10.0

Listen = Callable[[Event], None]

_log = get_logger(__name__)


def run_stage(tools: Tools, call_id: int, stage: Stage, *, listen: Listen | None = None) -> StageEnded | None:
    """Do one stage of one call, if it is due and nobody else does it.

    Returns:
        What became of the call; None when there was nothing to do, or the lease was lost meanwhile.

    Raises:
        EngineError: a speech engine cannot be opened. That is no fault of the call: no attempt is counted.
        ConflictError: `database.outdated`, `database.newer`: the tables are those of another version of
            Diting, and this one must not write into them. The call is left to others.
    """
    tell = listen or (lambda _event: None)
    if stage == "transcribe":
        tools.speech()
        tools.second()  # one that cannot be opened must show before a call fails by it
    lease = _take(tools, call_id, stage)
    if lease is None:
        return None
    with bound(call_id=call_id, stage=stage):
        tell(StageStarted(call_id, stage))
        with stage_span(tools.sessions, call_id, stage) as running:
            ended = _do(tools, lease, tell)
            tell_end(running, ended)
        if ended is not None:
            tell(ended)
        return ended


def _take(tools: Tools, call_id: int, stage: Stage) -> Lease | None:
    """Should the database go away just when the lease is taken, it is found again by its token."""
    token, seconds = this_process().new_lease(), tools.settings.lease_seconds

    def take(session: Session) -> Lease | None:
        lease = leases.take_lease(session, tools.clock, call_id, stage, token=token, seconds=seconds)
        if lease is None:
            migrate.require_head(migrate.revision_seen(session))
            return leases.find_lease(session, call_id, stage, token=token)
        return lease

    return patiently(tools.sessions, take)


def _do(tools: Tools, lease: Lease, tell: Listen) -> StageEnded | None:
    began = tools.clock.now()
    try:
        done = WORK[lease.stage](tools, lease.call_id, LeaseProgress(tools, lease, tell))
        state = state_after(lease.stage, done.reasons)

        def write(session: Session) -> None:
            leases.complete_stage(session, tools.clock, lease, state, done.reasons)
            done.save(session)
            took = (tools.clock.now() - began).total_seconds()
            runs.note(session, lease.stage, "done", seconds=took, audio_seconds=done.audio_s)
            _audit(session, tools, lease.call_id, state, done.reasons)

        patiently(tools.sessions, write)
    except LeaseLostError:
        _log.warning("stage.lease_lost")
        return None
    except Exception as error:
        if is_passing(error):
            return _give_back(tools, lease)
        return _fail(tools, lease, error)
    except BaseException:  # told to stop: somebody else may go on at once
        with transaction(tools.sessions) as session:
            leases.release_lease(session, tools.clock, lease)
        raise
    return StageEnded(lease.call_id, lease.stage, state, done.reasons)


def _give_back(tools: Tools, lease: Lease) -> StageEnded:
    """The database went away while the stage read from it: no fault of the call."""
    patiently(tools.sessions, lambda session: leases.release_lease(session, tools.clock, lease))
    return StageEnded(lease.call_id, lease.stage, state_before(lease.stage))


def _fail(tools: Tools, lease: Lease, error: Exception) -> StageEnded | None:
    code, message = describe(error)  # the message may quote the call: it is for the database
    _log.warning("stage.failed", code=code, attempt=lease.attempts, exc_info=error)

    def write(session: Session) -> Retry | GiveUp:
        outcome = leases.fail_stage(
            session,
            tools.clock,
            lease,
            error,
            attempts_max=tools.settings.max_attempts,
            backoff_s=BACKOFF_S,
        )
        runs.note(session, lease.stage, "gave_up" if isinstance(outcome, GiveUp) else "retried", code=code)
        return outcome

    try:
        outcome = patiently(tools.sessions, write)
    except LeaseLostError:
        return None
    state: State = "failed" if isinstance(outcome, GiveUp) else state_before(lease.stage)
    return StageEnded(lease.call_id, lease.stage, state, (f"{code}: {message}",))


def _audit(session: Session, tools: Tools, call_id: int, state: State, why: tuple[str, ...]) -> None:
    """Last in the transaction, because the audit log is written by one at a time."""
    if state in FINAL_STATES:
        call = stored_call(session, call_id)
        audit.append(
            session,
            tools.clock,
            actor=ACTOR,
            action=f"call.{state}",
            subject=f"call:{call.source}/{call.external_id}",
            details={"reasons": list(why)},
        )
