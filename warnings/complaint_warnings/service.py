"""The verbs of the warnings. They take an open session and never commit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from complaint_warnings.models import WarningCallRow, WarningDebtorRow, WarningRow
from complaint_warnings.scoring.document import evidence_from_document, evidence_to_document
from complaint_warnings.scoring.indicators import in_order
from complaint_warnings.scoring.score import Episode, assess_episode
from complaint_warnings.scoring.snapshot import snapshot
from complaint_warnings.scoring.weights import Weights
from complaint_warnings.scoring.wording import first_advice, sentence
from complaint_warnings.types import CallEvidence, WarningAssessment
from ingest.models import CallRow
from store import audit
from store.clock import Clock
from store.errors import ConflictError, NotFoundError

SYSTEM = "system"


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
    _take_turn(session, call.debtor_key)
    kept, fresh = _keep_evidence(session, clock, call, evidence)
    row = _episode_of(session, kept)
    calls = _calls_of(session, call.debtor_key, row)
    ordered = in_order([evidence_from_document(c.evidence) for c in calls])
    episode = assess_episode(ordered, weights, language="zh")
    if row is None and episode is None:
        return None
    opened = row is None
    if row is None:
        row = _open(session, clock, call.debtor_key)
    before = None if opened else _state(row)
    for one in calls:
        one.warning = row
    _write(row, episode, ordered, weights)
    _record_change(session, clock, row, before, added=call_id if fresh else None, actor=actor)
    return row


def close_warning(session: Session, clock: Clock, warning_id: int, *, actor: str, reason: str) -> WarningRow:
    """End the episode: the debtor's next warning will be a new one.

    Raises:
        NotFoundError: `warnings.unknown`.
        ConflictError: `warnings.closed`, when it is closed already.
    """
    row = session.get(WarningRow, warning_id)
    if row is None:
        raise NotFoundError(f"there is no warning {warning_id}", code="warnings.unknown")
    _take_turn(session, row.debtor_key)
    session.refresh(row)
    if row.closed_at is not None:
        raise ConflictError(
            f"warning {warning_id} is closed", code="warnings.closed", mend="Reload the page to see its state"
        )
    row.closed_at = row.updated_at = clock.now()
    row.state = "closed"
    _audit(session, clock, row, "warning.closed", {"reason": reason}, actor)
    return row


def _take_turn(session: Session, debtor_key: str) -> None:
    """Lock the debtor until the transaction ends. Inserting first makes the row to be locked exist; a
    worker that inserts the same key meanwhile waits here for the other's commit."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(WarningDebtorRow).values(debtor_key=debtor_key, turns=0).on_conflict_do_nothing())
    session.execute(
        update(WarningDebtorRow)
        .where(WarningDebtorRow.debtor_key == debtor_key)
        .values(turns=WarningDebtorRow.turns + 1)
    )


def _keep_evidence(
    session: Session, clock: Clock, call: CallRow, evidence: CallEvidence
) -> tuple[WarningCallRow, bool]:
    document = evidence_to_document(evidence)
    kept = session.scalar(
        select(WarningCallRow)
        .where(WarningCallRow.call_id == call.id)
        .execution_options(populate_existing=True)
    )
    if kept is not None:
        if kept.evidence != document:
            kept.evidence = document
        return kept, False
    kept = WarningCallRow(
        call_id=call.id, debtor_key=call.debtor_key, evidence=document, added_at=clock.now()
    )
    session.add(kept)
    session.flush()
    return kept, True


def _episode_of(session: Session, kept: WarningCallRow) -> WarningRow | None:
    """The warning this call belongs to, else the debtor's open one."""
    wanted = (
        WarningRow.id == kept.warning_id
        if kept.warning_id is not None
        else (WarningRow.debtor_key == kept.debtor_key) & WarningRow.closed_at.is_(None)
    )
    return session.scalar(select(WarningRow).where(wanted).execution_options(populate_existing=True))


def _calls_of(session: Session, debtor_key: str, row: WarningRow | None) -> list[WarningCallRow]:
    """The calls of the episode; those that no warning has yet belong to the open one."""
    free = (WarningCallRow.debtor_key == debtor_key) & WarningCallRow.warning_id.is_(None)
    wanted: ColumnElement[bool] = free
    if row is not None:
        own = WarningCallRow.warning_id == row.id
        wanted = own if row.closed_at is not None else or_(own, free)
    found = session.scalars(
        select(WarningCallRow)
        .where(wanted)
        .order_by(WarningCallRow.call_id)
        .execution_options(populate_existing=True)
    )
    return list(found)


def _open(session: Session, clock: Clock, debtor_key: str) -> WarningRow:
    last = session.scalar(select(func.max(WarningRow.episode)).where(WarningRow.debtor_key == debtor_key))
    now = clock.now()
    row = WarningRow(
        debtor_key=debtor_key,
        episode=(last or 0) + 1,
        opened_at=now,
        updated_at=now,
        closed_at=None,
        state="reported",
        source="call",
    )
    session.add(row)
    return row


def _write(
    row: WarningRow, episode: Episode | None, ordered: Sequence[CallEvidence], weights: Weights
) -> None:
    english = assess_episode(ordered, weights, language="en")
    if episode is None or english is None:
        _write_withdrawn(row, weights)
        return
    now: WarningAssessment = episode.assessment
    row.level, row.score, row.model = now.level, now.score, now.model
    row.first_seen_at = episode.first.moment
    row.advice = {"zh": now.advice, "en": english.assessment.advice}
    row.indicators = [
        {
            "name": zh.name,
            "points": zh.points,
            "floor": zh.floor,
            "because": {"zh": zh.because, "en": en.because},
        }
        for zh, en in zip(now.indicators, english.assessment.indicators, strict=True)
    ]
    seen = snapshot(ordered)
    row.debtor_name, row.contact = seen.name, seen.contact
    row.amount_due = str(seen.amount_due) if seen.amount_due is not None else None
    row.currency = seen.currency


def _write_withdrawn(row: WarningRow, weights: Weights) -> None:
    """A new inspection took the evidence away: the warning stays in sight until a person closes it."""
    name = "evidence_withdrawn"
    row.level, row.score, row.model = "low", 0.0, weights.model
    row.advice = {language: first_advice([name], "low", language) for language in ("zh", "en")}
    because = {language: sentence(name, language) for language in ("zh", "en")}
    row.indicators = [{"name": name, "points": 0.0, "floor": "low", "because": because}]


def _state(row: WarningRow) -> dict[str, Any]:
    return {
        "level": row.level,
        "score": row.score,
        "model": row.model,
        "indicators": row.indicators,
        "first_seen_at": row.first_seen_at,
    }


def _record_change(
    session: Session,
    clock: Clock,
    row: WarningRow,
    before: dict[str, Any] | None,
    *,
    added: int | None,
    actor: str,
) -> None:
    after = _state(row)
    if before == after and added is None:
        session.flush()
        return
    now: datetime = clock.now()
    row.updated_at = now
    session.flush()
    details: dict[str, Any] = {"level": row.level, "score": row.score, "model": row.model}
    if added is not None:
        details["call_id"] = added
    if before is not None:
        details |= {"level_before": before["level"], "score_before": before["score"]}
    _audit(session, clock, row, "warning.opened" if before is None else "warning.changed", details, actor)


def _audit(
    session: Session, clock: Clock, row: WarningRow, action: str, details: dict[str, Any], actor: str
) -> None:
    audit.append(session, clock, actor=actor, action=action, subject=f"warning:{row.id}", details=details)
