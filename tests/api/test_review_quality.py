"""Sampling, scorecards, agreement, calibrations and coaching over HTTP, and who may."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api import agreement, coaching, reviewers, sampling, scorecards
from api.http.app import create_app
from qc.models import TicketRow
from qc.sampling.models import SamplingDrawRow
from qc.sampling.plan import read_plan
from qc.sampling.scorecards import read_card
from store import audit
from store.clock import FixedClock
from store.database import SessionFactory, make_engine, make_session_factory, reading, transaction
from store.people import Person, add_person, new_token
from store.settings import Settings
from tests.api.http_client import API, problem
from tests.qc.reviewed_calls import MONDAY, finding, put_call, put_calls

# The Monday after the week of the calls, noon in Shanghai.
CLOCK = FixedClock(datetime(2026, 3, 2, 4, 0, tzinfo=UTC))
PLAN = {
    "name": "weekly", "title": {"zh": "每周", "en": "Weekly"}, "size": {"number": 4},
    "random": {"size": {"number": 3}}, "second_review": 0.5,
}  # fmt: skip
PEOPLE = (
    Person("lead", "负责人", ("qc_lead",)),
    Person("wang", "王敏", ("qc_reviewer",), team="QC"),
    Person("boss", "主管", ("supervisor",), team="T2"),
    Person("other", "另一主管", ("supervisor",), team="T1"),
    Person("A2", "贺鸣", ("collector",), team="T2"),
)


class House:
    """An application over a database of its own; `ask` under the token of a person."""

    def __init__(self, url: str, folder: Path) -> None:
        self.app = create_app(Settings(data_dir=folder / "var", database_url=url), clock=CLOCK)
        self.sessions: SessionFactory = self.app.state.sessions
        with transaction(self.sessions) as session:
            for person in PEOPLE:
                add_person(session, CLOCK, person, by="test")
            self.tokens = {each.id: new_token(session, CLOCK, each.id) for each in PEOPLE}
            self.calls = put_calls(session, CLOCK, 6)
            self.flagged = [
                put_call(
                    session,
                    CLOCK,
                    f"F{at}",
                    finding(),
                    agent="A2",
                    team="T2",
                    at=MONDAY + timedelta(hours=at),
                )
                for at in range(3)
            ]

    def ask(self, person: str, method: str, path: str, **options: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            headers = {"Authorization": f"Bearer {self.tokens[person]}", **options.pop("headers", {})}
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.request(method, f"{API}{path}", headers=headers, **options)

        return asyncio.run(send())

    def get(self, person: str, path: str, **params: Any) -> Any:
        answer = self.ask(person, "GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, person: str, path: str, body: Any = None) -> Any:
        answer = self.ask(person, "POST", path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    made = House(database_url, tmp_path)
    yield made
    made.app.state.engine.dispose()


def test_a_week_is_drawn_and_given_out(house: House) -> None:
    assert house.post("lead", "/sampling/plans", PLAN)["version"] == 1
    assert house.post("lead", "/sampling/plans", PLAN)["version"] == 1
    late = house.ask("lead", "POST", "/sampling/plans", json=PLAN, headers={"If-Match": '"0"'})
    problem(late, 412, "request.changed")
    assert "meanwhile by lead" in late.json()["detail"]
    read = {"If-Match": house.ask("lead", "GET", "/sampling/plans/weekly").headers["etag"]}
    again = house.ask("lead", "POST", "/sampling/plans", json=PLAN, headers=read)
    assert (again.status_code, again.headers["etag"]) == (200, '"1"')
    assert house.get("lead", "/sampling/plans")["items"][0]["document"]["settle_hours"] == 6
    assert house.get("lead", "/sampling/plans/weekly")["added_by"] == "lead"
    refused = house.ask("lead", "POST", "/sampling/plans", json={**PLAN, "size": {"number": -1}})
    assert problem(refused, 422, "sampling.invalid")["where"] == "size.number"
    early = house.ask("lead", "POST", "/sampling/plans/weekly/draws", json={"day": "2026-03-02"})
    problem(early, 409, "sampling.not_over")

    plan, beside = house.post("lead", "/sampling/plans/weekly/draws", {})["items"]
    assert (plan["part"], plan["population"], plan["drawn"]) == ("plan", 9, 4)
    assert (beside["part"], beside["population"], beside["drawn"]) == ("random", 6, 3)
    again = house.post("lead", "/sampling/plans/weekly/draws", {"day": "2026-02-25"})["items"]
    assert [each["id"] for each in again] == [plan["id"], beside["id"]]
    listed = house.get("lead", "/sampling/draws", part="random", limit=1)
    assert [each["id"] for each in listed["items"]] == [beside["id"]]
    detail = house.get("lead", f"/sampling/draws/{beside['id']}")
    assert len(detail["picks"]) == 3
    assert {pick["call_id"] for pick in detail["picks"]} <= set(house.calls)
    assert house.get("lead", f"/sampling/draws/{beside['id']}/check")["holds"] is True
    assert house.get("lead", f"/sampling/draws/{beside['id']}/estimate")["share"] is None
    problem(house.ask("lead", "GET", "/sampling/draws/99"), 404, "sampling.draw_unknown")

    profile = {"languages": ["zh"], "capacity": 100, "conflicts": {"T2": "原团队"}}
    assert house.post("lead", "/reviewers/wang", profile)["load"] == 0
    given = house.post("lead", "/assignments")
    assert given["taken"] == 0
    with reading(house.sessions) as session:
        tickets = session.scalars(select(TicketRow)).all()
        assert {row.call_id: row.assigned_to for row in tickets} == {
            row.call_id: None if row.call_id in house.flagged else "wang" for row in tickets
        }
        assert audit.verify(session) == []
    (wang,) = house.get("lead", "/reviewers")["items"]
    assert wang["load"] == sum(each["person"] == "wang" for each in given["items"])


def test_who_leads_narrowly_still_draws_from_all(house: House, database_url: str) -> None:
    """A sample of what one person may see would prove nothing about the rest."""
    engine = make_engine(database_url)
    with transaction(make_session_factory(engine)) as session:
        narrow = Person("lead-2", "二组质检", ("qc_lead",), team="T2")
        add_person(session, CLOCK, narrow, by="test")
        house.tokens["lead-2"] = new_token(session, CLOCK, "lead-2")
    engine.dispose()
    house.post("lead", "/sampling/plans", PLAN)
    plan, _ = house.post("lead-2", "/sampling/plans/weekly/draws", {})["items"]
    assert plan["population"] == 9


def test_cards_and_what_ratings_come_to(house: House) -> None:
    assert [(each["name"], each["version"]) for each in house.get("wang", "/scorecards")["items"]] == [
        ("standard", 0)
    ]
    assert house.post("lead", "/scorecards", scorecards.DOCUMENT)["version"] == 1
    late = house.ask("lead", "POST", "/scorecards", json=scorecards.DOCUMENT, headers={"If-Match": '"0"'})
    problem(late, 412, "request.changed")
    assert house.ask("A2", "GET", "/scorecards/standard").headers["etag"] == '"0"'
    assert house.get("A2", "/scorecards/short", version=1)["document"]["pass_mark"] == 80
    ratings = {"respectful": 1, "solution": "n/a"}
    assert house.post("wang", "/scorecards/short/score", ratings) == scorecards.SCORE
    wrong = house.ask("wang", "POST", "/scorecards/short/score", json={"respectful": 2, "solution": 0})
    assert problem(wrong, 422, "scorecard.rating")["where"] == "item respectful"
    problem(house.ask("wang", "GET", "/scorecards/long"), 404, "scorecard.unknown")


def test_agreement_and_calibration(house: House) -> None:
    assert house.get("lead", "/agreement", by="pair") == {"items": []}
    assert house.get("lead", "/agreement/overturned", by="team", since="2026-01-01T00:00:00+08:00") == {
        "items": []
    }
    wanted = {"title": "三月", "expert": "lead", "reviewers": ["wang"], "calls": house.flagged[:2]}
    number = house.post("lead", "/calibrations", wanted)["id"]
    one, two = house.flagged[:2]
    for person, call, categories in (
        ("lead", one, ["threat"]),
        ("lead", two, []),
        ("wang", one, ["threat", "abuse"]),
    ):
        said = {"call_id": call, "categories": categories}
        house.post(person, f"/calibrations/{number}/answers", said)
    # Nobody sees what others said.
    assert house.get("wang", f"/calibrations/{number}")["mine"] == {str(one): ["abuse", "threat"]}
    problem(house.ask("wang", "GET", f"/calibrations/{number}/results"), 409, "calibration.open")
    problem(house.ask("wang", "POST", f"/calibrations/{number}/close"), 403, "auth.role")
    assert house.post("lead", f"/calibrations/{number}/close")["closed_by"] == "lead"
    (line,) = house.get("wang", f"/calibrations/{number}/results", least=2)["items"]
    assert (line["person"], line["all"]["precision"], line["all"]["recall"]) == ("wang", 0.5, 1.0)
    assert line["kappa"]["standing"] == "known"
    assert [each["id"] for each in house.get("wang", "/calibrations")["items"]] == [number]


def test_coaching_is_seen_by_those_it_concerns(house: House) -> None:
    task = {
        "collector": "A2",
        "category": "threat",
        "goal": "不提单位",
        "due_on": "2026-03-20",
        "follow_up": 2,
    }
    made = house.post("boss", "/coaching", task)
    assert (made["team"], made["state"], made["source"]) == ("T2", "open", "test")
    # A supervisor sets tasks for their own people only.
    problem(house.ask("other", "POST", "/coaching", json=task), 404, "coaching.collector_unknown")
    for person, seen in (("boss", 1), ("A2", 1), ("other", 0), ("wang", 1)):
        assert len(house.get(person, "/coaching")["items"]) == seen, person
    path = f"/coaching/{made['id']}"
    problem(house.ask("other", "GET", path), 404, "coaching.unknown")
    problem(house.ask("other", "POST", f"{path}/done", json={"text": "已辅导"}), 404, "coaching.unknown")
    problem(house.ask("A2", "POST", f"{path}/done", json={"text": "学会了"}), 403, "auth.role")
    assert house.get("boss", "/coaching", overdue=True)["items"] == []
    assert house.post("boss", f"{path}/done", {"text": "听了录音"})["ended_by"] == "boss"
    problem(house.ask("boss", "POST", f"{path}/cancel", json={"text": "x"}), 409, "coaching.ended")
    changed = house.get("A2", f"{path}/effect")
    assert (changed["machine"]["before"]["share"], changed["machine"]["change"]) == (1.0, "too_few")
    with reading(house.sessions) as session:
        assert session.scalars(select(SamplingDrawRow)).all() == []


def test_examples_are_true() -> None:
    for model, example in (
        (sampling.PlanOut, sampling.PLAN),
        (sampling.DrawOut, sampling.DRAW),
        (sampling.DrawDetail, sampling.DRAW_DETAIL),
        (sampling.DrawCheck, sampling.CHECK),
        (sampling.EstimateOut, sampling.ESTIMATE),
        (reviewers.ReviewerOut, reviewers.REVIEWER),
        (reviewers.GivenOut, reviewers.GIVEN),
        (scorecards.CardOut, scorecards.CARD),
        (scorecards.CardScoreOut, scorecards.SCORE),
        (agreement.AgreedOut, agreement.AGREED),
        (agreement.OverturnedOut, agreement.OVERTURNED),
        (agreement.ComparedOut, agreement.COMPARED),
        (agreement.CalibrationDetail, agreement.CALIBRATION_DETAIL),
        (coaching.TaskOut, coaching.TASK),
        (coaching.EffectOut, coaching.EFFECT),
    ):
        assert model.model_validate(example).model_dump(mode="json") == example, model
    assert read_plan(sampling.PLAN_DOCUMENT).name == "weekly"
    assert read_card(scorecards.DOCUMENT).name == "short"
