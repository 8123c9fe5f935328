"""Deadlines and working calendars as people are shown them, on the command line and over HTTP alike."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.words import Words
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.clocks.calendars import Calendar, Day
from complaint_warnings.clocks.models import DeadlineRow
from complaint_warnings.clocks.types import Standing, standing

STANDINGS: dict[Standing, Words] = {
    "running": Words("计时中", "running"),
    "paused": Words("暂停", "paused"),
    "overdue": Words("已超时", "overdue"),
    "met": Words("按时完成", "met"),
    "met_late": Words("超时完成", "met late"),
    "ended": Words("不再需要", "ended"),
}
_SATURDAY = 5

EXAMPLE: dict[str, Any] = {
    "case_id": 12,
    "case_number": "W-2026-000012",
    "level": "medium",
    "handler_id": "cs-1",
    "clock": "settle",
    "number": 1,
    "title": {"zh": "办结", "en": "settled"},
    "standing": "running",
    "starts_at": "2026-09-30T09:00:00Z",
    "due_at": "2026-10-10T10:00:00Z",
    "rule_due_at": "2026-10-10T10:00:00Z",
    "met_at": None,
    "ended_at": None,
    "breached_at": None,
    "by_hand": False,
    "provisional": False,
    "force": "internal",
    "policy": "default@2",
    "why": {
        "zh": "办结：一般事项3个工作日内办结；自2026-09-30 17:00起3个工作日（收到当日不计）。",
        "en": "settled: general matters are settled within 3 working days; 3 working days, the day of "
        "receipt not counted, from 2026-09-30 17:00.",
    },
    "warnings": [{"mark": "50%", "at": "2026-10-09T05:30:00+00:00"}],
    "pauses": [],
    "extensions": [],
    "cite": None,
}
CALENDAR_EXAMPLE: dict[str, Any] = {
    "country": "CN",
    "year": 2026,
    "working_days": 248,
    "exceptions": [
        {
            "date": "2026-10-01",
            "working": False,
            "why": "National Day",
            "source": "chinesecalendar 1.11.0",
        }
    ],
}


class DeadlineOut(BaseModel):
    """One run of one clock of a case."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    case_id: int
    case_number: str
    level: str
    handler_id: str | None
    clock: str = Field(description="name in the policy: `start`, `review`, `settle`, `regulator` …")
    number: int = Field(description="counts the runs of the clock in the case")
    title: dict[str, str]
    standing: Standing
    starts_at: datetime
    due_at: datetime | None = Field(description="null while a pause lasts")
    rule_due_at: datetime | None = Field(description="the policy's date where a person set another")
    met_at: datetime | None
    ended_at: datetime | None
    breached_at: datetime | None = Field(description="the limit that was missed; stays whatever came after")
    by_hand: bool
    provisional: bool = Field(description="a year without official working days was counted over")
    force: Literal["regulation", "contract", "internal"]
    policy: str
    why: dict[str, str]
    warnings: list[dict[str, str]]
    pauses: list[dict[str, str | None]]
    extensions: list[dict[str, str]]
    cite: str | None


class DayOut(BaseModel):
    """A day that is not what its weekday says."""

    date: date
    working: bool
    why: str
    source: str


class CalendarOut(BaseModel):
    """The working days of a year: the weekdays, but for the exceptions."""

    model_config = ConfigDict(json_schema_extra={"examples": [CALENDAR_EXAMPLE]})

    country: str
    year: int
    working_days: int
    exceptions: list[DayOut]


def deadline_out(row: DeadlineRow, case: CaseRow, now: datetime) -> DeadlineOut:
    """A deadline as it stands at a moment."""
    own = {name: getattr(row, name) for name in DeadlineOut.model_fields if hasattr(row, name)}
    return DeadlineOut(
        **own,
        **row.document,
        case_number=case.number,
        level=case.level,
        handler_id=case.handler_id,
        standing=standing(row, now),
    )


def calendar_out(calendar: Calendar, year: int) -> CalendarOut:
    """The working days of a year.

    Raises:
        BadInputError: `calendar.no_data`, nobody official has said yet.
    """
    calendar.require(year)
    days = calendar.year(year)
    return CalendarOut(
        country=calendar.country,
        year=year,
        working_days=sum(day.working for day in days),
        exceptions=[
            DayOut(date=day.date, working=day.working, why=day.why, source=day.source)
            for day in days
            if _exceptional(day)
        ],
    )


def _exceptional(day: Day) -> bool:
    return day.working != (day.date.weekday() < _SATURDAY)
