"""What signing in by a page and by the API share: the attempt, the answer to failures, the cookie."""

from datetime import datetime
from math import ceil

from fastapi import Request, Response

from api.http.problems import Unauthorized
from api.http.security import cookie_name
from store.clock import Clock
from store.database import SessionFactory, transaction
from store.errors import DitingError
from store.identity import second_factor, sessions
from store.identity.signing_in import Attempt, Proof, failed, try_sign_in
from store.people import PersonRow
from store.settings import Settings


class LockedOut(DitingError):  # noqa: N818 - named as HTTP names it
    """Too many failures: one has to wait."""

    http_status = 429

    def __init__(self, until: datetime, now: datetime) -> None:
        self.headers = {"Retry-After": str(max(1, ceil((until - now).total_seconds())))}
        super().__init__(
            "too many failures", code="auth.locked", mend=f"Try again after {until:%H:%M:%S} UTC."
        )


def sign_in(request: Request, person: str, password: str, code: str = "") -> str:
    """The secret of a new session. It only sets up a second factor where a role takes one and there
    is none.

    Raises:
        Unauthorized: `auth.refused`, account, password and code do not fit; `auth.code`, the code is missing.
        LockedOut: `auth.locked`.
    """
    factory: SessionFactory = request.app.state.sessions
    clock: Clock = request.app.state.clock
    settings: Settings = request.app.state.settings
    host = address_of(request)
    with transaction(factory) as session:
        proof = Proof(password, code, secret_key(request))
        attempt = try_sign_in(session, clock, person, proof, address=host)
        if attempt.person is not None:
            row = session.get_one(PersonRow, attempt.person)
            wanted = not set(row.roles).isdisjoint(settings.second_factor_roles)
            return sessions.open_session(
                session,
                clock,
                attempt.person,
                address=host,
                browser=request.headers.get("user-agent", ""),
                enrols=wanted and not second_factor.is_on(session, attempt.person),
            )
    raise _refusal(attempt, clock.now())


def refuse(request: Request, person: str) -> None:
    """Count a wrong password that somebody gave who is signed in.

    Raises:
        LockedOut: `auth.locked`.
    """
    clock: Clock = request.app.state.clock
    with transaction(request.app.state.sessions) as session:
        attempt = failed(session, clock, person, address=address_of(request), known=True)
    if attempt.locked_until is not None:
        raise LockedOut(attempt.locked_until, clock.now())


def open_browser(request: Request, response: Response, secret: str) -> None:
    """Give the browser the secret of its session."""
    settings: Settings = request.app.state.settings
    response.set_cookie(
        cookie_name(settings),
        secret,
        max_age=int(sessions.LENGTH.total_seconds()),
        path="/",
        httponly=True,
        samesite="strict",
        secure=settings.environment == "production",
    )


def secret_key(request: Request) -> str:
    """The key that secrets of second factors are kept with."""
    settings: Settings = request.app.state.settings
    return settings.secret_key.get_secret_value() if settings.secret_key else ""


def address_of(request: Request) -> str:
    """The address that the request came from."""
    return request.client.host if request.client else "unknown"


def _refusal(attempt: Attempt, now: datetime) -> DitingError:
    if attempt.locked_until is not None:
        return LockedOut(attempt.locked_until, now)
    if attempt.code_wanted:
        return Unauthorized(
            "the code of the second factor is missing", code="auth.code", mend="Send it as `code`."
        )
    return Unauthorized(
        "account and password do not fit", code="auth.refused", mend="Check both; an admin can set a new one."
    )
