"""Who is who, decided by a person: a new version of the transcript, and the call on its way through the rules
again. One transaction; what follows are the ordinary stages, with their leases and attempts."""

from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.models import CallRow
from pipeline.models import WorkRow
from pipeline.states import FINAL_STATES, State, as_state, state_before
from store import audit
from store.clock import Clock
from store.errors import ConflictError, NotFoundError
from transcription.service import Version, load_transcript, save_decision, versions
from transcription.speakers.decision import agent_side, exchanged, with_agent_on
from transcription.types import RoleDecision, Transcript

PERSON_TRUST: Final = 1.0


class StaleVersionError(ConflictError):
    """Somebody else changed the roles since the asker looked."""

    http_status = 412


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision came to. `changed` is False when a person had decided just this before."""

    version: int
    changed: bool
    state: State


def swap_roles(
    session: Session,
    clock: Clock,
    *,
    call_id: int,
    by: str,
    reason: str | None = None,
    expected: int | None = None,
) -> Decided:
    """Exchange agent and customer. Asked twice, it exchanges twice: callers that may repeat themselves say
    which version they saw.

    Args:
        by: who decided, for the transcript and the audit log.
        reason: why, in that person's words.
        expected: the version that the person saw.

    Raises:
        NotFoundError: `call.unknown`.
        StaleVersionError: `roles.version_changed`, another version is current by now.
        ConflictError: `roles.call_busy`, `roles.call_failed`, `roles.no_transcript`, `roles.nothing_said`,
            `roles.nobody_known`.
    """
    row, current, transcript = _take(session, call_id, expected)
    _require_final(row)
    decided = exchanged(transcript, _decision(clock, by))
    return _put_down(session, clock, row, current, decided, by, reason, "swapped")


def set_roles(
    session: Session,
    clock: Clock,
    *,
    call_id: int,
    side: int,
    by: str,
    reason: str | None = None,
    expected: int | None = None,
) -> Decided:
    """Say that the agent is on `side` (0 or 1) and the customer on the other; also to confirm what the
    machine judged. Repeating it changes nothing.

    Raises:
        NotFoundError: `call.unknown`.
        StaleVersionError: `roles.version_changed`.
        ConflictError: `roles.call_busy`, `roles.call_failed`, `roles.no_transcript`, `roles.nothing_said`,
            `roles.no_sides`.
    """
    row, current, transcript = _take(session, call_id, expected)
    if transcript.roles and transcript.roles.how == "person" and agent_side(transcript) == side:
        return Decided(current.number, False, as_state(row.state))
    _require_final(row)
    decided = with_agent_on(transcript, side, _decision(clock, by))
    return _put_down(session, clock, row, current, decided, by, reason, "set")


def _take(session: Session, call_id: int, expected: int | None) -> tuple[WorkRow, Version, Transcript]:
    """The call, kept from everybody else until the transaction ends, with its newest transcript."""
    query = select(WorkRow).where(WorkRow.call_id == call_id).with_for_update()
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None and session.get(CallRow, call_id) is None:
        raise NotFoundError(f"there is no call {call_id}", code="call.unknown")
    known = versions(session, call_id)
    if row is None or not known:
        state = row.state if row else "registered"
        raise ConflictError(
            f"call {call_id} is {state} and has no transcript yet",
            code="roles.no_transcript",
            mend="Wait until it was transcribed, or see with `diting retry` why it was not.",
        )
    current = known[-1]
    if expected is not None and expected != current.number:
        raise StaleVersionError(
            f"version {expected} is not current any more: {describe(current)}",
            code="roles.version_changed",
            mend="Look at the current version, then decide again if that is still needed.",
        )
    return row, current, load_transcript(session, current.transcript_id)


def _require_final(row: WorkRow) -> None:
    if row.state == "failed":
        raise ConflictError(
            f"call {row.call_id} has failed, so nothing could be judged anew",
            code="roles.call_failed",
            mend="Put it back on its way with `diting retry` first.",
        )
    if row.state not in FINAL_STATES:
        raise ConflictError(
            f"call {row.call_id} is {row.state} and still being worked on",
            code="roles.call_busy",
            mend="Wait until it is assessed or unjudged.",
        )


def _decision(clock: Clock, by: str) -> RoleDecision:
    return RoleDecision("person", PERSON_TRUST, by, clock.now())


def describe(version: Version) -> str:
    """One line about a version, for people and for errors."""
    decision = version.decision
    if decision is None:
        return f"version {version.number} is as {version.engine} heard it"
    at = f"{decision.decided_at:%Y-%m-%d %H:%M:%S} UTC"
    return f"version {version.number} was {decision.kind} by {decision.decided_by} at {at}"


def _put_down(
    session: Session,
    clock: Clock,
    row: WorkRow,
    current: Version,
    decided: Transcript,
    by: str,
    reason: str | None,
    kind: Literal["swapped", "set"],
) -> Decided:
    """Keep the new version and put the call back before `hear`, because cues belong to speakers."""
    save_decision(
        session,
        clock,
        call_id=row.call_id,
        replaced_id=current.transcript_id,
        decided=decided,
        kind=kind,
        reason=reason,
    )
    row.state, row.reasons = state_before("hear"), []
    row.attempts = row.interruptions = 0
    row.next_at = row.sent_at = row.error_code = row.error_message = None
    row.updated_at = clock.now()
    session.flush()
    call = session.get_one(CallRow, row.call_id)
    audit.append(
        session,
        clock,
        actor=by,
        action=f"roles.{kind}",
        subject=f"call:{call.source}/{call.external_id}",
        details={
            "version": current.number + 1,
            "replaced": current.number,
            "agent_side": agent_side(decided),
            "reason": reason,
        },
    )
    return Decided(current.number + 1, True, as_state(row.state))
