"""The filters of calls as parameters of a request."""

from dataclasses import fields
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api.call_filters import CallFilters
from api.http.moments import Moment
from pipeline.states import State
from qc.findings import Band

Level = Literal["low", "medium", "high"]
SCORE_MAX = 100


class FiltersIn(BaseModel):
    """What calls are narrowed by."""

    model_config = ConfigDict(extra="ignore")

    state: State | None = Field(None, description="how far the call has come")
    band: Band | None = Field(None, description="band of the newest inspection")
    level: Level | None = Field(None, description="level of the debtor's warning")
    team: str | None = Field(None, max_length=200, description="the agent's team")
    collector: str | None = Field(None, max_length=200, description="the agent's id")
    category: str | None = Field(
        None, max_length=60, description="a finding of this category", examples=["threat"]
    )
    rule: str | None = Field(
        None, max_length=200, description="a finding of this rule, with or without @version"
    )
    score_min: int | None = Field(None, ge=0, le=SCORE_MAX, description="score of the newest inspection")
    score_max: int | None = Field(None, ge=0, le=SCORE_MAX, description="score of the newest inspection")
    since: Moment | None = Field(None, description="start of the call, with its zone")
    until: Moment | None = Field(None, description="start of the call: before this moment")
    weekday: int | None = Field(None, ge=1, le=7, description="of the start in DITING_TIMEZONE; 1 is Monday")
    hour: int | None = Field(None, ge=0, le=23, description="of the start in DITING_TIMEZONE")
    unjudged: bool | None = Field(None, description="whether part of the call could not be judged")

    def read(self, zone: ZoneInfo, now: datetime) -> CallFilters:
        """The filters, by the clock of the house at the beginning of the time asked for."""
        offset = (self.since or now).astimezone(zone).utcoffset()
        given = {name: getattr(self, name) for name in _NAMES}
        return CallFilters(**given, offset_s=int(offset.total_seconds()) if offset else 0)


_NAMES = [field.name for field in fields(CallFilters) if field.name != "offset_s"]


def filters_asked(request: Request, given: Annotated[FiltersIn, Query()]) -> CallFilters:
    """What a request narrows calls by."""
    return given.read(ZoneInfo(request.app.state.settings.timezone), request.app.state.clock.now())


FiltersAsked = Annotated[CallFilters, Depends(filters_asked)]
