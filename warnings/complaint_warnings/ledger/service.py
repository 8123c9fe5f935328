"""Keeps the lines of the ledger: a follower of the cases' door."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from sqlalchemy.orm import Session

from complaint_warnings.cases.models import CaseEventRow, CaseRow
from complaint_warnings.ledger.models import HEAD, LedgerLineRow
from complaint_warnings.models import WarningRow
from store.clock import Clock


def follow(session: Session, clock: Clock, case: CaseRow, event: CaseEventRow) -> None:  # noqa: ARG001
    """Write the line of a case after an event."""
    write_line(session, case, [event])


def write_line(session: Session, case: CaseRow, events: Sequence[CaseEventRow]) -> LedgerLineRow:
    """Write the line of a case; `events` are those that the line does not know yet, oldest first."""
    line = session.get(LedgerLineRow, case.id)
    if line is None:
        line = LedgerLineRow(case_id=case.id)
        session.add(line)
    warning = session.get(WarningRow, case.warning_id) if case.warning_id is not None else None
    line.amount = _number(case.amount_due)
    line.score = warning.score if warning is not None else None
    advice = [str(case.advice.get(language) or "") for language in ("zh", "en")]
    line.advice_head = advice[0][:HEAD]
    line.words = "\n".join([case.debtor_name or "", *advice]).casefold()
    for event in events:
        if event.action == "sign":
            line.signed_at, line.verdict = event.at, event.details.get("truth")
        elif event.action == "resolve":
            line.result_words = str(event.details.get("words") or "").casefold()
        elif event.action == "reopen":
            line.signed_at = line.verdict = line.result_words = None
    if case.reviewer_id is None:
        line.signed_at = line.verdict = None
    if case.result is None:
        line.result_words = None
    session.flush()
    return line


def _number(amount: str | None) -> float | None:
    try:
        return float(Decimal(amount)) if amount is not None else None
    except InvalidOperation:
        return None
