"""投诉预警报备台账: the cases as lines that people list, search and export."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from complaint_warnings.cases.models import CaseRow
from complaint_warnings.ledger.cursor import Cursor
from complaint_warnings.ledger.filters import Filters, conditions, in_short_span
from complaint_warnings.ledger.models import LedgerLineRow
from complaint_warnings.ledger.rows import mask_number
from complaint_warnings.ledger.sorting import (
    DEFAULT_SORT,
    SORTS,
    Column,
    Sort,
    beyond,
    has_values,
    in_part,
    order,
    part_count,
)
from store.errors import BadInputError
from store.people import PersonRow
from transcription.privacy.mask import mask_name

BATCH = 1000
_SHOWN = ("score", "signed_at", "verdict", "awaited_due_at")  # beside what the row of the case has
_KEY, _VALUE = "sorted_id", "sorted_value"


@dataclass(frozen=True, slots=True)
class Named:
    """A person as the ledger shows them; without a name where the table of people has none (`system`)."""

    id: str
    name: str | None


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of the ledger. `time` is when the matter happened, None where that is unknown; `entered` when
    it came into the ledger. `signed` and `verdict` are of the reviewer's signature, `overdue` tells whether
    a deadline has passed."""

    case_id: int
    warning_id: int | None
    number: str
    kind: str
    debtor: str | None
    contact: str | None
    amount: Decimal | None
    currency: str | None
    source: str
    time: datetime | None
    entered: datetime
    level: str
    score: float | None
    advice: dict[str, str]
    reporter: Named
    reviewer: Named | None
    signed: datetime | None
    verdict: str | None
    state: str
    handler: Named | None
    result: str | None
    closed: datetime | None
    updated: datetime
    client: str | None
    collector: str | None
    team: str | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Some lines, and the cursor that goes on after them; None where there are no more."""

    lines: tuple[LedgerLine, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines, in which order, and as of when deadlines count. `masked` hides the middle of telephone
    numbers."""

    filters: Filters
    now: datetime
    sort: str = DEFAULT_SORT
    descending: bool = True
    masked: bool = True

    @property
    def by(self) -> Sort:
        """The column to sort by.

        Raises:
            BadInputError: `ledger.sort`.
        """
        if self.sort not in SORTS:
            raise BadInputError(
                f"the ledger cannot be sorted by {self.sort}",
                code="ledger.sort",
                where="sort",
                mend=f"Sort by one of: {', '.join(SORTS)}.",
            )
        return SORTS[self.sort]


def page(session: Session, wanted: Wanted, *, limit: int, cursor: str | None = None) -> LedgerPage:
    """The next `limit` lines after the cursor.

    Raises:
        BadInputError: `ledger.sort`, `ledger.cursor`.
    """
    at = Cursor.read(cursor, wanted.sort, descending=wanted.descending) if cursor else None
    found = _rows(session, wanted, at, limit + 1)
    more = found[limit - 1] if len(found) > limit else None
    lines = _lines(session, [row for _, row in found[:limit]], wanted)
    following = _cursor(wanted, *more).write() if more is not None else None
    return LedgerPage(tuple(lines), following)


def every(session: Session, wanted: Wanted, *, batch: int = BATCH) -> Iterator[list[LedgerLine]]:
    """All lines, a batch at a time: memory does not grow with their number."""
    at: Cursor | None = None
    while True:
        found = _rows(session, wanted, at, batch)
        if found:
            yield _lines(session, [row for _, row in found], wanted)
        if len(found) < batch:
            return
        at = _cursor(wanted, *found[-1])


def one(session: Session, case_id: int, *, now: datetime, masked: bool = True) -> LedgerLine | None:
    """The line of one case."""
    rows = session.execute(_select().where(CaseRow.id == case_id)).all()
    wanted = Wanted(Filters(), now, masked=masked)
    return next(iter(_lines(session, rows, wanted)), None)


def _select() -> Select[Any]:
    columns = (*CaseRow.__table__.columns, *(LedgerLineRow.__table__.columns[name] for name in _SHOWN))
    return select(*columns).join(LedgerLineRow, LedgerLineRow.case_id == CaseRow.id)


def _rows(session: Session, wanted: Wanted, at: Cursor | None, limit: int) -> list[tuple[int, Row[Any]]]:
    """At most `limit` rows after the cursor, each with the part it is in. The narrow lines alone are filtered
    and sorted; what is shown is read for the lines found."""
    by, descending = wanted.by, wanted.descending
    key: Column = LedgerLineRow.case_id
    column: Column = by.column
    base: Select[Any] = select(key.label(_KEY), column.label(_VALUE))
    base = base.where(*conditions(session, wanted.filters, wanted.now))
    if in_short_span(wanted.filters):  # sorted after they are found: few, and close to each other
        few = base.cte().prefix_with("MATERIALIZED")
        key, column, base = few.c[_KEY], few.c[_VALUE], select(few)
    found: list[tuple[int, Row[Any]]] = []
    for part in range(at.part if at is not None else 0, part_count(by)):
        query = base.where(in_part(column, part)).limit(limit - len(found))
        if at is not None and part == at.part:
            query = query.where(beyond(column, key, part, at.value, at.id, descending=descending))
        these = query.order_by(*order(column, key, descending=descending)).subquery()
        whole = _select().add_columns(these.c[_VALUE]).join(these, these.c[_KEY] == CaseRow.id)
        whole = whole.order_by(*order(these.c[_VALUE], these.c[_KEY], descending=descending))
        found += [(part, row) for row in session.execute(whole)]
        if len(found) >= limit:
            break
    return found


def _cursor(wanted: Wanted, part: int, row: Row[Any]) -> Cursor:
    value = getattr(row, _VALUE) if has_values(part) else None
    return Cursor(wanted.sort, wanted.descending, part, value, row.id)


def _lines(session: Session, rows: Sequence[Row[Any]], wanted: Wanted) -> list[LedgerLine]:
    people = _people(session, rows)

    def named(person: str | None) -> Named | None:
        return None if person is None else Named(person, people.get(person))

    return [
        LedgerLine(
            case_id=row.id,
            warning_id=row.warning_id,
            number=row.number,
            kind=row.kind,
            debtor=mask_name(row.debtor_name) if wanted.masked and row.debtor_name else row.debtor_name,
            contact=mask_number(row.contact) if wanted.masked and row.contact else row.contact,
            amount=Decimal(row.amount_due) if row.amount_due is not None else None,
            currency=row.currency,
            source=row.source,
            time=row.first_seen_at,
            entered=row.opened_at,
            level=row.level,
            score=row.score,
            advice=dict(row.advice),
            reporter=Named(row.reporter_id, people.get(row.reporter_id)),
            reviewer=named(row.reviewer_id),
            signed=row.signed_at,
            verdict=row.verdict,
            state=row.state,
            handler=named(row.handler_id),
            result=row.result,
            closed=row.closed_at,
            updated=row.updated_at,
            client=row.client,
            collector=row.collector_id,
            team=row.team,
            overdue=row.awaited_due_at is not None and row.awaited_due_at < wanted.now,
        )
        for row in rows
    ]


def _people(session: Session, rows: Sequence[Row[Any]]) -> dict[str, str]:
    ids = {person for row in rows for person in (row.reporter_id, row.reviewer_id, row.handler_id)} - {None}
    if not ids:
        return {}
    found = session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(ids)))
    return {row.id: row.name for row in found}
