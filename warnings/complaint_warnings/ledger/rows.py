"""One warning with every point explained, as people see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.models import WarningRow
from complaint_warnings.types import Level
from transcription.privacy.mask import mask_name


@dataclass(frozen=True, slots=True)
class WarningPoint:
    """One indicator of a warning; `because` is {zh, en}."""

    name: str
    points: float
    floor: Level | None
    because: dict[str, str]


@dataclass(frozen=True, slots=True)
class WarningView:
    """One warning. `state` is that of its case, None where it has none; `time` is aware, None where that is
    unknown; `advice` is {zh, en}; `calls` are the references of the calls it rests on, oldest registered
    first."""

    number: int
    debtor: str | None
    contact: str | None
    amount_owed: Decimal | None
    currency: str | None
    source: str
    time: datetime | None
    level: Level
    advice: dict[str, str]
    state: str | None
    score: float
    model: str
    calls: tuple[str, ...]
    indicators: tuple[WarningPoint, ...]


def warning_view(row: WarningRow, *, state: str | None, masked: bool = True) -> WarningView:
    """One warning; `state` is that of its case."""
    contact = row.contact
    return WarningView(
        number=row.id,
        debtor=mask_name(row.debtor_name) if masked and row.debtor_name else row.debtor_name,
        contact=mask_number(contact) if masked and contact else contact,
        amount_owed=Decimal(row.amount_due) if row.amount_due is not None else None,
        currency=row.currency,
        source=row.source,
        time=row.first_seen_at,
        level=_level(row.level),
        advice=dict(row.advice),
        state=state,
        score=row.score,
        model=row.model,
        calls=tuple(str(call.evidence["call"]) for call in row.calls),
        indicators=_points(row.indicators),
    )


def points_of(session: Session, warnings: Iterable[int]) -> dict[int, tuple[WarningPoint, ...]]:
    """The points of some warnings, by number."""
    query = select(WarningRow.id, WarningRow.indicators).where(WarningRow.id.in_(list(warnings)))
    return {number: _points(indicators) for number, indicators in session.execute(query)}


def _points(indicators: Sequence[dict[str, Any]]) -> tuple[WarningPoint, ...]:
    return tuple(
        WarningPoint(item["name"], item["points"], item["floor"], dict(item["because"]))
        for item in indicators
    )


def mask_number(number: str) -> str:
    """Hide the middle: the last four digits stay, the four before them go, short numbers keep two."""
    if len(number) < 8:
        return "*" * max(0, len(number) - 2) + number[-2:]
    return f"{number[:-8]}****{number[-4:]}"


def _level(value: str) -> Level:
    levels: dict[str, Level] = {"low": "low", "medium": "medium", "high": "high"}
    return levels[value]
