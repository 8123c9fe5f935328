"""How the work stands: queues, calls that gave up, and what the installation lacks.

For those who look after the installation: of all calls, but nothing of what is said in them.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict

from api import work as shown
from api.http.deps import Caller, PageAsked
from api.http.paging import cut
from api.http.problems import Problem
from ingest.models import CallRow
from pipeline import overview, service
from pipeline.lanes import Order
from pipeline.states import State
from pipeline.version import diting_version
from store.database import reading, transaction
from store.errors import NotFoundError

router = APIRouter(tags=["work"])


class FailedPage(BaseModel):
    """Calls that gave up, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [shown.FAILED], "next": None}]})

    items: list[shown.FailedCall]
    next: str | None


class BackAtWork(BaseModel):
    """A call that is on its way again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"call_id": 17, "state": "received"}]})

    call_id: int
    state: State


@router.get("/work", summary="How the work stands")
def get_work(request: Request) -> shown.WorkOut:
    """Calls by state, what waits by stage and lane and for how long, what workers have in hand, and what
    gave up: of the whole installation. 处理进度。"""
    state = request.app.state
    with reading(state.sessions) as session:
        return shown.work(session, state.clock.now(), Order.of(state.settings))


@router.get("/work/failed", summary="Calls that gave up")
def list_failed(
    request: Request,
    page: PageAsked,
    code: Annotated[str | None, Query(max_length=80, description="only with this error")] = None,
) -> FailedPage:
    """Each with its error and the stage in which it gave up; nothing of what is said in it. 失败的通话。"""
    with reading(request.app.state.sessions) as session:
        rows = overview.failed_calls(session, code=code, before=page.before, limit=page.limit + 1)
    items = [shown.failed_call(work, call) for work, call in rows[: page.limit]]
    return FailedPage(items=items, next=cut([call.id for _, call in rows], page.limit))


@router.post(
    "/work/failed/{number}/retry",
    summary="Put a failed call back to work",
    responses={409: {"model": Problem, "description": "Conflict: the call has not failed"}},
)
def retry_call(
    request: Request,
    caller: Caller,
    number: Annotated[int, Path(ge=1, lt=2**31, description="`call_id` of the call")],
) -> BackAtWork:
    """It goes on from the stage where it gave up, with all attempts before it. 重试。"""
    state = request.app.state
    with transaction(state.sessions) as session:
        call = session.get(CallRow, number)
        if call is None:
            raise NotFoundError("there is no such call", code="call.not_found", where=f"call {number}")
        now = service.retry_on_record(session, state.clock, call, actor=f"api:{caller.id}")
        return BackAtWork(call_id=number, state=now)


@router.get("/health", summary="Whether this installation can do its work")
def get_health(request: Request) -> shown.HealthOut:
    """What `diting doctor` finds, in words: disk, database, recordings, Redis, engines, rules, notices,
    backups, queues. 运行状况。"""
    state = request.app.state
    at, findings = state.examiner.findings()
    return shown.HealthOut(
        verdict=shown.worst(findings),
        version=diting_version(),
        execution=state.settings.execution,
        at=at,
        checks=[shown.check_out(each) for each in findings],
    )
