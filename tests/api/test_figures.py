"""Figures: that they are what the lists show, of one's own team only, and counted again when calls change."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from api.http.routes.figures import teams_of
from api.sight import sight_of
from ingest.models import CallRow
from pipeline.rounds import recount_figures
from qc.figures.models import FigureDayRow, FigureStaleRow
from qc.figures.service import mark_calls
from store.database import reading, transaction
from store.people import Actor
from tests.api.http_client import API, get, problem

DAYS = {"first": "2026-01-01", "last": "2026-12-31"}


@pytest.fixture
def counted(world):
    recount_figures(world.tools.sessions, world.tools.clock)


def figures(client, what, **params):
    answer = get(client(), f"{API}/figures/{what}", params={**DAYS, **params})
    assert answer.status_code == 200, answer.text
    return answer.json()


def listed(client, filters):
    items = get(client(), f"{API}/calls", params=filters).json()["items"]
    return [item["id"] for item in items if item["score"]]


def test_each_figure_opens_the_calls_behind_it(client, world, counted):
    cells = figures(client, "calls")["items"]
    assert sum(cell["calls"] for cell in cells) == 3  # S10 has no time
    for cell in cells:
        assert len(listed(client, cell["filters"])) == cell["calls"]
    for by in ("category", "team", "collector", "week"):
        items = figures(client, "findings", by=by, **({} if by == "category" else {"category": "threat"}))
        for item in items["items"]:
            assert len(listed(client, item["filters"])) == item["count"], (by, item)
            assert item["count"] <= item["whole"]


def test_what_is_not_clean_is_told_by_team(client, counted):
    items = figures(client, "findings", by="team")["items"]
    assert sum(item["count"] for item in items) == 2
    assert sum(item["whole"] for item in items) == 3


def test_adherence_is_the_rest(client, counted):
    items = {item["key"]: item for item in figures(client, "adherence")["items"]}
    assert (items["threat"]["count"], items["threat"]["whole"]) == (2, 3)
    assert items["threat"]["share"] == pytest.approx(0.6667)


def test_frequency_warnings_and_queue_are_told(client, world, counted):
    body = figures(client, "frequency")
    assert {item["key"]: item["count"] for item in body["spread"]} == {"1": 3}
    assert body["over"]["whole"] == 3
    warned = {item["key"]: item["count"] for item in figures(client, "warnings")["items"]}
    assert set(warned) == {"high", "medium", "low"}
    queue = get(client(), f"{API}/figures/queue").json()["items"]
    tickets = get(client(), f"{API}/tickets", params={"state": "open"}).json()["items"]
    assert sum(item["count"] for item in queue) == len(tickets)
    assert all(item["key"].endswith("/1") for item in queue)


def test_a_team_sees_its_own(client, world, counted):
    with reading(world.tools.sessions) as session:
        team = session.scalar(select(CallRow.agent_team).where(CallRow.id == world.ids["S03-threat"]))
    items = figures(client, "findings", by="team", category="threat", team=team)["items"]
    assert [(item["key"], item["count"]) for item in items] == [(team, 1)]
    assert figures(client, "findings", by="category", team="no such team")["items"] == []


def test_supervisors_see_their_teams_and_leads_all():
    supervisor = sight_of(Actor("s", frozenset({"supervisor"}), "T1"), frozenset({"T3"}))
    assert teams_of(supervisor, None) == ("T1", "T3")
    assert teams_of(supervisor, "T3") == ("T3",)
    lead = sight_of(Actor("l", frozenset({"qc_lead"}), None))
    assert teams_of(lead, None) is None
    assert teams_of(lead, "T2") == ("T2",)
    assert teams_of(supervisor, "T2") == ()
    assert teams_of(sight_of(Actor("n", frozenset({"supervisor"}), None)), None) == ()


@pytest.mark.parametrize(
    "params",
    [
        {"first": "2026-02-01", "last": "2026-01-01"},
        {"first": "2024-01-01", "last": "2026-01-01"},
        {"first": "9999-12-31", "last": "9999-12-31"},
    ],
)
def test_days_must_make_sense(client, params):
    problem(get(client(), f"{API}/figures/calls", params=params), 422, "figures.period")


def test_a_marked_day_is_counted_again_and_once(world, counted):
    sessions = world.tools.sessions
    with reading(sessions) as session:
        before = session.scalar(select(func.sum(FigureDayRow.count)))
        assert session.scalar(select(func.count()).select_from(FigureStaleRow)) == 0
    with transaction(sessions) as session:
        mark_calls(session, list(world.ids.values()))
    assert recount_figures(sessions, world.tools.clock) > 0
    with reading(sessions) as session:
        assert session.scalar(select(func.sum(FigureDayRow.count))) == before
        assert session.scalar(select(func.count()).select_from(FigureStaleRow)) == 0
        assert set(session.scalars(select(FigureDayRow.day))) == {
            at.astimezone(ZoneInfo("Asia/Shanghai")).date()
            for at in session.scalars(
                select(CallRow.started_at).where(CallRow.id != world.ids["S08-third-party"])
            )
            if at
        }
