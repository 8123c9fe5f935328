"""Coaching tasks: what a collector is to learn, whether it was done, and what it changed."""

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api import coaching as shown
from api.http.deps import Caller, PageAsked, Reader, Seen
from api.http.moments import Day
from api.http.paging import cut
from api.http.problems import Problem
from pipeline import coaching
from qc.coaching import service
from qc.coaching.effect import effect
from store.clock import Clock
from store.database import transaction

router = APIRouter(tags=["coaching"])

TaskId = Annotated[int, Path(ge=1, lt=2**31)]
_REFUSALS: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "Conflict: the ticket is not final, or the task has ended"}
}


class TaskPage(BaseModel):
    """Tasks, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [shown.TASK], "next": None}]})

    items: list[shown.TaskOut]
    next: str | None


class TaskIn(BaseModel):
    """A task to be set: from a final ticket, or for a collector by the id in the calls."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "ticket_id": 9, "category": "threat", "goal": "不提工作单位，不提上门",
                    "due_on": "2026-03-20",
                    "follow_up": 5,
                }
            ]
        },
    )  # fmt: skip

    category: str = Field(max_length=60)
    goal: str = Field(min_length=1, max_length=service.LONGEST)
    due_on: Day
    ticket_id: Annotated[int, Field(ge=1, lt=2**31)] | None = None
    source: Annotated[str, Field(max_length=100)] | None = None
    collector: Annotated[str, Field(max_length=200)] | None = None
    coach: Annotated[str, Field(max_length=100)] | None = None
    follow_up: int = Field(default=5, ge=0, le=service.MOST_CALLS)
    window_days: int = Field(default=14, ge=1, le=service.MOST_DAYS)


class Words(BaseModel):
    """How it can be seen that a task was done, or why it is called off."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "一起听了三段录音，复述了要点"}]}
    )

    text: str = Field(min_length=1, max_length=service.LONGEST)


@router.get("/coaching", summary="Coaching tasks, newest first")
def tasks(
    request: Request,
    session: Reader,
    page: PageAsked,
    collector: Annotated[str | None, Query(max_length=200, description="only of this collector")] = None,
    team: Annotated[str | None, Query(max_length=200, description="only of this team")] = None,
    state: Annotated[
        Literal["open", "done", "cancelled"] | None, Query(description="where the task stands")
    ] = None,
    overdue: Annotated[bool, Query(description="only open ones whose day is over")] = False,
) -> TaskPage:
    """Of the collectors that the caller may see; collectors see their own."""
    rows = service.list_tasks(
        session,
        collector=collector,
        team=team,
        state=state,
        overdue_on=_clock(request).now().astimezone(_zone(request)).date() if overdue else None,
        before=page.before,
        limit=page.limit + 1,
    )
    items = [shown.task_out(row) for row in rows[: page.limit]]
    return TaskPage(items=items, next=cut([row.id for row in rows], page.limit))


@router.post("/coaching", summary="Set a coaching task", responses=_REFUSALS)
def new_task(request: Request, sessions: Seen, caller: Caller, wanted: TaskIn) -> shown.TaskOut:
    """From a final ticket that the caller may see, or for a collector of theirs."""
    task = service.Task(**wanted.model_dump())
    with transaction(sessions) as session:
        row = coaching.set_task(session, _clock(request), task, zone=_zone(request), by=caller.id)
        return shown.task_out(row)


@router.get("/coaching/{task_id}", summary="One coaching task")
def one_task(session: Reader, task_id: TaskId) -> shown.TaskOut:
    """Goal, day, and how it ended."""
    return shown.task_out(service.find_task(session, task_id))


@router.post("/coaching/{task_id}/done", summary="Say that a task was done", responses=_REFUSALS)
def done(request: Request, sessions: Seen, caller: Caller, task_id: TaskId, words: Words) -> shown.TaskOut:
    """With the evidence. The collector does not say it of themselves."""
    with transaction(sessions) as session:
        row = coaching.finish(session, _clock(request), task_id, evidence=words.text, by=caller.id)
        return shown.task_out(row)


@router.post("/coaching/{task_id}/cancel", summary="Call a task off", responses=_REFUSALS)
def cancel(request: Request, sessions: Seen, caller: Caller, task_id: TaskId, words: Words) -> shown.TaskOut:
    """With the reason."""
    with transaction(sessions) as session:
        row = coaching.cancel(session, _clock(request), task_id, reason=words.text, by=caller.id)
        return shown.task_out(row)


@router.get("/coaching/{task_id}/effect", summary="What a coaching changed")
def changed(
    request: Request,
    session: Reader,
    task_id: TaskId,
    days: Annotated[int, Query(ge=1, le=365, description="so many before and after")] = 30,
) -> shown.EffectOut:
    """The share of the collector's calls with the violation, before it was done and after, with intervals."""
    row = service.find_task(session, task_id)
    return shown.effect_out(effect(session, row, now=_clock(request).now(), days=days))


def _clock(request: Request) -> Clock:
    clock: Clock = request.app.state.clock
    return clock


def _zone(request: Request) -> ZoneInfo:
    return ZoneInfo(request.app.state.settings.timezone)
