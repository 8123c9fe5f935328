"""The audit log over HTTP: its entries by what is asked for, and its chain in parts."""

from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.http.app import create_app
from store import audit, migrate
from store.clock import FixedClock
from store.database import SessionFactory, open_sessions, transaction
from store.people import Person, add_person, new_token
from store.settings import Settings
from tests.api.every_route import Asked, Route, ask_all
from tests.api.http_client import API, TOKEN, problem

PHONE = "13912345678"


class House:
    """An installation with an administrator and a reviewer, five entries on record by them."""

    def __init__(self, app: FastAPI, sessions: SessionFactory, tokens: dict[str, str]) -> None:
        self.app, self.sessions, self.tokens = app, sessions, tokens

    def ask(self, path: str, who: str = "root", **query: object) -> Any:
        asked = Asked(
            Route("GET", path), API + path, self.tokens[who], {}, {k: str(v) for k, v in query.items()}
        )
        return ask_all(self.app, [asked])[0]

    def seqs(self, **query: object) -> list[int]:
        return [each["seq"] for each in self.ask("/audit", **query).json()["items"]]


@pytest.fixture
def house(tmp_path: Path, clock: FixedClock) -> Any:
    settings = Settings(data_dir=tmp_path / "var", api_token=TOKEN)
    migrate.upgrade(settings.database_url)
    tokens = {}
    app = create_app(settings, clock=clock)
    with open_sessions(settings.database_url) as sessions:
        with transaction(sessions) as session:
            for person, role in (("root", "admin"), ("wang", "qc_lead")):
                add_person(session, clock, Person(person, person, (role,)))
                tokens[person] = new_token(session, clock, person)
            audit.append(
                session, clock, actor="api:root", action="pers.x", subject="n", details={"t": f"打{PHONE}"}
            )
        yield House(app, sessions, tokens)
    app.state.engine.dispose()


def test_entries_come_newest_first_by_what_is_asked_for(house: House) -> None:
    assert house.seqs() == [5, 4, 3, 2, 1]
    assert house.seqs(action="person.*") == [4, 3, 2, 1]
    assert house.seqs(action="person.added") == [3, 1]
    assert house.seqs(subject="person:wang") == [4, 3]
    assert house.seqs(actor="api:root") == [5]
    assert house.seqs(since="2000-01-01T00:00:00Z", until="2000-01-02T00:00:00Z") == []
    assert house.seqs(since="2000-01-01T00:00:00Z", until="2099-01-01T00:00:00Z") == [5, 4, 3, 2, 1]
    first = house.ask("/audit", limit=3).json()
    assert house.seqs(limit=3, cursor=first["next"]) == [2, 1]


def test_numbers_in_entries_are_hidden(house: House) -> None:
    answer = house.ask("/audit", limit=1)
    assert PHONE not in answer.text
    assert answer.json()["items"][0]["details"]["t"].startswith("打139")


def test_the_chain_is_checked_in_parts(house: House) -> None:
    first = house.ask("/audit/verification", limit=3).json()
    assert first == {"whole": True, "checked": 3, "last": 3, "next": 3, "found": 0, "breaks": []}
    last = house.ask("/audit/verification", limit=3, after=3).json()
    assert last == {"whole": True, "checked": 2, "last": 5, "next": None, "found": 0, "breaks": []}


def test_what_was_altered_or_cut_off_is_found(house: House) -> None:
    with transaction(house.sessions) as session:
        session.execute(text("DROP TRIGGER IF EXISTS audit_entry_no_update"))
        session.execute(text("DROP TRIGGER IF EXISTS audit_entry_no_delete"))
        session.execute(text("UPDATE audit_entry SET actor = 'nobody' WHERE seq = 4"))
        session.execute(text("DELETE FROM audit_entry WHERE seq IN (2, 5)"))
    first = house.ask("/audit/verification", limit=2).json()
    assert [each["kind"] for each in first["breaks"]] == ["missing"]
    last = house.ask("/audit/verification", after=first["next"]).json()
    assert (last["whole"], last["found"]) == (False, 2)
    assert [(each["seq"], each["kind"]) for each in last["breaks"]] == [(4, "altered"), (4, "head")]


def test_who_does_not_audit_does_not_read_it(house: House) -> None:
    problem(house.ask("/audit", who="wang"), 403, "auth.role")
    problem(house.ask("/audit/verification", who="wang"), 403, "auth.role")
