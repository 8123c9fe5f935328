"""The API over a real database with real calls in it."""

import asyncio
import io

import openpyxl
import pytest
from sqlalchemy import event, func, select

from api.http.paging import encode
from api.stored import stored_calls
from ingest.models import CallRow
from store.database import reading
from tests.api.http_client import API, get, problem


def test_calls_are_listed_newest_first_with_what_came_of_them(client, world):
    body = get(client(), f"{API}/calls").json()
    assert body["next"] is None
    names = [item["external_id"] for item in body["items"]]
    assert [item["id"] for item in body["items"]] == sorted(world.ids.values(), reverse=True)
    calls = dict(zip(names, body["items"], strict=True))
    threat = calls["S03-threat"]
    assert threat["state"] == "assessed"
    assert threat["score"]["band"] == "critical"
    assert threat["score"]["at_most"] is False
    assert threat["findings"]["threat"] >= 1
    assert threat["ticket"] == "urgent"
    clean = calls["S01-clean"]
    assert clean["score"] == {"total": 100, "band": "clean", "at_most": False}
    assert clean["ticket"] is None
    untimed = calls["S10-no-time"]
    assert untimed["state"] == "unjudged"
    assert untimed["score"]["at_most"] is True
    assert any(reason.startswith("time.missing: ") for reason in untimed["reasons"])
    waiting = calls["S08-third-party"]
    assert waiting["state"] == "received"
    assert waiting["score"] is None


def test_numbers_are_masked_everywhere(client, world):
    with reading(world.tools.sessions) as session:
        numbers = [n for n in session.scalars(select(CallRow.customer_number)) if n]
    assert numbers
    ids = world.ids
    for path in (
        f"{API}/calls",
        f"{API}/calls/{ids['S02-abuse']}",
        f"{API}/findings",
        f"{API}/tickets",
        f"{API}/warnings",
        "/plain",
        f"/calls/{ids['S02-abuse']}/report",
    ):
        shown = get(client(), path).text
        for number in numbers:
            assert number not in shown, path
            assert number.removeprefix("+86") not in shown, path


def test_pages_are_stable_while_calls_come_in(client, world):
    seen, cursor = [], None
    for _ in range(10):
        body = get(
            client(), f"{API}/calls", params={"limit": 2, **({"cursor": cursor} if cursor else {})}
        ).json()
        seen += [item["id"] for item in body["items"]]
        cursor = body["next"]
        if cursor is None:
            break
    assert seen == sorted(world.ids.values(), reverse=True)


@pytest.mark.parametrize("cursor", ["x", "%%", "LTE", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA", "é"])
def test_a_wrong_cursor_is_refused(client, cursor):
    body = problem(get(client(), f"{API}/calls", params={"cursor": cursor}), 422, "request.cursor")
    assert body["where"] == "query cursor"


def test_a_cursor_at_the_end_gives_nothing(client):
    assert get(client(), f"{API}/calls", params={"cursor": encode(1)}).json() == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"state": "unjudged"}, {"S10-no-time"}),
        ({"state": "received"}, {"S08-third-party"}),
        ({"band": "clean"}, {"S01-clean"}),
        ({"band": "critical"}, {"S02-abuse", "S03-threat"}),
        ({"team": "no such team"}, set()),
    ],
)
def test_calls_are_narrowed(client, query, expected):
    items = get(client(), f"{API}/calls", params=query).json()["items"]
    assert {item["external_id"] for item in items} == expected


def test_calls_are_sorted_with_the_worst_first_and_what_was_not_judged_at_the_end(client):
    whole = get(client(), f"{API}/calls", params={"sort": "score"}).json()["items"]
    scores = [item["score"]["total"] if item["score"] else None for item in whole]
    judged = [score for score in scores if score is not None]
    assert (len(whole), len(judged)) == (5, 4)
    assert scores == [*sorted(judged), None]
    one_by_one, cursor = [], {}
    while cursor is not None:
        page = get(client(), f"{API}/calls", params={"sort": "score", "limit": 1, **cursor}).json()
        one_by_one += page["items"]
        cursor = {"cursor": page["next"]} if page["next"] else None
    assert [item["id"] for item in one_by_one] == [item["id"] for item in whole]
    graver = get(client(), f"{API}/calls", params={"sort": "score", "band": "critical"}).json()["items"]
    assert {item["external_id"] for item in graver} == {"S02-abuse", "S03-threat"}


def test_a_team_is_found(client, world):
    with reading(world.tools.sessions) as session:
        team = session.scalars(select(CallRow.agent_team).where(CallRow.id == world.ids["S03-threat"])).one()
    items = get(client(), f"{API}/calls", params={"team": team}).json()["items"]
    assert "S03-threat" in {item["external_id"] for item in items}
    assert {item["agent"]["team"] for item in items} == {team}


@pytest.mark.parametrize(
    "query",
    [
        {"band": "awful"},
        {"state": "x"},
        {"limit": 0},
        {"limit": 201},
        {"limit": "a"},
        {"since": "0.5"},  # seconds or milliseconds of whatever era
        {"until": "1767225600"},
        {"since": "2026-06-01T02:30:00"},  # of which zone
    ],
)
def test_parameters_are_checked(client, query):
    problem(get(client(), f"{API}/calls", params=query), 422, "request.invalid")


def test_one_call_has_its_result_file(client, world):
    body = get(client(), f"{API}/calls/{world.ids['S03-threat']}").json()
    result = body["result"]
    assert list(result) == [
        "diting",
        "status",
        "reasons",
        "call",
        "transcript",
        "cues",
        "voice",
        "findings",
        "facts",
        "score",
        "ticket",
        "warning",
    ]
    assert result["score"]["total"] == body["score"]["total"]
    assert [cue["kind"] for cue in result["cues"]] == ["dead_air"]
    assert len(result["call"]["recording"]["sha256"]) == 64
    assert "threat" in {finding["category"] for finding in result["findings"]}


def test_a_call_in_progress_has_no_result_yet(client, world):
    waiting = world.ids["S08-third-party"]
    assert get(client(), f"{API}/calls/{waiting}").json()["result"] is None
    assert get(client(), f"{API}/calls/{waiting}/findings").json() == []
    problem(get(client(), f"/calls/{waiting}/report"), 409, "call.not_inspected")


def test_findings_of_one_call_and_of_all(client, world):
    one = get(client(), f"{API}/calls/{world.ids['S03-threat']}/findings").json()
    assert one
    assert {finding["call_id"] for finding in one} == {world.ids["S03-threat"]}
    every = get(client(), f"{API}/findings", params={"limit": 200}).json()["items"]
    assert [item for item in every if item["call_id"] == world.ids["S03-threat"]] == one[::-1]
    threats = get(client(), f"{API}/findings", params={"category": "threat"}).json()["items"]
    assert {item["category"] for item in threats} == {"threat"}
    signals = get(client(), f"{API}/findings", params={"kind": "signal"}).json()["items"]
    assert {item["kind"] for item in signals} <= {"signal"}
    assert set(one[0]["why"]) == {"zh", "en"}


def test_tickets(client, world):
    items = get(client(), f"{API}/tickets").json()["items"]
    by_call = {item["call_id"]: item for item in items}
    assert by_call[world.ids["S03-threat"]]["priority"] == "urgent"
    assert by_call[world.ids["S10-no-time"]]["reasons"]
    assert world.ids["S01-clean"] not in by_call
    urgent = get(client(), f"{API}/tickets", params={"priority": "urgent"}).json()["items"]
    assert {item["priority"] for item in urgent} == {"urgent"}
    assert get(client(), f"{API}/tickets", params={"state": "closed"}).json()["items"] == []


def test_warnings_and_their_workbook(client, world):
    items = get(client(), f"{API}/warnings").json()["items"]
    assert items
    assert all(item["indicators"] and set(item["advice"]) == {"zh", "en"} for item in items)
    response = get(client(), f"{API}/warnings/export.xlsx")
    assert response.headers["content-disposition"] == 'attachment; filename="ledger.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    assert sheet.max_row == len(items) + 1
    (told,) = world.audited("ledger.exported")
    assert {"format": "xlsx", "filters": {}, "masked": True}.items() <= told.details.items()


@pytest.mark.parametrize(
    "path",
    ["/calls/999", "/calls/0", "/calls/99999999999999999999", "/calls/999/findings", "/calls/999/audio"],
)
def test_a_call_that_does_not_exist(client, path):
    problem(get(client(), API + path), 404, "call.not_found")


def test_an_address_that_does_not_exist(client):
    problem(get(client(), f"{API}/nothing"), 404, "request.no_route")


def test_a_method_that_is_not_taken(client):
    async def ask():
        async with client() as http:
            return await http.delete(f"{API}/calls")

    refused = asyncio.run(ask())
    problem(refused, 405, "request.method")
    assert refused.headers["allow"] == "GET, POST, HEAD"


def test_the_number_of_questions_does_not_grow_with_the_calls(client, world):
    """A list costs the same few statements however long it is."""
    counted = []
    event.listen(world.tools.database, "before_cursor_execute", lambda *a: counted.append(a[2]))
    with reading(world.tools.sessions) as session:
        counted.clear()
        assert len(stored_calls(session)) == session.scalar(select(func.count()).select_from(CallRow))
    assert len([statement for statement in counted if statement.startswith("SELECT")]) <= 3
