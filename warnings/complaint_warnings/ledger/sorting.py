"""The columns by which the ledger can be sorted, and the parts in which a sorted list is read.

Pages are read by key, never by counting from the start: page 4 000 costs what page 1 does. A key must have no
gaps, so a list is read in two parts: the rows that have a value, then those that have none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from complaint_warnings.ledger.models import LedgerLineRow

Attribute = InstrumentedAttribute[Any]
Column = Attribute | ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Sort:
    """A column of the lines to sort by; the id of the case settles equal values."""

    column: Attribute
    nullable: bool = False


SORTS: Final[Mapping[str, Sort]] = {
    "number": Sort(LedgerLineRow.number),
    "debtor": Sort(LedgerLineRow.debtor_name, nullable=True),
    "contact": Sort(LedgerLineRow.contact, nullable=True),
    "amount": Sort(LedgerLineRow.amount, nullable=True),
    "currency": Sort(LedgerLineRow.currency, nullable=True),
    "kind": Sort(LedgerLineRow.kind),
    "source": Sort(LedgerLineRow.source),
    "time": Sort(LedgerLineRow.happened_at),
    "entered": Sort(LedgerLineRow.opened_at),
    "updated": Sort(LedgerLineRow.updated_at),
    "closed": Sort(LedgerLineRow.closed_at, nullable=True),
    "level": Sort(LedgerLineRow.level_rank),
    "score": Sort(LedgerLineRow.score, nullable=True),
    "advice": Sort(LedgerLineRow.advice_head),
    "state": Sort(LedgerLineRow.state_rank),
    "reporter": Sort(LedgerLineRow.reporter_id),
    "reviewer": Sort(LedgerLineRow.reviewer_id, nullable=True),
    "signed": Sort(LedgerLineRow.signed_at, nullable=True),
    "verdict": Sort(LedgerLineRow.verdict, nullable=True),
    "handler": Sort(LedgerLineRow.handler_id, nullable=True),
    "result": Sort(LedgerLineRow.result, nullable=True),
    "client": Sort(LedgerLineRow.client, nullable=True),
    "collector": Sort(LedgerLineRow.collector_id, nullable=True),
    "team": Sort(LedgerLineRow.team, nullable=True),
}
DEFAULT_SORT: Final = "entered"


def part_count(sort: Sort) -> int:
    """In how many parts a list is read: rows without a value always come last."""
    return 2 if sort.nullable else 1


def has_values(part: int) -> bool:
    """Whether the rows of a part are sorted by the column's values, not by their ids alone."""
    return part == 0


def in_part(column: Column, part: int) -> ColumnElement[bool]:
    """The condition of a part."""
    return column.is_not(None) if has_values(part) else column.is_(None)


def order(column: Column, key: Column, *, descending: bool) -> list[ColumnElement[Any]]:
    """The order within a part. The column is named even where it is the same in all: so the index is used."""
    return [each.desc() if descending else each.asc() for each in (column, key)]


def beyond(
    column: Column, key: Column, part: int, value: Any, last_id: int, *, descending: bool
) -> ColumnElement[bool]:
    """The rows of a part after the one with this value and id."""
    after_id = key < last_id if descending else key > last_id
    if not has_values(part):
        return after_id
    # Both forms say the same; the first bound alone lets the index begin at the value.
    bound = column <= value if descending else column >= value
    farther = column < value if descending else column > value
    return and_(bound, or_(farther, and_(column == value, after_id)))
