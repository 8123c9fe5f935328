"""The review of a call on the command line and over HTTP, on one installation."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from api.cli.main import app as cli
from api.http.app import create_app
from qc.models import TicketRow
from store.clock import FixedClock, SystemClock
from store.database import open_sessions, transaction
from store.errors import BadInputError, ConflictError
from store.people import Person, add_person, new_token
from store.settings import Settings
from tests.api.every_route import IDS, Asked, ask_all, routes_of, words_of
from tests.api.http_client import API, TOKEN, problem
from tests.qc.review.conftest import PEOPLE, SAD, SLOW, THREAT, put_ticket

# They show that one has looked, or how long the service has worked.
_OWN_FOOTPRINTS = frozenset({"/me/sessions", "/views"})
SAID = replace(THREAT, heard="你的电话13812345678我都知道")


@dataclass
class House:
    """`run("take", "ann")` on the command line; `ask("GET", "tickets/1", "ann")` over HTTP."""

    ticket: int
    findings: list[int]
    tokens: dict[str, str]
    app: FastAPI

    def run(self, command: str, who: str | None = None, *options: object) -> str:
        by = [] if who is None else ["--by", who]
        ended = CliRunner().invoke(
            cli, ["tickets", command, str(self.ticket), *by, *map(str, options)], terminal_width=200
        )
        if ended.exception is not None and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        assert ended.exit_code == 0, ended.output
        return ended.stdout

    def ask(self, method: str, path: str, who: str, **options: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            headers = {"Authorization": f"Bearer {self.tokens[who]}"}
            if "match" in options:
                headers["If-Match"] = options.pop("match")
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.request(method, f"{API}/{path}", headers=headers, **options)

        return asyncio.run(send())

    def act(self, who: str, action: str, *, version: int | None = None, **document: Any) -> httpx.Response:
        body = {"version": version, "document": document}
        return self.ask("POST", f"tickets/{self.ticket}/actions/{action}", who, json=body)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _sqlite_template: Path) -> Iterator[House]:
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "data"))
    url = Settings().database_url
    (tmp_path / "data").mkdir()
    shutil.copyfile(_sqlite_template, tmp_path / "data" / "diting.db")
    clock = FixedClock(SystemClock().now())
    with open_sessions(url) as sessions, transaction(sessions) as session:
        people = (*PEOPLE, Person("chief", "Chief", ("qc_lead",)))
        for person in people:
            add_person(session, clock, person)
        tokens = {person.id: new_token(session, clock, person.id) for person in people}
        ticket, findings = put_ticket(session, clock, "C1", SAID, SLOW, SAD)
    app = create_app(Settings(api_token=TOKEN), clock=clock)
    yield House(ticket, findings, tokens, app)
    app.state.engine.dispose()


def test_the_whole_way_on_the_command_line(house: House, tmp_path: Path) -> None:
    threat, slow, _ = house.findings
    assert house.run("take", "ann") == f"工单 {house.ticket}：领取。现状态：质检中，版本 2。\n"
    house.run("decide", "ann", "--finding", threat, "--verdict", "true", "--comment", "明显")
    house.run("decide", "ann", "--finding", slow, "--verdict", "false")
    house.run(
        "add-missed", "ann", "--category", "interruption", "--start", 10, "--end", 12, "--comment", "抢话"
    )
    house.run("rate", "ann", "--card", "standard", "--item", "closing", "--rating", "1")
    house.run("rate", "ann", "--card", "standard", "--item", "dispute", "--rating", "n/a")
    shown = json.loads(house.run("show", "ann", "--json"))
    missed = shown["reviews"][0]["missed"][0]["missed"]
    assert shown["reviews"][0]["ratings"] == {"closing": 1.0, "dispute": "n/a"}
    assert "✗" not in next(line for line in house.run("allowed", "ann").splitlines() if "share" in line)
    assert house.run("share", "ann", "--words", "请注意", "--lang", "en").startswith("Ticket")

    told = house.run("feedback", None, "--lang", "en")
    assert "■ threat  0:00–0:04" in told
    assert "13812345678" not in told
    assert f"[m{missed}]" in told

    house.run("appeal", "A-7", "--ground", f"{threat}=是客户先说的", "--ground", f"m{missed}=没有抢话")
    rulings = tmp_path / "rulings.yaml"
    rulings.write_text(
        f"rulings:\n- {{finding: {threat}, ruling: upheld, reason: 属实}}\n"
        f"- {{missed: {missed}, ruling: overturned, reason: 未抢话}}\n",
        encoding="utf-8",
    )
    house.run("decide-appeal", "head", "--file", rulings)
    shown = json.loads(house.run("show", "lead", "--json"))
    assert (shown["state"], shown["final_score"], shown["human"]["score"]) == ("final", 0, 0)
    assert "维持 属实" in house.run("show", "lead")
    lines = [json.loads(line) for line in house.run("history", "A-7").splitlines()]
    assert [line["action"] for line in lines] == ["share", "appeal", "decide_appeal"]
    assert [line["actor"] for line in lines] == [None, "A-7", None]
    house.run("reopen", "lead", "--reason", "新证据", "--reviewer", "bo")
    assert "bo" in CliRunner().invoke(cli, ["tickets", "list", "--state", "draft"]).stdout
    assert "stateDiagram-v2" in CliRunner().invoke(cli, ["tickets", "diagram"]).stdout


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("appeal", ["--ground", "none"]),
        ("decide-appeal", ["--ruling", "1=upheld"]),
        ("adjudicate", ["--decision", "x=true"]),
        ("rate", ["--card", "standard", "--item", "closing", "--rating", "much"]),
    ],
)
def test_an_option_that_cannot_be_read_says_how_to_write_it(
    house: House, command: str, options: list[str]
) -> None:
    with pytest.raises(BadInputError) as raised:
        house.run(command, "ann", *options)
    assert raised.value.code == "ticket.document"
    assert "Write it as" in str(raised.value)


def test_a_refusal_on_the_command_line(house: House) -> None:
    with pytest.raises(ConflictError) as raised:
        house.run("finalise", "ann")
    assert raised.value.code == "ticket.transition"


def test_the_way_over_http(house: House) -> None:
    seen = house.ask("GET", f"tickets/{house.ticket}", "ann").json()
    etag = house.ask("GET", f"tickets/{house.ticket}", "ann").headers["etag"]
    assert etag == '"1"'
    assert (seen["state"], seen["version"], seen["machine"]["score"], seen["human"]) == ("open", 1, 0, None)
    taken = house.act("ann", "take", version=1)
    assert (taken.status_code, taken.json()["state"], taken.json()["assigned_to"]) == (200, "draft", "ann")
    assert problem(house.act("ann", "share"), 409, "ticket.undecided")
    assert problem(house.act("ann", "decide", verdict="true"), 422, "ticket.document")
    for finding, verdict in zip(house.findings, ("true", "false"), strict=False):
        assert house.act("ann", "decide", finding=finding, verdict=verdict).status_code == 200
    late = house.ask("POST", f"tickets/{house.ticket}/actions/share", "ann", json={}, match='"2"')
    assert problem(late, 412, "request.changed")
    late = problem(house.act("ann", "share", version=2), 409, "ticket.version")
    assert "ann did decide" in late["detail"]
    # The collector finds nothing of it before it is shared.
    assert problem(house.ask("GET", f"tickets/{house.ticket}", "A-7"), 404, "ticket.unknown")
    assert problem(house.act("A-7", "acknowledge"), 404, "ticket.unknown")
    assert house.act("ann", "share", words="请注意").status_code == 200

    mine = house.ask("GET", f"tickets/{house.ticket}", "A-7").json()
    assert (mine["state"], mine["assigned_to"], mine["reviews"]) == ("shared", None, [])
    assert {each["by"] for each in mine["human"]["verdicts"]} == {None}
    told = house.ask("GET", f"tickets/{house.ticket}/feedback", "A-7").json()
    (point,) = told["points"]
    assert point["clip"] == {"start": 0.0, "end": 4.0, "audio": "/api/v1/calls/1/audio#t=0,4"}
    assert "13812345678" not in json.dumps(told, ensure_ascii=False)
    assert "ann" not in json.dumps(told)
    possible = house.ask("GET", f"tickets/{house.ticket}/actions", "A-7").json()
    assert [(each["action"], each["refusal"]) for each in possible] == [
        ("acknowledge", None),
        ("appeal", None),
    ]
    assert problem(house.ask("GET", f"tickets/{house.ticket}", "A-8"), 404, "ticket.unknown")
    assert house.act("A-7", "acknowledge").json()["state"] == "acknowledged"
    assert house.act("ann", "finalise").json()["final_score"] == 0
    history = house.ask("GET", f"tickets/{house.ticket}/history", "lead").json()
    assert [each["action"] for each in history] == [
        "take", "decide", "decide", "share", "acknowledge", "finalise",
    ]  # fmt: skip
    listed = house.ask("GET", "tickets?state=final&reviewer=ann", "lead").json()["items"]
    assert [(each["id"], each["final_score"]) for each in listed] == [(house.ticket, 0)]


def test_two_blind_reviewers_see_nothing_of_each_other(house: House) -> None:
    house.act("lead", "assign", reviewer="ann", second_reviewer="bo")
    house.act("ann", "take")
    for finding in house.findings[:2]:
        house.act("ann", "decide", finding=finding, verdict="false")
    house.act("ann", "complete")
    seen = house.ask("GET", f"tickets/{house.ticket}", "bo").json()
    assert (seen["blind"], seen["reviews"], seen["human"]) == (True, [], None)
    history = house.ask("GET", f"tickets/{house.ticket}/history", "bo").json()
    assert [each["action"] for each in history] == ["assign", "take"]
    for finding in house.findings[:2]:
        house.act("bo", "decide", finding=finding, verdict="false")
    house.act("bo", "complete")
    seen = house.ask("GET", f"tickets/{house.ticket}", "bo").json()
    assert [each["reviewer"] for each in seen["reviews"]] == ["ann", "bo"]
    assert seen["human"]["score"] == 100


@pytest.mark.parametrize("second", ["bo", "lead"])
def test_no_route_tells_the_second_reviewer_anything_of_the_first(house: House, second: str) -> None:
    """Every route is asked before and after the first reviewer works: all answer the same."""
    house.act("chief", "assign", reviewer="ann", second_reviewer=second)
    house.act("ann", "take")
    before = answers(house, second)
    assert len(before) > 60
    for finding, verdict in zip(house.findings, ("true", "unsure", "true"), strict=True):
        assert house.act("ann", "decide", finding=finding, verdict=verdict).status_code == 200
    missed = {"category": "abuse", "start": 41.0, "end": 43.0, "comment": "骂人"}
    assert house.act("ann", "add_missed", **missed).status_code == 200
    ratings = {"closing": 1, "identity": 0}
    assert house.act("ann", "rate", card="standard", ratings=ratings).status_code == 200
    assert house.act("ann", "complete").status_code == 200
    after = answers(house, second)
    assert {name for name in before if before[name] != after[name]} == set()
    for finding in house.findings[:2]:
        assert house.act(second, "decide", finding=finding, verdict="true").status_code == 200
    assert house.act(second, "complete").status_code == 200
    shown = answers(house, second)
    assert "骂人" in shown["GET /tickets/{ticket_id}"][1]
    assert "骂人" in shown["GET /tickets/{ticket_id}/history"][1]


def answers(house: House, who: str) -> dict[str, tuple[int, str]]:
    """What every route that only reads answers, by its name."""
    ids = dict.fromkeys(IDS.values(), 1) | {"ticket": house.ticket}
    asked = [
        Asked(route, route.url(ids), house.tokens[who])
        for route in routes_of(house.app)
        if route.method == "GET" and route.path not in _OWN_FOOTPRINTS
    ]
    told = ask_all(house.app, asked)
    return {
        each.route.name: (answer.status_code, words_of(answer))
        for each, answer in zip(asked, told, strict=True)
    }


def test_the_most_pressing_come_first_and_of_those_the_oldest(house: House) -> None:
    with transaction(house.app.state.sessions) as session:
        for name in ("C2", "C3", "C4", "C5"):
            put_ticket(session, house.app.state.clock, name, SLOW)
        for ticket, priority in ((2, "urgent"), (3, "low"), (5, "urgent")):
            session.get_one(TicketRow, ticket).priority = priority

    def pages(**query: Any) -> list[list[int]]:
        found: list[list[int]] = []
        cursor: dict[str, Any] = {}
        while True:
            params = query | cursor
            page = house.ask("GET", "tickets", "chief", params=params).json()
            found.append([each["id"] for each in page["items"]])
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}

    assert pages(sort="pressing", limit=2) == [[2, 5], [1, 4], [3]]
    assert pages(sort="pressing", limit=3) == [[2, 5, 1], [4, 3]]
    assert pages(sort="pressing", priority="low") == [[3]]
    assert pages(limit=4) == [[5, 4, 3, 2], [1]]
