"""Monthly summaries of the ledger: what came, what was settled, what is carried over, and by what."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from complaint_warnings.cases.models import CaseRow
from complaint_warnings.ledger.filters import Filters, conditions
from complaint_warnings.ledger.models import LedgerLineRow
from store.errors import BadInputError

# Ways to take a month apart. `result` is of what was closed in it, all others of what was opened.
SHARES: Final[Mapping[str, InstrumentedAttribute[Any]]] = {
    "level": CaseRow.level,
    "source": CaseRow.source,
    "state": CaseRow.state,
    "team": CaseRow.team,
    "kind": CaseRow.kind,
    "client": CaseRow.client,
    "result": CaseRow.result,
}
MONTHS_MAX: Final = 120


@dataclass(frozen=True, slots=True)
class Month:
    """One month (`2026-03`) in the house's time zone. `carried_in` were open when it began, `carried_out`
    when it ended. `shares` are counts by the words of each way to take it apart, None for what is not known.
    """

    month: str
    carried_in: int
    opened: int
    closed: int
    carried_out: int
    shares: Mapping[str, Mapping[str | None, int]]


def monthly(
    session: Session, filters: Filters, *, first: str, last: str, zone: ZoneInfo, now: datetime
) -> list[Month]:
    """The months from `first` to `last`, both included, of the lines that the filters let through.

    Raises:
        BadInputError: `ledger.month`.
    """
    return [_month(session, conditions(session, filters, now), month, zone) for month in months(first, last)]


def months(first: str, last: str) -> list[str]:
    """The months from `first` to `last`, written 2026-03.

    Raises:
        BadInputError: `ledger.month`, not a month, the wrong way round, or more than ten years.
    """
    begin, end = _number(first), _number(last)
    if not 0 <= end - begin < MONTHS_MAX:
        raise _refusal(f"{first} to {last} is no span of at most {MONTHS_MAX} months")
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(begin, end + 1)]


def span(month: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a month begins and ends in a time zone, in UTC."""
    number = _number(month)
    edges = [
        datetime(each // 12, each % 12 + 1, 1, tzinfo=zone).astimezone(UTC) for each in (number, number + 1)
    ]
    return edges[0], edges[1]


def _month(session: Session, wanted: Iterable[ColumnElement[bool]], month: str, zone: ZoneInfo) -> Month:
    since, until = span(month, zone)
    opened = (LedgerLineRow.opened_at >= since) & (LedgerLineRow.opened_at < until)
    closed = (LedgerLineRow.closed_at >= since) & (LedgerLineRow.closed_at < until)
    of_lines = tuple(wanted)

    def counted(*those: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(LedgerLineRow)
        return session.scalar(query.where(*of_lines, *those)) or 0

    shares: dict[str, dict[str | None, int]] = defaultdict(dict)
    for name, column in SHARES.items():
        query = select(column, func.count()).join(LedgerLineRow, LedgerLineRow.case_id == CaseRow.id)
        rows = session.execute(
            query.where(*of_lines, closed if name == "result" else opened).group_by(column)
        )
        shares[name] = dict(sorted(((word, count) for word, count in rows), key=lambda each: -each[1]))
    return Month(
        month=month,
        carried_in=counted(*_open_at(since)),
        opened=counted(opened),
        closed=counted(closed),
        carried_out=counted(*_open_at(until)),
        shares=shares,
    )


def _open_at(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    """Cases that were open then. One that was closed and opened again counts by its last closing."""
    closed_at = LedgerLineRow.closed_at
    return LedgerLineRow.opened_at < moment, closed_at.is_(None) | (closed_at >= moment)


def _number(month: str) -> int:
    year, _, rest = month.partition("-")
    if not (len(year) == 4 and year.isdecimal() and len(rest) == 2 and rest.isdecimal()):
        raise _refusal(f"{month!r} is no month")
    if not (1990 <= int(year) <= 2100 and 1 <= int(rest) <= 12):
        raise _refusal(f"{month!r} is no month")
    return int(year) * 12 + int(rest) - 1


def _refusal(message: str) -> BadInputError:
    return BadInputError(message, code="ledger.month", where="month", mend="Write months as 2026-03.")
