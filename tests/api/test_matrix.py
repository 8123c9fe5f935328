"""Every route × every role, from the description of the API: let in where the table says so, else refused."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.http.app import create_app
from api.permissions import PERMISSIONS, PUBLIC, ROUTES
from store.clock import FixedClock
from store.database import make_engine, make_session_factory, transaction
from store.people import ROLES, Person, add_person, new_token
from store.settings import Settings
from tests.api.every_route import IDS, Asked, Route, ask_all, routes_of
from tests.api.http_client import TOKEN
from tests.api.two_sides import NOW

# Nothing is changed: what is asked for is not there, and nothing is sent.
NOBODYS = dict.fromkeys(IDS.values(), "999999")
REFUSED = {401: ("nobody", "auth.required"), 403: ("role", "auth.role")}


@pytest.fixture(scope="module")
def house(
    _sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[FastAPI, dict[str, str]]]:
    """An empty installation with a person of each role, and their tokens."""
    folder = tmp_path_factory.mktemp("matrix")
    shutil.copyfile(_sqlite_template, folder / "diting.db")
    url, clock = f"sqlite:///{folder / 'diting.db'}", FixedClock(NOW)
    engine = make_engine(url)
    with transaction(make_session_factory(engine)) as session:
        for role in ROLES:
            add_person(session, clock, Person(role, role, (role,), "north"))
        tokens = {role: new_token(session, clock, role) for role in ROLES}
    engine.dispose()
    app = create_app(Settings(data_dir=folder / "var", database_url=url, api_token=TOKEN), clock=clock)
    yield app, tokens
    app.state.engine.dispose()


def ended(route: Route, answer: httpx.Response) -> str:
    """How a request ended: let in, or refused as one who is nobody, or whose role is not enough."""
    if ROUTES[route.name] == PUBLIC:
        # A form may be refused for other reasons: a wrong password, no proof of where it was sent from.
        return "role" if "auth.role" in answer.text else "let in"
    if answer.status_code == 303 and route.is_page:
        return "nobody"  # asked to sign in
    if answer.status_code not in REFUSED:
        return "let in"
    assert route.method == "HEAD" or answer.json()["code"] == REFUSED[answer.status_code][1], answer.text
    return REFUSED[answer.status_code][0]


@pytest.mark.parametrize("role", [*ROLES, None])
def test_every_route_lets_in_whom_the_table_names(
    house: tuple[FastAPI, dict[str, str]], role: str | None
) -> None:
    app, tokens = house
    routes = routes_of(app)
    asked = [Asked(each, each.url(NOBODYS), tokens[role] if role else None) for each in routes]
    answers = ask_all(app, asked)
    assert [each.text for each in answers if each.status_code >= 500] == []
    found = {route.name: ended(route, answer) for route, answer in zip(routes, answers, strict=True)}
    assert found == {route.name: expected(route, role) for route in routes}


def expected(route: Route, role: str | None) -> str:
    permission = ROUTES[route.name]
    if permission == PUBLIC:
        return "let in"
    if role is None:
        return "nobody"
    return "let in" if role in PERMISSIONS[permission].roles else "role"
