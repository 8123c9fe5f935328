"""Where calls come from: how each source stands, what it could not give, and another try."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api import intake as shown
from api.http.deps import Caller, PageAsked, Reader
from api.http.paging import cut
from api.http.problems import Problem
from ingest.intake import make_intake
from ingest.sources.check import check_source
from ingest.sources.file import find_source
from store.database import transaction
from store.errors import ConflictError

router = APIRouter(tags=["intake"])

SourceName = Annotated[str, Path(max_length=60, description="of a source", examples=["front"])]
_CONFLICT: Final[dict[int | str, dict[str, Any]]] = {
    409: {"model": Problem, "description": "Conflict: the sources file cannot be read"}
}


class SourceList(BaseModel):
    """All sources, and what is wrong with the sources file."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [shown.SOURCE], "problem": None}]})

    items: list[shown.SourceOut]
    problem: shown.TroubleOut | None


class DeadPage(BaseModel):
    """What was given up, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [shown.DEAD], "next": None}]})

    items: list[shown.DeadOut]
    next: str | None


class Retried(BaseModel):
    """How much will be tried again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"count": 1}]})

    count: int = Field(ge=0)


@router.get("/sources", summary="The sources that calls come from")
def list_sources(request: Request, session: Reader) -> SourceList:
    """When each was read, what waits, what was taken, refused and given up, and what is wrong. 来源。"""
    known, clock = shown.known_sources(request.app.state.settings), request.app.state.clock
    return SourceList(items=shown.sources(session, known, clock.now()), problem=shown.trouble(known.problem))


@router.get("/sources/{name}", summary="One source")
def get_source(request: Request, session: Reader, name: SourceName) -> shown.SourceOut:
    """How it stands now."""
    known, clock = shown.known_sources(request.app.state.settings), request.app.state.clock
    return shown.one_source(session, known, name, clock.now())


@router.get("/sources/{name}/dead", summary="What a source could not give")
def list_dead(
    request: Request,
    session: Reader,
    page: PageAsked,
    name: SourceName,
    refused: Annotated[bool, Query(description="also what was refused as it is")] = False,
) -> DeadPage:
    """Recordings that were tried as often as the source allows, each with the reason. 放弃的录音。"""
    _known(request, session, name)
    rows = shown.dead(session, name, refused=refused, before=page.before, limit=page.limit + 1)
    return DeadPage(items=rows[: page.limit], next=cut([row.id for row in rows], page.limit))


@router.post("/sources/{name}/dead/retry", summary="Let what was given up be tried again")
def retry_dead(
    request: Request, session: Reader, caller: Caller, name: SourceName, wanted: shown.RetryIn
) -> Retried:
    """All of it, or the items named, with all attempts before them. 重试。"""
    _known(request, session, name)
    state = request.app.state
    with transaction(state.sessions) as writing:
        return Retried(count=shown.retry(writing, state.clock, name, wanted, by=f"api:{caller.id}"))


@router.post("/sources/{name}/test", summary="Try a source", responses=_CONFLICT)
def try_source(request: Request, name: SourceName) -> shown.TestedOut:
    """What is wrong with it, and what its newest calls would become. Nothing is taken. 测试来源。"""
    state = request.app.state
    problem = shown.known_sources(state.settings).problem
    if problem is not None:
        raise ConflictError(problem.message, code=problem.code, mend=problem.mend)
    source = find_source(state.settings, name)
    made = make_intake(state.settings, state.sessions, state.clock)
    return shown.tested_out(name, check_source(name, source, state.settings, made))


def _known(request: Request, session: Reader, name: str) -> None:
    shown.one_source(
        session, shown.known_sources(request.app.state.settings), name, request.app.state.clock.now()
    )
