"""Who asks: a bearer token or key for programs, a cookie of a session for browsers.

In development without a token only this machine is served; see `store.safety` and `diting serve`.
"""

import hmac
from base64 import b64decode
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import Forbidden, Unauthorized
from api.permissions import permits
from store.database import SessionFactory, reading, transaction
from store.identity import keys, sessions
from store.identity.sessions import OpenSession
from store.people import RESERVED, ROLES, Actor, actor_of_token
from store.settings import Settings

CSRF_HEADER: Final = "x-csrf-token"
_SAFE: Final = {"GET", "HEAD", "OPTIONS"}
_API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


def token_of(settings: Settings) -> str | None:
    """The token that callers must show, if any."""
    return settings.api_token.get_secret_value() if settings.api_token else None


def cookie_name(settings: Settings) -> str:
    """The name of the cookie. In production the browser itself holds it to this host and to encryption."""
    return "__Host-diting" if settings.environment == "production" else "diting_session"


def require_actor(request: Request) -> Actor:
    """Who asks, with their roles. The installation's token and this machine without a token have every role.

    Raises:
        Unauthorized: `auth.required` or `auth.wrong`.
        Forbidden: `auth.csrf` or `auth.origin`, a browser changes something for a page that is not ours.
    """
    if not hasattr(request.state, "actor"):
        request.state.actor = _actor(request)
    actor: Actor = request.state.actor
    return actor


def require_reader(request: Request) -> str:
    """The actor of a request, for the audit log; see `require_actor`."""
    return require_actor(request).id


def require_acting(request: Request) -> Actor:
    """The person who asks: whoever acts, acts under their own name.

    Raises:
        Unauthorized: `auth.required` or `auth.wrong`.
        Forbidden: `auth.person`, it is nobody; `auth.csrf` or `auth.origin`.
    """
    actor = require_actor(request)
    if actor.id in RESERVED:
        raise Forbidden(
            "this needs a person",
            code="auth.person",
            mend="Sign in, or send your own key or token as `Authorization: Bearer …`.",
        )
    return actor


def _actor(request: Request) -> Actor:
    settings: Settings = request.app.state.settings
    given = bearer(request)
    if given is not None:
        return _bearer_actor(request, given)
    opened = browser_session(request)
    if opened is not None:
        if request.method not in _SAFE:
            require_own_page(request)
        request.state.enrols = opened.enrols
        return opened.actor
    if token_of(settings) is None:
        return Actor("local", frozenset(ROLES))
    raise Unauthorized(
        "sign in first",
        code="auth.required",
        mend="Send `Authorization: Bearer <DITING_API_TOKEN>`, or open /sign-in in a browser.",
    )


def _bearer_actor(request: Request, given: str) -> Actor:
    token = token_of(request.app.state.settings)
    if token is not None and hmac.compare_digest(given.encode(), token.encode()):
        return Actor("token", frozenset(ROLES))
    return _person(request, given)


def browser_session(request: Request) -> OpenSession | None:
    """The session whose cookie the request shows, if it holds; that it was used is put down."""
    factory: SessionFactory = request.app.state.sessions
    now = request.app.state.clock.now()
    secret = session_secret(request)
    if secret is None:
        return None
    with reading(factory) as session:
        opened = sessions.session_of(session, secret, now)
        due = opened is not None and sessions.is_due(session, opened.id, now)
    if opened is not None and due:
        with transaction(factory) as session:
            sessions.saw(session, opened.id, now)
    return opened


def session_secret(request: Request) -> str | None:
    """What the cookie of a session holds, if there is one."""
    return request.cookies.get(cookie_name(request.app.state.settings))


def require_own_page(request: Request, given: str | None = None) -> None:
    """Refuse a change that a page of another site makes with somebody's cookie.

    Args:
        request: shows the cookie.
        given: the proof that a form holds; else it is looked for in the header.

    Raises:
        Forbidden: `auth.origin` or `auth.csrf`.
    """
    require_own_origin(request)
    shown = given if given is not None else request.headers.get(CSRF_HEADER, "")
    secret = session_secret(request)
    if secret is None or not hmac.compare_digest(shown.encode(), sessions.csrf_of(secret).encode()):
        raise Forbidden(
            "the request lacks the proof that it comes from our own page",
            code="auth.csrf",
            mend="Send the `csrf` of GET /api/v1/session as X-CSRF-Token.",
        )


def require_own_origin(request: Request) -> None:
    """Refuse a request that a browser says comes from another site.

    Raises:
        Forbidden: `auth.origin`.
    """
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise Forbidden("the request comes from another site", code="auth.origin", where="header origin")


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
    if given is None:
        if token_of(request.app.state.settings) is None:
            return "local"
        raise Unauthorized(
            "sign in first", code="auth.required", mend="Send `Authorization: Bearer <DITING_API_TOKEN>`."
        )
    actor = _bearer_actor(request, given)
    if not permits(actor, "calls.push"):
        raise Forbidden(
            "your roles bring no calls",
            code="auth.role",
            mend="Give the recorder's program the role integration.",
        )
    return actor.id


def bearer(request: Request) -> str | None:
    """The bearer token that a request shows, if any."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return given.strip() if given.strip() and scheme.lower() == "bearer" else None


def _person(request: Request, given: str) -> Actor:
    factory: SessionFactory = request.app.state.sessions
    now = request.app.state.clock.now()
    with reading(factory) as session:
        by_key = keys.actor_of_key(session, given, now)
        actor = by_key or actor_of_token(session, given)
        due = by_key is not None and keys.is_due(session, given, now)
    if actor is None:
        raise Unauthorized(
            "the token is not right", code="auth.wrong", mend="Check DITING_API_TOKEN, or your own token."
        )
    if due:
        with transaction(factory) as session:
            keys.used(session, given, now)
    return actor


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
