"""The case follows its warning: opened with it, told of new evidence and of a higher level."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.cases.door import act, lock_case
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.cases.opening import Opening, find_open, open_case
from complaint_warnings.cases.types import SELF_HARM
from complaint_warnings.cases.view import CaseView
from complaint_warnings.models import WarningRow
from complaint_warnings.types import CallEvidence, Evidence, Level, rank
from store.clock import Clock
from store.people import SYSTEM, Actor

_LENGTH = 200


def case_of(session: Session, warning_id: int) -> CaseRow | None:
    """The case of a warning."""
    return session.scalar(select(CaseRow).where(CaseRow.warning_id == warning_id))


def follow_warning(
    session: Session,
    clock: Clock,
    warning: WarningRow,
    *,
    before: str | None,
    added: Mapping[str, Any],
    first: Evidence | None,
    actor: str,
) -> CaseRow:
    """Open the case of a warning that has none; else put new evidence and a higher level on record. Where a
    complaint of the debtor is open already, the warning joins its case. Words of self-harm open a closed
    case again.

    A level that people set stays until the warning itself rises above it.

    Args:
        session: the caller's open transaction, in which it is the debtor's turn.
        clock: tells when.
        warning: as it is now.
        before: its level before the change; None where it was opened.
        added: what is new, `call_id` or `item`; empty where only the assessment changed.
        first: the evidence with which the warning began.
        actor: who entered it; the reporter where a case is opened.
    """
    case = case_of(session, warning.id) or find_open(session, warning.debtor_key)
    if case is None:
        return open_case(session, clock, opening=_opening(warning, first, added), actor=_named(actor))
    _, view = lock_case(session, case.id)
    act(session, clock, case_id=case.id, action="evidence", actor=SYSTEM, details=_evidence(warning, added))
    if SELF_HARM in set(flags_of(warning)) - view.flags and _can_wake(session, case, view):
        reason = {"reason": "结案后听到自伤言语 / self-harm was spoken of after the closing"}
        act(session, clock, case_id=case.id, action="reopen", actor=SYSTEM, details=reason)
    level: Level = warning.level  # type: ignore[assignment] # the column holds the words of Level
    rose = before is None or rank(level) > rank(before)  # type: ignore[arg-type]
    rose = rose or SELF_HARM in flags_of(warning)  # high whatever people had set before
    if rose and case.closed_at is None and rank(level) > rank(case.level):  # type: ignore[arg-type]
        details = {"level": level, "score": warning.score}
        act(session, clock, case_id=case.id, action="level_raised", actor=SYSTEM, details=details)
    return case


def _can_wake(session: Session, case: CaseRow, view: CaseView) -> bool:
    """Whether the case is closed and no other one goes on in its place."""
    merged = view.merged_into is not None
    return case.closed_at is not None and not merged and find_open(session, case.debtor_key) is None


def flags_of(warning: WarningRow) -> tuple[str, ...]:
    """Names of the warning's triggers: what forces a high level, and self-harm always."""
    names = {each["name"] for each in warning.indicators if each["floor"] == "high"}
    reported = {SELF_HARM} if f"report.{SELF_HARM}" in names else set()
    return tuple(sorted((names | reported) - {"level_held"}))


def _named(actor: str) -> Actor:
    return SYSTEM if actor == SYSTEM.id else Actor(actor, frozenset())


def _opening(warning: WarningRow, first: Evidence | None, added: Mapping[str, Any]) -> Opening:
    level: Level = warning.level  # type: ignore[assignment]
    if isinstance(first, CallEvidence):
        agent, client = first.record.agent, first.record.case.client
        collector_id, team = agent.id, agent.team
    else:
        collector_id, team, client = (first.collector_id, first.team, first.client) if first else (None,) * 3
    return Opening(
        kind="warning",
        debtor_key=warning.debtor_key,
        warning=warning,
        level=level,
        source=warning.source,
        advice=warning.advice,
        first_seen_at=warning.first_seen_at,
        debtor_name=warning.debtor_name,
        contact=warning.contact,
        amount_due=warning.amount_due,
        currency=warning.currency,
        client=client[:_LENGTH] if client else None,
        collector_id=collector_id,
        team=team,
        flags=flags_of(warning),
        details=dict(added),
    )


def _evidence(warning: WarningRow, added: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **added,
        "warning_id": warning.id,
        "score": warning.score,
        "level": warning.level,
        "model": warning.model,
        "flags": list(flags_of(warning)),
        "first_seen_at": warning.first_seen_at,
        "debtor_name": warning.debtor_name,
        "contact": warning.contact,
        "amount_due": warning.amount_due,
        "currency": warning.currency,
    }
