"""Figures for dashboards."""

from datetime import date, timedelta
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api import figures
from api.figures import By, Cell, Figure, Period
from api.http.deps import Reader, SightAsked
from api.http.moments import Day
from api.http.problems import BadRequest
from api.sight import Sight

router = APIRouter(tags=["figures"])
DAYS: Final = 30
DAYS_MAX: Final = 366
WAITING: Final = ("open",)
FIGURE: dict[str, Any] = {
    "key": "threat",
    "count": 12,
    "whole": 2740,
    "share": 0.0044,
    "filters": {
        "since": "2026-06-01T00:00:00+08:00",
        "until": "2026-07-01T00:00:00+08:00",
        "category": "threat",
    },
}
CELL: dict[str, Any] = {
    "weekday": 3,
    "hour": 22,
    "calls": 9,
    "outside": 9,
    "filters": {
        "since": "2026-06-01T00:00:00+08:00",
        "until": "2026-07-01T00:00:00+08:00",
        "weekday": 3,
        "hour": 22,
    },
}
_SPAN: dict[str, Any] = {"first": "2026-06-01", "last": "2026-06-30"}


class FigureOut(BaseModel):
    """One number, of how many, and the filters by which GET /calls shows what is behind it."""

    key: str
    count: int
    whole: int | None
    share: float | None = Field(description="null where there was nothing to count")
    filters: dict[str, Any]


class CellOut(BaseModel):
    """Calls of one hour of the week."""

    weekday: int = Field(ge=1, le=7, description="1 is Monday")
    hour: int = Field(ge=0, le=23)
    calls: int
    outside: int = Field(description="outside the permitted hours, as judged by the debtor's clock")
    filters: dict[str, Any]


class FiguresOut(BaseModel):
    """Figures of the days from `first` to `last`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_SPAN, "items": [FIGURE]}]})

    first: date
    last: date
    items: list[FigureOut]


class HoursOut(BaseModel):
    """Calls by hour and day of the week."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_SPAN, "items": [CELL]}]})

    first: date
    last: date
    items: list[CellOut]


class FrequencyOut(BaseModel):
    """How often debtors were called on a day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {**_SPAN, "spread": [FIGURE | {"key": "2"}], "over": FIGURE | {"key": "over_frequency"}}
            ]
        }
    )

    first: date
    last: date
    spread: list[FigureOut] = Field(description="debtors by calls of one team on one day: 1, 2, 3, 4+")
    over: FigureOut = Field(description="calls over a limit")


class QueueFigures(BaseModel):
    """Tickets that wait now."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [FIGURE | {"key": "urgent/1"}]}]})

    items: list[FigureOut] = Field(description="`priority/days`: less than so many days, or `more`")


def period(
    request: Request,
    sight: SightAsked,
    first: Annotated[Day | None, Query(description="first day, by DITING_TIMEZONE")] = None,
    last: Annotated[Day | None, Query(description="last day; today by default")] = None,
    team: Annotated[str | None, Query(max_length=200, description="the agents' team")] = None,
) -> Period:
    """The days asked for; the last 30 by default.

    Raises:
        BadRequest: `figures.period`.
    """
    zone = ZoneInfo(request.app.state.settings.timezone)
    until = last or request.app.state.clock.now().astimezone(zone).date()
    since = first or max(until, date.min + timedelta(days=DAYS)) - timedelta(days=DAYS - 1)
    if not since <= until or (until - since).days >= DAYS_MAX or until.year >= date.max.year:
        raise BadRequest(
            f"the days must follow each other, at most {DAYS_MAX} of them",
            code="figures.period",
            where="query first",
            mend="Ask for less at once.",
        )
    return Period(since, until, zone, teams_of(sight, team))


def teams_of(sight: Sight, asked: str | None) -> tuple[str, ...] | None:
    """Of which teams the caller sees figures; None is of all, none of them is of nothing: a team out of sight
    counts like one that is not there."""
    if sight.calls.everything:
        return None if asked is None else (asked,)
    return tuple(sorted(team for team in sight.calls.teams if asked in (None, team)))


Asked = Annotated[Period, Depends(period)]


@router.get("/figures/calls", summary="Judged calls by hour and day of the week")
def calls(session: Reader, asked: Asked) -> HoursOut:
    """Hours without calls are left out."""
    cells = figures.calls_by_hour(session, asked)
    return HoursOut(first=asked.first, last=asked.last, items=[_cell(each) for each in cells])


@router.get("/figures/findings", summary="Calls with findings, by category, team, collector or week")
def findings(
    session: Reader,
    asked: Asked,
    by: Annotated[By, Query(description="what each figure is of")] = "category",
    category: Annotated[str | None, Query(max_length=60, description="only of this category")] = None,
) -> FiguresOut:
    """Without a category, calls that are not clean; at most 500 figures, the largest first."""
    return _figures(asked, figures.findings_by(session, asked, by, category))


@router.get("/figures/frequency", summary="How often debtors were called on a day")
def frequency(session: Reader, asked: Asked) -> FrequencyOut:
    """And how many calls were over a limit."""
    spread, over = figures.frequency(session, asked)
    return FrequencyOut(
        first=asked.first, last=asked.last, spread=[_figure(each) for each in spread], over=_figure(over)
    )


@router.get("/figures/warnings", summary="Warnings that were opened, by level")
def warnings(session: Reader, asked: Asked) -> FiguresOut:
    """The filters show their calls of the same days."""
    return _figures(asked, figures.warnings_by_level(session, asked))


@router.get("/figures/adherence", summary="Calls without each kind of violation")
def adherence(session: Reader, asked: Asked) -> FiguresOut:
    """`count` calls of `whole` kept the rule; the filters show those that did not."""
    return _figures(asked, figures.adherence(session, asked))


@router.get("/figures/queue", summary="Tickets that wait, by priority and age")
def queue(
    request: Request,
    session: Reader,
    sight: SightAsked,
    team: Annotated[str | None, Query(max_length=200, description="the agents' team")] = None,
) -> QueueFigures:
    """As they stand now."""
    now = request.app.state.clock.now()
    found = figures.queue(session, now, teams_of(sight, team), WAITING)
    return QueueFigures(items=[_figure(each) for each in found])


def _figures(asked: Period, found: list[Figure]) -> FiguresOut:
    return FiguresOut(first=asked.first, last=asked.last, items=[_figure(each) for each in found])


def _figure(figure: Figure) -> FigureOut:
    share = round(figure.count / figure.whole, 4) if figure.whole else None
    return FigureOut(
        key=figure.key, count=figure.count, whole=figure.whole, share=share, filters=figure.filters
    )


def _cell(cell: Cell) -> CellOut:
    return CellOut(
        weekday=cell.weekday, hour=cell.hour, calls=cell.calls, outside=cell.outside, filters=cell.filters
    )
