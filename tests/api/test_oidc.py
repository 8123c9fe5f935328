"""Signing in by an identity provider that runs here, and by ones that lie."""

import asyncio
import base64
import hashlib
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from api.http.app import create_app
from store import migrate
from store.audit import AuditEntry
from store.clock import FixedClock
from store.database import open_sessions, reading, transaction
from store.people import Change, Person, add_person, change_person
from store.settings import Settings
from tests.api.http_client import API, TOKEN, problem

BASE = "http://diting.example"
CLIENT, SECRET = "diting", "a client's secret"
KEY = RSAKey.generate_key(2048, {"kid": "k1"})
OTHER = RSAKey.generate_key(2048, {"kid": "k1"})


@dataclass
class Provider:
    """Gives the tokens that the test wants; `claims` are laid over the true ones."""

    clock: FixedClock
    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: KEY)
    algorithm: str = "RS256"
    description: dict[str, Any] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)  # what the browser was sent with

    def describe(self) -> dict[str, Any]:
        place = self.issuer
        return {
            "issuer": place,
            "authorization_endpoint": f"{place}/authorize",
            "token_endpoint": f"{place}/token",
            "jwks_uri": f"{place}/keys",
        } | self.description

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any]:
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        assert proof.decode().rstrip("=") == self.sent["code_challenge"]
        assert base64.b64decode(authorization.split()[1]).decode() == f"{CLIENT}:{SECRET}"
        assert form["redirect_uri"] == self.sent["redirect_uri"] == f"{BASE}/sign-in/oidc/back"
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 60,
            "nonce": self.sent["nonce"], "preferred_username": "wang",
        } | self.claims  # fmt: skip
        header = {"alg": self.algorithm, "kid": "k1"}
        return {"id_token": jwt.encode(header, claims, self.key, algorithms=[self.algorithm])}


@contextmanager
def served(provider: Provider) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            keys = {"keys": [KEY.as_dict(private=False)]}
            self._answer(keys if self.path == "/keys" else provider.describe())

        def do_POST(self) -> None:
            body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            form = {name: values[0] for name, values in body.items()}
            self._answer(provider.token(form, self.headers["Authorization"]))

        def _answer(self, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    yield
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def provider(clock: FixedClock) -> Iterator[Provider]:
    made = Provider(clock)
    with served(made):
        yield made


@pytest.fixture
def settings(tmp_path: Path, clock: FixedClock, provider: Provider) -> Settings:
    settings = Settings(
        data_dir=tmp_path / "var", api_token=TOKEN, secret_key="s" * 32, public_url=BASE,
        oidc_issuer=provider.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET,
    )  # fmt: skip
    migrate.upgrade(settings.database_url)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        add_person(session, clock, Person("wang", "王芳", ("qc_reviewer",)))
    return settings


def tell(
    settings: Settings, clock: FixedClock, story: Callable[[httpx.AsyncClient], Awaitable[None]]
) -> None:
    app = create_app(settings, clock=clock)

    async def walk() -> None:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
            await story(http)

    asyncio.run(walk())
    app.state.engine.dispose()


async def go_and_come_back(http: httpx.AsyncClient, provider: Provider, **changed: str) -> httpx.Response:
    sent = await http.get("/sign-in/oidc")
    assert sent.status_code == 303
    query = parse_qs(urlsplit(sent.headers["location"]).query)
    provider.sent = {name: values[0] for name, values in query.items()}
    back = {"code": "c", "state": provider.sent["state"]} | changed
    return await http.get("/sign-in/oidc/back", params=back)


def test_somebody_with_an_account_is_let_in(
    settings: Settings, clock: FixedClock, provider: Provider
) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        assert 'href="/sign-in/oidc"' in (await http.get("/sign-in")).text
        sent = await http.get("/sign-in/oidc")
        cookie = sent.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        back = await go_and_come_back(http, provider)
        assert back.status_code == 200
        assert 'content="0;url=/"' in back.text
        who = (await http.get(f"{API}/session")).json()
        assert (who["person"], who["roles"]) == ("wang", ["qc_reviewer"])
        # The flow is over: what came back once lets nobody in again.
        again = await http.get("/sign-in/oidc/back", params={"code": "c", "state": provider.sent["state"]})
        problem(again, 401, "oidc.flow")

    tell(settings, clock, story)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"aud": "another"},
        {"aud": ["diting", "another"]},
        {"azp": "another"},
        {"iss": "https://another.example"},
        {"exp": 1},
        {"iat": 4_000_000_000},
        {"preferred_username": ""},
        {"preferred_username": ["wang"]},
    ],
)
def test_tokens_that_do_not_hold_let_nobody_in(
    settings: Settings, clock: FixedClock, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = claims

    async def story(http: httpx.AsyncClient) -> None:
        back = await go_and_come_back(http, provider)
        problem(back, 502, "oidc.provider")
        assert "set-cookie" not in back.headers

    tell(settings, clock, story)


def test_tokens_of_another_key_or_way_let_nobody_in(
    settings: Settings, clock: FixedClock, provider: Provider
) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        provider.key = OTHER
        problem(await go_and_come_back(http, provider), 502, "oidc.provider")
        provider.key, provider.algorithm = KEY, "RS512"
        problem(await go_and_come_back(http, provider), 502, "oidc.provider")

    tell(settings, clock, story)


def test_who_did_not_begin_here_is_not_let_in(
    settings: Settings, clock: FixedClock, provider: Provider
) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        problem(await go_and_come_back(http, provider, state="another"), 401, "oidc.flow")
        await http.get("/sign-in/oidc")
        state = provider.sent["state"]
        http.cookies.clear()
        problem(await http.get("/sign-in/oidc/back", params={"state": state}), 401, "oidc.flow")
        sent = await http.get("/sign-in/oidc")
        clock.moment += timedelta(minutes=11)
        state = parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]
        problem(await http.get("/sign-in/oidc/back", params={"state": state}), 401, "oidc.flow")

    tell(settings, clock, story)


def test_nobody_is_added_because_a_provider_says_so(
    settings: Settings, clock: FixedClock, provider: Provider
) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        provider.claims = {"preferred_username": "root"}
        problem(await go_and_come_back(http, provider), 401, "oidc.no_account")
        with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
            change_person(session, clock, "wang", Change(active=False))
        provider.claims = {}
        problem(await go_and_come_back(http, provider), 401, "oidc.no_account")

    tell(settings, clock, story)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        told = [row.action for row in session.query(AuditEntry).order_by(AuditEntry.seq)]
    assert told[-3:] == ["session.refused", "person.changed", "session.refused"]


def test_a_provider_of_another_name_or_none_is_not_asked(
    settings: Settings, clock: FixedClock, provider: Provider
) -> None:
    async def lies(http: httpx.AsyncClient) -> None:
        provider.description = {"issuer": "https://another.example"}
        problem(await http.get("/sign-in/oidc"), 502, "oidc.provider")

    async def is_off(http: httpx.AsyncClient) -> None:
        problem(await http.get("/sign-in/oidc"), 404, "oidc.off")

    tell(settings, clock, lies)
    tell(settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:1"}), clock, lies)
    tell(settings.model_copy(update={"oidc_issuer": ""}), clock, is_off)
