"""People over HTTP: who may look after them, and two who do so at once."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from api.http.app import create_app
from store import migrate
from store.clock import FixedClock
from store.database import open_sessions, transaction
from store.people import Person, add_person, new_token
from store.settings import Settings
from tests.api.http_client import API, TOKEN, problem

Story = Callable[[httpx.AsyncClient], Awaitable[None]]
NEW = {"id": "zhao", "name": "赵敏", "roles": ["collector"], "team": "T1", "sees": ["T2", "T2"]}


@pytest.fixture
def tell(tmp_path: Path, clock: FixedClock) -> Callable[[str, Story], None]:
    settings = Settings(data_dir=tmp_path / "var", api_token=TOKEN)
    migrate.upgrade(settings.database_url)
    tokens = {}
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        for person, role in (("root", "admin"), ("wang", "qc_lead"), ("li", "collector")):
            add_person(session, clock, Person(person, person, (role,)))
            tokens[person] = new_token(session, clock, person)

    def run(who: str, story: Story) -> None:
        app = create_app(settings, clock=clock)

        async def walk() -> None:
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
            shown = {"Authorization": f"Bearer {tokens[who]}"}
            async with httpx.AsyncClient(transport=transport, base_url="http://d", headers=shown) as http:
                await story(http)

        asyncio.run(walk())
        app.state.engine.dispose()

    return run


def test_an_administrator_adds_and_changes_people(tell: Callable[[str, Story], None]) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        made = await http.post(f"{API}/people", json=NEW)
        assert (made.status_code, made.json()["sees"]) == (201, ["T2"])
        problem(await http.post(f"{API}/people", json=NEW), 409, "people.taken")
        place = f"{API}/people/zhao"
        problem(await http.patch(place, json={"team": "T3"}), 428, "request.if_match_missing")
        seen = {"If-Match": made.headers["etag"]}
        first = await http.patch(place, json={"team": "T3", "sees": []}, headers=seen)
        assert (first.json()["team"], first.json()["sees"], first.json()["name"]) == ("T3", None, "赵敏")
        problem(await http.patch(place, json={"team": "T4"}, headers=seen), 412, "request.changed")
        now = (await http.get(place)).headers["etag"]
        assert now == first.headers["etag"]
        assert (await http.get(place, headers={"If-None-Match": now})).status_code == 304
        listed = (await http.get(f"{API}/people", params={"role": "collector"})).json()
        assert [each["id"] for each in listed] == ["li", "zhao"]
        problem(await http.get(f"{API}/people/nobody"), 404, "people.unknown")
        problem(await http.post(f"{API}/people", json=NEW | {"roles": ["king"]}), 422, "request.invalid")

    tell("root", story)


def test_the_only_administrator_stays(tell: Callable[[str, Story], None]) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        seen = {"If-Match": (await http.get(f"{API}/people/root")).headers["etag"]}
        for change in ({"active": False}, {"roles": ["auditor"]}):
            refused = await http.patch(f"{API}/people/root", json=change, headers=seen)
            problem(refused, 409, "people.last_admin")
        await http.post(f"{API}/people", json=NEW | {"roles": ["admin"]})
        done = await http.patch(f"{API}/people/root", json={"roles": ["auditor"]}, headers=seen)
        assert done.json()["roles"] == ["auditor"]
        problem(await http.post(f"{API}/people", json=NEW), 403, "auth.role")

    tell("root", story)


def test_an_administrator_helps_back_in(tell: Callable[[str, Story], None]) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        given = {"password": "correct horse battery"}
        assert (await http.post(f"{API}/people/wang/password", json=given)).status_code == 204
        weak = await http.post(f"{API}/people/wang/password", json={"password": "wang"})
        problem(weak, 422, "password.weak")
        opened = await http.post(f"{API}/session", json={"person": "wang", **given})
        assert opened.status_code == 200
        for what in ("sessions", "second-factor"):
            assert (await http.delete(f"{API}/people/wang/{what}")).status_code == 204
            problem(await http.delete(f"{API}/people/nobody/{what}"), 404, "people.unknown")
        cookie = {"Authorization": "", "Cookie": f"diting_session={opened.cookies['diting_session']}"}
        problem(await http.get(f"{API}/session", headers=cookie), 401, "auth.required")

    tell("root", story)


def test_others_look_or_do_not(tell: Callable[[str, Story], None]) -> None:
    async def lead(http: httpx.AsyncClient) -> None:
        assert (await http.get(f"{API}/people")).status_code == 200
        problem(await http.post(f"{API}/people", json=NEW), 403, "auth.role")

    async def collector(http: httpx.AsyncClient) -> None:
        problem(await http.get(f"{API}/people"), 403, "auth.role")

    tell("wang", lead)
    tell("li", collector)


def test_teams_are_added_and_changed_by_one_at_a_time(tell: Callable[[str, Story], None]) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        made = await http.post(f"{API}/teams", json={"name": "T 1", "title": "一组"})
        assert (made.status_code, made.json()["people"]) == (201, 0)
        problem(await http.post(f"{API}/teams", json={"name": "T 1", "title": "x"}), 409, "teams.taken")
        place = f"{API}/teams/T%201"
        problem(await http.patch(place, json={"title": "x"}), 428, "request.if_match_missing")
        seen = {"If-Match": made.headers["etag"]}
        changed = await http.patch(place, json={"active": False}, headers=seen)
        assert (changed.json()["title"], changed.json()["active"]) == ("一组", False)
        problem(await http.patch(place, json={"title": "x"}, headers=seen), 412, "request.changed")
        assert (await http.get(f"{API}/teams")).json() == []
        (shown,) = (await http.get(f"{API}/teams", params={"inactive": "true"})).json()
        assert shown["version"] == changed.json()["version"]
        assert (await http.get(place)).headers["etag"] == changed.headers["etag"]
        problem(await http.get(f"{API}/teams/none"), 404, "teams.unknown")

    tell("root", story)


def test_others_read_teams_or_nothing(tell: Callable[[str, Story], None]) -> None:
    async def lead(http: httpx.AsyncClient) -> None:
        assert (await http.get(f"{API}/teams")).json() == []
        problem(await http.post(f"{API}/teams", json={"name": "T1", "title": "x"}), 403, "auth.role")

    async def collector(http: httpx.AsyncClient) -> None:
        problem(await http.get(f"{API}/teams"), 403, "auth.role")

    tell("wang", lead)
    tell("li", collector)
