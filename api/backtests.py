"""Back-tests of proposed versions, as people are shown them."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.models import CallRow
from pipeline.backtest.models import BacktestRow
from qc.approval.models import PackVersionRow

MOST_CALLS: Final = 5000
_COUNTS: Final = {"old": 40, "new": 46, "gained": 7, "lost": 1, "more_certain": 0, "less_certain": 2}
_CHANGED: Final[dict[str, Any]] = {
    "call_id": 17, "gained": ["house.scolds@2"], "lost": [], "turned": [], "ticket": [None, "normal"],
    "level": [None, None],
}  # fmt: skip
BACKTEST: Final[dict[str, Any]] = {
    "number": 3,
    "state": "done",
    "against": "house@1",
    "calls": 500,
    "total": 500,
    "done": 500,
    "asked_by": "lead-1",
    "asked_at": "2026-03-13T14:41:00Z",
    "ended_at": "2026-03-13T14:43:10Z",
    "code": None,
    "message": None,
    "report": {
        "calls": 496,
        "other_language": 4,
        "rules": {"house.scolds": _COUNTS},
        "categories": {"dismissive": _COUNTS},
        "people": {"collectors": 4, "debtors": 7},
        "tickets": {"opened": 5},
        "warnings": {},
        "review": {
            "findings_old": 40, "findings_new": 46, "minutes_per_finding": 2.0, "hours_old": 1.3,
            "hours_new": 1.5, "hours_more": 0.2,
        },
        "decided": {"stand": [12, 12], "overturned": [3, 1], "precision": [0.8, 0.9231], "kept": 1.0},
        "changed_calls": 8,
        "changed": [_CHANGED],
    },
}  # fmt: skip


class BacktestIn(BaseModel):
    """Over how many of the newest judged calls."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"calls": 500}]})

    calls: int = Field(500, ge=1, le=MOST_CALLS)


class CountsOut(BaseModel):
    """How the findings of one rule or category change."""

    old: int
    new: int
    gained: int
    lost: int
    more_certain: int
    less_certain: int


class PeopleOut(BaseModel):
    """How many people would be judged otherwise."""

    collectors: int
    debtors: int


class BacktestReview(BaseModel):
    """Findings that a person has to look at, and the hours that takes."""

    findings_old: int
    findings_new: int
    minutes_per_finding: float
    hours_old: float
    hours_new: float
    hours_more: float


class DecidedOut(BaseModel):
    """What people decided about findings, before and after; `kept`: of those that stand, still found."""

    stand: list[int]
    overturned: list[int]
    precision: list[float | None]
    kept: float | None


class ChangedCall(BaseModel):
    """What changes in one call: rules that find something there now, no more, or more or less surely."""

    call_id: int
    gained: list[str]
    lost: list[str]
    turned: list[str]
    ticket: list[str | None] = Field(description="priority before and after")
    level: list[str | None] = Field(description="of the warning, before and after")


class ReportOut(BaseModel):
    """What would change."""

    calls: int
    other_language: int = Field(description="calls looked at that such packs do not judge")
    rules: dict[str, CountsOut]
    categories: dict[str, CountsOut]
    people: PeopleOut
    tickets: dict[str, int] = Field(description="opened, withdrawn, priority")
    warnings: dict[str, int] = Field(description="new, gone, higher, lower")
    review: BacktestReview
    decided: DecidedOut
    changed_calls: int
    changed: list[ChangedCall] = Field(description="200 at most, of those the ones in sight")


class BacktestOut(BaseModel):
    """A back-test, and how far it has come."""

    model_config = ConfigDict(json_schema_extra={"examples": [BACKTEST]})

    number: int
    state: Literal["waiting", "running", "done", "failed"]
    against: str
    calls: int
    total: int | None = Field(description="calls to look at; null until it begins")
    done: int
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    code: str | None
    message: str | None
    report: ReportOut | None


def backtest_out(session: Session, row: BacktestRow) -> BacktestOut:
    """A back-test; of the calls that change, those that the session sees."""
    same = {name: getattr(row, name) for name in BacktestOut.model_fields if hasattr(row, name)}
    against = session.get_one(PackVersionRow, row.against_id).name
    return BacktestOut(**{**same, "number": row.id, "against": against, "report": _report(session, row)})


def _report(session: Session, row: BacktestRow) -> ReportOut | None:
    if row.report is None:
        return None
    told = ReportOut.model_validate(row.report)
    numbers = [each.call_id for each in told.changed]
    seen = set(session.scalars(select(CallRow.id).where(CallRow.id.in_(numbers))))
    return told.model_copy(update={"changed": [each for each in told.changed if each.call_id in seen]})
