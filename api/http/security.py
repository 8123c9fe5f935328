"""Who may read: a bearer token for programs, a signed cookie made from the same token for browsers.

In development without a token only this machine is served; see `store.safety` and `diting serve`.
"""

import hashlib
import hmac
from base64 import b64decode
from datetime import datetime, timedelta

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import Forbidden, Unauthorized
from api.permissions import permits
from store.database import reading
from store.people import RESERVED, ROLES, Actor, actor_of_token
from store.settings import Settings

COOKIE = "diting_session"
SESSION_LENGTH = timedelta(hours=12)
_API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


def token_of(settings: Settings) -> str | None:
    """The token that callers must show, if any."""
    return settings.api_token.get_secret_value() if settings.api_token else None


def require_reader(request: Request) -> str:
    """The actor of a request, for the audit log: the installation's token, a person's own, or a browser.

    Raises:
        Unauthorized: `auth.required` or `auth.wrong`.
    """
    settings: Settings = request.app.state.settings
    token = token_of(settings)
    given = bearer(request)
    if given is not None and (token is None or not hmac.compare_digest(given.encode(), token.encode())):
        return _person(request, given).id
    if token is None:
        return "local"
    if given is not None:
        return "token"
    cookie = request.cookies.get(COOKIE)
    if cookie and session_holds(cookie, session_key(settings), request.app.state.clock.now()):
        return "browser"
    raise Unauthorized(
        "sign in first",
        code="auth.required",
        mend="Send `Authorization: Bearer <DITING_API_TOKEN>`, or open /sign-in in a browser.",
    )


def require_actor(request: Request) -> Actor:
    """Who asks, with their roles. The installation's token and this machine without a token have every role.

    Raises:
        Unauthorized: `auth.required` or `auth.wrong`.
    """
    caller = require_reader(request)
    if caller in RESERVED:
        return Actor(caller, frozenset(ROLES))
    return _person(request, bearer(request) or "")


def require_pusher(request: Request) -> str:
    """Who pushes calls: the installation's token, or a program's own; a browser's session is not enough, as
    pages of other sites could use it.

    Raises:
        Unauthorized: `auth.required` or `auth.wrong`.
        Forbidden: `auth.role`, the person or program may not bring calls.
    """
    return _pusher(request, bearer(request))


def require_switch(request: Request) -> str:
    """Like `require_pusher`; telephone switches can only show a password: the token counts as one, too."""
    return _pusher(request, bearer(request) or _basic_password(request))


def _basic_password(request: Request) -> str | None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return b64decode(given, validate=True).decode().partition(":")[2] or None
    except ValueError:
        return None


def _pusher(request: Request, given: str | None) -> str:
    token = token_of(request.app.state.settings)
    if given is None:
        if token is None:
            return "local"
        raise Unauthorized(
            "sign in first", code="auth.required", mend="Send `Authorization: Bearer <DITING_API_TOKEN>`."
        )
    if token is not None and hmac.compare_digest(given.encode(), token.encode()):
        return "token"
    actor = _person(request, given)
    if not permits(actor, "calls.push"):
        raise Forbidden(
            "your roles bring no calls",
            code="auth.role",
            mend="Give the recorder's program the role integration.",
        )
    return actor.id


def require_acting(request: Request) -> Actor:
    """The person whose token the request shows: whoever acts, acts under their own name.

    Raises:
        Unauthorized: `auth.wrong`.
        Forbidden: `auth.person`, the request shows nobody's token.
    """
    token, given = token_of(request.app.state.settings), bearer(request)
    if given is None or (token is not None and hmac.compare_digest(given.encode(), token.encode())):
        raise Forbidden(
            "this needs a person",
            code="auth.person",
            mend="Send your own token as `Authorization: Bearer …`; `diting people token` makes one.",
        )
    return _person(request, given)


def bearer(request: Request) -> str | None:
    """The bearer token that a request shows, if any."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return given.strip() if given.strip() and scheme.lower() == "bearer" else None


def _person(request: Request, token: str) -> Actor:
    with reading(request.app.state.sessions) as session:
        actor = actor_of_token(session, token)
    if actor is None:
        raise Unauthorized(
            "the token is not right", code="auth.wrong", mend="Check DITING_API_TOKEN, or your own token."
        )
    return actor


def session_key(settings: Settings) -> bytes:
    """The key that signs sessions. It changes with the token, so that a new token ends old sessions."""
    secret = settings.secret_key.get_secret_value() if settings.secret_key else ""
    return hashlib.sha256(f"{secret}\n{token_of(settings)}".encode()).digest()


def new_session(key: bytes, now: datetime) -> str:
    """A cookie value that proves, until it runs out, that its holder knew the token."""
    until = str(int((now + SESSION_LENGTH).timestamp()))
    return f"{until}.{_sign(until, key)}"


def session_holds(cookie: str, key: bytes, now: datetime) -> bool:
    """Whether a cookie value was signed with this key and has not run out."""
    until, _, signature = cookie.partition(".")
    if not hmac.compare_digest(signature.encode(), _sign(until, key).encode()):
        return False
    return now.timestamp() < int(until)


def _sign(until: str, key: bytes) -> str:
    return hmac.new(key, f"diting session until {until}".encode(), hashlib.sha256).hexdigest()


class SecurityHeaders:
    """Adds the headers every response needs; a page that brings its own policy keeps it."""

    def __init__(self, app: ASGIApp, *, encrypted: bool) -> None:
        self._app = app
        self._headers = dict(_HEADERS)
        if encrypted:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and completes the response's headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", _API_POLICY)
            await send(message)

        await self._app(scope, receive, send_with_headers)
