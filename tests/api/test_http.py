"""The API over a real database with real calls in it."""

import asyncio
import io

import openpyxl
import pytest
from sqlalchemy import event, func, select, text

from api.http import examples, schemas
from api.http.app import create_app
from api.http.paging import encode
from api.http.playback import parse_range
from api.http.problems import BadRequest
from api.stored import stored_calls
from ingest.models import CallRow
from store.database import make_engine, reading
from store.settings import Settings

TOKEN = "4f0c2a9d7be14c55a1d3e8f7c6b5a490"
API = "/api/v1"


def get(client, path, **options):
    """One request in an event loop of its own."""

    async def ask():
        async with client:
            return await client.get(path, **options)

    return asyncio.run(ask())


def problem(response, status, code):
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert (body["code"], body["status"], body["type"]) == (code, status, f"urn:diting:problem:{code}")
    return body


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
        "/",
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


def test_a_team_is_found(client, world):
    with reading(world.tools.sessions) as session:
        team = session.scalars(select(CallRow.agent_team).where(CallRow.id == world.ids["S03-threat"])).one()
    items = get(client(), f"{API}/calls", params={"team": team}).json()["items"]
    assert "S03-threat" in {item["external_id"] for item in items}
    assert {item["agent"]["team"] for item in items} == {team}


@pytest.mark.parametrize(
    "query", [{"band": "awful"}, {"state": "x"}, {"limit": 0}, {"limit": 201}, {"limit": "a"}]
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
    assert [entry.details for entry in world.audited("ledger.exported")] == [{"warnings": len(items)}]


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

    problem(asyncio.run(ask()), 405, "request.method")


def test_the_recording_is_played_whole_and_in_parts_and_every_time_on_record(client, world):
    name = "S03-threat"
    path = f"{API}/calls/{world.ids[name]}/audio"
    with reading(world.tools.sessions) as session:
        sha256 = session.get_one(CallRow, world.ids[name]).recording_sha256
    original = world.tools.recordings.read(sha256)

    whole = get(client(), path)
    assert (whole.status_code, whole.content) == (200, original)
    assert whole.headers["content-type"] == "audio/ogg"
    assert whole.headers["accept-ranges"] == "bytes"

    part = get(client(), path, headers={"Range": "bytes=100-299"})
    assert (part.status_code, part.content) == (206, original[100:300])
    assert part.headers["content-range"] == f"bytes 100-299/{len(original)}"

    tail = get(client(), path, headers={"Range": "bytes=-50"})
    assert tail.content == original[-50:]

    entries = world.audited("recording.played")
    assert [entry.details["part"] for entry in entries][:2] == ["all", f"bytes 100-299/{len(original)}"]
    assert {entry.actor for entry in entries} == {"api:local"}
    assert {entry.details["sha256"] for entry in entries} == {sha256}


def test_a_part_outside_the_recording(client, world):
    path = f"{API}/calls/{world.ids['S03-threat']}/audio"
    problem(get(client(), path, headers={"Range": "bytes=999999999-"}), 416, "request.range")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=0-", (0, 99)),
        ("bytes=10-19", (10, 19)),
        ("bytes=90-500", (90, 99)),
        ("bytes=-30", (70, 99)),
        ("bytes=-500", (0, 99)),
        ("bytes=-", None),
        ("items=0-1", None),
        ("bytes=0-1,5-6", None),
        ("nonsense", None),
    ],
)
def test_ranges(header, expected):
    assert parse_range(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=-0", "bytes=20-10"])
def test_ranges_that_cannot_be_met(header):
    with pytest.raises(BadRequest) as caught:
        parse_range(header, 100)
    assert caught.value.code == "request.range"


def test_with_a_token_nobody_else_gets_in(client, world):
    for path in ("calls", "calls/1", "calls/1/findings", "calls/1/audio", "findings", "tickets", "warnings"):
        response = get(client(api_token=TOKEN), f"{API}/{path}")
        problem(response, 401, "auth.required")
        assert response.headers["www-authenticate"] == "Bearer"
    wrong = get(client(api_token=TOKEN), f"{API}/calls", headers={"Authorization": "Bearer no"})
    problem(wrong, 401, "auth.wrong")
    right = get(client(api_token=TOKEN), f"{API}/calls", headers={"Authorization": f"Bearer {TOKEN}"})
    assert right.status_code == 200
    assert world.audited("recording.played") == []


def test_without_a_token_only_this_machine_s_names_are_answered(client):
    assert get(client("http://attacker.example"), f"{API}/calls").status_code == 400
    assert get(client("http://localhost:8400"), f"{API}/calls").status_code == 200


def test_health_needs_no_token_and_names_what_is_wrong(client, world):
    response = get(client(api_token=TOKEN), "/healthz")
    assert response.status_code == 200
    assert response.json()["database"] == "ok"
    broken = get(client(model="/no/such/model"), "/healthz")
    assert broken.status_code == 503
    assert broken.json()["model"] == "there is no such model folder [model.missing]"


def test_health_notices_a_database_of_another_version(client, sqlite_url):
    engine = make_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'elsewhere'"))
    engine.dispose()
    response = get(client(database_url=sqlite_url), "/healthz")
    assert response.status_code == 503
    assert "diting db upgrade" in response.json()["database"]


def test_every_answer_carries_the_security_headers(client):
    for path in (f"{API}/calls", f"{API}/calls/999", "/healthz", "/"):
        headers = get(client(), path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]


def test_an_unexpected_error_tells_nothing(client, world, monkeypatch):
    def broken(*_args, **_options):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("api.http.routes.calls.stored_calls", broken)
    response = get(client(), f"{API}/calls")
    problem(response, 500, "server.unexpected")
    assert "secret" not in response.text


def test_engines_are_shown_with_what_they_lack(client):
    body = get(client(), f"{API}/engines").json()
    engines = {item["name"]: item for item in body["items"]}
    assert sorted(engines) == ["faster-whisper", "openai-server", "sherpa-onnx"]
    whisper = engines["faster-whisper"]
    assert (whisper["chosen"], whisper["usable"], whisper["problem"]) == (True, True, None)
    assert engines["sherpa-onnx"]["problem"] == examples.ENGINE["problem"]


def test_engines_are_shown_to_readers_only_and_without_keys(client):
    key = "sk-4f0c2a9d7be14c55a1d3e8f7"
    settings = {"engine": "openai-server", "engine_url": "http://127.0.0.1:9/v1", "engine_api_key": key}
    problem(get(client(api_token=TOKEN, **settings), f"{API}/engines"), 401, "auth.required")
    shown = get(
        client(api_token=TOKEN, **settings), f"{API}/engines", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    assert shown.status_code == 200
    assert key not in shown.text


def test_every_operation_is_described_with_summary_and_example(tmp_path):
    spec = create_app(Settings(data_dir=tmp_path)).openapi()
    assert spec["openapi"].startswith("3.1")
    for path, methods in spec["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            answer = next(iter(operation["responses"]["200"]["content"].values()))
            schema = answer.get("schema", {})
            named = spec["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], {})
            assert "example" in answer or named.get("examples"), path


def test_errors_and_the_token_are_described_as_they_are(tmp_path):
    spec = create_app(Settings(data_dir=tmp_path)).openapi()
    for path, methods in spec["paths"].items():
        for operation in methods.values():
            needs_token = path.startswith(API)
            assert operation.get("security") == ([{"token": []}] if needs_token else None), path
            if needs_token:
                for status in ("401", "404", "422"):
                    assert list(operation["responses"][status]["content"]) == ["application/problem+json"], (
                        path
                    )


def test_examples_are_true_to_the_schemas(client):
    """What the description shows is what the models accept."""
    for model, example in (
        (schemas.CallOut, examples.CALL),
        (schemas.CallDetail, examples.CALL_DETAIL),
        (schemas.FindingOut, examples.FINDING),
        (schemas.TicketOut, examples.TICKET),
        (schemas.WarningOut, examples.WARNING),
        (schemas.Health, examples.HEALTH),
    ):
        assert model.model_validate(example).model_dump(mode="json") == example, model


def test_the_number_of_questions_does_not_grow_with_the_calls(client, world):
    """A list costs the same few statements however long it is."""
    counted = []
    event.listen(world.tools.database, "before_cursor_execute", lambda *a: counted.append(a[2]))
    with reading(world.tools.sessions) as session:
        counted.clear()
        assert len(stored_calls(session)) == session.scalar(select(func.count()).select_from(CallRow))
    assert len([statement for statement in counted if statement.startswith("SELECT")]) <= 3
