"""Keeps the lines of the ledger: a follower of the cases' door."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from complaint_warnings.cases.models import CaseEventRow, CaseRow
from complaint_warnings.cases.types import STATES
from complaint_warnings.ledger.models import (
    COPIED,
    HEAD,
    LedgerLineRow,
    LedgerResultRow,
    LedgerWordsRow,
    place,
)
from complaint_warnings.models import WarningRow
from complaint_warnings.types import LEVELS
from store.clock import Clock


def follow(session: Session, clock: Clock, case: CaseRow, event: CaseEventRow) -> None:  # noqa: ARG001
    """Write the line of a case after an event."""
    write_line(session, case, [event])


def write_line(session: Session, case: CaseRow, events: Sequence[CaseEventRow]) -> LedgerLineRow:
    """Write the line of a case; `events` are those that the line does not know yet, oldest first."""
    warning = session.get(WarningRow, case.warning_id) if case.warning_id is not None else None
    advice = [str(case.advice.get(language) or "") for language in ("zh", "en")]
    words_id = _words(session, "\n".join(advice).casefold())
    line = session.get(LedgerLineRow, case.id) or LedgerLineRow(case_id=case.id)
    for name in COPIED:
        setattr(line, name, getattr(case, name))
    line.happened_at = case.first_seen_at or case.opened_at
    line.level_rank, line.state_rank = ranks(case.level, case.state)
    line.amount = _number(case.amount_due)
    line.score = warning.score if warning is not None else None
    line.advice_head = advice[0][:HEAD]
    line.words_id = words_id
    for event in events:
        if event.action == "sign":
            line.signed_at, line.verdict = event.at, event.details.get("truth")
        elif event.action == "reopen":
            line.signed_at = line.verdict = None
    if case.reviewer_id is None:
        line.signed_at = line.verdict = None
    session.add(line)
    _write_result(session, case, events)
    session.flush()
    return line


def _write_result(session: Session, case: CaseRow, events: Sequence[CaseEventRow]) -> None:
    row = session.get(LedgerResultRow, case.id)
    words = row.words if row is not None else None
    for event in events:
        if event.action == "resolve":
            words = str(event.details.get("words") or "").casefold()
        elif event.action == "reopen":
            words = None
    if case.result is None or not words:
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(LedgerResultRow(case_id=case.id, words=words))
    else:
        row.words = words


def write_awaited(session: Session, case_id: int, due_at: datetime | None) -> None:
    """Write the earliest date that is awaited into the line of a case, where it has one."""
    line = session.get(LedgerLineRow, case_id)
    if line is not None:
        line.awaited_due_at = due_at
        session.flush()


def ranks(level: str, state: str) -> tuple[int, int]:
    """The places of a level and a state in their own order; unknown words come last."""
    return place(level, LEVELS), place(state, STATES)


def _words(session: Session, text: str) -> int:
    """The id of the words; written where they are new, by whoever is first."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    wanted = select(LedgerWordsRow.id).where(LedgerWordsRow.sha256 == digest)
    known = session.scalar(wanted)
    if known is None:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(insert(LedgerWordsRow).values(sha256=digest, words=text).on_conflict_do_nothing())
        known = session.scalars(wanted).one()
    return known


def _number(amount: str | None) -> float | None:
    try:
        return float(Decimal(amount)) if amount is not None else None
    except InvalidOperation:
        return None
