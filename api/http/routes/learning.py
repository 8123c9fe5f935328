"""What the closed cases teach: figures of a month, groups of complaints, the case library."""

from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict

from api.http.deps import Acting, Reader
from api.http.moments import MONTH as WRITTEN
from api.http.problems import Problem
from api.learning import group_document, lesson_document, month_document, read_month
from complaint_warnings.learning import service
from complaint_warnings.learning.groups import GroupPolicy, groups
from complaint_warnings.learning.library import Asked, search
from store.clock import Clock
from store.database import SessionFactory, transaction
from store.settings import Settings

router = APIRouter(tags=["learning"])
LESSON: dict[str, Any] = {
    "case_id": 12,
    "number": "C-2026-000012",
    "type": "违约金争议",
    "classification": "misunderstanding",
    "channel": "regulator",
    "level": "high",
    "causes": [{"dimension": "process", "kind": "违约金争议"}],
    "claim": "〔姓名〕投诉违约金算错",
    "cause": "话术未说明计算依据",
    "solution": "书面说明计算依据",
    "result": "explained",
    "rating": 5,
    "closed_at": "2026-10-09T03:00:00+00:00",
    "approved_by": "lead",
}
GROUP: dict[str, Any] = {
    "client": "中国联通",
    "numbers": ["C-2026-000012-1", "C-2026-000015-1", "C-2026-000016-1"],
    "debtors": 3,
    "first_at": "2026-10-02T01:00:00+00:00",
    "last_at": "2026-10-20T01:00:00+00:00",
    "collectors": ["A1027"],
    "because": ["collector"],
}


MONTH: dict[str, Any] = {
    "month": "2026-10",
    "complaints": 12,
    "closed": 9,
    "open_at_end": 5,
    "one_time": {"part": 7, "whole": 9, "share": 0.778},
    "repeats": {"part": 1, "whole": 9, "share": 0.111},
    "answered_in_time": {"part": 11, "whole": 12, "share": 0.917},
    "settled_in_time": {"part": 8, "whole": 9, "share": 0.889},
    "median_days_to_close": 3.2,
    "satisfaction": {
        "answered": {"part": 8, "whole": 9, "share": 0.889},
        "satisfied": {"part": 6, "whole": 8, "share": 0.75},
        "mean": 4.1,
        "marks": {"1": 0, "2": 1, "3": 1, "4": 2, "5": 4},
    },
    "attributed": {"part": 9, "whole": 9, "share": 1.0},
    "causes": {"process": [{"kind": "违约金争议", "count": 3}], "staff": [], "system": []},
    "parts": {"team": {}, "collector": {}, "client": {}, "channel": {}},
    "conversion": {
        "converted": {"part": 2, "whole": 40, "share": 0.05},
        "by_level": {"high": {"part": 2, "whole": 9, "share": 0.222}},
        "by_source": {"call": {"part": 2, "whole": 40, "share": 0.05}},
        "foreseen": {"part": 7, "whole": 12, "share": 0.583},
        "lead_days": 11.5,
        "missed": [
            {"number": "C-2026-000012", "complained_at": "2026-10-02T01:00:00+00:00", "why": "no_signals"}
        ],
    },
}


class RateOut(BaseModel):
    """`part` of `whole`; `share` is null where there was nothing to count."""

    part: int
    whole: int
    share: float | None


class MonthOut(BaseModel):
    """The figures of a month; `parts` divides them by team, collector, creditor and channel."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [MONTH]})

    month: str
    complaints: int
    closed: int
    open_at_end: int
    one_time: RateOut
    repeats: RateOut
    answered_in_time: RateOut
    settled_in_time: RateOut
    median_days_to_close: float | None
    satisfaction: dict[str, Any]
    attributed: RateOut
    causes: dict[str, list[dict[str, Any]]]
    parts: dict[str, dict[str, Any]]
    conversion: dict[str, Any]


class GroupOut(BaseModel):
    """Complaints that belong together."""

    model_config = ConfigDict(json_schema_extra={"examples": [GROUP]})

    client: str | None
    numbers: list[str]
    debtors: int
    first_at: str
    last_at: str
    collectors: list[str]
    because: list[str]


class Groups(BaseModel):
    """The groups, largest first."""

    items: list[GroupOut]


class LessonOut(BaseModel):
    """A closed case without the people in it."""

    model_config = ConfigDict(json_schema_extra={"examples": [LESSON]})

    case_id: int
    number: str
    type: str
    classification: str | None
    channel: str | None
    level: str
    causes: list[dict[str, str]]
    claim: str
    cause: str
    solution: str
    result: str
    rating: int | None
    closed_at: str
    approved_by: str


class Lessons(BaseModel):
    """Cases of the library, newest first."""

    items: list[LessonOut]


@router.get("/learning/months/{month}", summary="The figures of a month")
def monthly(
    request: Request, session: Reader, month: Annotated[str, Path(json_schema_extra={"pattern": WRITTEN})]
) -> MonthOut:
    """Causes in three dimensions, resolution, satisfaction, repeats, limits kept, and what was foreseen."""
    settings: Settings = request.app.state.settings
    return MonthOut(**month_document(read_month(session, month, ZoneInfo(settings.timezone))))


@router.get(
    "/learning/groups",
    summary="Complaints that belong together",
    responses={200: {"content": {"application/json": {"example": {"items": [GROUP]}}}}},
)
def list_groups(
    request: Request,
    session: Reader,
    days: Annotated[int, Query(ge=1, le=3650, description="how far back to look")] = 90,
    least: Annotated[int, Query(ge=2, le=1000, description="how many debtors make a group")] = 3,
    window: Annotated[int, Query(ge=1, le=365, description="days between one and the next")] = 30,
) -> Groups:
    """Of one creditor, against one collector or in nearly the same words."""
    clock: Clock = request.app.state.clock
    rows = service.grievances(session, clock.now() - timedelta(days=days))
    found = groups(rows, GroupPolicy(least=least, window=timedelta(days=window)))
    return Groups(items=[GroupOut(**group_document(group)) for group in found])


@router.get(
    "/learning/library",
    summary="Search the library of closed cases",
    responses={200: {"content": {"application/json": {"example": {"items": [LESSON]}}}}},
)
def library(
    session: Reader,
    word: Annotated[list[str] | None, Query(max_length=20, description="all must occur")] = None,
    type: Annotated[str | None, Query(max_length=100, description="the cause in one word")] = None,
    dimension: Annotated[str | None, Query(max_length=20, description="process, staff or system")] = None,
    classification: Annotated[str | None, Query(max_length=40, description="as it was classified")] = None,
    channel: Annotated[str | None, Query(max_length=30, description="the way it came")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="how many at most")] = 50,
) -> Lessons:
    """By words, type, cause, classification and channel."""
    asked = Asked(tuple(word or ()), type, dimension, None, classification, channel, limit)
    return Lessons(items=[LessonOut(**lesson_document(row)) for row in search(session, asked)])


@router.post(
    "/learning/library/{case_id}",
    summary="Put a closed case into the library",
    responses={409: {"model": Problem, "description": "Conflict: not closed, or not yours to approve"}},
)
def publish(request: Request, acting: Acting, case_id: Annotated[int, Path(ge=1, lt=2**31)]) -> LessonOut:
    """The people in it are taken out first. Doing it again changes nothing."""
    sessions: SessionFactory = request.app.state.sessions
    clock: Clock = request.app.state.clock
    with transaction(sessions) as session:
        row = service.publish(session, clock, case_id, actor=acting)
        return LessonOut(**lesson_document(row))
