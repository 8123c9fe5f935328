"""Signing in and out, by the pages and over the API; what a browser of another site cannot do."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest

from api.cli.people import setup_token
from api.http.app import create_app
from store import migrate
from store.clock import FixedClock
from store.database import open_sessions, transaction
from store.identity.passwords import set_password
from store.identity.signing_in import new_setup_token
from store.identity.throttle import FREE
from store.people import Person, add_person
from store.settings import Settings
from tests.api.http_client import API, TOKEN, problem

GOOD = "紫色的灯塔与三只企鹅正在唱歌"
BASE = "http://diting.example"
Story = Callable[[httpx.AsyncClient], Awaitable[None]]


@pytest.fixture
def settings(_sqlite_template: Path, tmp_path: Path, clock: FixedClock) -> Settings:
    """An installation with a token, a reviewer and a recorder's program."""
    settings = Settings(data_dir=tmp_path / "var", api_token=TOKEN)
    migrate.upgrade(settings.database_url)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        add_person(session, clock, Person("wang", "王芳", ("qc_reviewer",), "质检一组"))
        set_password(session, clock, "wang", GOOD, by="cli")
    return settings


@pytest.fixture
def tell(settings: Settings, clock: FixedClock) -> Iterator[Callable[..., None]]:
    """Tells a story with one browser."""
    opened = []

    def run(story: Story, **changed: Any) -> None:
        app = create_app(settings.model_copy(update=changed), clock=clock)
        opened.append(app.state.engine)

        async def walk() -> None:
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
                await story(http)

        asyncio.run(walk())

    yield run
    for engine in opened:
        engine.dispose()


async def sign_in(http: httpx.AsyncClient, password: str = GOOD, **headers: str) -> httpx.Response:
    given = {"person": "wang", "password": password}
    return await http.post(f"{API}/session", json=given, headers=headers)


def test_a_browser_signs_in_by_the_page_and_out_again(tell: Callable[..., None]) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        away = await http.get("/plain")
        assert (away.status_code, away.headers["location"]) == (303, "/sign-in?next=/plain")
        form = await http.get(away.headers["location"])
        assert 'name="next" value="/plain"' in form.text
        assert 'action="/sign-in"' in form.text
        assert 'href="/setup"' in form.text
        assert "form-action 'self'" in form.headers["content-security-policy"]
        wrong = await http.post("/sign-in", data={"person": "<b>wang", "password": "guess"})
        assert wrong.status_code == 401
        assert "&lt;b&gt;wang" in wrong.text
        assert "set-cookie" not in wrong.headers
        right = await http.post(
            "/sign-in", data={"person": "wang", "password": GOOD}, headers={"Origin": BASE}
        )
        assert (right.status_code, right.headers["location"]) == (303, "/")
        cookie = right.headers["set-cookie"].lower()
        for part in ("httponly", "samesite=strict", "path=/", "max-age=43200"):
            assert part in cookie, part
        inside = await http.get("/plain")
        assert inside.status_code == 200
        assert "王芳" in inside.text
        csrf = (await http.get(f"{API}/session")).json()["csrf"]
        assert f'value="{csrf}"' in inside.text
        problem(await http.post("/sign-out", data={"csrf": "guess"}), 403, "auth.csrf")
        out = await http.post("/sign-out", data={"csrf": csrf})
        assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
        assert (await http.get("/plain")).status_code == 303

    tell(story)


def test_who_signed_in_is_told_what_they_may(tell: Callable[..., None]) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        who = (await sign_in(http)).json()
        assert (who["person"], who["name"], who["roles"], who["team"]) == (
            "wang", "王芳", ["qc_reviewer"], "质检一组",
        )  # fmt: skip
        assert "calls.read" in who["permissions"]
        assert "ledger.export" not in who["permissions"]
        assert (await http.get(f"{API}/session")).json() == who
        (held,) = (await http.get(f"{API}/me/sessions")).json()
        assert held["current"] is True
        problem(await http.delete(f"{API}/session"), 403, "auth.csrf")
        out = await http.delete(f"{API}/session", headers={"X-CSRF-Token": who["csrf"]})
        assert out.status_code == 204
        problem(await http.get(f"{API}/session"), 401, "auth.required")

    tell(story)


def test_pages_of_other_sites_change_nothing(tell: Callable[..., None]) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        problem(await sign_in(http, Origin="https://evil.example"), 403, "auth.origin")
        csrf = (await sign_in(http)).json()["csrf"]
        wanted = {"name": "k"}
        problem(await http.post(f"{API}/me/keys", json=wanted), 403, "auth.csrf")
        proof = {"X-CSRF-Token": csrf}
        evil = proof | {"Origin": "https://evil.example"}
        problem(await http.post(f"{API}/me/keys", json=wanted, headers=evil), 403, "auth.origin")
        assert (await http.post(f"{API}/me/keys", json=wanted, headers=proof)).status_code == 201

    tell(story)


def test_guessing_is_slowed_down_and_said_so(tell: Callable[..., None], clock: FixedClock) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        for _ in range(FREE - 1):
            problem(await sign_in(http, "guess"), 401, "auth.refused")
        for password in ("guess", GOOD):
            locked = await sign_in(http, password)
            problem(locked, 429, "auth.locked")
            assert locked.headers["retry-after"] == "30"
        page = await http.post("/sign-in", data={"person": "wang", "password": GOOD})
        assert (page.status_code, page.headers["retry-after"]) == (429, "30")

    tell(story)
    tell(story_of_restart)


async def story_of_restart(http: httpx.AsyncClient) -> None:
    """Another process knows of the failures, too."""
    problem(await sign_in(http), 429, "auth.locked")


def test_a_session_of_another_browser_is_not_taken_over(tell: Callable[..., None]) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        planted = "dts_planted"
        http.cookies.set("diting_session", planted, domain="diting.example")
        fresh = await sign_in(http)
        assert fresh.cookies["diting_session"] != planted
        assert fresh.cookies["diting_session"].startswith("dts_")

    tell(story)


def test_a_key_is_made_used_exchanged_and_revoked(tell: Callable[..., None]) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        proof = {"X-CSRF-Token": (await sign_in(http)).json()["csrf"]}
        made = (await http.post(f"{API}/me/keys", json={"name": "报表", "days": 9}, headers=proof)).json()
        http.cookies.clear()
        shown = {"Authorization": f"Bearer {made['key']}"}
        who = (await http.get(f"{API}/session", headers=shown)).json()
        assert (who["person"], who["csrf"]) == ("wang", None)
        token = (await http.post(f"{API}/token", headers=shown)).json()["token"]
        passing = {"Authorization": f"Bearer {token}"}
        assert (await http.get(f"{API}/calls", headers=passing)).status_code == 200
        problem(await http.post(f"{API}/token", headers=passing), 401, "auth.wrong")
        (kept,) = (await http.get(f"{API}/me/keys", headers=shown)).json()
        assert (kept["key"], kept["prefix"]) == (None, made["key"][:10])
        gone = await http.delete(f"{API}/me/keys/{kept['id']}", headers=shown)
        assert gone.status_code == 204
        for each in (shown, passing):
            problem(await http.get(f"{API}/calls", headers=each), 401, "auth.wrong")

    tell(story)


def test_a_password_is_changed_by_who_knows_it(tell: Callable[..., None]) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        proof = {"X-CSRF-Token": (await sign_in(http)).json()["csrf"]}
        change = {"old": "guess", "new": GOOD + "了"}
        problem(await http.put(f"{API}/me/password", json=change, headers=proof), 422, "password.wrong")
        change["old"] = GOOD
        weak = await http.put(f"{API}/me/password", json=change | {"new": "short"}, headers=proof)
        problem(weak, 422, "password.weak")
        assert (await http.put(f"{API}/me/password", json=change, headers=proof)).status_code == 204
        problem(await http.get(f"{API}/session"), 401, "auth.required")
        problem(await sign_in(http), 401, "auth.refused")
        assert (await sign_in(http, GOOD + "了")).status_code == 200

    tell(story)


def test_a_second_factor_is_begun_confirmed_asked_for_and_taken_away(
    tell: Callable[..., None], clock: FixedClock
) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        proof = {"X-CSRF-Token": (await sign_in(http)).json()["csrf"]}
        place = f"{API}/me/second-factor"
        begun = await http.post(place, headers=proof)
        assert begun.status_code == 201
        totp = pyotp.TOTP(begun.json()["secret"])
        wrong = await http.put(place, json={"code": "abcdef"}, headers=proof)
        problem(wrong, 422, "second_factor.code")
        done = await http.put(place, json={"code": totp.at(clock.now())}, headers=proof)
        codes = done.json()["recovery_codes"]
        assert (await http.get(place)).json() == {"on": True, "recovery_codes_left": len(codes)}
        http.cookies.clear()
        problem(await sign_in(http), 401, "auth.code")
        form = {"person": "wang", "password": GOOD}
        assert (await http.post("/sign-in", data=form)).status_code == 401
        assert (await http.post("/sign-in", data=form | {"code": codes[0]})).status_code == 303
        proof = {"X-CSRF-Token": (await http.get(f"{API}/session")).json()["csrf"]}
        refused = await http.request("DELETE", place, json={"password": "guess"}, headers=proof)
        problem(refused, 422, "password.wrong")
        gone = await http.request("DELETE", place, json={"password": GOOD}, headers=proof)
        assert gone.status_code == 204
        assert (await http.get(place)).json() == {"on": False, "recovery_codes_left": 0}

    tell(story)


def test_the_first_administrator_is_made_on_the_page(
    tell: Callable[..., None], settings: Settings, clock: FixedClock
) -> None:
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        token = new_setup_token(session, clock, by="cli")
    form = {"token": token, "person": "root", "name": "管理员", "password": GOOD}

    async def story(http: httpx.AsyncClient) -> None:
        assert 'name="token"' in (await http.get("/setup")).text
        wrong = await http.post("/setup", data=form | {"token": "dtu_x"})
        assert wrong.status_code == 404
        assert "[setup.token]" in wrong.text
        done = await http.post("/setup", data=form)
        assert (done.status_code, done.headers["location"]) == (303, "/sign-in")
        assert 'name="token"' not in (await http.get("/setup")).text
        again = await http.post(f"{API}/setup", json=form | {"person": "other"})
        problem(again, 404, "setup.token")
        inside = await http.post("/sign-in", data={"person": "root", "password": GOOD})
        assert inside.status_code == 303
        problem(await http.get(f"{API}/calls"), 403, "auth.role")

    tell(story)


def test_the_setup_token_is_shown_on_the_command_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DITING_DATA_DIR", str(settings.data_dir))
    setup_token()
    assert capsys.readouterr().out.startswith("dtu_")


def test_a_form_that_is_too_large(tell: Callable[..., None]) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        problem(await http.post("/sign-in", content=b"person=" + b"x" * 9000), 422, "request.too_large")

    tell(story)


def test_in_production_the_browser_itself_holds_the_cookie_to_this_host(tell: Callable[..., None]) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        cookie = (await sign_in(http)).headers["set-cookie"]
        assert cookie.startswith("__Host-diting=")
        assert "Secure" in cookie
        assert "Domain" not in cookie

    tell(story, environment="production")


def test_who_needs_a_second_factor_sets_it_up_first(tell: Callable[..., None], clock: FixedClock) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        page = "/sign-in/second-factor"
        assert (await http.get(page)).headers["location"] == "/sign-in"
        form = {"person": "wang", "password": GOOD, "next": "/plain"}
        led = await http.post("/sign-in", data=form)
        assert led.headers["location"] == f"{page}?next=%2Fplain"
        who = (await http.get(f"{API}/session")).json()
        assert who["second_factor_wanted"] is True
        for path in ("/calls", "/me/keys", "/tickets", "/me/sessions"):
            problem(await http.get(f"{API}{path}"), 403, "auth.second_factor")
        refused = await http.put(f"{API}/me/password", json={}, headers={"X-CSRF-Token": who["csrf"]})
        problem(refused, 403, "auth.second_factor")

        assert 'name="csrf"' in (await http.get(led.headers["location"])).text
        proof = {"csrf": who["csrf"], "next": "/plain"}
        problem(await http.post(page, data={"csrf": "guess"}), 403, "auth.csrf")
        begun = await http.post(page, data=proof)
        assert "<svg" in begun.text
        (secret,) = re.findall(r"<code>([A-Z2-7]{32})</code>", begun.text)
        wrong = await http.post(page, data=proof | {"code": "000000"})
        assert wrong.status_code == 422
        assert secret in wrong.text
        done = await http.post(page, data=proof | {"code": pyotp.TOTP(secret).at(clock.now())})
        assert len(re.findall(r"<code>[0-9a-f]{6}-[0-9a-f]{6}</code>", done.text)) == 10
        assert 'href="/plain"' in done.text

        assert (await http.get(f"{API}/session")).json()["second_factor_wanted"] is False
        assert (await http.get(f"{API}/calls")).status_code == 200
        assert (await http.get(page, params={"next": "/plain"})).headers["location"] == "/plain"
        taken = await http.request(
            "DELETE", f"{API}/me/second-factor", json={"password": GOOD},
            headers={"X-CSRF-Token": who["csrf"]},
        )  # fmt: skip
        problem(taken, 409, "second_factor.required")

    tell(story, second_factor_roles=("qc_reviewer",))


def test_a_second_factor_is_set_up_over_the_api_where_it_is_wanted(
    tell: Callable[..., None], clock: FixedClock
) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        who = (await sign_in(http)).json()
        assert who["second_factor_wanted"] is True
        proof, place = {"X-CSRF-Token": who["csrf"]}, f"{API}/me/second-factor"
        begun = (await http.post(place, headers=proof)).json()
        assert begun["qr"].startswith("<svg")
        code = pyotp.TOTP(begun["secret"]).at(clock.now())
        assert (await http.put(place, json={"code": code}, headers=proof)).status_code == 200
        assert (await http.get(f"{API}/calls")).status_code == 200

    tell(story, second_factor_roles=("qc_reviewer",))
