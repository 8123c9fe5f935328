"""The header `Idempotency-Key`: a request that is sent twice is carried out once, and answered alike."""

import hashlib
import json
import re
from typing import Any, Final

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from api.http.gates import LARGE, Gate
from api.http.problems import MEDIA_TYPE, problem
from api.http.security import require_actor
from store import idempotency
from store.errors import BadInputError, DitingError
from store.people import Actor

HEADER: Final = "Idempotency-Key"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
# Their answers are secrets, or hold what is hidden from others: they are kept nowhere.
_NOT_KEPT: Final = re.compile(r"/(session|setup|token|keys|sign-(in|out)|people|users|unmask|evidence)(/|$)")
_REPEATED: Final = ("content-type", "location", "etag")
_PARAMETER: Final[dict[str, Any]] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "of your choice, such as a UUID: asked again with the same one, nothing is done twice",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


def takes_key(method: str, path: str) -> bool:
    """Whether a request is carried out once for each key."""
    return method == "POST" and not LARGE.fullmatch(path) and not _NOT_KEPT.search(path)


def describe(operation: dict[str, Any]) -> None:
    """Say that a request takes a key, and what happens where two come with the same one."""
    operation.setdefault("parameters", []).append(dict(_PARAMETER))
    operation["responses"].setdefault("409", {
        "description": "Conflict",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    })  # fmt: skip


class Once(Gate):
    """Carries a `POST` with a key out once. Recordings and call records are known by their content."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        given = Headers(scope=scope).get(HEADER)
        path = scope["path"]
        if given is None or not takes_key(scope["method"], path):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            body = await request.body()
            taken = await run_in_threadpool(_take, request, given, body)
        except HTTPException as error:  # the body is too large
            refusal = problem(error.status_code, "request.too_large", error.detail, request=request)
            await refusal(scope, receive, send)
            return
        except DitingError as error:
            await _refuse(request, error)(scope, receive, send)
            return
        if isinstance(taken, idempotency.Answer):
            headers = {**taken.headers, "Idempotency-Replayed": "true"}
            await Response(taken.body, taken.status, headers=headers)(scope, receive, send)
            return
        await self._run(scope, body, taken, send)

    async def _run(self, scope: Scope, body: bytes, claim: idempotency.Claim, send: Send) -> None:
        sessions = scope["app"].state.sessions
        start: Message = {}
        content = bytearray()

        async def read_already() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def held(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                content.extend(message.get("body", b""))

        with idempotency.carrying_out(claim):
            await self.app(scope, read_already, held)
        if 200 <= start["status"] < 300:
            headers = Headers(raw=start["headers"])
            kept = {name: headers[name] for name in _REPEATED if name in headers}
            answer = idempotency.Answer(start["status"], kept, content.decode())
            await run_in_threadpool(idempotency.keep_answer, sessions, claim, answer)
        else:
            await run_in_threadpool(idempotency.give_back, sessions, claim)
        await send(start)
        await send({"type": "http.response.body", "body": bytes(content)})


def _take(request: Request, key: str, body: bytes) -> idempotency.Claim | idempotency.Answer:
    if _KEY.fullmatch(key) is None:
        raise BadInputError(
            "a key has 1 to 255 letters without blanks",
            code="idempotency.key",
            where=f"header {HEADER}",
            mend="Send a UUID.",
        )
    actor = require_actor(request)
    address = f"{request.url.path}?{request.url.query}\n{_rights(actor)}\n".encode()
    state = request.app.state
    sha256 = hashlib.sha256(address + body).hexdigest()
    return idempotency.take(state.sessions, state.clock, caller=actor.id, key=key, request_sha256=sha256)


def _rights(actor: Actor) -> str:
    """What decides over what somebody may do and see: with other rights it is another request, whose answer
    they have not been given yet."""
    sees = None if actor.sees is None else sorted(actor.sees)
    return json.dumps([sorted(actor.roles), actor.team, sees])


def _refuse(request: Request, error: DitingError) -> Response:
    headers = {"Retry-After": "1"} if error.code == "idempotency.running" else None
    return problem(
        error.http_status,
        error.code,
        error.message,
        where=error.where,
        mend=error.mend,
        request=request,
        headers=headers,
    )
