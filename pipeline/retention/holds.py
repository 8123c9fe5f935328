"""Holds by hand: calls that nothing may delete, beside those that cases hold (`complaints.holds`)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.cases.merged import take_turns
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.complaints.models import LegalHoldRow
from ingest.models import CallRow
from store import audit
from store.clock import Clock
from store.errors import BadInputError, ConflictError
from store.people import Actor

ROLES: Final = ("legal", "complaint_officer", "control_lead", "department_head")
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Held:
    """A hold in force; `case` is the number of the case that holds, None where it was set by hand."""

    call_id: int
    case: str | None
    set_by: str
    set_at: datetime
    reason: str


def hold(session: Session, clock: Clock, call: CallRow, *, actor: Actor, reason: str) -> bool:
    """Hold a call by hand; False where it is held so already.

    Raises:
        ConflictError: `retention.role`.
        BadInputError: `retention.reason`.
    """
    _allow(actor)
    reason = need_reason(reason)
    take_turns(session, call.debtor_key)
    if _by_hand(session, call.id) is not None:
        return False
    row = LegalHoldRow(
        case_id=None, call_id=call.id, set_by=actor.id, set_at=clock.now(), reason=reason,
        released_by=None, released_at=None, release_reason=None,
    )  # fmt: skip
    session.add(row)
    _audit(session, clock, call, "retention.held", actor)
    return True


def release(session: Session, clock: Clock, call: CallRow, *, actor: Actor, reason: str) -> None:
    """Release the hold by hand; what cases hold is released by their own action (`release-evidence`).

    Raises:
        ConflictError: `retention.role`; `retention.not_held`.
        BadInputError: `retention.reason`.
    """
    _allow(actor)
    reason = need_reason(reason)
    take_turns(session, call.debtor_key)
    row = _by_hand(session, call.id)
    if row is None:
        cases = ", ".join(one.case for one in holds_of(session, call.id) if one.case)
        raise ConflictError(
            "the call is not held by hand" + (f", but by {cases}" if cases else ""),
            code="retention.not_held",
            where=f"call {call.source}/{call.external_id}",
            mend="What a case holds, `diting cases release-evidence` releases.",
        )
    row.released_by, row.released_at, row.release_reason = actor.id, clock.now(), reason
    _audit(session, clock, call, "retention.released", actor)


def holds_of(session: Session, call_id: int | None = None) -> list[Held]:
    """The holds in force, of one call or of all, oldest first."""
    query = (
        select(LegalHoldRow, CaseRow.number)
        .outerjoin(CaseRow, CaseRow.id == LegalHoldRow.case_id)
        .where(LegalHoldRow.released_at.is_(None))
        .order_by(LegalHoldRow.id)
    )
    if call_id is not None:
        query = query.where(LegalHoldRow.call_id == call_id)
    return [
        Held(row.call_id, number, row.set_by, row.set_at, row.reason)
        for row, number in session.execute(query)
    ]


def list_holds(
    session: Session, *, before: int | None = None, limit: int, call_id: int | None = None, past: bool = False
) -> list[tuple[LegalHoldRow, str | None]]:
    """Holds with the number of the case that holds, newest first: those in force, with `past` also those that
    were released; ids below `before`, `limit` at most."""
    query = select(LegalHoldRow, CaseRow.number).outerjoin(CaseRow, CaseRow.id == LegalHoldRow.case_id)
    if not past:
        query = query.where(LegalHoldRow.released_at.is_(None))
    if call_id is not None:
        query = query.where(LegalHoldRow.call_id == call_id)
    if before is not None:
        query = query.where(LegalHoldRow.id < before)
    rows = session.execute(query.order_by(LegalHoldRow.id.desc()).limit(limit))
    return [(row, number) for row, number in rows]


def need_reason(reason: str) -> str:
    """The reason, if it is one.

    Raises:
        BadInputError: `retention.reason`.
    """
    text = " ".join(reason.split())
    if not text or len(text) > _LONGEST:
        raise BadInputError(
            f"a reason has 1 to {_LONGEST} characters",
            code="retention.reason",
            where="--reason",
            mend="Give a reference, without names: it stays on record.",
        )
    return text


def _allow(actor: Actor) -> None:
    if not actor.has(*ROLES):
        raise ConflictError(
            f"{actor.id} may not hold or release calls",
            code="retention.role",
            mend=f"It takes one of the roles {', '.join(ROLES)}.",
        )


def _by_hand(session: Session, call_id: int) -> LegalHoldRow | None:
    return session.scalar(
        select(LegalHoldRow).where(
            LegalHoldRow.call_id == call_id,
            LegalHoldRow.case_id.is_(None),
            LegalHoldRow.released_at.is_(None),
        )
    )


def _audit(session: Session, clock: Clock, call: CallRow, action: str, actor: Actor) -> None:
    audit.append(
        session, clock, actor=actor.id, action=action, subject=f"call:{call.source}/{call.external_id}"
    )
