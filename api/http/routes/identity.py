"""Signing in and out, one's own sessions, keys and password, tokens for keys, and the first administrator."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.http.deps import Acting, Caller, Reader, admit
from api.http.problems import ERRORS, Problem, Unauthorized
from api.http.security import (
    bearer,
    browser_session,
    cookie_name,
    require_own_origin,
    session_secret,
)
from api.http.signing_in import open_browser, refuse, sign_in
from api.permissions import PERMISSIONS
from store.database import transaction
from store.errors import BadInputError, NotFoundError
from store.identity import keys, sessions
from store.identity.passwords import password_fits, set_password
from store.identity.signing_in import set_up
from store.people import PersonRow

# Whoever comes here has not proved who they are, or does so here.
open_router = APIRouter(tags=["identity"])
router = APIRouter(tags=["identity"], dependencies=[Depends(admit)])

_REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    429: {"model": Problem, "description": "Too many failures: wait"},
    403: {"model": Problem, "description": "Forbidden"},
}
_WHO: Final[dict[str, Any]] = {
    "person": "wang",
    "name": "王芳",
    "roles": ["qc_reviewer"],
    "team": "质检一组",
    "sees": None,
    "permissions": ["calls.read", "tickets.read"],
    "csrf": "8f0c…",
    "second_factor_wanted": False,
}
_KEY: Final[dict[str, Any]] = {
    "id": 3, "name": "报表程序", "prefix": "dtk_Ab3xY_", "made_at": "2026-03-05T02:30:00Z",
    "expires_at": None, "used_at": None, "key": None,
}  # fmt: skip
_SESSION: Final[dict[str, Any]] = {
    "id": 7, "opened_at": "2026-03-05T02:30:00Z", "seen_at": "2026-03-05T03:00:00Z",
    "address": "10.0.0.7", "browser": "Firefox", "current": True,
}  # fmt: skip


def _listed(example: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {"application/json": {"example": [example]}}}}


class Credentials(BaseModel):
    """Who one is, and the proof."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"person": "wang", "password": "…", "code": ""}]}
    )

    person: str = Field(min_length=1, max_length=100)
    password: str = Field(min_length=1, max_length=400)
    code: str = Field(default="", max_length=40, description="of the second factor, or a recovery code")


class Who(BaseModel):
    """Who asks, and what they may do. `csrf` goes into the header X-CSRF-Token of every change."""

    model_config = ConfigDict(json_schema_extra={"examples": [_WHO]})

    person: str
    name: str | None
    roles: list[str]
    team: str | None
    sees: list[str] | None
    permissions: list[str]
    csrf: str | None
    second_factor_wanted: bool = Field(description="one has to set up a second factor first")


class PasswordChange(BaseModel):
    """The password as it was, and as it shall be."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"old": "…", "new": "…"}]})

    old: str = Field(min_length=1, max_length=400)
    new: str = Field(min_length=1, max_length=400)


class KeyWanted(BaseModel):
    """What a key is for, and how long it holds."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "报表程序", "days": 90}]}
    )

    name: str = Field(min_length=1, max_length=100)
    days: int | None = Field(default=None, ge=1, le=3650, description="null: until it is revoked")


class KeyOut(BaseModel):
    """A key; `key` is its secret, shown once, when it is made."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [_KEY]})

    id: int
    name: str
    prefix: str
    made_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    key: str | None = None


class SessionOut(BaseModel):
    """A sign-in that holds."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [_SESSION]})

    id: int
    opened_at: datetime
    seen_at: datetime
    address: str
    browser: str
    current: bool = False


class TokenOut(BaseModel):
    """A short-lived token."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"token": "dtt_…", "expires_at": "2026-03-05T02:45:00Z"}]}
    )

    token: str
    expires_at: datetime


class Setup(BaseModel):
    """The setup token and the first administrator."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"token": "dtu_…", "person": "root", "name": "管理员", "password": "…"}]
        },
    )

    token: str = Field(min_length=1, max_length=200)
    person: str = Field(min_length=1, max_length=100)
    name: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1, max_length=400)


Number = Annotated[int, Path(ge=1, lt=2**31)]


@open_router.post("/session", summary="Sign in", responses=ERRORS | _REFUSED, openapi_extra={"security": []})
def open_(request: Request, response: Response, given: Credentials) -> Who:
    """Gives a cookie. Every failure makes the next attempt wait longer, whether there is such an account or
    not."""
    require_own_origin(request)
    secret = sign_in(request, given.person, given.password, given.code)
    open_browser(request, response, secret)
    with transaction(request.app.state.sessions) as session:
        row = session.get_one(PersonRow, given.person)
        roles = sorted(row.roles)
        opened = sessions.session_of(session, secret, request.app.state.clock.now())
        return Who(
            person=row.id, name=row.name, roles=roles, team=row.team, sees=row.sees,
            permissions=_permissions(frozenset(roles)), csrf=sessions.csrf_of(secret),
            second_factor_wanted=opened is not None and opened.enrols,
        )  # fmt: skip


@open_router.post(
    "/setup",
    summary="Make the first administrator",
    status_code=201,
    response_class=Response,
    responses=ERRORS | _REFUSED,
    openapi_extra={"security": []},
)
def setup(request: Request, given: Setup) -> Response:
    """With the one-time token of `diting setup-token`, as long as nobody administers the installation."""
    require_own_origin(request)
    state = request.app.state
    with transaction(state.sessions) as session:
        set_up(
            session, state.clock, given.token, person=given.person, name=given.name, password=given.password
        )
    return Response(status_code=201)


@open_router.post("/token", summary="A short-lived token for a key", responses=ERRORS | _REFUSED)
def token(request: Request) -> TokenOut:
    """Shown the key as a bearer token. The token acts as the key does, and ends after 15 minutes."""
    state = request.app.state
    given = bearer(request)
    with transaction(state.sessions) as session:
        found = keys.exchange(session, state.clock, given) if given else None
    if found is None:
        raise Unauthorized("the key is not right", code="auth.wrong", mend="Send a key of `POST /me/keys`.")
    return TokenOut(token=found[0], expires_at=found[1])


@router.get("/session", summary="Who asks, and what they may do")
def who(request: Request, session: Reader, caller: Caller) -> Who:
    """Also for programs; `csrf` is null for those."""
    row = session.get(PersonRow, caller.id)
    secret = session_secret(request) if bearer(request) is None else None
    return Who(
        person=caller.id,
        name=row.name if row else None,
        roles=sorted(caller.roles),
        team=caller.team,
        sees=sorted(caller.sees) if caller.sees is not None else None,
        permissions=_permissions(caller.roles),
        csrf=sessions.csrf_of(secret) if secret else None,
        second_factor_wanted=getattr(request.state, "enrols", False),
    )


@router.delete("/session", summary="Sign out", status_code=204)
def close(request: Request, acting: Acting) -> Response:
    """Ends the session of the cookie; programs have none."""
    state, opened = request.app.state, browser_session(request)
    if opened is not None:
        with transaction(state.sessions) as session:
            sessions.end_session(session, state.clock, opened.id, by=acting.id, because="signed_out")
    response = Response(status_code=204)
    response.delete_cookie(cookie_name(state.settings), path="/")
    return response


@router.get("/me/sessions", summary="One's own sign-ins", responses=_listed(_SESSION))
def own_sessions(request: Request, session: Reader, acting: Acting) -> list[SessionOut]:
    """Those that hold, the newest first."""
    opened = browser_session(request)
    found = sessions.sessions_of(session, acting.id, request.app.state.clock.now())
    shown = [SessionOut.model_validate(row) for row in found]
    return [each.model_copy(update={"current": bool(opened and each.id == opened.id)}) for each in shown]


@router.delete("/me/sessions/{session_number}", summary="End one of one's own sign-ins", status_code=204)
def end_own(request: Request, acting: Acting, session_number: Number) -> Response:
    """One that was left open elsewhere, say."""
    state = request.app.state
    with transaction(state.sessions) as session:
        held = {row.id for row in sessions.sessions_of(session, acting.id, state.clock.now())}
        if session_number not in held:
            raise NotFoundError("you have no such session", code="session.unknown")
        sessions.end_session(session, state.clock, session_number, by=acting.id, because="ended")
    return Response(status_code=204)


@router.put("/me/password", summary="Change one's own password", status_code=204, responses=_REFUSED)
def change_password(request: Request, acting: Acting, given: PasswordChange) -> Response:
    """All sign-ins end, this one too."""
    state = request.app.state
    with transaction(state.sessions) as session:
        fits = password_fits(session, acting.id, given.old, state.clock.now())
        if fits:
            set_password(session, state.clock, acting.id, given.new, by=acting.id)
    if not fits:
        refuse(request, acting.id)
        raise BadInputError("the old password is not right", code="password.wrong", where="old")
    return Response(status_code=204)


@router.get("/me/keys", summary="One's own keys", responses=_listed(_KEY))
def own_keys(request: Request, session: Reader, acting: Acting) -> list[KeyOut]:
    """Those that hold, the newest first."""
    found = keys.keys_of(session, acting.id, request.app.state.clock.now())
    return [KeyOut.model_validate(row) for row in found]


@router.post(
    "/me/keys",
    summary="Make a key",
    status_code=201,
    responses={409: {"model": Problem, "description": "One has as many as one may"}},
)
def make_key(request: Request, acting: Acting, wanted: KeyWanted) -> KeyOut:
    """Its secret is in the answer, this once."""
    state = request.app.state
    with transaction(state.sessions) as session:
        row, secret = keys.make_key(
            session, state.clock, acting.id, wanted.name, days=wanted.days, by=acting.id
        )
        return KeyOut.model_validate(row).model_copy(update={"key": secret})


@router.delete("/me/keys/{key_number}", summary="Revoke one of one's own keys", status_code=204)
def revoke_key(request: Request, acting: Acting, key_number: Number) -> Response:
    """It ends at once, and all tokens given for it."""
    state = request.app.state
    with transaction(state.sessions) as session:
        keys.revoke(session, state.clock, acting.id, key_number, by=acting.id)
    return Response(status_code=204)


def _permissions(roles: frozenset[str]) -> list[str]:
    return sorted(name for name, each in PERMISSIONS.items() if roles & each.roles)
