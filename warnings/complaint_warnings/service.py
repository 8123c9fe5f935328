"""The verbs of the warnings. They take an open session and never commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from complaint_warnings.assessed_row import write_assessment
from complaint_warnings.cases.bearing import speaks_of_self_harm
from complaint_warnings.cases.door import act
from complaint_warnings.cases.merged import take_turns
from complaint_warnings.cases.of_warning import Change, case_of, follow_warning
from complaint_warnings.complaints.follow import hold_new_call
from complaint_warnings.models import WarningCallRow, WarningRow
from complaint_warnings.scoring.document import (
    evidence_from_document,
    evidence_to_document,
    item_from_document,
)
from complaint_warnings.scoring.indicators import in_order
from complaint_warnings.scoring.score import assess_episode_in
from complaint_warnings.scoring.weights import Weights
from complaint_warnings.seals import put_on_record, row_hash
from complaint_warnings.sources.models import WarningItemRow
from complaint_warnings.types import CallEvidence, Evidence
from ingest.models import CallRow
from store.clock import Clock
from store.errors import NotFoundError
from store.people import Actor

R = TypeVar("R", WarningCallRow, WarningItemRow)

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Before:
    """What a warning was before a change."""

    sha256: str
    level: str
    score: float


@dataclass(frozen=True, slots=True)
class News:
    """What comes to a warning: `added` names the call or item, empty where a call was judged anew;
    `self_harm` tells that it speaks of self-harm and did not before."""

    source: str
    added: dict[str, Any]
    self_harm: bool


def apply_call(
    session: Session,
    clock: Clock,
    *,
    call_id: int,
    evidence: CallEvidence,
    weights: Weights,
    actor: str = SYSTEM,
) -> WarningRow | None:
    """Let one inspected call count for its debtor's warning.

    The call's evidence is kept once; applying it again changes nothing, and applying a new inspection
    of the same call replaces it. The warning is recomputed from all calls of the episode, so the same
    calls give the same warning in whatever order they come. Call it before other audit entries of the
    same transaction: it waits for other workers with calls of this debtor.

    Returns:
        The debtor's warning, or None where nothing reaches a level.

    Raises:
        NotFoundError: `warnings.call_unknown`.
    """
    call = session.get(CallRow, call_id)
    if call is None:
        raise NotFoundError(
            f"there is no call {call_id}", code="warnings.call_unknown", mend="Register the call first"
        )
    take_turns(session, call.debtor_key)
    kept, before = _keep_evidence(session, clock, call, evidence)
    row = _warning_of(session, kept.warning_id, call.debtor_key)
    if before is None:
        hold_new_call(session, clock, call.debtor_key, call_id)
    news = News(
        source="call",
        added={"call_id": call_id} if before is None else {},
        self_harm=speaks_of_self_harm(evidence) and not (before and speaks_of_self_harm(before)),
    )
    return _recompute(session, clock, call.debtor_key, row, weights, news, actor)


def apply_item(
    session: Session, clock: Clock, *, item: WarningItemRow, weights: Weights, actor: str = SYSTEM
) -> WarningRow | None:
    """Let an item whose debtor is known count for that debtor's warning; applying it again changes nothing.

    Returns:
        The debtor's warning, or None where nothing reaches a level.
    """
    debtor_key = item.debtor_key
    if debtor_key is None:
        return None
    take_turns(session, debtor_key)
    session.refresh(item)
    fresh = item.warning_id is None
    row = _warning_of(session, item.warning_id, debtor_key)
    news = News(
        source=item.source,
        added={"item": item.reference} if fresh else {},
        self_harm=fresh and speaks_of_self_harm(item_from_document(item.evidence)),
    )
    return _recompute(session, clock, debtor_key, row, weights, news, actor)


def _recompute(
    session: Session,
    clock: Clock,
    debtor_key: str,
    row: WarningRow | None,
    weights: Weights,
    news: News,
    actor: str,
) -> WarningRow | None:
    """Assess the episode from all its calls and items, those that no warning has yet among them."""
    calls = _of_episode(session, WarningCallRow, debtor_key, row)
    items = _of_episode(session, WarningItemRow, debtor_key, row)
    evidence: list[Evidence] = [evidence_from_document(each.evidence) for each in calls]
    ordered = in_order([*evidence, *(item_from_document(each.evidence) for each in items)])
    told = assess_episode_in(("zh", "en"), ordered, weights)
    episode = told[0] if told else None
    if row is None and episode is None:
        return None
    before = None if row is None else Before(row_hash(row), row.level, row.score)
    row = row or _open(session, clock, debtor_key, news.source)
    write_assessment(row, told, ordered, weights)
    session.flush()
    for call in calls:
        call.warning = row
    joined = [item for item in items if item.warning_id is None]
    for item in joined:
        item.warning_id = row.id
    changed = _record_change(session, clock, row, before, added=news.added, actor=actor)
    for item in joined:
        put_on_record(session, clock, item, "item.counted", {"warning": row.id}, actor)
    if changed or news.self_harm:
        change = Change(
            before=before.level if before else None,
            added=news.added,
            first=episode.first if episode else None,
            episode=ordered,
            brought_by=_reporters(joined),
            self_harm=news.self_harm,
        )
        follow_warning(session, clock, row, change, actor=actor)
    return row


def _reporters(items: Sequence[WarningItemRow]) -> tuple[str, ...]:
    """Who noticed, entered or matched the items."""
    people = {who for item in items for who in (item.reporter_id, item.received_by, item.decided_by) if who}
    return tuple(sorted(people - {SYSTEM}))


def close_warning(
    session: Session, clock: Clock, warning_id: int, *, actor: Actor, reason: str
) -> WarningRow:
    """End the episode as unfounded, through the door of its case: the debtor's next warning is a new one.

    Raises:
        NotFoundError: `warnings.unknown`.
        ConflictError: `case.closed`, when it is closed already, and the other refusals of the door.
    """
    row = session.get(WarningRow, warning_id)
    if row is None:
        raise NotFoundError(f"there is no warning {warning_id}", code="warnings.unknown")
    case = case_of(session, warning_id)
    if case is None:
        raise NotFoundError(f"warning {warning_id} has no case", code="case.unknown")
    act(session, clock, case_id=case.id, action="dismiss", actor=actor, details={"reason": reason})
    return row


def _keep_evidence(
    session: Session, clock: Clock, call: CallRow, evidence: CallEvidence
) -> tuple[WarningCallRow, CallEvidence | None]:
    """The call's row, and its evidence as it was before, None where the call is new."""
    document = evidence_to_document(evidence)
    kept = session.scalar(
        select(WarningCallRow)
        .where(WarningCallRow.call_id == call.id)
        .execution_options(populate_existing=True)
    )
    if kept is not None:
        before = evidence_from_document(kept.evidence)
        if kept.evidence != document:
            kept.evidence = document
        return kept, before
    kept = WarningCallRow(
        call_id=call.id, debtor_key=call.debtor_key, evidence=document, added_at=clock.now()
    )
    session.add(kept)
    session.flush()
    return kept, None


def _warning_of(session: Session, warning_id: int | None, debtor_key: str) -> WarningRow | None:
    """The warning that counts the evidence already, else the debtor's open one."""
    wanted = (
        WarningRow.id == warning_id
        if warning_id is not None
        else (WarningRow.debtor_key == debtor_key) & WarningRow.closed_at.is_(None)
    )
    return session.scalar(select(WarningRow).where(wanted).execution_options(populate_existing=True))


def _of_episode(session: Session, kind: type[R], debtor_key: str, row: WarningRow | None) -> list[R]:
    """The calls or items of the episode; those that no warning has yet belong to the open one."""
    free = (kind.debtor_key == debtor_key) & kind.warning_id.is_(None)
    wanted: ColumnElement[bool] = free
    if row is not None:
        own = kind.warning_id == row.id
        wanted = own if row.closed_at is not None else or_(own, free)
    found = session.scalars(
        select(kind).where(wanted).order_by(kind.id).execution_options(populate_existing=True)
    )
    return list(found)


def _open(session: Session, clock: Clock, debtor_key: str, source: str) -> WarningRow:
    last = session.scalar(select(func.max(WarningRow.episode)).where(WarningRow.debtor_key == debtor_key))
    now = clock.now()
    row = WarningRow(
        debtor_key=debtor_key,
        episode=(last or 0) + 1,
        opened_at=now,
        updated_at=now,
        closed_at=None,
        source=source,
    )
    session.add(row)
    return row


def _record_change(
    session: Session,
    clock: Clock,
    row: WarningRow,
    before: Before | None,
    *,
    added: dict[str, Any],
    actor: str,
) -> bool:
    if before is not None and before.sha256 == row_hash(row) and not added:
        return False
    row.updated_at = clock.now()
    details: dict[str, Any] = {"level": row.level, "score": row.score, "model": row.model, **added}
    if before is not None:
        details |= {"level_before": before.level, "score_before": before.score}
    action = "warning.opened" if before is None else "warning.changed"
    put_on_record(session, clock, row, action, details, actor)
    return True
