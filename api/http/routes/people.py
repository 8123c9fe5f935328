"""The people of the house, for who looks after them: added, changed, helped back in; never deleted."""

import hashlib
import json
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from api.http.deps import Caller, Reader
from api.http.etags import names_version, require_match, tag
from api.http.problems import Problem
from store.database import transaction
from store.errors import NotFoundError
from store.identity import second_factor, sessions
from store.identity.passwords import set_password
from store.people import (
    Change,
    Person,
    PersonRow,
    Role,
    add_person,
    change_person,
    find_actor,
    list_people,
)

router = APIRouter(tags=["people"])

_PERSON: Final[dict[str, Any]] = {
    "id": "wang", "name": "王芳", "roles": ["qc_reviewer"], "team": "质检一组", "reports_to": "li",
    "email": None, "sees": None, "active": True, "version": "5f3a…",
}  # fmt: skip
_CONFLICT: Final[dict[int | str, dict[str, Any]]] = {409: {"model": Problem, "description": "Conflict"}}
_CHANGED: Final[dict[int | str, dict[str, Any]]] = {
    **_CONFLICT,
    412: {"model": Problem, "description": "Precondition Failed"},
    428: {"model": Problem, "description": "Precondition Required"},
}
Id = Annotated[str, Path(max_length=100, description="of the person")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Short = Annotated[str, Field(max_length=200)]
Teams = Annotated[list[Short], Field(max_length=200)]
Roles = Annotated[list[Role], Field(min_length=1, max_length=20)]


class PersonOut(BaseModel):
    """One person; `version` is what `If-Match` takes."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PERSON]})

    id: str
    name: str
    roles: list[str]
    team: str | None
    reports_to: str | None
    email: str | None
    sees: list[str] | None = Field(
        description="teams whose calls they see; `*` for all; null: by their roles"
    )
    active: bool
    version: str


class PersonIn(BaseModel):
    """Somebody new."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"id": "wang", "name": "王芳", "roles": ["qc_reviewer"]}]},
    )

    id: str = Field(min_length=1, max_length=100)
    name: Name
    roles: Roles
    team: Short | None = None
    reports_to: Short | None = None
    email: Annotated[str, Field(max_length=320)] | None = None
    sees: Teams | None = None


class PersonChange(BaseModel):
    """What is to change; what is not named stays, an empty text or list takes it away."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"team": "质检二组"}]})

    name: Name | None = None
    roles: Roles | None = None
    team: Short | None = None
    reports_to: Short | None = None
    email: Annotated[str, Field(max_length=320)] | None = None
    sees: Teams | None = None
    active: StrictBool | None = None


class NewPassword(BaseModel):
    """A password that somebody else chose; its owner changes it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"password": "…"}]})

    password: str = Field(min_length=1, max_length=400)


@router.get(
    "/people",
    summary="The people of the house",
    responses={200: {"content": {"application/json": {"example": [_PERSON]}}}},
)
def people(
    session: Reader,
    role: Annotated[Role | None, Query(description="only with this role")] = None,
    inactive: Annotated[bool, Query(description="also those who are inactive")] = False,
) -> list[PersonOut]:
    """All of them, by id."""
    return [_shown(row) for row in list_people(session, role=role, inactive=inactive)]


@router.get("/people/{person}", summary="One person")
def person(session: Reader, response: Response, person: Id) -> PersonOut:
    """With the version that a change of theirs has to name."""
    return _answered(_found(session.get(PersonRow, person), person), response)


@router.post("/people", summary="Add a person", status_code=201, responses=_CONFLICT)
def add(request: Request, response: Response, caller: Caller, given: PersonIn) -> PersonOut:
    """They sign in once they have a password; collectors' ids are those in the calls."""
    state = request.app.state
    sees = None if given.sees is None else tuple(given.sees)
    new = Person(given.id, given.name, tuple(given.roles), given.team, given.reports_to, given.email, sees)
    with transaction(state.sessions) as session:
        return _answered(add_person(session, state.clock, new, by=caller.id), response)


@router.patch(
    "/people/{person}",
    summary="Change a person",
    responses=_CHANGED,
    dependencies=[Depends(names_version)],
)
def change(
    request: Request, response: Response, caller: Caller, person: Id, given: PersonChange
) -> PersonOut:
    """Takes the `ETag` of the person as `If-Match`. Who is set inactive may do nothing from that moment."""
    state = request.app.state
    wanted = Change(
        name=given.name,
        roles=None if given.roles is None else tuple(given.roles),
        team=given.team,
        reports_to=given.reports_to,
        email=given.email,
        active=given.active,
        sees=None if given.sees is None else tuple(given.sees),
    )
    with transaction(state.sessions) as session:
        row = _found(session.get(PersonRow, person, with_for_update=True), person)
        require_match(request, _version(row))
        return _answered(change_person(session, state.clock, person, wanted, by=caller.id), response)


@router.post("/people/{person}/password", summary="Give a person a password", status_code=204)
def give_password(request: Request, caller: Caller, person: Id, given: NewPassword) -> Response:
    """For who is new or forgot theirs. All their sign-ins end."""
    state = request.app.state
    with transaction(state.sessions) as session:
        set_password(session, state.clock, person, given.password, by=caller.id)
    return Response(status_code=204)


@router.delete("/people/{person}/sessions", summary="End all sign-ins of a person", status_code=204)
def end_all(request: Request, caller: Caller, person: Id) -> Response:
    """For a telephone or computer that was lost."""
    state = request.app.state
    with transaction(state.sessions) as session:
        find_actor(session, person)
        for row in sessions.sessions_of(session, person, state.clock.now()):
            sessions.end_session(session, state.clock, row.id, by=caller.id, because="ended")
    return Response(status_code=204)


@router.delete(
    "/people/{person}/second-factor", summary="Take a person's second factor away", status_code=204
)
def take_factor(request: Request, caller: Caller, person: Id) -> Response:
    """For who lost the telephone and the recovery codes."""
    state = request.app.state
    with transaction(state.sessions) as session:
        find_actor(session, person)
        second_factor.take_away(session, state.clock, person, by=caller.id)
    return Response(status_code=204)


def _found(row: PersonRow | None, person: str) -> PersonRow:
    if row is None:
        raise NotFoundError(
            f"there is no person {person}", code="people.unknown", mend="GET /people lists them."
        )
    return row


def _answered(row: PersonRow, response: Response) -> PersonOut:
    shown = _shown(row)
    response.headers["ETag"] = tag(shown.version)
    return shown


def _shown(row: PersonRow) -> PersonOut:
    return PersonOut(**_fields(row), version=_version(row))


def _version(row: PersonRow) -> str:
    content = json.dumps(_fields(row), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _fields(row: PersonRow) -> dict[str, Any]:
    names = ("id", "name", "roles", "team", "reports_to", "email", "sees", "active")
    return {name: getattr(row, name) for name in names}
