"""Earlier calls to a debtor: what the metadata lists, and what this installation has itself on record, with
what was said in them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from ingest.metadata import CallRecord, EarlierCall, oldest_first
from ingest.models import CallRow
from qc.document import to_document
from qc.findings import Inspection
from qc.models import FindingRow, InspectionRow
from qc.service import ask_for_review
from store.clock import Clock

# Two systems note the start of the same call a moment apart: at dialling, or at answering.
_SAME_CALL: Final = timedelta(seconds=2)
# Reasons of an inspection that say that nobody answered.
_NOBODY: Final = frozenset(("call.not_connected", "call.voicemail"))
# Matters that a call may leave open, with the categories of findings that open them.
_MATTERS: Final = {"dispute": "dispute.", "stop_request": "stop_request", "vulnerable": "vulnerable"}
_PROMISE: Final = "promise_to_pay"
_REVIEW: Final = "请复核频次、异议与停止联系"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the newest inspection of a call says to later ones. `claims` are fields of an earlier call:
    `dispute`, `stop_request`, `vulnerable`, `promise`."""

    connected: bool = True
    claims: tuple[tuple[str, bool | str], ...] = ()


def with_earlier_calls(record: CallRecord, registered: Iterable[EarlierCall]) -> CallRecord:
    """The record with the registered calls added to its history, oldest first, none of them twice. Where
    both know a call, the metadata are believed, and what they do not say is added. Calls that did not begin
    before this one are left out, so that the order of processing changes nothing."""
    started = record.started_at
    if started is None:
        return record
    known = list(record.history)
    for call in registered:
        if call.started_at is not None and call.started_at >= started:
            continue
        place = next((at for at, other in enumerate(known) if _same(call, other)), None)
        if place is None:
            known.append(call)
        else:
            known[place] = _filled(known[place], call)
    return record.model_copy(update={"history": oldest_first(known)})


def registered_calls(session: Session, call_id: int, debtor_key: str, before: datetime) -> list[EarlierCall]:
    """The calls with this debtor before `before` that are on record here, by whoever made them, to whomever:
    all collectors, numbers, agencies and sources. Calls of unknown time count as earlier where they were
    registered earlier. There is a recording of each, so each was connected, unless nobody answered."""
    rows = session.execute(
        select(CallRow.id, CallRow.started_at, CallRow.record)
        .where(CallRow.debtor_key == debtor_key, CallRow.id != call_id, _is_earlier(call_id, before))
        .order_by(CallRow.started_at, CallRow.id)
    ).all()
    said = outcomes(session, [row.id for row in rows])
    return [as_earlier(row.started_at, row.record, said.get(row.id, Outcome())) for row in rows]


def outcome_from(inspection: Inspection) -> Outcome:
    """What an inspection says to later calls, before it is on record."""
    certain = (each for each in inspection.findings if each.status == "certain" and each.kind == "signal")
    return _outcome(to_document(inspection), {finding.category for finding in certain})


def outcome_of(session: Session, call_id: int) -> Outcome | None:
    """What a call says to later ones; None before it was inspected."""
    return outcomes(session, [call_id]).get(call_id)


def later_unaware(session: Session, call: CallRow, before: Outcome | None) -> list[int]:
    """The later calls of the debtor whose newest inspection does not know what this one says now.

    Args:
        session: sees the new inspection of `call`.
        call: the call that was just inspected.
        before: what it said until now; None when it had not been inspected. Then the later ones have at
            least counted it, unless it was registered after they were inspected.
    """
    if call.started_at is None:
        return []
    changed = outcome_of(session, call.id) != (before or Outcome())
    # Asked of each later call of the debtor: to sum up all inspections first would read the whole table.
    newest = select(func.max(InspectionRow.created_at)).where(InspectionRow.call_id == CallRow.id)
    inspected_at = newest.scalar_subquery()
    query = (
        select(CallRow.id)
        .where(CallRow.debtor_key == call.debtor_key, CallRow.started_at > call.started_at)
        .where(inspected_at.is_not(None) if changed else inspected_at < call.registered_at)
        .order_by(CallRow.started_at, CallRow.id)
    )
    return list(session.scalars(query))


def _is_earlier(call_id: int, before: datetime) -> ColumnElement[bool]:
    return or_(CallRow.started_at < before, and_(CallRow.started_at.is_(None), CallRow.id < call_id))


def as_earlier(started_at: datetime | None, record: Mapping[str, Any], outcome: Outcome) -> EarlierCall:
    """The call as an entry of a history. Its number stands in the record as it was normalised."""
    customer, case, note = (record.get(name) or {} for name in ("customer", "case", "note"))
    return EarlierCall.model_validate(
        {
            "started_at": started_at,
            "time_problem": record.get("time_problem"),
            "connected": outcome.connected,
            "number": customer.get("number"),
            "agent": (record.get("agent") or {}).get("id"),
            "direction": record.get("direction"),
            "relation": customer.get("relation"),
            "case": case.get("id"),
            "outcome": note.get("outcome"),
            "duration_s": record.get("duration_s"),
            "consent": record.get("consent"),
            **dict(outcome.claims),
        }
    )


def outcomes(session: Session, call_ids: Collection[int]) -> dict[int, Outcome]:
    """By call. What counts is its newest inspection: an older one may have taken the agent for the debtor."""
    if not call_ids:
        return {}
    newest = select(func.max(InspectionRow.id)).where(InspectionRow.call_id.in_(call_ids))
    inspections = session.execute(
        select(InspectionRow.id, InspectionRow.call_id, InspectionRow.document).where(
            InspectionRow.id.in_(newest.group_by(InspectionRow.call_id))
        )
    ).all()
    if not inspections:
        return {}
    said: dict[int, set[str]] = {row.id: set() for row in inspections}
    certain = select(FindingRow.inspection_id, FindingRow.category).where(
        FindingRow.inspection_id.in_(said), FindingRow.status == "certain", FindingRow.kind == "signal"
    )
    for inspection_id, category in session.execute(certain):
        said[inspection_id].add(category)
    return {row.call_id: _outcome(row.document, said[row.id]) for row in inspections}


def _outcome(document: Mapping[str, Any], categories: set[str]) -> Outcome:
    states = [state for state in document.get("states", ()) if state["sure"]]
    claims: list[tuple[str, bool | str]] = []
    for matter, prefix in _MATTERS.items():
        left = [state["status"] for state in states if state["matter"] == matter]
        if any(status in ("open", "acknowledged") for status in left):
            claims.append((matter, True))
        elif left:
            claims.append((matter, left[-1]))
        elif any(category.startswith(prefix) for category in categories):
            claims.append((matter, True))  # packs without states
    if _PROMISE in categories:
        claims.append(("promise", True))
    nobody = any(code in _NOBODY for code, _ in document.get("unjudged", ()))
    return Outcome(not nobody, tuple(claims))


def _filled(told: EarlierCall, registered: EarlierCall) -> EarlierCall:
    """What the metadata tell about a call, and what they leave out as it is on record here."""
    kept = told.model_dump(exclude_none=True)
    return EarlierCall.model_validate({**registered.model_dump(exclude_none=True), **kept})


def _same(one: EarlierCall, other: EarlierCall) -> bool:
    if one.started_at is None or other.started_at is None:
        return False
    numbers_agree = one.number is None or other.number is None or one.number == other.number
    return numbers_agree and abs(one.started_at - other.started_at) <= _SAME_CALL


def have_later_calls_reviewed(session: Session, clock: Clock, call: CallRow, before: Outcome | None) -> None:
    """Inspections are never changed; so that none stays wrong in silence, a person is asked to look at those
    of later calls of the debtor that were made without what this call says now."""
    ask_for_reviews(session, clock, call, later_unaware(session, call, before))


def ask_for_reviews(session: Session, clock: Clock, call: CallRow, later: Iterable[int]) -> None:
    """Have people look at later calls, because of what `call` says now."""
    reason = f"此前通话 {call.source}/{call.external_id} 在本次质检之后才有结论或有更新：{_REVIEW}"
    for call_id in later:
        ask_for_review(session, clock, call_id=call_id, reason=reason)
