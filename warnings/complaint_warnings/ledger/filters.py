"""What part of the ledger is wanted."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from complaint_warnings.cases.models import CaseRow
from complaint_warnings.clocks.models import DeadlineRow
from complaint_warnings.ledger.models import LedgerLineRow

_ESCAPE = "\\"
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


def conditions(filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
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
    found = _span(CaseRow.opened_at, filters.entered_since, filters.entered_until)
    happened = _span(CaseRow.first_seen_at, filters.since, filters.until)
    if happened:
        entered = _span(CaseRow.opened_at, filters.since, filters.until)
        found.append(or_(and_(*happened), and_(CaseRow.first_seen_at.is_(None), *entered)))
    return found


def _span(
    column: InstrumentedAttribute[Any], since: datetime | None, until: datetime | None
) -> list[ColumnElement[bool]]:
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
        whole = _WHOLE_NUMBER.fullmatch(number) is not None
        found.append(
            CaseRow.number == number if whole else CaseRow.number.like(_begins(number), escape=_ESCAPE)
        )
    if filters.name:
        found.append(CaseRow.debtor_name.like(_contains(filters.name), escape=_ESCAPE))
    if filters.contact:
        found.append(CaseRow.contact.like(_contains(filters.contact), escape=_ESCAPE))
    if filters.text:
        wanted = _contains(filters.text.casefold())
        found.append(
            or_(
                LedgerLineRow.words.like(wanted, escape=_ESCAPE),
                LedgerLineRow.result_words.like(wanted, escape=_ESCAPE),
            )
        )
    return found


def _contains(text: str) -> str:
    return f"%{_begins(text)}"


def _begins(text: str) -> str:
    plain = text.strip()
    for letter in (_ESCAPE, "%", "_"):
        plain = plain.replace(letter, _ESCAPE + letter)
    return f"{plain}%"
