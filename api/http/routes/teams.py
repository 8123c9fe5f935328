"""The teams of the house, for who looks after them: added, renamed, set inactive; never deleted."""

import hashlib
import json
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from api.http.deps import Caller, Reader
from api.http.etags import names_version, require_match, tag
from api.http.problems import Problem
from store.database import transaction
from store.teams import NAME_LENGTH, Team, add_team, change_team, find_team, list_teams

router = APIRouter(tags=["people"])

_TEAM: Final[dict[str, Any]] = {
    "name": "T1", "title": "早期催收一组", "active": True, "added": True, "people": 12, "version": "5f3a…",
}  # fmt: skip
_CONFLICT: Final[dict[int | str, dict[str, Any]]] = {409: {"model": Problem, "description": "Conflict"}}
_CHANGED: Final[dict[int | str, dict[str, Any]]] = {
    **_CONFLICT,
    412: {"model": Problem, "description": "Precondition Failed"},
    428: {"model": Problem, "description": "Precondition Required"},
}
Name = Annotated[str, Path(max_length=NAME_LENGTH, description="of the team, as in calls")]
Title = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH)]


class TeamOut(BaseModel):
    """One team; `version` is what `If-Match` takes."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TEAM]})

    name: str = Field(description="as calls and people have it")
    title: str
    active: bool
    added: bool = Field(description="false: people name it, but nobody added it")
    people: int = Field(description="active people in it")
    version: str


class TeamIn(BaseModel):
    """A new team."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "T1", "title": "早期催收一组"}]}
    )

    name: str = Field(min_length=1, max_length=NAME_LENGTH, description="as in the calls")
    title: Title


class TeamChange(BaseModel):
    """What is to change; what is not named stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"title": "早期催收二组"}]})

    title: Title | None = None
    active: StrictBool | None = None


@router.get(
    "/teams",
    summary="The teams of the house",
    responses={200: {"content": {"application/json": {"example": [_TEAM]}}}},
)
def teams(
    session: Reader, inactive: Annotated[bool, Query(description="also those that are inactive")] = False
) -> list[TeamOut]:
    """All of them 团队, by name."""
    return [_shown(team) for team in list_teams(session, inactive=inactive)]


@router.get("/teams/{team}", summary="One team")
def team(session: Reader, response: Response, team: Name) -> TeamOut:
    """With the version that a change of it has to name."""
    return _answered(find_team(session, team), response)


@router.post("/teams", summary="Add a team", status_code=201, responses=_CONFLICT)
def add(request: Request, response: Response, caller: Caller, given: TeamIn) -> TeamOut:
    """Under the name that calls have it by. People may name it before."""
    state = request.app.state
    with transaction(state.sessions) as session:
        return _answered(add_team(session, state.clock, given.name, given.title, by=caller.id), response)


@router.patch(
    "/teams/{team}", summary="Change a team", responses=_CHANGED, dependencies=[Depends(names_version)]
)
def change(request: Request, response: Response, caller: Caller, team: Name, given: TeamChange) -> TeamOut:
    """Takes the `ETag` of the team as `If-Match`. One with active people in it stays active."""
    state = request.app.state
    with transaction(state.sessions) as session:
        require_match(request, _version(find_team(session, team, lock=True)))
        changed = change_team(
            session, state.clock, team, title=given.title, active=given.active, by=caller.id
        )
        return _answered(changed, response)


def _answered(team: Team, response: Response) -> TeamOut:
    shown = _shown(team)
    response.headers["ETag"] = tag(shown.version)
    return shown


def _shown(team: Team) -> TeamOut:
    return TeamOut(**asdict(team), version=_version(team))


def _version(team: Team) -> str:
    """Of what people change; how many are in it is no change of it."""
    content = json.dumps([team.name, team.title, team.active, team.added], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:16]
