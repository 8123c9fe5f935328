"""Nobody reaches what is not theirs, by an id, a list, a search, a count, an export or a part of a sound.

All that somebody of the north can ask for is asked twice, before there is a south and after: it must be the
same, to the letter. Then everything of the south is asked for by its id.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.http.app import create_app
from api.permissions import permission_of, permits
from pipeline.schema import whole_metadata
from pipeline.tools import Tools
from store.audit import AuditEntry
from store.database import reading
from store.people import ROLES, Actor
from tests.api.every_route import BODIES, Asked, Route, ask_all, routes_of, words_of
from tests.api.two_sides import WORDS, Side, open_house, seed

# Who sees everything, or what was told of everything.
UNBOUNDED = frozenset({"auditor", "admin", "integration"})
BOUNDED = tuple(role for role in ROLES if role not in UNBOUNDED)
# Asked for beside what is asked for anyway: each narrowed to the south.
NARROWED: dict[str, tuple[dict[str, str], ...]] = {
    "/calls": ({"team": "south"}, {"collector": "south-collector"}, {"q": WORDS["south"]}),
    "/search": ({"q": WORDS["south"]}, {"q": "投诉", "team": "south"}),
    "/ledger": ({"team": "south"}, {"collector": "south-collector"}),
    "/cases": ({"handler": "south-complaint_officer"},),
    "/learning/library": ({"word": WORDS["south"]},),
}
# What changes by being asked for, or tells of the house and not of calls.
NOT_COMPARED = frozenset({"GET /healthz", "GET /metrics", "GET /views", "GET /calls/{call_id}/evidence"})
# Who works in the house is no secret in it: whoever handles a case names colleagues of every team.
OF_THE_HOUSE = frozenset({"GET /people", "GET /teams"})
# Of the house, not of a team, or one's own by who one is: their own tests look after them.
NO_TEAMS = frozenset({"calibration", "draw", "key", "session"})
RANGE = {"Range": "bytes=0-99"}


@dataclass
class House:
    """The installation, what the north was told while it was alone, and what it is told now."""

    app: FastAPI
    tools: Tools
    north: Side
    south: Side
    routes: list[Route]
    alone: dict[tuple[str, str, str], httpx.Response]

    def ask(self, asked: list[Asked]) -> list[httpx.Response]:
        return ask_all(self.app, asked)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(
    request: pytest.FixtureRequest, _sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("two-sides")
    if request.param == "sqlite":
        (folder / "diting.db").write_bytes(_sqlite_template.read_bytes())
        url = f"sqlite:///{folder / 'diting.db'}"
    else:
        create: Callable[[str], None] = request.getfixturevalue("_postgresql_template")
        create("two_sides")
        url = f"{request.getfixturevalue('postgresql_server')}/two_sides"
    tools = open_house(url, folder)
    app = create_app(tools.settings, clock=tools.clock)
    north, routes = seed(tools, "north", folder), routes_of(app)
    asked = looks(routes, north)
    alone = {key(each, north): answer for each, answer in zip(asked, ask_all(app, asked), strict=True)}
    south = seed(tools, "south", folder)
    yield House(app, tools, north, south, routes, alone)
    app.state.engine.dispose()
    tools.close()


def key(asked: Asked, side: Side) -> tuple[str, str, str]:
    role = next(role for role, token in side.tokens.items() if token == asked.token)
    return role, asked.url, str(sorted(asked.query.items()))


def looks(routes: list[Route], side: Side) -> list[Asked]:
    """All that the people of a side may look at, with their own ids."""
    return [
        Asked(route, route.url(side.ids), side.tokens[role], query=query)
        for role in BOUNDED
        for route in routes
        if route.method == "GET" and route.name not in NOT_COMPARED | OF_THE_HOUSE and may(role, route)
        if route.whose not in NO_TEAMS
        for query in ({}, *NARROWED.get(route.path, ()))
    ]


def may(role: str, route: Route) -> bool:
    permission = permission_of(route.method, route.path)
    return permission is not None and permits(Actor("x", frozenset({role})), permission)


def test_the_north_is_told_the_same_with_and_without_a_south(house: House) -> None:
    asked = looks(house.routes, house.north)
    told = dict.fromkeys(house.alone, "")
    for each, answer in zip(asked, house.ask(asked), strict=True):
        before = house.alone[key(each, house.north)]
        if answer.status_code != before.status_code or words_of(answer) != words_of(before):
            told[key(each, house.north)] = words_of(answer)
    assert {each: words for each, words in told.items() if words} == {}


def test_what_grows_by_being_asked_for_names_nothing_of_the_south(house: House) -> None:
    routes = [each for each in house.routes if each.method == "GET" and each.name in NOT_COMPARED]
    asked = [
        Asked(each, each.url(house.north.ids), house.north.tokens[role])
        for role in BOUNDED
        for each in routes
    ]
    told = [words_of(answer) for answer in house.ask(asked)]
    assert [each for each in told if any(mark in each for mark in house.south.marks)] == []


def test_what_the_north_has_is_found_by_those_whose_it_is(house: House) -> None:
    """Were everything refused, nothing would leak."""
    found = {
        (role, url.removeprefix("/api/v1"))
        for (role, url, query), answer in house.alone.items()
        if query == "[]" and answer.status_code == 200
    }
    ids = house.north.ids
    supervisor = {
        f"/calls/{ids['call_id']}", f"/calls/{ids['call_id']}/audio", f"/calls/{ids['call_id']}/report",
        f"/cases/{ids['case_id']}", f"/cases/{ids['case_id']}/history", f"/complaints/{ids['complaint']}",
        f"/ledger/{ids['ledger']}",
    }  # fmt: skip
    assert {("supervisor", each) for each in supervisor} <= found
    assert {
        ("collector", f"/calls/{ids['call_id']}"),
        ("collector", f"/calls/{ids['call_id']}/audio"),
    } <= found


def test_ids_of_the_south_are_not_there_and_nothing_is_changed(house: House) -> None:
    asked = [
        Asked(
            route, route.url(house.south.ids), house.north.tokens[role], headers, body=BODIES.get(route.name)
        )
        for role in BOUNDED
        for route in house.routes
        if route.whose and route.whose not in NO_TEAMS and may(role, route)
        for headers in ({}, RANGE)
    ]
    before = state(house.tools)
    answers = house.ask(asked)
    wrong = [
        (each.url, answer.status_code, answer.text)
        for each, answer in zip(asked, answers, strict=True)
        if answer.status_code != 404 or any(mark in answer.text for mark in house.south.marks)
    ]
    assert wrong == []
    assert state(house.tools) == before


@pytest.mark.parametrize("spelling", ["+{}", "{}.0"])
def test_another_spelling_of_an_id_reaches_nothing_either(house: House, spelling: str) -> None:
    """Routes read more than digits as a number."""
    ids = {
        name: spelling.format(value) if str(value).isdecimal() else value
        for name, value in house.south.ids.items()
    }
    asked = [
        Asked(route, route.url(ids), house.north.tokens[role], body=BODIES.get(route.name))
        for role in BOUNDED
        for route in house.routes
        if route.method != "GET" and (route.whose or "") not in {"", *NO_TEAMS} and may(role, route)
    ]
    before = state(house.tools)
    wrong = [
        (each.url, answer.status_code, answer.text)
        for each, answer in zip(asked, house.ask(asked), strict=True)
        if answer.status_code not in {404, 422} or any(mark in answer.text for mark in house.south.marks)
    ]
    assert asked
    assert wrong == []
    assert state(house.tools) == before


def state(tools: Tools) -> dict[str, str]:
    """What is in every table, the log of what people did left out."""
    tables = [each for each in whole_metadata().sorted_tables if each is not AuditEntry.__table__]
    with reading(tools.sessions) as session:
        return {
            table.name: hashlib.sha256(
                repr(sorted(map(str, session.execute(select(table))))).encode()
            ).hexdigest()
            for table in tables
        }


def test_what_is_not_there_says_the_same_as_what_is_out_of_sight(house: House) -> None:
    nowhere = dict.fromkeys(house.south.ids, "999999")
    for role in ("supervisor", "qc_reviewer"):
        for route in [
            each
            for each in house.routes
            if each.whose and each.whose not in NO_TEAMS and each.method == "GET" and may(role, each)
        ]:
            token = house.north.tokens[role]
            hidden, none = house.ask(
                [Asked(route, route.url(house.south.ids), token), Asked(route, route.url(nowhere), token)]
            )
            assert hidden.status_code == none.status_code == 404
            assert hidden.json()["code"] == none.json()["code"]
            assert set(hidden.json()) == set(none.json())
