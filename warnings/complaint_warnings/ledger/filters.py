"""What part of the ledger is wanted."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from complaint_warnings.cases.models import CaseRow
from complaint_warnings.clocks.models import DeadlineRow
from complaint_warnings.ledger.models import LedgerLineRow, LedgerWordsRow

_ESCAPE = "\\"
_SHORT = timedelta(days=40)  # a span that has a small part of the ledger
_LAST = "9" * 20
_WHOLE_NUMBER = re.compile(r"[A-Z]-\d{4}-\d{6,}")


@dataclass(frozen=True, slots=True)
class Filters:
    """All that are given must hold; of several values of one field any.

    `since` and `until` are moments of the time of the matter, or of the entry where that is unknown; the end
    is not included. `number` begins the case's number, `name` and `contact` are parts of the debtor's name
    and number, `text` of the advice or result. `overdue` looks at the deadlines as of now; `open` whether
    somebody still has to do something.
    """

    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    handlers: tuple[str, ...] = ()
    reporters: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    collectors: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    entered_since: datetime | None = None
    entered_until: datetime | None = None
    number: str | None = None
    name: str | None = None
    contact: str | None = None
    text: str | None = None
    overdue: bool | None = None
    open: bool | None = None


def conditions(session: Session, filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    """The filters for a statement that joins `CaseRow` and `LedgerLineRow`."""
    equal = {
        CaseRow.kind: filters.kinds,
        CaseRow.level: filters.levels,
        CaseRow.state: filters.states,
        CaseRow.source: filters.sources,
        CaseRow.result: filters.results,
        CaseRow.handler_id: filters.handlers,
        CaseRow.reporter_id: filters.reporters,
        CaseRow.reviewer_id: filters.reviewers,
        CaseRow.team: filters.teams,
        CaseRow.collector_id: filters.collectors,
        CaseRow.client: filters.clients,
    }
    found: list[ColumnElement[bool]] = [
        column == values[0] if len(values) == 1 else column.in_(values)
        for column, values in equal.items()
        if values
    ]
    found += _times(filters)
    found += _words(filters)
    if filters.text:
        found.append(_text(session, filters.text))
    if filters.open is not None:
        found.append(CaseRow.closed_at.is_(None) if filters.open else CaseRow.closed_at.is_not(None))
    if filters.overdue is not None:
        late = CaseRow.id.in_(overdue_cases(now))
        found.append(late if filters.overdue else ~late)
    return found


def overdue_cases(now: datetime) -> Select[int]:
    """Ids of the cases with a deadline that has passed and is awaited still."""
    return select(DeadlineRow.case_id).where(
        DeadlineRow.due_at < now, DeadlineRow.met_at.is_(None), DeadlineRow.ended_at.is_(None)
    )


def _times(filters: Filters) -> list[ColumnElement[bool]]:
    return [
        *_span(CaseRow.opened_at, CaseRow.id, filters.entered_since, filters.entered_until),
        *_span(LedgerLineRow.happened_at, LedgerLineRow.case_id, filters.since, filters.until),
    ]


def _span(
    column: InstrumentedAttribute[Any],
    key: InstrumentedAttribute[int],
    since: datetime | None,
    until: datetime | None,
) -> list[ColumnElement[bool]]:
    if since is not None and until is not None and until - since <= _SHORT:
        return [key.in_(_at_once(key, and_(column >= since, column < until)))]
    found: list[ColumnElement[bool]] = []
    if since is not None:
        found.append(column >= since)
    if until is not None:
        found.append(column < until)
    return found


def _words(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.number:
        number = filters.number.strip().upper()
        if _WHOLE_NUMBER.fullmatch(number):
            found.append(CaseRow.number == number)
        else:
            found.append(CaseRow.id.in_(_at_once(CaseRow.id, _number_begins(number))))
    for column, part in ((CaseRow.debtor_name, filters.name), (CaseRow.contact, filters.contact)):
        if part:
            found.append(CaseRow.id.in_(_at_once(CaseRow.id, column.like(_contains(part), escape=_ESCAPE))))
    return found


def _number_begins(start: str) -> ColumnElement[bool]:
    """Numbers are letters, digits and hyphens: between these bounds in any collation, so that the index
    serves where it does not serve LIKE."""
    return and_(
        CaseRow.number >= start,
        CaseRow.number <= start + _LAST,
        CaseRow.number.like(_begins(start), escape=_ESCAPE),
    )


def _text(session: Session, text: str) -> ColumnElement[bool]:
    """Lines whose advice or result has the text. Advice has few wordings, so words of advice are in many
    lines and soon found in any order; words that no advice has are looked for in all results at once."""
    wanted = _contains(text.casefold())
    few = select(LedgerWordsRow.id).where(LedgerWordsRow.words.like(wanted, escape=_ESCAPE))
    advice = list(session.scalars(few))
    result = LedgerLineRow.result_words.like(wanted, escape=_ESCAPE)
    if advice:
        return or_(LedgerLineRow.words_id.in_(advice), result)
    return LedgerLineRow.case_id.in_(_at_once(LedgerLineRow.case_id, result))


def _at_once(key: InstrumentedAttribute[int], condition: ColumnElement[bool]) -> Select[int]:
    """The ids that a condition lets through, found before anything is sorted: without that a database that
    expects many looks at every row in the order asked for, one by one."""
    ids = select(key.label("id")).where(condition).cte().prefix_with("MATERIALIZED")
    return select(ids.c.id)


def _contains(text: str) -> str:
    return f"%{_begins(text)}"


def _begins(text: str) -> str:
    plain = text.strip()
    for letter in (_ESCAPE, "%", "_"):
        plain = plain.replace(letter, _ESCAPE + letter)
    return f"{plain}%"
