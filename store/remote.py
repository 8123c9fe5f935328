"""Requests to another server that may be slow, busy, broken or hostile.

Every wait is bounded, every answer is bounded, nothing is followed to another address, and the key is in no
message: what is sent and the key go to the one server that the settings name.
"""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from typing import Any

import httpx
from pydantic import SecretStr

from store.errors import EngineError

Wait = Callable[[float], Awaitable[None]]
# What makes one request when its turn has come, as the keywords that httpx takes (`json`, or `data` and
# `files`): the sound files of a long call together would fill the memory.
Request = Callable[[], dict[str, Any]]

MAX_ANSWER_BYTES = 4 * 1024 * 1024
# A server that wants a longer pause is asked again by the next attempt at the stage, not from here.
LONGEST_WAIT_S = 60.0
_FIRST_WAIT_S, _LAST_WAIT_S = 0.5, 8.0
_CONNECT_S = 10.0
_MAX_REASON = 200
_SENT_ELSEWHERE = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of what can go wrong, written out so that they can be searched for."""

    unreachable: str
    timeout: str
    busy: str
    refused: str
    bad_answer: str


@dataclass(frozen=True, slots=True)
class Remote:
    """A server and how patient to be with it.

    `url` is its address up to the version, `path` what follows for every request. `setting` names the
    variable with the address (`DITING_ENGINE_URL`), beside which those for the key and the patience stand;
    `kind` says what is expected to answer there. Times in seconds.
    """

    url: str
    path: str
    api_key: SecretStr | None
    timeout_s: float
    retries: int
    concurrency: int
    codes: Codes
    setting: str
    kind: str


class RefusedError(EngineError):
    """The server will not do it, however often it is asked. `said` is what it gave as the reason."""

    def __init__(self, message: str, *, code: str, where: str, mend: str, status: int, said: str) -> None:
        super().__init__(message, code=code, where=where, mend=mend)
        self.status = status
        self.said = said


class _AgainError(Exception):
    """It may succeed later: after `wait_s` where the server says so."""

    def __init__(self, error: EngineError, wait_s: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait_s = wait_s


class RemoteServer:
    """One address of one server.

    Args:
        remote: where it is and how patient to be.
        wait: waits that many seconds between attempts.
    """

    def __init__(self, remote: Remote, wait: Wait = asyncio.sleep) -> None:
        self.url = remote.url.rstrip("/")
        self._address = self.url + remote.path
        self._remote = remote
        self._key = remote.api_key.get_secret_value() if remote.api_key else ""
        self._wait = wait
        self._variables = remote.setting.removesuffix("_URL")

    def post_all(self, requests: Sequence[Request]) -> list[bytes]:
        """Send requests, a few at once; the bodies of the answers in the same order.

        Raises:
            EngineError: with one of the codes of this server; refusals as RefusedError. One that fails
                ends all.
        """
        try:
            return asyncio.run(self._post_all(requests))
        except BaseExceptionGroup as group:
            raise _gravest(group) from None

    async def _post_all(self, requests: Sequence[Request]) -> list[bytes]:
        places = asyncio.Semaphore(self._remote.concurrency)
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        timeout = httpx.Timeout(None, connect=min(_CONNECT_S, self._remote.timeout_s))
        # trust_env would take proxies and passwords (netrc) from the surroundings.
        async with httpx.AsyncClient(
            headers=headers,
            timeout=timeout,
            verify=trusted_certificates(),
            trust_env=False,
            follow_redirects=False,
        ) as client:

            async def one(request: Request) -> bytes:
                async with places:
                    return await self._post(client, request)

            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(request)) for request in requests]
        return [task.result() for task in tasks]

    async def _post(self, client: httpx.AsyncClient, request: Request) -> bytes:
        """Send one request until it is answered or the retries are used up."""
        attempt = 0
        while True:
            try:
                return await self._once(client, request)
            except _AgainError as again:
                wait_s = again.wait_s
                if wait_s is None:
                    wait_s = min(_LAST_WAIT_S, _FIRST_WAIT_S * 2**attempt)
                if attempt >= self._remote.retries or wait_s > LONGEST_WAIT_S:
                    raise again.error from again
            await self._wait(wait_s)
            attempt += 1

    async def _once(self, client: httpx.AsyncClient, request: Request) -> bytes:
        try:
            # One limit over all: a byte now and then would outlast any limit between bytes.
            async with asyncio.timeout(self._remote.timeout_s):
                async with client.stream("POST", self._address, **request()) as response:
                    if response.status_code != HTTPStatus.OK:
                        await self._refuse(response)
                    return await self._body(response)
        except TimeoutError:
            raise EngineError(
                f"the server did not answer within {self._remote.timeout_s:g} s",
                code=self._remote.codes.timeout,
                where=self.url,
                mend=f"Look after the server, or raise {self._variables}_TIMEOUT_SECONDS.",
            ) from None
        except httpx.TransportError as error:
            raise _AgainError(
                EngineError(
                    f"the server cannot be reached ({plain(str(error)) or type(error).__name__})",
                    code=self._remote.codes.unreachable,
                    where=self.url,
                    mend=f"Check that it runs, and {self._variables}_URL.",
                )
            ) from error

    async def _body(self, response: httpx.Response) -> bytes:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise self.bad_answer(f"it is {plain(kind) or 'of no kind'}, not application/json")
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise self.bad_answer("it is packed, which nobody asked for")
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > MAX_ANSWER_BYTES:
                raise self.bad_answer(f"it is longer than {MAX_ANSWER_BYTES} bytes")
        return bytes(body)

    async def _refuse(self, response: httpx.Response) -> None:
        """Turn any answer but 200 into what follows from it.

        Raises:
            _AgainError: 429 and 5xx.
            RefusedError: everything else.
        """
        status = response.status_code
        if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            error = EngineError(
                f"the server cannot do it now (status {status})",
                code=self._remote.codes.busy,
                where=self.url,
                mend="Look after the server; the call is tried again.",
            )
            raise _AgainError(error, retry_after(response.headers))
        said = await self._reason(response)
        raise RefusedError(
            f"the server refuses (status {status}{f': {said}' if said else ''})",
            code=self._remote.codes.refused,
            where=self.url,
            mend=self._mend(status),
            status=status,
            said=said,
        )

    async def _reason(self, response: httpx.Response) -> str:
        """The server's reason, where it gives one in the usual shape; never the key."""
        if response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) or response.is_redirect:
            return ""
        try:
            body = json.loads(await self._body(response))
        except (ValueError, EngineError, httpx.TransportError):
            return ""
        error = body.get("error", body.get("detail")) if isinstance(body, dict) else None
        text = error.get("message") if isinstance(error, dict) else error
        if not isinstance(text, str):  # FastAPI's form: a list of problems
            text = json.dumps(error) if error else ""
        return plain(text.replace(self._key, "…") if self._key else text)

    def _mend(self, status: int) -> str:
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            return f"Check {self._variables}_API_KEY."
        if status in _SENT_ELSEWHERE:
            setting = f"{self._variables}_URL"
            return f"It sends elsewhere, which is not followed: set {setting} to that address."
        return f"Check {self._variables}_URL and the model that is asked for."

    def bad_answer(self, why: str) -> EngineError:
        """The error for an answer that cannot be used."""
        return EngineError(
            f"the server's answer cannot be used: {why}",
            code=self._remote.codes.bad_answer,
            where=self.url,
            mend=f"Check that {self._variables}_URL is {self._remote.kind} of OpenAI's form.",
        )


@cache
def trusted_certificates() -> ssl.SSLContext:
    """The public certificates, and those that this machine trusts besides."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def retry_after(headers: httpx.Headers) -> float | None:
    """How long the server wants to be left alone: seconds, or a moment by the server's own clock."""
    asked = headers.get("retry-after", "").strip()
    if asked.isdecimal() and asked.isascii():
        return float(asked[:9])
    try:
        until, now = parsedate_to_datetime(asked), parsedate_to_datetime(headers.get("date", ""))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):
        return None


def plain(text: str) -> str:
    """Foreign text on one line, without control characters, and short."""
    line = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(line.split())[:_MAX_REASON]


def _gravest(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one error to raise for several at once: being told to stop comes before any failure."""
    leaves: list[BaseException] = []
    for error in group.exceptions:
        leaves += [_gravest(error)] if isinstance(error, BaseExceptionGroup) else [error]
    return next((leaf for leaf in leaves if not isinstance(leaf, Exception)), leaves[0])
