"""Sampling plans and draws as people are shown them, on the command line and over HTTP alike."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.words import Words
from ingest.models import CallRow
from qc.sampling.estimate import Estimate, Seen
from qc.sampling.lookup import Checked
from qc.sampling.models import SamplingDrawRow, SamplingPickRow, SamplingPlanRow

PARTS = {
    "plan": Words("计划抽样", "plan"),
    "random": Words("随机抽样", "random"),
    "follow_up": Words("辅导复检", "follow-up"),
}
_STRATUM = {"name": "team=T2", "population": 412, "drawn": 13, "weight": 31.692308}
PLAN_DOCUMENT: dict[str, Any] = {
    "name": "weekly",
    "title": {"zh": "每周抽检", "en": "Weekly sample"},
    "period": "week",
    "size": {"share": 0.03, "at_least": 20},
    "strata": ["team"],
    "random": {"size": {"number": 30}},
    "second_review": 0.1,
}
PLAN: dict[str, Any] = {
    "name": "weekly",
    "version": 2,
    "document": PLAN_DOCUMENT,
    "added_by": "lead-1",
    "added_at": "2026-03-02T01:00:00Z",
}
DRAW: dict[str, Any] = {
    "id": 7,
    "name": "weekly",
    "part": "random",
    "period_start": "2026-03-01T16:00:00Z",
    "period_end": "2026-03-08T16:00:00Z",
    "population": 412,
    "pending": 3,
    "drawn": 13,
    "drawn_by": "system",
    "drawn_at": "2026-03-09T04:00:12Z",
}
PICK: dict[str, Any] = {
    "call_id": 17, "call": "central-recorder/S003", "stratum": "team=T2", "place": 0, "second_review": False
}  # fmt: skip
DRAW_DETAIL: dict[str, Any] = {
    **DRAW,
    "seed": "5b0c1e7c9a3f4d2e8f6a7b8c9d0e1f2a",
    "method": "sha256-order@1",
    "filters": {"teams": ["T2"], "flagged": False},
    "rules": {"size": {"number": 13}, "strata": ["team"], "allocation": "proportional", "second_review": 0.1},
    "strata": [{**_STRATUM, "members": "17,20-22"}],
    "picks": [PICK],
}
CHECK: dict[str, Any] = {
    "draw_id": 7, "holds": True, "deleted": 0, "missing": [], "foreign": [], "gone": 1, "new": 3
}  # fmt: skip
ESTIMATE: dict[str, Any] = {
    "share": 0.0769,
    "low": 0.0137,
    "high": 0.3331,
    "calls": 31.7,
    "population": 412,
    "reviewed": 13,
    "left_out": 0,
    "strata": [{"name": "team=T2", "population": 412, "drawn": 13, "reviewed": 13, "violating": 1}],
}


class PlanOut(BaseModel):
    """A plan on record."""

    model_config = ConfigDict(json_schema_extra={"examples": [PLAN]})

    name: str
    version: int
    document: dict[str, Any] = Field(description="the plan (docs/sampling.md)")
    added_by: str
    added_at: datetime


class DrawOut(BaseModel):
    """A draw in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [DRAW]})

    id: int
    name: str = Field(description="of the plan, or `coaching-` and the number of the task")
    part: Literal["plan", "random", "follow_up"]
    period_start: datetime
    period_end: datetime
    population: int = Field(description="calls that could be drawn")
    pending: int = Field(description="calls of the period that were not judged yet, and could not be")
    drawn: int
    drawn_by: str
    drawn_at: datetime


class StratumOut(BaseModel):
    """One stratum of a draw."""

    name: str
    population: int
    drawn: int
    weight: float = Field(description="for how many calls one drawn call stands")
    members: str = Field(description="numbers of the calls that could be drawn: `1-3,7`")


class PickOut(BaseModel):
    """A drawn call."""

    call_id: int
    call: str
    stratum: str
    place: int
    second_review: bool = Field(description="a second person reviews it blindly, too")


class DrawDetail(DrawOut):
    """All that is needed to draw again, and what was drawn."""

    model_config = ConfigDict(json_schema_extra={"examples": [DRAW_DETAIL]})

    seed: str
    method: str
    filters: dict[str, Any]
    rules: dict[str, Any]
    strata: list[StratumOut]
    picks: list[PickOut]


class DrawCheck(BaseModel):
    """A draw that was drawn again."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHECK]})

    draw_id: int
    holds: bool = Field(description="exactly those calls were drawn that the record says")
    deleted: int = Field(description="drawn calls that are not there any more")
    missing: list[int]
    foreign: list[int]
    gone: int = Field(description="calls that would not belong to the population now")
    new: int = Field(description="calls that would belong to the population now, and did not then")


class SeenOut(BaseModel):
    """A stratum as far as it was reviewed."""

    name: str
    population: int
    drawn: int
    reviewed: int
    violating: int


class EstimateOut(BaseModel):
    """What the reviewed calls prove about all of them."""

    model_config = ConfigDict(json_schema_extra={"examples": [ESTIMATE]})

    share: float | None = Field(description="of calls with a violation; null where nothing was reviewed")
    low: float = Field(description="lower end of the 95 % interval")
    high: float
    calls: float | None = Field(description="about how many calls that is")
    population: int
    reviewed: int
    left_out: int = Field(description="calls of strata of which nothing was reviewed")
    strata: list[SeenOut]


def plan_out(row: SamplingPlanRow) -> PlanOut:
    """The newest version of a plan."""
    return PlanOut(
        name=row.name,
        version=row.version,
        document=row.document,
        added_by=row.added_by,
        added_at=row.added_at,
    )


def draw_out(row: SamplingDrawRow) -> DrawOut:
    """A draw in a list."""
    return DrawOut(**{name: getattr(row, name) for name in DrawOut.model_fields})


def draw_detail(row: SamplingDrawRow, picks: list[tuple[SamplingPickRow, CallRow]]) -> DrawDetail:
    """A draw with its calls."""
    own = (*DrawOut.model_fields, "seed", "method", "filters", "rules", "strata")
    return DrawDetail(
        **{name: getattr(row, name) for name in own},
        picks=[
            PickOut(
                call_id=call.id,
                call=f"{call.source}/{call.external_id}",
                stratum=pick.stratum,
                place=pick.place,
                second_review=pick.second_review,
            )
            for pick, call in picks
        ],
    )


def check_out(checked: Checked) -> DrawCheck:
    """A draw that was drawn again."""
    return DrawCheck(
        draw_id=checked.draw_id,
        holds=checked.holds,
        deleted=checked.deleted,
        missing=list(checked.missing),
        foreign=list(checked.foreign),
        gone=checked.gone,
        new=checked.new,
    )


def estimate_out(made: Estimate, strata: list[Seen]) -> EstimateOut:
    """What a draw proves."""
    return EstimateOut(
        share=made.share,
        low=made.low,
        high=made.high,
        calls=made.calls,
        population=made.population,
        reviewed=made.reviewed,
        left_out=made.left_out,
        strata=[
            SeenOut(
                name=each.name,
                population=each.population,
                drawn=each.drawn,
                reviewed=each.reviewed,
                violating=each.violating,
            )
            for each in strata
        ],
    )
