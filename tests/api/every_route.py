"""Every route of the API and of the pages, by its description, ready to be asked for."""

import asyncio
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
from fastapi import FastAPI

from api.http.app import API
from api.permissions import ROUTES

# Parts of paths that name nothing of anybody, and what they are asked for with.
COMMON: Final[Mapping[str, str]] = {
    "country": "CN", "year": "2026", "month": "2026-05", "action": "note", "name": "recorder",
    "upload_id": "0" * 32, "draw_id": "1", "calibration_id": "1", "person": "nobody", "order": "999999",
    "team": "no-team", "channel": "no-channel",
    "path:path": "calls",
    "pack": "cn-telecom-client", "rule": "ct.impersonation.operator", "proposal": "999999",
}  # fmt: skip
# Whose id stands in a path, by its beginning; the longest that fits counts.
IDS: Final[Mapping[str, str]] = {
    "/calibrations/{calibration_id}": "calibration",
    "/calls/{call_id}": "call_id",
    "/cases/{case_id}": "case_id",
    "/coaching/{task_id}": "coaching",
    "/complaints/{number}": "complaint",
    "/items/{item_id}": "item_id",
    "/learning/library/{case_id}": "library",
    "/ledger/{number}": "ledger",
    "/me/keys/{key_number}": "key",
    "/me/sessions/{session_number}": "session",
    "/notices/{notice}": "notice",
    "/sampling/draws/{draw_id}": "draw",
    "/searches/{number}": "search",
    "/tickets/{ticket_id}": "ticket",
    "/work/failed/{number}": "call_id",
}
# What routes cannot be asked for without.
QUERIES: Final[Mapping[str, Mapping[str, str]]] = {
    "/events": {"wait": "0"},
    "/search": {"q": "投诉"},
    "/retention/proof": {"call": "nowhere/nothing"},
    "/ledger/summary": {"first": "2026-01", "last": "2026-12"},
}
# What writing routes take, so that they are not refused for want of it.
BODIES: Final[Mapping[str, Mapping[str, Any]]] = {
    "POST /calls/{call_id}/hold": {"reason": "x"},
    "POST /calls/{call_id}/hold/release": {"reason": "x"},
    "POST /calls/{call_id}/roles": {"agent_side": 1, "because": "checked"},
    "POST /calls/{call_id}/unmask": {"reason": "complaint"},
    "POST /cases/{case_id}/actions/{action}": {"document": {"text": "x"}, "version": 1},
    "POST /coaching/{task_id}/cancel": {"text": "x"},
    "POST /coaching/{task_id}/done": {"text": "x"},
    "POST /items/{item_id}/match": {"customer_id": "C1"},
    "POST /items/{item_id}/set-aside": {"reason": "x"},
    "POST /tickets/{ticket_id}/actions/{action}": {"document": {}, "version": 1},
    "POST /sources/{name}/dead/retry": {},
    "POST /rules/lint": {"pack": "cn-telecom-client"},
    "POST /rules/try": {"text": "x"},
    "PATCH /people/{person}": {"name": "x"},
    "PATCH /teams/{team}": {"title": "x"},
    "PATCH /searches/{number}": {"shared": False},
}
# Each export has a number of its own.
_EXPORT: Final = re.compile("EX-[0-9a-f]{20}")
# Outside the versioned part, beside the pages.
_OUTSIDE: Final = frozenset({"GET /healthz", "GET /metrics"})


@dataclass(frozen=True)
class Route:
    """A method and a path without the version, as the table of permissions names it."""

    method: str
    path: str
    is_page: bool = False
    needs: frozenset[str] = field(default=frozenset())

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def whose(self) -> str | None:
        """Which id stands in the path; None where nobody's does."""
        fitting = [each for each in IDS if self.path == each or self.path.startswith(f"{each}/")]
        return IDS[max(fitting, key=len)] if fitting else None

    def url(self, ids: Mapping[str, Any]) -> str:
        """The address, with these ids where somebody's id stands."""
        path = self.path
        for part in [each for each in path.split("/") if each.startswith("{")]:
            key = COMMON.get(part[1:-1])
            if key is None:
                assert self.whose, f"{self.name}: say in tests/api/every_route.py what {part} is"
                key = str(ids[self.whose])
            path = path.replace(part, key)
        return path if self.is_page or self.name in _OUTSIDE else f"{API}{path}"

    @property
    def query(self) -> dict[str, str]:
        given = dict(QUERIES.get(self.path, {}))
        assert self.needs <= set(given), f"{self.name}: say in tests/api/every_route.py what {self.needs} are"
        return given


def routes_of(app: FastAPI) -> list[Route]:
    """Every route of the table of permissions, which has all there are; pages are not in the description."""
    found = {}
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            needed = frozenset(
                each["name"]
                for each in operation.get("parameters", ())
                if each["in"] == "query" and each.get("required")
            )
            route = Route(method.upper(), path.removeprefix(API), needs=needed)
            found[route.name] = route
    assert set(found) <= set(ROUTES)
    return [found.get(name) or Route(*name.split(), is_page=True) for name in ROUTES]


@dataclass(frozen=True)
class Asked:
    """One request, by whom."""

    route: Route
    url: str
    token: str | None
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None


def ask_all(app: FastAPI, asked: Sequence[Asked]) -> list[httpx.Response]:
    """The answers to all requests, one after the other."""

    async def send() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return [await _send(client, each) for each in asked]

    return asyncio.run(send())


async def _send(client: httpx.AsyncClient, asked: Asked) -> httpx.Response:
    shown = {"Authorization": f"Bearer {asked.token}"} if asked.token else {}
    query = asked.route.query | dict(asked.query)
    headers = {**shown, **asked.headers}
    return await client.request(asked.route.method, asked.url, headers=headers, params=query, json=asked.body)


def words_of(answer: httpx.Response) -> str:
    """Everything that an answer says; of a workbook, the words in its parts."""
    if answer.headers.get("content-type") == "application/problem+json":
        return str(answer.json()["code"])  # each has the number of its request
    if not answer.content.startswith(b"PK"):
        return _EXPORT.sub("", answer.text)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return _EXPORT.sub("", "".join(_part(book, name) for name in sorted(book.namelist())))


def _part(book: zipfile.ZipFile, name: str) -> str:
    # When the file was made says nothing of what is in it.
    return "" if name.startswith("docProps/") else book.read(name).decode(errors="replace")
