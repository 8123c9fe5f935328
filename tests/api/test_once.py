"""`Idempotency-Key` over HTTP."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine

from api.http.app import create_app
from store.clock import FixedClock
from store.database import transaction
from store.people import Change, Person, add_person, change_person, new_token
from store.settings import Settings
from tests.api.conftest import NOW
from tests.api.http_client import API, problem

BODY = {"name": "名称", "q": "投诉"}


@pytest.fixture
def app(sqlite_url: str, tmp_path) -> Iterator[object]:
    made = create_app(Settings(data_dir=tmp_path, database_url=sqlite_url), clock=FixedClock(NOW))
    yield made
    engine: Engine = made.state.engine
    engine.dispose()


def post(app, *bodies, key="4f0c2a9d", token=None) -> list[httpx.Response]:
    async def all_at_once() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        shown = {} if token is None else {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", headers=shown
        ) as client:
            asked = (
                client.post(f"{API}/searches", json=body, headers={"Idempotency-Key": key}) for body in bodies
            )
            return await asyncio.gather(*asked)

    return asyncio.run(all_at_once())


def test_sent_twice_it_is_made_once_and_answered_alike(app):
    (first,), (again,) = post(app, BODY), post(app, BODY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (False, "true")
    problem(post(app, BODY | {"q": "监管"})[0], 409, "idempotency.other_request")


def test_at_once_one_wins(app):
    answers = post(app, *[BODY] * 6)
    made = [answer.json() for answer in answers if answer.status_code == 201]
    assert made
    assert all(each == made[0] for each in made)
    for answer in answers:
        if answer.status_code != 201:
            problem(answer, 409, "idempotency.running")
            assert answer.headers["retry-after"] == "1"


def test_what_was_refused_may_be_mended_under_the_same_key(app):
    problem(post(app, {"name": ""})[0], 422, "request.invalid")
    assert post(app, BODY)[0].status_code == 201


def test_whose_rights_changed_is_not_given_the_answer_again(app):
    with transaction(app.state.sessions) as session:
        add_person(session, app.state.clock, Person("ann", "Ann", ("qc_lead",), "T1"))
        token = new_token(session, app.state.clock, "ann")
    assert post(app, BODY, token=token)[0].status_code == 201
    assert post(app, BODY, token=token)[0].headers["idempotency-replayed"] == "true"
    with transaction(app.state.sessions) as session:
        change_person(session, app.state.clock, "ann", Change(team="T2"), by="cli")
    problem(post(app, BODY, token=token)[0], 409, "idempotency.other_request")
    assert post(app, BODY, token=token, key="another")[0].status_code == 201


def test_a_key_that_is_none(app):
    problem(post(app, BODY, key="a b")[0], 422, "idempotency.key")


def test_the_description_says_where_a_key_is_taken(tmp_path):
    paths = create_app(Settings(data_dir=tmp_path)).openapi()["paths"]
    searches, session = paths[f"{API}/searches"]["post"], paths[f"{API}/session"]["post"]
    assert [each["name"] for each in searches["parameters"]] == ["Idempotency-Key"]
    assert list(searches["responses"]["409"]["content"]) == ["application/problem+json"]
    assert session.get("parameters") is None
