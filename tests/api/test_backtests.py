"""Back-tests over HTTP: asked for, done in the background, and shown as far as one may see the calls."""

import asyncio
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from api.http.app import create_app
from pipeline.backtest.jobs import do_next
from qc.approval.content import read_content
from qc.approval.service import approve, propose
from store.database import transaction
from store.people import Person, add_person, new_token
from store.settings import Settings
from tests.api.conftest import World, make_world
from tests.api.http_client import API, problem
from tests.api.rules_site import write_house
from transcription.models import HearingRow
from transcription.voice.hear import VERSION


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path) -> World:
    world = make_world(sqlite_url, tmp_path)
    with transaction(world.tools.sessions) as session:
        session.execute(update(HearingRow).values(version=VERSION))
    return world


def test_from_asking_to_what_would_change(world: World, tmp_path: Path) -> None:
    packs, tools = tmp_path / "packs", world.tools
    settings = Settings(**{**world.settings.model_dump(), "rule_folders": (packs,), "packs": ("house",)})
    with transaction(tools.sessions) as session:
        propose(session, tools.clock, read_content(write_house(packs)), by="王敏")
        approve(session, tools.clock, pack="house", by="李雷")
        content = read_content(write_house(packs, 2, "一万八千六"))
        number = propose(session, tools.clock, content, by="王敏").id
        tokens = {}
        for person, role, sees in (("lead", "qc_lead", None), ("far", "qc_reviewer", ("elsewhere",))):
            add_person(session, tools.clock, Person(person, person, (role,), sees=sees))
            tokens[person] = new_token(session, tools.clock, person)
    app = create_app(settings, clock=tools.clock)
    place = f"{API}/packs/house/proposals/{number}/backtest"

    async def story() -> None:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            lead, far = ({"Authorization": f"Bearer {tokens[who]}"} for who in ("lead", "far"))
            problem(await http.get(place, headers=lead), 404, "backtest.none")
            problem(await http.post(place, json={}, headers=far), 403, "auth.role")
            asked = await http.post(place, json={"calls": 100}, headers=lead)
            assert (asked.status_code, asked.json()["state"], asked.json()["against"]) == (
                202, "waiting", "house@1",
            )  # fmt: skip
            assert (await http.post(place, json={}, headers=lead)).json()["number"] == asked.json()["number"]

            assert await asyncio.to_thread(do_next, settings, tools.sessions, tools.clock)

            told = (await http.get(place, headers=lead)).json()
            assert (told["state"], told["total"], told["done"]) == ("done", 4, 4)
            report = told["report"]
            assert report["rules"]["house.scolds"] == {
                "old": 0, "new": 1, "gained": 1, "lost": 0, "more_certain": 0, "less_certain": 0,
            }  # fmt: skip
            (changed,) = report["changed"]
            assert (changed["call_id"], changed["gained"]) == (world.ids["S02-abuse"], ["house.scolds@2"])
            unseen = (await http.get(place, headers=far)).json()["report"]
            assert (unseen["changed_calls"], unseen["changed"]) == (1, [])

    asyncio.run(story())
    app.state.engine.dispose()
    tools.close()
