"""Full-text search over what was said, and searches that people keep."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from api.http import examples
from api.http.deps import Caller, PageAsked, Reader
from api.http.filters import FiltersAsked, FiltersIn
from api.http.paging import encode
from api.http.present import call_out
from api.http.problems import Problem
from api.http.schemas import CallOut
from api.search import Hit, Sort, search_calls
from store.clock import Clock
from store.database import SessionFactory, transaction
from transcription.search.models import SavedSearchRow
from transcription.search.query import LENGTH_MAX, parse
from transcription.search.saved import Change, change_search, delete_search, save_search, saved_searches

router = APIRouter(tags=["search"])
TURN: dict[str, Any] = {
    "turn": 6,
    "speaker": "customer",
    "start": 31.2,
    "end": 35.0,
    "text": "我要去投诉你们。",
    "spans": [[3, 5]],
}
HIT: dict[str, Any] = {"call": examples.CALL, "turns": [TURN], "matching_turns": 1}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "Conflict: you belong to no team that could see it"}
}
Number = Annotated[int, Path(ge=1, lt=2**31)]
SAVED: dict[str, Any] = {
    "id": 3,
    "name": "提到监管的客户",
    "q": "银保监 OR 监管 speaker:customer",
    "sort": "time",
    "filters": {"band": "critical"},
    "owner": "lead-1",
    "team": "T1",
    "mine": True,
    "updated_at": "2026-06-01T02:30:00Z",
}


class TurnOut(BaseModel):
    """One turn in which something of the search stands; numbers of people are partly masked."""

    turn: int
    speaker: Literal["agent", "customer", "unknown"]
    start: float = Field(description="seconds in the recording")
    end: float
    text: str
    spans: list[tuple[int, int]] = Field(description="places in `text`: from a character to before another")


class HitOut(BaseModel):
    """A call that meets the search."""

    call: CallOut
    turns: list[TurnOut] = Field(description="its first turns with a match")
    matching_turns: int


class HitPage(BaseModel):
    """Calls that meet the search, in the order asked for."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [HIT], "next": None}]})

    items: list[HitOut]
    next: str | None = Field(description="cursor of the next page, null at the end")


class SavedIn(BaseModel):
    """A search to keep."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "提到监管的客户", "q": "监管 speaker:customer"}]},
    )

    name: str = Field(min_length=1, max_length=100)
    q: str = Field(min_length=1, max_length=LENGTH_MAX)
    sort: Sort = "time"
    filters: FiltersIn = Field(default_factory=FiltersIn)
    shared: StrictBool = Field(False, description="whether everybody in your team sees it")


class SavedChange(BaseModel):
    """What is to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"shared": True}]})

    name: str | None = Field(None, min_length=1, max_length=100)
    q: str | None = Field(None, min_length=1, max_length=LENGTH_MAX)
    sort: Sort | None = None
    filters: FiltersIn | None = None
    shared: StrictBool | None = None


class SavedOut(BaseModel):
    """A search that somebody keeps."""

    model_config = ConfigDict(json_schema_extra={"examples": [SAVED]})

    id: int
    name: str
    q: str
    sort: Sort
    filters: dict[str, Any] = Field(description="as parameters of GET /search")
    owner: str
    team: str | None = Field(description="whose people see it too")
    mine: bool
    updated_at: datetime


class SavedList(BaseModel):
    """Searches by name."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [SAVED]}]})

    items: list[SavedOut]


@router.get("/search", summary="Calls by what was said in them")
def search(
    session: Reader,
    page: PageAsked,
    filters: FiltersAsked,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=LENGTH_MAX,
            description='words (all of them), "phrases", `-without`, `this OR that`, `speaker:customer`',
            examples=["投诉 speaker:customer"],
        ),
    ],
    sort: Annotated[Sort, Query(description="newest first, or most often said first")] = "time",
) -> HitPage:
    """Calls with the turns in which the words stand (docs/search.md)."""
    query = parse(q)
    hits, following = search_calls(session, query, filters, sort=sort, limit=page.limit, after=page.before)
    return HitPage(items=[_hit(each) for each in hits], next=None if following is None else encode(following))


@router.get("/searches", summary="Searches that you keep, or your team shares")
def searches(session: Reader, caller: Caller) -> SavedList:
    """By name."""
    return SavedList(items=[_saved(row, caller.id) for row in saved_searches(session, caller)])


@router.post("/searches", summary="Keep a search", status_code=201)
def keep(request: Request, caller: Caller, wanted: SavedIn) -> SavedOut:
    """For yourself, or for everybody in your team."""
    asked = {"q": wanted.q, "sort": wanted.sort, "filters": _given(wanted.filters)}
    sessions, clock = _writing(request)
    with transaction(sessions) as session:
        row = save_search(session, clock, actor=caller, name=wanted.name, asked=asked, shared=wanted.shared)
    return _saved(row, caller.id)


@router.patch("/searches/{number}", summary="Change a search that you keep", responses=_REFUSALS)
def change(request: Request, caller: Caller, number: Number, wanted: SavedChange) -> SavedOut:
    """Its name, what it asks for, and whether the team sees it."""
    sessions, clock = _writing(request)
    with transaction(sessions) as session:
        asked = None
        if wanted.q is not None or wanted.sort is not None or wanted.filters is not None:
            kept = next((row.asked for row in saved_searches(session, caller) if row.id == number), {})
            new = {"q": wanted.q, "sort": wanted.sort, "filters": wanted.filters and _given(wanted.filters)}
            asked = {"q": "", **kept, **{name: value for name, value in new.items() if value is not None}}
        made = Change(wanted.name, asked, wanted.shared)
        row = change_search(session, clock, actor=caller, number=number, change=made)
    return _saved(row, caller.id)


@router.delete("/searches/{number}", summary="Keep a search no more")
def forget(request: Request, caller: Caller, number: Number) -> SavedList:
    """Answers with those that are left."""
    sessions, clock = _writing(request)
    with transaction(sessions) as session:
        delete_search(session, clock, actor=caller, number=number)
        return SavedList(items=[_saved(row, caller.id) for row in saved_searches(session, caller)])


def _writing(request: Request) -> tuple[SessionFactory, Clock]:
    return request.app.state.sessions, request.app.state.clock


def _given(filters: FiltersIn) -> dict[str, Any]:
    return filters.model_dump(mode="json", exclude_none=True)


def _hit(hit: Hit) -> HitOut:
    turns = [
        TurnOut.model_validate(
            {
                "turn": turn.turn,
                "speaker": turn.speaker,
                "start": turn.start,
                "end": turn.end,
                "text": turn.text,
                "spans": turn.spans,
            }
        )
        for turn in hit.turns
    ]
    return HitOut(call=call_out(hit.stored), turns=turns, matching_turns=hit.matching)


def _saved(row: SavedSearchRow, caller: str) -> SavedOut:
    return SavedOut(
        id=row.id,
        name=row.name,
        q=row.asked["q"],
        sort=row.asked["sort"],
        filters=row.asked["filters"],
        owner=row.owner,
        team=row.team,
        mine=row.owner == caller,
        updated_at=row.updated_at,
    )
