"""Every request has an id, its caller's or a new one: in the answer, in each line of the log, in its span."""

import re
import time
import uuid
from typing import Final

from opentelemetry.trace import SpanKind
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store import tracing
from store.logging import bound, get_logger

HEADER: Final = "X-Request-ID"
_ACCEPTED: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_UNKNOWN: Final = "(no route)"
# A scrape and a health check every few seconds would be all that a log holds.
_QUIET: Final = frozenset({"/healthz", "/metrics"})

_log = get_logger(__name__)


class RequestIds:
    """Names each request, writes one line when it was answered, and takes its place in the caller's trace.

    The line has the route and not the address: addresses may hold names and numbers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _id_of(headers)
        scope.setdefault("state", {})["request_id"] = request_id
        status, began = 500, time.perf_counter()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        method = scope["method"]
        parent = tracing.given_parent(headers)
        with (
            bound(request_id=request_id),
            tracing.span(method, parent=parent, kind=SpanKind.SERVER, request_id=request_id) as running,
        ):
            try:
                await self._app(scope, receive, answer)
            finally:
                route = _route_of(scope)
                running.update_name(f"{method} {route}")
                running.set_attribute("http.response.status_code", status)
                took = round((time.perf_counter() - began) * 1000, 1)
                say = _log.debug if route in _QUIET else _log.info
                say("request", method=method, route=route, status=status, ms=took)


def _route_of(scope: Scope) -> str:
    """The address with names in place of what the caller put in."""
    if "route" not in scope:
        return _UNKNOWN
    path: str = scope["path"]
    for name, value in scope.get("path_params", {}).items():
        path = path.replace(f"/{value}", f"/{{{name}}}", 1)
    return path


def _id_of(headers: Headers) -> str:
    given = headers.get(HEADER, "")
    return given if _ACCEPTED.fullmatch(given) else uuid.uuid4().hex
