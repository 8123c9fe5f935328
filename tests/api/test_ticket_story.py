"""The whole story of a review over HTTP, on an installation with the sample calls, each by their token."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.http.app import create_app
from pipeline.judging import Judge
from pipeline.reviewing import finalise_due
from pipeline.rulebook import ApprovedRulebook
from pipeline.sampling import draw_samples
from store.clock import FixedClock
from store.database import transaction
from store.people import Person, add_person, new_token
from store.settings import Settings
from tests.api.conftest import NOW, World, make_world
from tests.api.http_client import API, TOKEN, problem

PEOPLE = (
    Person("lead", "林主管", ("qc_lead",)),
    Person("wang", "王质检", ("qc_reviewer",)),
    Person("zhao", "赵质检", ("qc_reviewer",)),
    Person("head", "部门负责人", ("department_head",), sees=frozenset({"*"})),
    Person("boss", "班长", ("supervisor",), team="T2"),
    Person("A117", "高强", ("collector",), team="T2"),
    Person("A101", "白雪", ("collector",), team="T1"),
    Person("A105", "周正", ("collector",), team="T1"),
)
PLAN = {
    "name": "weekly",
    "title": {"zh": "每周抽检", "en": "Weekly sample"},
    "size": {"number": 3},
    "random": {"size": {"number": 5}},
    "scorecard": "standard",
}
RATINGS = {
    "identity": 1, "verified": "n/a", "respectful": 0, "truthful": 1, "listening": 2, "dispute": "n/a",
    "solution": "n/a", "closing": 1,
}  # fmt: skip


@dataclass
class Told:
    """An installation and who may ask it."""

    world: World
    app: FastAPI
    tokens: dict[str, str]
    clock: FixedClock

    def ask(self, method: str, path: str, who: str, body: Any = None, **params: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            headers = {"Authorization": f"Bearer {self.tokens[who]}"}
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.request(
                    method, f"{API}/{path}", headers=headers, json=body, params=params
                )

        return asyncio.run(send())

    def get(self, path: str, who: str, **params: Any) -> Any:
        answer = self.ask("GET", path, who, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, who: str, body: Any = None) -> Any:
        answer = self.ask("POST", path, who, body or {})
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def act(self, ticket: int, action: str, who: str, **document: Any) -> Any:
        seen = self.get(f"tickets/{ticket}", who)["version"]
        return self.post(f"tickets/{ticket}/actions/{action}", who, {"version": seen, "document": document})


@pytest.fixture
def told(_sqlite_template: Path, tmp_path: Path) -> Iterator[Told]:
    shutil.copyfile(_sqlite_template, tmp_path / "diting.db")
    world = make_world(f"sqlite:///{tmp_path / 'diting.db'}", tmp_path)
    tools = world.tools
    # As the stages do before they judge: feedback has the clauses of the rules that judged.
    rules = ApprovedRulebook(world.settings, tools.sessions, tools.clock)
    Judge(world.settings, rulebook=rules).load_defaults()
    clock = FixedClock(NOW)
    with transaction(world.tools.sessions) as session:
        for person in PEOPLE:
            add_person(session, clock, person)
        tokens = {person.id: new_token(session, clock, person.id) for person in PEOPLE}
    settings = Settings(**{**world.settings.model_dump(), "api_token": TOKEN})
    app = create_app(settings, clock=clock)
    yield Told(world, app, tokens, clock)
    app.state.engine.dispose()
    world.tools.close()


def drawn(told: Told) -> dict[int, dict[str, Any]]:
    """The plan is added and drawn, the tickets are given out; the tickets by call."""
    told.post("sampling/plans", "lead", PLAN)
    made = told.post("sampling/plans/weekly/draws", "lead", {"day": "2026-05-12"})["items"]
    assert [(each["part"], each["population"], each["drawn"]) for each in made] == [
        ("plan", 3, 3), ("random", 1, 1),
    ]  # fmt: skip
    for each in ("wang", "zhao"):
        told.post(f"reviewers/{each}", "lead", {"languages": ["zh"], "seniority": 2})
    given = told.post("assignments", "lead")["items"]
    assert {each["person"] for each in given} == {"wang", "zhao"}
    return {each["call_id"]: each for each in told.get("tickets", "lead")["items"]}


def test_from_the_plan_to_the_rules(told: Told) -> None:
    call = told.world.ids["S03-threat"]
    row = drawn(told)[call]
    ticket, who = row["id"], row["assigned_to"]

    # One request shows the reviewer all there is to see.
    page = told.get(f"calls/{call}/review", who)
    assert page["ticket"]["scorecard"] == page["scorecard"]["name"] == "standard"
    assert [each["action"] for each in page["actions"]] == ["take"]
    threat = next(each for each in page["findings"] if each["rule"] == "cn.threat.visit@1")
    assert threat["title"]["en"]
    assert threat["clauses"][0]["source"]
    assert page["call"]["result"]["transcript"]["utterances"]
    assert {page["queue"]["before"], page["queue"]["after"]} - {None} == {
        each["call_id"] for each in told.get("tickets", who, reviewer=who)["items"]
    } - {call}

    assert ticket in waiting(told, who)
    told.act(ticket, "take", who)
    violations = [each["id"] for each in page["findings"] if each["kind"] == "violation"]
    for each in violations:
        told.act(ticket, "decide", who, finding=each, verdict="true")
    told.act(ticket, "add_missed", who, category="interruption", start=5.0, end=7.0, comment="抢话")
    possible = {each["action"]: each for each in told.get(f"tickets/{ticket}/actions", who)}
    missing = possible["share"]["refusal"]
    assert (missing["code"], sorted(missing["missing"])) == ("ticket.unrated", sorted(RATINGS))
    told.act(ticket, "rate", who, ratings=RATINGS)
    assert told.get("tickets", "A117")["items"] == []
    told.act(ticket, "share", who, words="请注意用语")

    assert ticket not in waiting(told, who)
    assert waiting(told, "A117") == [ticket]
    # The collector: clip, clause, better wording; nobody's name.
    (mine,) = told.get("tickets", "A117")["items"]
    feedback = told.get(f"tickets/{mine['id']}/feedback", "A117")
    assert (feedback["scorecard"]["points"], feedback["scorecard"]["passed"]) == (0, False)
    assert len(feedback["points"]) == len(violations) + 1
    for point in feedback["points"]:
        assert point["clauses"], point
        assert set(point["better"]) == set(point["why"]) == {"zh", "en"}
        assert point["clip"]["audio"].startswith(f"/api/v1/calls/{call}/audio#t=")
    assert who not in str(feedback)
    point = next(each for each in feedback["points"] if each["finding"] == threat["id"])
    assert told.get(f"calls/{call}/review", "A117")["ticket"]["assigned_to"] is None
    told.act(ticket, "appeal", "A117", grounds=[{"finding": point["finding"], "reason": "不是我说的"}])
    assert told.get("me/trend", "A117")["appeals"] == {"appealed": 1, "waiting": 1, "won": 0, "lost": 0}

    assert (waiting(told, "A117"), waiting(told, "head"), waiting(told, "boss")) == ([], [ticket], [])
    refused = told.ask("POST", f"tickets/{ticket}/actions/decide_appeal", who, {"document": {}})
    problem(refused, 409, "ticket.role")
    rulings = [{"finding": point["finding"], "ruling": "overturned", "reason": "听录音属实"}]
    done = told.act(ticket, "decide_appeal", "head", rulings=rulings)
    assert (done["state"], done["final"]["score"]) == ("final", 0)
    feedback = told.get(f"tickets/{ticket}/feedback", "A117")
    assert feedback["appeal"]["rulings"] == [{"missed": None, **rulings[0]}]
    assert point["finding"] not in [each["finding"] for each in feedback["points"]]

    coaching(told, ticket)
    certain = [each for each in page["findings"] if each["id"] in violations and each["status"] == "certain"]
    overturned(told, who, len(certain))


def overturned(told: Told, who: str, decided: int) -> None:
    over = {each["name"]: each for each in told.get("agreement/overturned", "lead")["items"]}
    assert (over["cn.threat.visit@1"]["decided"], over["cn.threat.visit@1"]["overturned"]) == (1, 1)
    by = {each["name"]: each for each in told.get("agreement/overturned", "lead", by="reviewer")["items"]}
    assert (by[who]["decided"], by[who]["overturned"]) == (decided, 0)  # their own word stays theirs


def waiting(told: Told, who: str) -> list[int]:
    return [each["id"] for each in told.get("tickets", who, todo=True)["items"]]


def coaching(told: Told, ticket: int) -> None:
    task = {"ticket_id": ticket, "category": "threat", "goal": "不以上门相威胁", "due_on": "2026-06-10"}
    number = told.post("coaching", "boss", task)["id"]
    trend = told.get("me/trend", "A117", weeks=4)
    assert [each["id"] for each in trend["coaching"]] == [number]
    assert trend["appeals"] == {"appealed": 1, "waiting": 0, "won": 1, "lost": 0}
    assert [(each["monday"], each["calls"], each["reviewed"], each["final"]) for each in trend["weeks"]] == [
        ("2026-05-11", 2, 1, 0.0), ("2026-05-18", 0, 0, None), ("2026-05-25", 0, 0, None),
        ("2026-06-01", 0, 0, None),
    ]  # fmt: skip
    assert next(each for each in trend["found"] if each["category"] == "threat")["by_week"] == [1, 0, 0, 0]
    told.post(f"coaching/{number}/done", "boss", {"text": "一起听了三段录音"})
    told.clock.moment += timedelta(days=15)
    draw_samples(told.world.tools.sessions, told.clock)
    assert told.get(f"coaching/{number}", "lead")["draw_id"] is not None
    assert told.get("me/trend", "A117")["coaching"] == []


def test_a_clean_call_is_scored_drawn_and_reviewed(told: Told) -> None:
    tickets = drawn(told)
    call = told.world.ids["S01-clean"]
    row = tickets[call]
    ticket, who = row["id"], row["assigned_to"]
    seen = told.get(f"calls/{call}", who)
    assert seen["score"] == {"total": 100, "band": "clean", "at_most": False}
    told.act(ticket, "take", who)
    told.act(ticket, "rate", who, ratings=RATINGS | {"respectful": 1})
    told.act(ticket, "share", who)
    feedback = told.get(f"tickets/{ticket}/feedback", "A101")
    assert (feedback["points"], feedback["scorecard"]["points"]) == ([], 100)
    told.act(ticket, "acknowledge", "A101")
    finalise_due(told.world.tools.sessions, told.clock)
    final = told.get(f"tickets/{ticket}", "A101")
    assert (final["state"], final["final_score"], final["final_band"]) == ("final", 100, "clean")


def test_what_could_not_be_judged_is_seen_and_never_clean(told: Told) -> None:
    tickets = drawn(told)
    ids = told.world.ids
    unjudged = told.get(f"calls/{ids['S10-no-time']}", "lead")
    assert (unjudged["state"], unjudged["score"]["band"], unjudged["score"]["at_most"]) == (
        "unjudged", None, True,
    )  # fmt: skip
    assert tickets[ids["S10-no-time"]]["reasons"][0].startswith("未能判定")
    waiting = told.get(f"calls/{ids['S08-third-party']}", "lead")
    assert (waiting["state"], waiting["score"]) == ("received", None)
    clean = told.get("calls", "lead", band="clean")["items"]
    assert [each["id"] for each in clean] == [ids["S01-clean"]]
    assert ids["S10-no-time"] in [each["id"] for each in told.get("calls", "lead", unjudged=True)["items"]]
    draws = told.get("sampling/draws", "lead")["items"]
    assert {each["pending"] for each in draws} == {1}
    assert told.get("me/trend", "A105")["undated"] == 1
