"""Getting things by address from servers that may be slow, broken or hostile: names are asked for once and
the address is kept to, private machines are reached only where that is allowed, redirects are checked like
the first address, and size and time are bounded."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import httpx

from ingest.sources.folder import too_large
from ingest.sources.types import SourceError
from ingest.sources.web_errors import explain
from store.addresses import Address, AddressRefusedError, AddressUnknownError, resolve
from store.errors import BadInputError
from store.remote import plain, retry_after, trusted_certificates

_REDIRECTS: Final = 5
_ADDRESSES: Final = 3
_LONGEST_URL: Final = 4000
_AWAY: Final = (301, 302, 303, 307, 308)
_BUSY: Final = (408, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be reached.

    Attributes:
        hosts: names that may be asked; None: any.
        http: names that may be asked without encryption.
        networks: private networks that may be reached.
        origin: scheme and authority to which the headers are shown; nobody else sees them.
        headers: what shows who asks.
        connect_s, total_s: seconds.
        setting: where all this is said, for messages.
        whole: whether failures are those of a whole source.
    """

    hosts: frozenset[str] | None = None
    http: frozenset[str] = frozenset()
    networks: tuple[str, ...] = ()
    origin: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    connect_s: float = 10.0
    total_s: float = 300.0
    setting: str = "the source"
    whole: bool = False


def download(url: str, target: Path, reach: Reach, most_bytes: int) -> None:
    """Get a file.

    Raises:
        SourceError: it cannot be had now.
        BadInputError: `source.address_refused`, `audio.too_large`.
    """
    with _asked(url, reach) as (response, deadline), target.open("xb") as file:
        left = most_bytes
        for chunk in _chunks(response, url, reach, deadline):
            left -= len(chunk)
            if left < 0:
                raise too_large(_shown(url), most_bytes)
            file.write(chunk)


def get_json(url: str, reach: Reach, most_bytes: int) -> Any:
    """Get a JSON document.

    Raises:
        SourceError: it cannot be had, or is no JSON.
        BadInputError: `source.address_refused`.
    """
    body = bytearray()
    with _asked(url, reach) as (response, deadline):
        for chunk in _chunks(response, url, reach, deadline):
            body += chunk
            if len(body) > most_bytes:
                raise _error(
                    "source.answer",
                    f"the answer is longer than {most_bytes} bytes",
                    url,
                    reach,
                    "Ask for smaller pages.",
                )
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise _error("source.answer", "the answer is no JSON", url, reach, "Check the address.") from None


@contextmanager
def _asked(url: str, reach: Reach) -> Iterator[tuple[httpx.Response, float]]:
    """A good answer to a GET, after redirects; the body is not read yet."""
    deadline = time.monotonic() + reach.total_s
    for _ in range(_REDIRECTS + 1):
        parts = check_url(url, reach)
        with httpx.HTTPTransport(verify=trusted_certificates(), trust_env=False) as transport:
            response = _connect(transport, url, parts, reach, deadline)
            try:
                if response.status_code not in _AWAY:
                    _require_good(response, url, reach)
                    yield response, deadline
                    return
                url = urljoin(url, response.headers.get("location", ""))
            finally:
                response.close()
    raise _error(
        "source.answer",
        "it sends from one address to the next without end",
        url,
        reach,
        "Give the address it ends at.",
    )


def check_url(url: str, reach: Reach) -> SplitResult:
    """Make sure that an address may be asked for.

    Raises:
        BadInputError: `source.address_refused`.
    """
    problem = None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        parts, problem = urlsplit(""), "this is no address"
    host = (parts.hostname or "").lower()
    if len(url) > _LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or not host:
        problem = "this is no address"
    elif "@" in parts.netloc:
        problem = "the address holds a user"
    elif parts.scheme != "https" and not (parts.scheme == "http" and host in reach.http):
        problem = "only https is allowed"
    elif reach.hosts is not None and host not in reach.hosts:
        problem = f"the host {host} is not one of those that may be asked"
    if problem is not None:
        raise _refused(problem, url, reach)
    return parts


def _connect(
    transport: httpx.HTTPTransport, url: str, parts: SplitResult, reach: Reach, deadline: float
) -> httpx.Response:
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        addresses = resolve(parts.hostname or "", port, networks=reach.networks, loopback=False)
    except AddressRefusedError as error:
        raise _refused(str(error), url, reach) from None
    except (AddressUnknownError, ValueError) as error:
        raise _error(
            "source.host_unknown", str(error), url, reach, "Check the name, and this machine's DNS."
        ) from None
    for place, address in enumerate(addresses[:_ADDRESSES], 1):
        try:
            return transport.handle_request(_request(parts, port, address, reach, deadline))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            if place == min(len(addresses), _ADDRESSES):
                raise _transport(error, url, reach) from error
        except httpx.TransportError as error:
            raise _transport(error, url, reach) from error
    raise AssertionError


def _request(parts: SplitResult, port: int, address: Address, reach: Reach, deadline: float) -> httpx.Request:
    """The request to the address itself; the name is only in its head and in the TLS handshake."""
    bare = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
    left = max(0.1, deadline - time.monotonic())
    waits = {
        "connect": min(reach.connect_s, left),
        "read": min(30.0, left),
        "write": min(30.0, left),
        "pool": None,
    }
    headers = {
        "Host": parts.netloc,
        "Accept-Encoding": "identity",
        "User-Agent": "diting",
        "Connection": "close",
    }
    if reach.origin == origin_of(parts):
        headers |= reach.headers
    return httpx.Request(
        "GET",
        urlunsplit((parts.scheme, f"{bare}:{port}", parts.path or "/", parts.query, "")),
        headers=headers,
        extensions={"timeout": waits, "sni_hostname": parts.hostname},
    )


def origin_of(parts: SplitResult) -> str:
    """Scheme, host and port."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}"


def _chunks(response: httpx.Response, url: str, reach: Reach, deadline: float) -> Iterator[bytes]:
    try:
        for chunk in response.iter_raw():
            if time.monotonic() > deadline:
                raise _error(
                    "source.timeout",
                    f"it did not end within {reach.total_s:g} s",
                    url,
                    reach,
                    "Look after the server, or allow more time.",
                )
            yield chunk
    except httpx.TransportError as error:
        raise _transport(error, url, reach) from error


def _require_good(response: httpx.Response, url: str, reach: Reach) -> None:
    status = response.status_code
    if status == 200:
        return
    if status in (401, 403):
        raise _error(
            "source.login",
            f"the server refuses (status {status}): key or right is wrong",
            url,
            reach,
            "Check the secret, and what its owner may do.",
        )
    if status in (404, 410):
        raise _error(
            "source.gone",
            f"there is nothing at this address (status {status})",
            url,
            reach,
            "Check the address.",
        )
    if status in _BUSY:
        wait = retry_after(response.headers)
        later = f", try again in {wait:g} s" if wait else ""
        raise _error(
            "source.busy",
            f"the server cannot do it now (status {status}{later})",
            url,
            reach,
            "Look after the server; it is asked again.",
        )
    raise _error(
        "source.answer", f"the server answered with status {status}", url, reach, "Check the address."
    )


def _transport(error: httpx.TransportError, url: str, reach: Reach) -> SourceError:
    code, message, mend = explain(error)
    return _error(code, message, url, reach, mend)


def _error(code: str, message: str, url: str, reach: Reach, mend: str) -> SourceError:
    return SourceError(message, code=code, where=_shown(url), mend=mend, whole=reach.whole)


def _refused(problem: str, url: str, reach: Reach) -> BadInputError:
    return BadInputError(
        problem,
        code="source.address_refused",
        where=_shown(url),
        mend=f"If it may be reached, say so: hosts and networks of {reach.setting}.",
    )


def _shown(url: str) -> str:
    """The address without its query, which may hold a key."""
    text = plain(url.partition("?")[0])
    return text.partition("@")[2] or text if "@" in text else text
