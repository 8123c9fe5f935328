"""The columns by which the ledger can be sorted, and the parts in which a sorted list is read.

Pages are read by key, never by counting from the start: page 4 000 costs what page 1 does. A key must have no
gaps, so a list is read in two parts: the rows that have a value, then those that have none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from complaint_warnings.cases.models import CaseRow
from complaint_warnings.ledger.models import LedgerLineRow

Attribute = InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Sort:
    """A column to sort by, with the id of the same table that settles equal values."""

    column: Attribute
    id: Attribute
    nullable: bool = False


def _case(column: Attribute, *, nullable: bool = False) -> Sort:
    return Sort(column, CaseRow.id, nullable)


def _line(column: Attribute, *, nullable: bool = True) -> Sort:
    return Sort(column, LedgerLineRow.case_id, nullable)


SORTS: Final[Mapping[str, Sort]] = {
    "number": _case(CaseRow.number),
    "debtor": _case(CaseRow.debtor_name, nullable=True),
    "contact": _case(CaseRow.contact, nullable=True),
    "amount": _line(LedgerLineRow.amount),
    "currency": _case(CaseRow.currency, nullable=True),
    "kind": _case(CaseRow.kind),
    "source": _case(CaseRow.source),
    "time": _line(LedgerLineRow.happened_at, nullable=False),
    "entered": _case(CaseRow.opened_at),
    "updated": _case(CaseRow.updated_at),
    "closed": _case(CaseRow.closed_at, nullable=True),
    "level": _line(LedgerLineRow.level_rank, nullable=False),
    "score": _line(LedgerLineRow.score),
    "advice": _line(LedgerLineRow.advice_head, nullable=False),
    "state": _line(LedgerLineRow.state_rank, nullable=False),
    "reporter": _case(CaseRow.reporter_id),
    "reviewer": _case(CaseRow.reviewer_id, nullable=True),
    "signed": _line(LedgerLineRow.signed_at),
    "verdict": _line(LedgerLineRow.verdict),
    "handler": _case(CaseRow.handler_id, nullable=True),
    "result": _case(CaseRow.result, nullable=True),
    "client": _case(CaseRow.client, nullable=True),
    "collector": _case(CaseRow.collector_id, nullable=True),
    "team": _case(CaseRow.team, nullable=True),
}
DEFAULT_SORT: Final = "entered"


def parts(sort: Sort) -> list[ColumnElement[bool]]:
    """The conditions of the parts, in their order; rows without a value always come last."""
    if not sort.nullable:
        return [sort.id.is_not(None)]
    return [sort.column.is_not(None), sort.column.is_(None)]


def has_values(part: int) -> bool:
    """Whether the rows of a part are sorted by the column's values, not by their ids alone."""
    return part == 0


def order(sort: Sort, *, descending: bool) -> list[ColumnElement[Any]]:
    """The order within a part. The column is named even where it is the same in all: so the index is used."""
    columns = (sort.column, sort.id)
    return [column.desc() if descending else column.asc() for column in columns]


def beyond(sort: Sort, part: int, value: Any, last_id: int, *, descending: bool) -> ColumnElement[bool]:
    """The rows of a part after the one with this value and id."""
    after_id = sort.id < last_id if descending else sort.id > last_id
    if not has_values(part):
        return after_id
    # Both forms say the same; the first bound alone lets the index begin at the value.
    bound = sort.column <= value if descending else sort.column >= value
    farther = sort.column < value if descending else sort.column > value
    return and_(bound, or_(farther, and_(sort.column == value, after_id)))
