"""Deadlines of the cases, and the working calendars they are counted on."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict

from api.deadlines import EXAMPLE, CalendarOut, DeadlineOut, calendar_out, deadline_out
from api.http.deps import Reader
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.clocks.house import house_of
from complaint_warnings.clocks.service import deadlines_of, due
from store.clock import Clock
from store.errors import NotFoundError

router = APIRouter(tags=["deadlines"])
_LIMIT_MAX = 1000


class DeadlineList(BaseModel):
    """Deadlines, the most urgent first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE]}]})

    items: list[DeadlineOut]


@router.get("/deadlines", summary="What is awaited, the most urgent first")
def awaited(
    request: Request,
    session: Reader,
    breached: Annotated[bool, Query(description="only what is overdue")] = False,
    within_hours: Annotated[
        float | None, Query(gt=0, le=10_000, description="only what is due by then, with what is overdue")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=_LIMIT_MAX, description="so many at most")] = 50,
) -> DeadlineList:
    """Clocks of open cases that run or are paused; those on pause come last."""
    now = _now(request)
    span = None if within_hours is None else timedelta(hours=within_hours)
    rows = due(session, now, within=span, breached=breached, limit=limit)
    return DeadlineList(items=[deadline_out(row, case, now) for row, case in rows])


@router.get("/cases/{case_id}/deadlines", summary="All deadlines of a case, and why each is when it is")
def of_case(request: Request, session: Reader, case_id: Annotated[int, Path(ge=1, lt=2**31)]) -> DeadlineList:
    """The runs of all clocks of a case, those that are over included, in the order in which they began."""
    case = session.get(CaseRow, case_id)
    if case is None:
        raise NotFoundError(f"there is no case {case_id}", code="case.unknown")
    now = _now(request)
    return DeadlineList(items=[deadline_out(row, case, now) for row in deadlines_of(session, case_id)])


@router.get("/calendars/{country}/{year}", summary="The working days of a year")
def calendar(
    request: Request,
    country: Annotated[str, Path(pattern="^[A-Z]{2}$", description="ISO 3166 code")],
    year: Annotated[int, Path(ge=1990, le=2100)],
) -> CalendarOut:
    """Days that are not what their weekday says, with their source. A year of which nobody official has said
    yet which days are worked is refused (`calendar.no_data`)."""
    return calendar_out(house_of(request.app.state.settings).calendars.of(country), year)


def _now(request: Request) -> datetime:
    clock: Clock = request.app.state.clock
    return clock.now()
