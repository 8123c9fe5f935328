"""What a scan of the service from outside looks at, on every answer of every route, page and refusal.

The rules are those of the passive scan of OWASP ZAP (its numbers stand with them), and of its questions for
methods, other sites and redirects.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from typing import Final

import httpx
import pytest
from fastapi import FastAPI

from api.http.app import create_app
from store.database import transaction
from store.identity.passwords import set_password
from store.people import ROLES, Person, add_person, new_token
from store.settings import Settings
from tests.api.conftest import World
from tests.api.every_route import routes_of
from tests.api.http_client import API, TOKEN, problem

AWAY: Final = "https://other.example"
PASSWORD: Final = "紫色的灯塔与三只企鹅正在唱歌"
# An answer without an end has a stretch of time in which it ends.
ENDING: Final = {"/events": {"wait": "0"}}
_YEAR_S: Final = 31_536_000
_SCRIPT: Final = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
_FORM: Final = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", re.DOTALL | re.IGNORECASE)
_TOLD: Final = re.compile(
    r"Traceback|File \"|sqlalchemy|psycopg|site-packages|/work/|/home/|SELECT ", re.IGNORECASE
)

Rule = Callable[[httpx.Response], bool]


def directives(answer: httpx.Response) -> dict[str, list[str]]:
    """The policy of an answer, by directive."""
    parts = [each.split() for each in answer.headers.get("content-security-policy", "").split(";")]
    return {part[0]: part[1:] for part in parts if part}


def _policy(answer: httpx.Response) -> bool:
    policy = directives(answer)
    scripts = policy.get("script-src", policy.get("default-src", ["*"]))
    open_ = [each for sources in policy.values() for each in sources if each in {"*", "http:", "https:"}]
    narrow = {"frame-ancestors", "base-uri", "form-action", "default-src"} <= set(policy)
    return narrow and not open_ and not {"'unsafe-inline'", "'unsafe-eval'"} & set(scripts)


def _cookies(answer: httpx.Response) -> bool:
    given = answer.headers.get_list("set-cookie")
    return all({"httponly", "secure"} <= _flags(each) and "samesite=" in each.lower() for each in given)


def _flags(cookie: str) -> set[str]:
    return {part.strip().lower() for part in cookie.split(";")}


def _kept(answer: httpx.Response) -> bool:
    """Kept nowhere; but for the pages, which hold no data, and events, which are kinds and numbers only."""
    said = answer.headers.get("cache-control", "")
    bare = "/app" in answer.url.path or answer.url.path.endswith("/events")
    return said == "no-store" or (bare and said in {"no-cache", f"public, max-age={_YEAR_S}, immutable"})


def _own_scripts(answer: httpx.Response) -> bool:
    """No script of another place, none within the page that the policy does not name."""
    policy = directives(answer).get("script-src", [])
    return all(
        re.search(r'src="/', attributes) or any(each.startswith(("'nonce-", "'sha256-")) for each in policy)
        for attributes, _ in _SCRIPT.findall(answer.text if _is_page(answer) else "")
    )


def _forms(answer: httpx.Response) -> bool:
    """Every form of somebody who is signed in carries their token; the others are held by their origin."""
    forms = _FORM.findall(answer.text) if _is_page(answer) and "/sign-in" not in answer.url.path else []
    return all('name="csrf"' in form or 'action="/setup"' in form for form in forms)


def _is_page(answer: httpx.Response) -> bool:
    return answer.headers.get("content-type", "").startswith("text/html")


def _is_exact(name: str, value: str) -> Rule:
    return lambda answer: answer.headers.get(name) == value


RULES: Final[dict[str, Rule]] = {
    "10021 X-Content-Type-Options": _is_exact("x-content-type-options", "nosniff"),
    "10020 X-Frame-Options": _is_exact("x-frame-options", "DENY"),
    "10038, 10055 Content-Security-Policy": _policy,
    "10035 Strict-Transport-Security": _is_exact("strict-transport-security", f"max-age={_YEAR_S}"),
    "10063 Permissions-Policy": lambda answer: (
        "microphone=()" in answer.headers.get("permissions-policy", "")
    ),
    "90004 Cross-Origin-Opener-Policy": _is_exact("cross-origin-opener-policy", "same-origin"),
    "90004 Cross-Origin-Resource-Policy": _is_exact("cross-origin-resource-policy", "same-origin"),
    "Referrer-Policy": _is_exact("referrer-policy", "same-origin"),
    "10015, 10049 Cache-Control": _kept,
    "10010, 10011, 10054 cookies": _cookies,
    "10036, 10037 what serves": lambda answer: (
        not {"server", "x-powered-by", "x-aspnet-version"} & set(answer.headers)
    ),
    "10098 other sites may read": lambda answer: (
        not [n for n in answer.headers if n.startswith("access-control-")]
    ),
    "10019 Content-Type": lambda answer: not answer.content or "content-type" in answer.headers,
    "10023, 90022 inner workings": lambda answer: answer.status_code < 400 or not _TOLD.search(answer.text),
    "10017 scripts of others": _own_scripts,
    "10202 forms without a token": _forms,
}


@pytest.fixture(scope="module")
def service(sqlite_world: World) -> Iterator[FastAPI]:
    """The application as it runs in production."""
    changed = {"api_token": TOKEN, "environment": "production", "secret_key": "".join(reversed(TOKEN))}
    app = create_app(
        Settings(**{**sqlite_world.settings.model_dump(), **changed}), clock=sqlite_world.tools.clock
    )
    yield app
    app.state.engine.dispose()


@pytest.fixture(scope="module")
def answers(service: FastAPI, sqlite_world: World) -> list[httpx.Response]:
    """Of every route to nobody, of those that read also to somebody who may do all, and of mistakes."""
    with transaction(sqlite_world.tools.sessions) as session:
        add_person(session, sqlite_world.tools.clock, Person("scan", "Scan", ROLES))
        token = new_token(session, sqlite_world.tools.clock, "scan")
        set_password(session, sqlite_world.tools.clock, "scan", PASSWORD, by="cli")
    ids = dict.fromkeys(
        ("calibration", "case_id", "coaching", "complaint", "item_id", "library", "ledger", "key", "session",
         "notice", "draw", "search", "ticket"), "1",
    )  # fmt: skip
    ids["call_id"] = str(sqlite_world.ids["S03-threat"])
    signed = {"Authorization": f"Bearer {token}"}
    asked: list[tuple[str, str, dict[str, str], dict[str, str]]] = []
    for route in routes_of(service):
        query = {**route.query, **ENDING.get(route.path, {})}
        asked.append((route.method, route.url(ids), query, {}))
        if route.method in {"GET", "HEAD"}:
            asked.append((route.method, route.url(ids), query, signed))
    asked += [
        ("GET", f"{API}/nothing", {}, {}),
        ("GET", "/app/nothing", {}, {}),
        ("GET", "/app/assets/nothing.js", {}, {}),
        ("GET", f"{API}/calls", {"limit": "0"}, signed),
        ("GET", f"{API}/calls/999999", {}, signed),
        ("GET", f"{API}/calls", {}, {"Authorization": "Bearer nobody"}),
        ("DELETE", f"{API}/calls", {}, signed),
        ("POST", "/sign-in", {}, {}),
    ]

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(service, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="https://diting.example") as http:
            found = [
                await http.request(method, url, params=query, headers={"Origin": AWAY, **headers})
                for method, url, query, headers in asked
            ]
            signed_in = await http.post("/sign-in", data={"person": "scan", "password": PASSWORD})
            return [*found, signed_in]

    return asyncio.run(ask())


@pytest.mark.parametrize("name", RULES)
def test_nothing_that_a_scan_looks_at_is_missing(answers: list[httpx.Response], name: str) -> None:
    broken = [
        f"{each.request.method} {each.url} {each.status_code}" for each in answers if not RULES[name](each)
    ]
    assert broken == []


def test_the_scan_has_seen_answers_of_every_kind(answers: list[httpx.Response]) -> None:
    assert len(answers) > 230
    assert {200, 303, 401, 403, 404, 405, 422} <= {each.status_code for each in answers}
    assert sum(_is_page(each) for each in answers) > 4
    assert [each.status_code for each in answers if "set-cookie" in each.headers] == [303]


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "OPTIONS", "PROPFIND"])
@pytest.mark.parametrize("path", [f"{API}/calls", "/plain", "/app", "/sign-in"])
def test_methods_that_nothing_needs_are_refused(service: FastAPI, method: str, path: str) -> None:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(service)
        async with httpx.AsyncClient(transport=transport, base_url="https://diting.example") as http:
            headers = {"Authorization": f"Bearer {TOKEN}", "X-Scan": "echoed"}
            return await http.request(method, path, headers=headers)

    answer = asyncio.run(ask())
    problem(answer, 405, "request.method")
    assert "echoed" not in answer.text


@pytest.mark.parametrize("wanted", [AWAY, "//other.example", "/\\other.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(service: FastAPI, wanted: str) -> None:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(service)
        async with httpx.AsyncClient(transport=transport, base_url="https://diting.example") as http:
            return await http.get("/sign-in", params={"next": wanted})

    answer = asyncio.run(ask())
    assert answer.status_code == 200
    assert "other.example" not in answer.text
    assert "javascript:" not in answer.text
