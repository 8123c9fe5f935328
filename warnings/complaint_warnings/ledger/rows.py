"""投诉预警报备台账: the warnings as rows that people list, search and export."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from complaint_warnings.models import WarningRow
from complaint_warnings.types import Language, Level

BOTH: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class LedgerIndicator:
    """One indicator of a warning; `because` is {zh, en}."""

    name: str
    points: float
    floor: Level | None
    because: dict[str, str]


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line of the ledger. `time` is aware, None where the call's time is unknown; `advice` is
    {zh, en}; `calls` are the references of the calls it rests on, oldest registered first."""

    number: int
    debtor: str | None
    contact: str | None
    amount_owed: Decimal | None
    currency: str | None
    source: str
    time: datetime | None
    level: Level
    advice: dict[str, str]
    state: str
    score: float
    model: str
    calls: tuple[str, ...]
    indicators: tuple[LedgerIndicator, ...]


def ledger_rows(
    session: Session,
    *,
    masked: bool = True,
    levels: Sequence[Level] = (),
    states: Sequence[str] = (),
) -> list[LedgerRow]:
    """The ledger, newest call first (unknown times on top, where they are seen).

    Args:
        session: an open session.
        masked: hide the middle of telephone numbers; False only for those who may see them.
        levels: only these levels; empty for all.
        states: only these states; empty for all.
    """
    query = select(WarningRow).options(selectinload(WarningRow.calls))
    if levels:
        query = query.where(WarningRow.level.in_(levels))
    if states:
        query = query.where(WarningRow.state.in_(states))
    query = query.order_by(WarningRow.first_seen_at.desc().nulls_first(), WarningRow.id.desc())
    return [ledger_row(row, masked=masked) for row in session.scalars(query)]


def ledger_row(row: WarningRow, *, masked: bool = True) -> LedgerRow:
    """One warning as a line of the ledger."""
    contact = row.contact
    return LedgerRow(
        number=row.id,
        debtor=row.debtor_name,
        contact=mask_number(contact) if masked and contact else contact,
        amount_owed=Decimal(row.amount_due) if row.amount_due is not None else None,
        currency=row.currency,
        source=row.source,
        time=row.first_seen_at,
        level=_level(row.level),
        advice=dict(row.advice),
        state=row.state,
        score=row.score,
        model=row.model,
        calls=tuple(str(call.evidence["call"]) for call in row.calls),
        indicators=tuple(
            LedgerIndicator(item["name"], item["points"], item["floor"], dict(item["because"]))
            for item in row.indicators
        ),
    )


def mask_number(number: str) -> str:
    """Hide the middle: the last four digits stay, the four before them go, short numbers keep two."""
    if len(number) < 8:
        return "*" * max(0, len(number) - 2) + number[-2:]
    return f"{number[:-8]}****{number[-4:]}"


def _level(value: str) -> Level:
    levels: dict[str, Level] = {"low": "low", "medium": "medium", "high": "high"}
    return levels[value]
