"""What every request passes before a route sees it, and every answer on its way back.

Each gate is a small ASGI application around the next; what it refuses, it refuses as a problem document.
"""

import hashlib
import re
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.etags import listed
from api.http.problems import problem, unexpected

BODY_MAX: Final = 1024 * 1024
# Recordings, call records and imported lists have limits of their own.
LARGE: Final = re.compile(r"/api/v1/(calls|uploads(/.*)?|sources/[^/]+/records|opinions/import)/?")
_JSON: Final = "application/json"
# A length of more digits is none.
_DIGITS_MAX: Final = 18


class Gate:
    """Passes everything on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http":
            await self.handle(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request over HTTP."""
        await self.app(scope, receive, send)


class KnownHosts(Gate):
    """Answers only to these names."""

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        super().__init__(app)
        self._names = names

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse another name."""
        if _host(Headers(scope=scope).get("host", "")) in self._names:
            await self.app(scope, receive, send)
            return
        refusal = problem(
            400, "request.host", "this service is not called so", where="header Host", request=Request(scope)
        )
        await refusal(scope, receive, send)


def _host(given: str) -> str | None:
    try:
        return urlsplit(f"//{given}").hostname
    except ValueError:
        return None


class PlainText(Gate):
    """Refuses addresses with a NUL in them, which no database can look for."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what no database can look for."""
        if "\x00" not in scope["path"] and b"%00" not in scope["query_string"]:
            await self.app(scope, receive, send)
            return
        refusal = problem(
            422,
            "request.out_of_range",
            "the address has a NUL in it",
            mend="Leave it out.",
            request=Request(scope),
        )
        await refusal(scope, receive, send)


class BodyLimit(Gate):
    """Refuses a body that is larger than any document that a route takes."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse by the length that is announced, and by what in truth comes."""
        if LARGE.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and (len(announced) > _DIGITS_MAX or int(announced) > BODY_MAX):
            refusal = problem(413, "request.too_large", _too_large(), request=Request(scope))
            await refusal(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > BODY_MAX:
                raise HTTPException(413, _too_large())
            return message

        await self.app(scope, counted, send)


def _too_large() -> str:
    return f"the body has more than {BODY_MAX} bytes"


class Heads(Gate):
    """`HEAD` wherever there is `GET`: the same answer without its body."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask the route for a head, and if it knows none, for everything."""
        if scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        unknown = False

        async def unless_unknown(message: Message) -> None:
            nonlocal unknown
            if message["type"] == "http.response.start" and message["status"] == 405:
                unknown = True
            if not unknown:
                await send(message)

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                if message.get("more_body"):
                    return
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        await self.app(scope, receive, unless_unknown)
        if unknown:
            scope["method"] = "GET"
            await self.app(scope, receive, without_body)


class KnownVersions(Gate):
    """Gives every JSON document that is read an `ETag`, and answers `304` to whoever has it already."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold a document back until it is known whether the caller needs it."""
        if scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        body = bytearray()

        async def held(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                if message["status"] != 200 or Headers(raw=message["headers"]).get("content-type") != _JSON:
                    await send(message)
                else:
                    start = message
            elif start is None:
                await send(message)
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    await _answer(scope, start, bytes(body), send)

        await self.app(scope, receive, held)


async def _answer(scope: Scope, start: Message, body: bytes, send: Send) -> None:
    headers = MutableHeaders(raw=start["headers"])
    tag = headers.setdefault("ETag", f'"{hashlib.sha256(body).hexdigest()[:32]}"')
    known = listed(Headers(scope=scope).get("if-none-match"), weak=True)
    if known is not None and ("*" in known or tag.removeprefix("W/") in known):
        del headers["content-length"]
        start, body = {**start, "status": 304}, b""
    await send({**start, "headers": headers.raw})
    await send({"type": "http.response.body", "body": body})


class Crashes(Gate):
    """Answers an error that nobody foresaw here, inside everything that answers carry."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for a route that failed before it said anything."""
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:
            if started:
                raise
            await (await unexpected(Request(scope), error))(scope, receive, send)
