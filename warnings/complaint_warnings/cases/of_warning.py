"""The case follows its warning: opened with it, told of new evidence and of a higher level."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.cases.bearing import collectors_in
from complaint_warnings.cases.door import act, lock_case
from complaint_warnings.cases.merged import present_case
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


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in a warning.

    `before` is its level before, None where it was opened; `added` what is new (`call_id` or `item`), empty
    where only the assessment changed. `first` is the evidence with which the warning began, `episode` all of
    it. `brought_by` are those who reported what was added; `self_harm` tells that what was added or judged
    anew speaks of self-harm and did not before.
    """

    before: str | None
    added: Mapping[str, Any] = field(default_factory=dict)
    first: Evidence | None = None
    episode: Sequence[Evidence] = ()
    brought_by: tuple[str, ...] = ()
    self_harm: bool = False


def follow_warning(
    session: Session, clock: Clock, warning: WarningRow, change: Change, *, actor: str
) -> CaseRow:
    """Open the case of a warning that has none; else put new evidence and a higher level on record. Where a
    complaint of the debtor is open already, the warning joins its case. What a closed case hears goes on in
    the one that it was merged into, or that the debtor has open; words of self-harm open a closed case again.

    A level that people set stays until the warning itself rises above it.

    Args:
        session: the caller's open transaction, in which it is the debtor's turn.
        clock: tells when.
        warning: as it is now.
        change: what changed in it.
        actor: who entered it; the reporter where a case is opened.
    """
    case = case_of(session, warning.id) or find_open(session, warning.debtor_key)
    if case is None:
        return open_case(session, clock, opening=_opening(session, warning, change), actor=_named(actor))
    _, view = lock_case(session, case.id)
    news = _news(session, warning, change, view)
    act(session, clock, case_id=case.id, action="evidence", actor=SYSTEM, details=news | _facts(warning))
    suicidal = change.self_harm or SELF_HARM in set(flags_of(warning)) - view.flags
    rose = change.before is None or rank(warning.level) > rank(change.before)  # type: ignore[arg-type]
    here = present_case(session, case)
    if here.id != case.id and (suicidal or rose):
        _, view = lock_case(session, here.id)
        news = _news(session, warning, change, view)
        act(session, clock, case_id=here.id, action="evidence", actor=SYSTEM, details=news)
    if suicidal and here.closed_at is not None:
        reason = {"reason": "结案后听到自伤言语 / self-harm was spoken of after the closing"}
        act(session, clock, case_id=here.id, action="reopen", actor=SYSTEM, details=reason)
    rose = rose or SELF_HARM in flags_of(warning)  # high whatever people had set before
    if rose and here.closed_at is None and rank(warning.level) > rank(here.level):  # type: ignore[arg-type]
        details = {"level": warning.level, "score": warning.score}
        act(session, clock, case_id=here.id, action="level_raised", actor=SYSTEM, details=details)
    return case


def flags_of(warning: WarningRow) -> tuple[str, ...]:
    """Names of the warning's triggers: what forces a high level, and self-harm always."""
    names = {each["name"] for each in warning.indicators if each["floor"] == "high"}
    reported = {SELF_HARM} if f"report.{SELF_HARM}" in names else set()
    return tuple(sorted((names | reported) - {"level_held"}))


def _named(actor: str) -> Actor:
    return SYSTEM if actor == SYSTEM.id else Actor(actor, frozenset())


def _opening(session: Session, warning: WarningRow, change: Change) -> Opening:
    level: Level = warning.level  # type: ignore[assignment] # the column holds the words of Level
    first = change.first
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
        concerned=collectors_in(session, change.episode),
        brought_by=change.brought_by,
        details=dict(change.added),
    )


def _news(session: Session, warning: WarningRow, change: Change, view: CaseView) -> dict[str, Any]:
    """What the change says of any case in which the matter is handled."""
    owners = {measure.owner for measure in view.plan.measures} if view.plan else set()
    found = collectors_in(session, change.episode, handling=view.members | owners)
    return {
        **change.added,
        "score": warning.score,
        "level": warning.level,
        "model": warning.model,
        "flags": list(flags_of(warning)),
        "self_harm": change.self_harm,
        "concerned": [who for who in found if who not in view.concerned],
        "brought_by": list(change.brought_by),
    }


def _facts(warning: WarningRow) -> dict[str, Any]:
    """What the warning says of its own case."""
    return {
        "warning_id": warning.id,
        "first_seen_at": warning.first_seen_at,
        "debtor_name": warning.debtor_name,
        "contact": warning.contact,
        "amount_due": warning.amount_due,
        "currency": warning.currency,
    }
