"""Sources over HTTP: how they stand, what they could not give, another try."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import yaml
from sqlalchemy import select

from api.http.app import create_app
from ingest.intake import make_intake
from ingest.sources.models import SourceItemRow
from pipeline.sourcing import take_turn
from store.audit import AuditEntry
from store.clock import FixedClock
from store.database import open_sessions, reading, transaction
from store.people import Person, add_person, new_token
from store.settings import Settings
from tests.api.http_client import API, TOKEN, problem
from tests.ingest.sources.site import record_json, wav

Story = Callable[[httpx.AsyncClient], Awaitable[None]]


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    folder = tmp_path / "in"
    folder.mkdir()
    file = tmp_path / "sources.yaml"
    sources = {
        "front": {"kind": "folder", "path": str(folder), "metadata": {"wait_hours": 0}},
        "off": {"kind": "folder", "path": "/nowhere/at/all", "enabled": False},
    }
    file.write_text(yaml.safe_dump({"sources": sources}))
    return Settings(
        data_dir=tmp_path / "var", database_url=database_url, api_token=TOKEN, sources_file=file
    )  # fmt: skip


@pytest.fixture
def tell(settings: Settings, clock: FixedClock) -> Callable[[str, Story], None]:
    tokens = {}
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        for person, role in (("root", "admin"), ("eye", "auditor"), ("wang", "supervisor")):
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


def put(settings: Settings, clock: FixedClock, name: str, content: bytes) -> None:
    assert settings.sources_file is not None
    place = settings.sources_file.parent / "in" / name
    place.write_bytes(content)
    moment = (clock.now() - timedelta(hours=1)).timestamp()
    os.utime(place, (moment, moment))


def take(settings: Settings, clock: FixedClock) -> None:
    with open_sessions(settings.database_url) as sessions:
        take_turn("front", make_intake(settings, sessions, clock), settings)


def test_from_reading_to_another_try(
    settings: Settings, clock: FixedClock, tell: Callable[[str, Story], None]
) -> None:
    put(settings, clock, "A1.wav", wav(1))
    put(settings, clock, "A1.call.json", record_json("A1"))
    put(settings, clock, "rec_13800138000.wav", wav(2))  # its record never comes
    put(settings, clock, "A3.wav", b"no sound")
    put(settings, clock, "A3.call.json", record_json("A3"))
    take(settings, clock)

    async def look(http: httpx.AsyncClient) -> None:
        told = (await http.get(f"{API}/sources")).json()
        assert told["problem"] is None
        front, off = told["items"]
        assert (front["source"], front["kind"], front["listed"], front["enabled"]) == (
            "front", "folder", True, True,
        )  # fmt: skip
        assert [front[each] for each in ("found", "taken", "refused", "dead")] == [0, 1, 1, 1]
        assert front["scanned_at"] == "2026-03-05T02:30:00Z"
        assert front["newest_at"] == "2026-03-05T01:30:00Z"
        assert (off["enabled"], off["taken"]) == (False, 0)
        assert (await http.get(f"{API}/sources/front")).json() == front
        problem(await http.get(f"{API}/sources/fornt"), 404, "sources.unknown")
        (dead,) = (await http.get(f"{API}/sources/front/dead")).json()["items"]
        assert (dead["key"], dead["code"]) == ("rec_138****8000.wav", "source.no_record")
        both = f"{API}/sources/front/dead?refused=true&limit=1"
        first = (await http.get(both)).json()
        second = (await http.get(f"{both}&cursor={first['next']}")).json()
        assert {first["items"][0]["state"], second["items"][0]["state"]} == {"dead", "refused"}
        assert second["next"] is None
        problem(await http.post(f"{API}/sources/front/dead/retry", json={}), 403, "auth.role")

    async def mend(http: httpx.AsyncClient) -> None:
        (dead,) = (await http.get(f"{API}/sources/front/dead")).json()["items"]
        place = f"{API}/sources/front/dead/retry"
        assert (await http.post(place, json={"items": [dead["id"] + 99]})).json() == {"count": 0}
        assert (await http.post(place, json={"items": [dead["id"]]})).json() == {"count": 1}
        assert (await http.post(place, json={})).json() == {"count": 0}
        assert (await http.post(place, json={"refused": True})).json() == {"count": 1}
        problem(await http.post(f"{API}/sources/fornt/dead/retry", json={}), 404, "sources.unknown")

    async def none(http: httpx.AsyncClient) -> None:
        problem(await http.get(f"{API}/sources"), 403, "auth.role")

    tell("eye", look)
    tell("root", mend)
    tell("wang", none)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        states = session.scalars(select(SourceItemRow.state).order_by(SourceItemRow.state)).all()
        assert list(states) == ["found", "found", "taken"]
        query = select(AuditEntry).where(AuditEntry.action == "source.retried").order_by(AuditEntry.seq)
        assert [(each.actor, each.details["count"]) for each in session.scalars(query)] == [
            ("api:root", 1), ("api:root", 1),
        ]  # fmt: skip


def test_a_source_is_tried_without_taking_anything(
    settings: Settings, clock: FixedClock, tell: Callable[[str, Story], None]
) -> None:
    put(settings, clock, "A1.wav", wav(1))
    put(settings, clock, "A1.call.json", record_json("A1"))

    async def story(http: httpx.AsyncClient) -> None:
        told = (await http.post(f"{API}/sources/front/test")).json()
        assert (told["problem"], told["kinds"]) == (None, {"call": 1})
        assert told["newest"][0]["key"] == "A1.wav"
        assert str(told["newest"][0]["call"]).endswith("/A1")
        gone = (await http.post(f"{API}/sources/off/test")).json()
        assert gone["problem"]["code"] == "source.folder_missing"
        problem(await http.post(f"{API}/sources/fornt/test"), 404, "sources.unknown")
        assert (await http.get(f"{API}/sources/front")).json()["found"] == 0

    tell("root", story)


def test_a_sources_file_that_cannot_be_read_is_told_of(
    settings: Settings, tell: Callable[[str, Story], None]
) -> None:
    assert settings.sources_file is not None
    settings.sources_file.write_text("sources: [")

    async def story(http: httpx.AsyncClient) -> None:
        told = (await http.get(f"{API}/sources")).json()
        assert (told["items"], told["problem"]["code"]) == ([], "sources.not_yaml")
        problem(await http.post(f"{API}/sources/front/test"), 409, "sources.not_yaml")

    tell("root", story)
