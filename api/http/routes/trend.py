"""One's own trend: how a collector's work goes."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api import coaching as shown
from api.http.deps import Caller, Reader
from api.trend import Weeks, trend, words_of
from store.clock import Clock

router = APIRouter(tags=["figures"])

_WEEKS: Final = 12
_WEEKS_MAX: Final = 53
_WEEK: dict[str, Any] = {
    "monday": "2026-06-01", "calls": 42, "judged": 39, "not_judged": 2, "waiting": 1, "score": 91.3,
    "reviewed": 3, "final": 88.0,
}  # fmt: skip
_FOUND: dict[str, Any] = {
    "category": "interruption",
    "kind": "violation",
    "title": {"zh": "抢话打断", "en": "interruption"},
    "calls": 3,
    "by_week": [3],
}
TREND: dict[str, Any] = {
    "person": "A2107",
    "weeks": [_WEEK],
    "undated": 0,
    "found": [_FOUND],
    "appeals": {"appealed": 2, "waiting": 1, "won": 1, "lost": 0},
    "coaching": [shown.TASK],
}


class WeekOut(BaseModel):
    """Calls of one week."""

    monday: date = Field(description="the first day, by DITING_TIMEZONE")
    calls: int
    judged: int
    not_judged: int = Field(description="could not be judged, or only in part: in no mean, and never clean")
    waiting: int = Field(description="not judged yet")
    score: float | None = Field(description="mean of the machine's scores of those judged")
    reviewed: int = Field(description="calls whose review is final")
    final: float | None = Field(description="mean of their final scores")


class FoundOut(BaseModel):
    """Calls with findings of one category, without those that a final review called false."""

    category: str
    kind: str
    title: dict[str, str]
    calls: int
    by_week: list[int] = Field(description="in the order of `weeks`")


class AppealsOut(BaseModel):
    """One's own appeals: tickets, those that wait, and the answers ground by ground."""

    appealed: int
    waiting: int
    won: int
    lost: int


class TrendOut(BaseModel):
    """How one's own work goes."""

    model_config = ConfigDict(json_schema_extra={"examples": [TREND]})

    person: str
    weeks: list[WeekOut] = Field(description="the oldest first; weeks without calls too")
    undated: int = Field(description="calls of which nobody knows when they were: they are in no week")
    found: list[FoundOut] = Field(description="violations before signals, the most first")
    appeals: AppealsOut
    coaching: list[shown.TaskOut] = Field(description="open tasks")


@router.get("/me/trend", summary="How one's own work goes, week by week")
def own_trend(
    request: Request,
    session: Reader,
    caller: Caller,
    weeks: Annotated[int, Query(ge=1, le=_WEEKS_MAX, description="so many, up to the present one")] = _WEEKS,
) -> TrendOut:
    """Of the calls that the caller spoke in: scores, what was found, appeals, and open coaching."""
    zone = ZoneInfo(request.app.state.settings.timezone)
    clock: Clock = request.app.state.clock
    made = trend(session, caller.id, Weeks(clock.now().astimezone(zone).date(), weeks, zone))
    return TrendOut(
        person=caller.id,
        weeks=[WeekOut(**asdict(each)) for each in made.weeks],
        undated=made.undated,
        found=[
            FoundOut(**asdict(each) | {"title": words_of(each.category), "by_week": list(each.by_week)})
            for each in made.found
        ],
        appeals=AppealsOut(**asdict(made.appeals)),
        coaching=[shown.task_out(row) for row in made.coaching],
    )
