"""Sampling plans and draws. Draws are made from all calls, whatever the caller may see of them."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from api import sampling as shown
from api.http.deps import Caller, PageAsked, Reader
from api.http.described import Described
from api.http.etags import names_version, require_newest, tag
from api.http.moments import Day
from api.http.paging import cut, narrowed
from api.http.problems import Problem
from qc.sampling.lookup import check_draw, estimate_draw, find_draw, picks
from qc.sampling.models import SamplingDrawRow, SamplingPlanRow
from qc.sampling.plan import Plan, read_plan
from qc.sampling.service import add_plan, find_plan, plans, run_plan
from qc.sampling.versions import newest
from store.clock import Clock
from store.database import SessionFactory, reading, transaction

router = APIRouter(tags=["sampling"])

PlanName = Annotated[str, Path(max_length=60, description="of a plan", examples=["weekly"])]
DrawId = Annotated[int, Path(ge=1, lt=2**31)]
_REFUSALS: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "Conflict: the period is not over, or the plan is not active"},
    412: {"model": Problem, "description": "Precondition Failed: another version is the newest by now"},
}


class PlanList(BaseModel):
    """The newest version of every plan."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [shown.PLAN]}]})

    items: list[shown.PlanOut]


class DrawPage(BaseModel):
    """Draws, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [shown.DRAW], "next": None}]})

    items: list[shown.DrawOut]
    next: str | None


class Draws(BaseModel):
    """Both draws of a period: of the plan, and at random beside it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [shown.DRAW]}]})

    items: list[shown.DrawOut]


class Run(BaseModel):
    """Which period to draw for."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"day": "2026-03-04"}]})

    day: Day | None = None


@router.get("/sampling/plans", summary="Sampling plans")
def all_plans(session: Reader) -> PlanList:
    """The newest version of each, by name."""
    return PlanList(items=[shown.plan_out(row) for row in plans(session)])


@router.get("/sampling/plans/{name}", summary="One sampling plan")
def one_plan(session: Reader, response: Response, name: PlanName) -> shown.PlanOut:
    """Its newest version."""
    plan = find_plan(session, name)
    response.headers["ETag"] = tag(plan.version)
    return shown.plan_out(plan)


@router.post(
    "/sampling/plans",
    summary="Add a plan, or its next version",
    responses=_REFUSALS,
    dependencies=[Depends(names_version)],
)
def new_plan(
    request: Request,
    response: Response,
    caller: Caller,
    document: Annotated[dict[str, Any], Described(Plan), Body(examples=[shown.PLAN_DOCUMENT])],
) -> shown.PlanOut:
    """The same content as the newest version is not put on record again. Nothing on record is ever
    changed. With `If-Match` it follows the version that was read, and no other."""
    plan = read_plan(document)
    with transaction(_sessions(request)) as session:
        require_newest(request, newest(session, SamplingPlanRow, plan.name, lock=True))
        row, _ = add_plan(session, _clock(request), plan, by=caller.id)
        response.headers["ETag"] = tag(row.version)
        return shown.plan_out(row)


@router.post("/sampling/plans/{name}/draws", summary="Draw for a period of a plan", responses=_REFUSALS)
def run(request: Request, caller: Caller, name: PlanName, wanted: Run) -> Draws:
    """Once for each period: drawing again answers with what was drawn. Every drawn call gets a ticket."""
    zone = _zone(request)
    with transaction(_sessions(request)) as session:
        made = run_plan(session, _clock(request), name, zone=zone, by=caller.id, day=wanted.day)
        return Draws(items=[shown.draw_out(each.row) for each in made])


@router.get("/sampling/draws", summary="Draws, newest first")
def draws(
    session: Reader,
    page: PageAsked,
    plan: Annotated[str | None, Query(max_length=80, description="only of this plan")] = None,
    part: Annotated[
        str | None, Query(pattern="^(plan|random|follow_up)$", description="only of this kind")
    ] = None,
) -> DrawPage:
    """What was drawn when, from how many calls."""
    conditions = narrowed(
        page.before, SamplingDrawRow.id, {SamplingDrawRow.name: plan, SamplingDrawRow.part: part}
    )
    query = select(SamplingDrawRow).where(*conditions).order_by(SamplingDrawRow.id.desc())
    rows = list(session.scalars(query.limit(page.limit + 1)))
    items = [shown.draw_out(row) for row in rows[: page.limit]]
    return DrawPage(items=items, next=cut([row.id for row in rows], page.limit))


@router.get("/sampling/draws/{draw_id}", summary="One draw with its population and its calls")
def one_draw(session: Reader, draw_id: DrawId) -> shown.DrawDetail:
    """Everything that is needed to draw again. Of the calls, those that the caller may see."""
    return shown.draw_detail(find_draw(session, draw_id), picks(session, draw_id))


@router.get("/sampling/draws/{draw_id}/check", summary="Draw again, and compare")
def check(request: Request, draw_id: DrawId) -> shown.DrawCheck:
    """Whether exactly those calls were drawn that seed, population and rules say."""
    with reading(_sessions(request)) as session:
        return shown.check_out(check_draw(session, draw_id, _zone(request)))


@router.get("/sampling/draws/{draw_id}/estimate", summary="What the reviewed calls of a draw prove")
def estimate(request: Request, draw_id: DrawId) -> shown.EstimateOut:
    """The share of calls with a violation in the population, with its 95 % interval."""
    with reading(_sessions(request)) as session:
        return shown.estimate_out(*estimate_draw(session, draw_id))


def _sessions(request: Request) -> SessionFactory:
    sessions: SessionFactory = request.app.state.sessions
    return sessions


def _clock(request: Request) -> Clock:
    clock: Clock = request.app.state.clock
    return clock


def _zone(request: Request) -> ZoneInfo:
    return ZoneInfo(request.app.state.settings.timezone)
