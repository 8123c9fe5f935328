"""One request to one address, which may be slow, broken or hostile: the address is checked and then kept to,
nothing is followed elsewhere, every wait and every answer is bounded, and no secret is in any message or log.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

import httpx

from complaint_warnings.notices.types import Result
from complaint_warnings.notices.urls import Address, AddressRefusedError, AddressUnknownError, resolve
from store.remote import retry_after, trusted_certificates

MAX_ANSWER_BYTES: Final = 64 * 1024
# Of the addresses of a host so many are tried.
ADDRESSES_MAX: Final = 3
_BUSY: Final = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_TOO_EARLY: Final = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY)
# Another attempt would be refused as well: it is gone for good, or the message is too large.
_FOR_GOOD: Final = (HTTPStatus.GONE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


@dataclass(frozen=True, slots=True)
class Reach:
    """How a channel may reach its server. Times in seconds; `loopback`: whether this machine may be it."""

    networks: Sequence[str] = ()
    connect_s: float = 5.0
    total_s: float = 15.0
    loopback: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request. It holds secrets, so it is not shown."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, the body up to `MAX_ANSWER_BYTES`; `cut` when there was more."""

    status: int
    headers: httpx.Headers
    body: bytes
    cut: bool = False


def post(outgoing: Outgoing, reach: Reach) -> Answer | Result:
    """Send a request and read the answer; a Result where there is none.

    Without `httpx.Client`: it would write the whole address, which may hold a token, into the log.
    """
    try:
        return asyncio.run(_post(outgoing, reach))
    except TimeoutError:
        return Result("again", "notice.timeout", f"no answer within {reach.total_s:g} s")
    except AddressRefusedError as error:
        return Result("again", "notice.address", str(error))
    except AddressUnknownError as error:
        return Result("again", "notice.unreachable", str(error))
    except (httpx.TransportError, httpx.InvalidURL, OSError) as error:
        return Result("again", "notice.unreachable", f"the connection failed ({type(error).__name__})")


def judge_status(answer: Answer) -> Result | None:
    """What an HTTP status means; None for success, whatever the body says then."""
    status = answer.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    if status in _BUSY or status in _TOO_EARLY:
        code = "notice.busy" if status == HTTPStatus.TOO_MANY_REQUESTS else "notice.failed"
        wait_s = retry_after(answer.headers)
        return Result("again", code, f"answered with status {status}", status, wait_s)
    if status in _FOR_GOOD:
        return Result("refused", "notice.refused", f"answered with status {status}", status)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return Result("again", "notice.failed", f"sends elsewhere (status {status}), not followed", status)
    return Result("again", "notice.failed", f"answered with status {status}", status)


async def _post(outgoing: Outgoing, reach: Reach) -> Answer:
    # One limit over all: a byte now and then would outlast any limit between bytes.
    async with asyncio.timeout(reach.total_s):
        *others, last = await asyncio.to_thread(_requests, outgoing, reach)
        for request in others:
            try:
                return await _ask(request)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # nothing was sent; another address of the same host may be reached
        return await _ask(last)


async def _ask(request: httpx.Request) -> Answer:
    async with httpx.AsyncHTTPTransport(verify=trusted_certificates(), trust_env=False) as transport:
        response = await transport.handle_async_request(request)
        try:
            return await _read(response)
        finally:
            await response.aclose()


def _requests(outgoing: Outgoing, reach: Reach) -> list[httpx.Request]:
    """The request for each of the checked addresses of the host, a few at most."""
    parts = urlsplit(outgoing.url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    addresses = resolve(parts.hostname or "", port, networks=reach.networks, loopback=reach.loopback)
    return [_request(outgoing, reach, parts, port, address) for address in addresses[:ADDRESSES_MAX]]


def _request(
    outgoing: Outgoing, reach: Reach, parts: SplitResult, port: int, address: Address
) -> httpx.Request:
    """The request to the address itself; the name is only in its head and in the TLS handshake, so that
    nobody can give another address between the check and the connection."""
    bare = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
    url = urlunsplit((parts.scheme, f"{bare}:{port}", parts.path or "/", parts.query, ""))
    waits = {"connect": reach.connect_s, "read": reach.total_s, "write": reach.total_s, "pool": None}
    return httpx.Request(
        "POST",
        url,
        content=outgoing.body,
        headers={
            "Host": parts.netloc,
            "Content-Type": "application/json; charset=utf-8",
            "Accept-Encoding": "identity",
            "User-Agent": "diting-notices",
            "Connection": "close",
            **outgoing.headers,
        },
        extensions={"timeout": waits, "sni_hostname": parts.hostname},
    )


async def _read(response: httpx.Response) -> Answer:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            head = bytes(body[:MAX_ANSWER_BYTES])
            return Answer(response.status_code, response.headers, head, cut=True)
    return Answer(response.status_code, response.headers, bytes(body))
