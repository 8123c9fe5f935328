"""The table of permissions: whole, about routes that exist, and closed where it says nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from api.cli.cases.manual import fill
from api.http.app import create_app
from api.permissions import PERMISSIONS, PUBLIC, ROUTES, permission_of, permits
from api.permissions_page import permissions_table, routes_table
from store.people import ROLES, Actor
from store.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
# What decides how much an answer shows, not whether there is one.
WITHIN = {"cases.debtor"}
WRITES = ("POST", "PUT", "PATCH", "DELETE")
# Where an auditor writes: a question that changes nothing.
ASKING: frozenset[str] = frozenset({"POST /calls/{call_id}/unmask"})


def routes(router: APIRouter) -> Iterator[str]:
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield from (f"{method} {route.path}" for method in route.methods)
        elif hasattr(route, "original_router"):
            yield from routes(route.original_router)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return create_app(Settings(data_dir=tmp_path_factory.mktemp("var")))


def test_every_route_is_in_the_table_and_every_line_is_a_route(app: FastAPI) -> None:
    assert set(routes(app.router)) == set(ROUTES)


def test_every_route_takes_a_permission_of_the_table_and_each_is_taken() -> None:
    assert set(ROUTES.values()) | WITHIN == {*PERMISSIONS, PUBLIC}


def test_only_known_roles_are_named_and_each_may_do_something() -> None:
    named = frozenset[str]().union(*(each.roles for each in PERMISSIONS.values()))
    assert named == set(ROLES)


def test_what_no_table_names_is_nobodys() -> None:
    everybody = Actor("x", frozenset(ROLES))
    assert permission_of("GET", "/elsewhere") is None
    assert permission_of("DELETE", "/calls/{call_id}") is None
    assert not permits(everybody, "elsewhere.read")
    assert not permits(Actor("y", frozenset()), "calls.read")
    assert permits(Actor("y", frozenset()), PUBLIC)


def test_a_head_takes_what_its_answer_takes() -> None:
    assert permission_of("HEAD", "/calls/{call_id}/audio") == "calls.listen"
    assert permission_of("HEAD", "/uploads/{upload_id}") == "calls.push"


def test_auditors_change_nothing_and_admins_hear_nothing() -> None:
    auditor, admin = (Actor("x", frozenset({role})) for role in ("auditor", "admin"))
    written = {
        route
        for route, permission in ROUTES.items()
        if route.split()[0] in WRITES and permission != PUBLIC and permits(auditor, permission)
    }
    assert {route for route in written if ROUTES[route] != "account.own"} == ASKING
    assert not any(
        permits(admin, each) for each in ("calls.read", "calls.listen", "cases.read", "ledger.read")
    )


@pytest.mark.parametrize(("name", "made"), [("permissions", permissions_table), ("routes", routes_table)])
def test_the_page_says_what_the_tables_say(name: str, made: Callable[[], str]) -> None:
    """`scripts/write_permission_docs.py` writes it."""
    assert fill(PAGE, name, made()) == PAGE.read_text(encoding="utf-8")
