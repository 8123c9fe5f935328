"""Requests of people about their own data, over HTTP and on the command line."""

import asyncio
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from api.cli.main import app
from ingest.models import CallRow
from store.database import reading, transaction
from store.errors import BadInputError, ConflictError
from store.people import Person, PersonRow, add_person, new_token
from store.views import ViewRow
from tests.api.conftest import Client, World, make_world, signed
from tests.api.http_client import API, get, problem


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Judged calls in a database of their own, as the commands see it."""
    world = make_world(sqlite_url, tmp_path)
    monkeypatch.setenv("DITING_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))
    with transaction(world.tools.sessions) as session:
        add_person(session, world.tools.clock, Person("law", "法务", ("legal",)))
    yield world
    world.tools.close()


def debtor_of(world: World, name: str) -> str:
    with reading(world.tools.sessions) as session:
        return session.get_one(CallRow, world.ids[name]).debtor_key


def run(*arguments: object):
    return CliRunner().invoke(app, ["subject", *map(str, arguments), "--lang", "en"], catch_exceptions=False)


def post(client, path: str, body: object, headers: dict[str, str] | None = None):
    async def ask():
        async with client:
            return await client.post(f"{API}{path}", json=body, headers=headers)

    return asyncio.run(ask())


def test_the_command_line_gives_a_person_their_data_and_refuses_what_must_be_kept(
    site: World, tmp_path: Path
):
    key, file = debtor_of(site, "S01-clean"), tmp_path / "data.zip"
    given = run("export", "--debtor", key, "--reason", "DSR-1", "--recordings", "--out", file)
    assert given.exit_code == 0
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        about = json.loads(archive.read("about.json"))
    assert f"recordings/{site.ids['S01-clean']}.ogg" in names
    with reading(site.tools.sessions) as session:
        (view,) = session.scalars(select(ViewRow)).all()
    assert (view.export_id, view.reason) == (about["export"], "DSR-1")
    with pytest.raises(ConflictError) as kept:
        run("erase", "--debtor", debtor_of(site, "S03-threat"), "--by", "law", "--reason", "DSR-2")
    assert kept.value.code == "retention.kept"
    ordered = run("erase", "--debtor", key, "--by", "law", "--reason", "DSR-1")
    assert ordered.exit_code == 0
    with pytest.raises(BadInputError):
        run("export", "--reason", "DSR-1", "--out", file)


def test_over_http(world: World, client: Client):
    key = debtor_of(world, "S01-clean")
    answer = post(client(), "/subjects/export", {"debtor": key, "reason": "DSR-3"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert len(json.loads(archive.read("calls.json"))) == 1
    (entry,) = world.audited("data.exported")
    assert entry.details["reason"] == "DSR-3"
    assert key not in json.dumps([entry.subject, entry.details])
    problem(post(client(), "/subjects/export", {"reason": "DSR-3"}), 422, "subject.which")
    problem(
        post(client(), "/subjects/export", {"debtor": "customer:nobody", "reason": "x"}),
        404,
        "subject.unknown",
    )
    assert post(client(), "/subjects/erase", {"debtor": key, "reason": "x"}).status_code in {401, 403}


def test_it_takes_somebody_who_sees_the_whole_house(world: World, client: Client):
    """Else the person would get less than what is on record, or others would be told of in full."""
    clock = world.tools.clock
    with transaction(world.tools.sessions) as session:
        for person in (
            Person("law-t1", "法务", ("legal",), sees=("T1",)),
            Person("law-qc", "法务", ("legal", "qc_lead", "collector")),
        ):
            if session.get(PersonRow, person.id) is None:
                add_person(session, clock, person)
        tokens = [new_token(session, clock, name) for name in ("law-t1", "law-qc")]
    narrow, whole = ({"Authorization": f"Bearer {token}"} for token in tokens)
    asked = {"debtor": debtor_of(world, "S01-clean"), "reason": "DSR-5"}
    for path in ("/subjects/export", "/subjects/erase", "/subjects/erase/1/approve"):
        problem(post(client(), path, asked, headers=narrow), 403, "subject.whole_house")
    problem(get(client(), f"{API}/subjects/erase", headers=narrow), 403, "subject.whole_house")
    given = post(client(), "/subjects/export", asked, headers=whole)
    with zipfile.ZipFile(io.BytesIO(given.content)) as archive:
        assert len(json.loads(archive.read("calls.json"))) == 1


def test_orders_wait_in_a_list_for_a_second_person(world: World, client: Client):
    legal = signed(world, "legal")
    key = debtor_of(world, "S01-clean")
    made = get(client(), f"{API}/subjects/erase", headers=legal)
    assert made.json() == {"items": [], "next": None}
    ordered = post(client(), "/subjects/erase", {"debtor": key, "reason": "DSR-4"}, headers=legal).json()
    (line,) = get(client(), f"{API}/subjects/erase", params={"state": "waiting"}, headers=legal).json()[
        "items"
    ]
    assert (line["id"], line["state"], line["reason"]) == (ordered["order"], "waiting", "DSR-4")
    assert (line["approved_by"], line["done_at"]) == (None, None)
    done = get(client(), f"{API}/subjects/erase", params={"state": "done"}, headers=legal).json()["items"]
    assert done == []
    refused = post(client(), f"/subjects/erase/{line['id']}/approve", {}, headers=legal)
    problem(refused, 409, "retention.second_person")
    problem(
        get(client(), f"{API}/subjects/erase", headers=signed(world, "qc_lead")),
        403,
        "auth.role",
    )
