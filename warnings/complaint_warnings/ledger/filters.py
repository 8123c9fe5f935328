"""What part of the ledger is wanted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from complaint_warnings.cases.types import STATES
from complaint_warnings.ledger.models import LedgerLineRow, LedgerResultRow, LedgerWordsRow, place
from complaint_warnings.types import LEVELS

_ESCAPE = "\\"
_SHORT = timedelta(days=40)  # a span that has a small part of the ledger
_MANY = 5000  # lines with the same advice: a page of them is near the top in any order
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
    """The filters for a statement over `LedgerLineRow`."""
    equal: dict[InstrumentedAttribute[Any], Sequence[Any]] = {
        LedgerLineRow.kind: filters.kinds,
        LedgerLineRow.level_rank: [place(level, LEVELS) for level in filters.levels],
        LedgerLineRow.state_rank: [place(state, STATES) for state in filters.states],
        LedgerLineRow.source: filters.sources,
        LedgerLineRow.result: filters.results,
        LedgerLineRow.handler_id: filters.handlers,
        LedgerLineRow.reporter_id: filters.reporters,
        LedgerLineRow.reviewer_id: filters.reviewers,
        LedgerLineRow.team: filters.teams,
        LedgerLineRow.collector_id: filters.collectors,
        LedgerLineRow.client: filters.clients,
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
        closed_at = LedgerLineRow.closed_at
        found.append(closed_at.is_(None) if filters.open else closed_at.is_not(None))
    if filters.overdue is not None:
        found.append(_overdue(now) if filters.overdue else ~func.coalesce(_overdue(now), False))
    return found


def in_short_span(filters: Filters) -> bool:
    """Whether only lines of a short time are wanted: a small part of the ledger."""
    spans = ((filters.since, filters.until), (filters.entered_since, filters.entered_until))
    return any(since and until and until - since <= _SHORT for since, until in spans)


def _overdue(now: datetime) -> ColumnElement[bool]:
    return LedgerLineRow.awaited_due_at < now


def _times(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, since, until in (
        (LedgerLineRow.opened_at, filters.entered_since, filters.entered_until),
        (LedgerLineRow.happened_at, filters.since, filters.until),
    ):
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
            found.append(LedgerLineRow.number == number)
        else:
            found.append(LedgerLineRow.case_id.in_(_at_once(_number_begins(number))))
    for column, part in ((LedgerLineRow.debtor_name, filters.name), (LedgerLineRow.contact, filters.contact)):
        if part:
            has = column.like(_contains(part), escape=_ESCAPE)
            found.append(LedgerLineRow.case_id.in_(_at_once(has)))
    return found


def _number_begins(start: str) -> ColumnElement[bool]:
    """Numbers are letters, digits and hyphens: between these bounds in any collation, so that the index
    serves where it does not serve LIKE."""
    return and_(
        LedgerLineRow.number >= start,
        LedgerLineRow.number <= start + _LAST,
        LedgerLineRow.number.like(_begins(start), escape=_ESCAPE),
    )


def _text(session: Session, text: str) -> ColumnElement[bool]:
    """Lines whose advice or result has the text. Advice has few wordings, so words of advice are in many
    lines and soon found in any order; words that no advice has are looked for in all results at once."""
    wanted = _contains(text.casefold())
    few = select(LedgerWordsRow.id).where(LedgerWordsRow.words.like(wanted, escape=_ESCAPE))
    advised = LedgerLineRow.words_id.in_(list(session.scalars(few)))
    if _many(session, advised):
        own = select(LedgerResultRow.words).where(LedgerResultRow.case_id == LedgerLineRow.case_id)
        return or_(advised, own.scalar_subquery().like(wanted, escape=_ESCAPE))
    in_advice = select(LedgerLineRow.case_id).where(advised)
    in_results = select(LedgerResultRow.case_id).where(LedgerResultRow.words.like(wanted, escape=_ESCAPE))
    return LedgerLineRow.case_id.in_(_found_first(union_all(in_advice, in_results)))


def _many(session: Session, condition: ColumnElement[bool]) -> bool:
    """Whether so many lines meet the condition that a page of them is soon found in any order."""
    some = select(LedgerLineRow.case_id).where(condition).limit(_MANY).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) >= _MANY


def _at_once(condition: ColumnElement[bool]) -> Select[int]:
    return _found_first(select(LedgerLineRow.case_id).where(condition))


def _found_first(ids: Select[int] | CompoundSelect[int]) -> Select[int]:
    """The ids, found before anything is sorted: without that a database that expects many looks at every row
    in the order asked for, one by one."""
    found = ids.cte().prefix_with("MATERIALIZED")
    return select(found.c.case_id)


def _contains(text: str) -> str:
    return f"%{_begins(text)}"


def _begins(text: str) -> str:
    plain = text.strip()
    for letter in (_ESCAPE, "%", "_"):
        plain = plain.replace(letter, _ESCAPE + letter)
    return f"{plain}%"
