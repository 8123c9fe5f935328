"""Deadlines and calendars on the command line and over HTTP."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from typer.testing import CliRunner

from api.cli.deadlines import read_span
from api.cli.main import app
from api.deadlines import CALENDAR_EXAMPLE, EXAMPLE, CalendarOut, DeadlineOut
from api.http.app import create_app
from complaint_warnings.cases.opening import Opening, open_case
from store import migrate
from store.clock import FixedClock, SystemClock
from store.database import open_sessions, transaction
from store.errors import BadInputError
from store.people import SYSTEM, Person, add_person
from store.settings import Settings
from tests.api.http_client import API, get, problem

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with two open cases: one opened three hours ago and high, one opened just now."""
    folder = tmp_path / "var"
    monkeypatch.setenv("DITING_DATA_DIR", str(folder))
    migrate.upgrade(f"sqlite:///{folder / 'diting.db'}")
    now = SystemClock().now()
    with open_sessions(f"sqlite:///{folder / 'diting.db'}") as sessions:
        for number, (age, level) in enumerate(((3, "high"), (0, "medium")), 1):
            with transaction(sessions) as session:
                clock = FixedClock(now - timedelta(hours=age))
                if number == 1:
                    add_person(session, clock, Person("lead", "负责人", ("control_lead",)))
                opening = Opening("warning", f"customer:C{number}", level, "call", {})  # type: ignore[arg-type]
                open_case(session, clock, opening=opening, actor=SYSTEM)
    return folder


def run(*arguments: str, code: int = 0) -> str:
    ended = CliRunner().invoke(app, ["deadlines", *arguments], catch_exceptions=False)
    assert ended.exit_code == code
    return ended.stdout


def test_what_is_awaited_comes_most_urgent_first(home: Path):
    found = json.loads(run("list", "--json"))
    assert found[0]["case_id"] == 1
    assert (found[0]["clock"], found[0]["standing"], found[0]["level"]) == ("start", "overdue", "high")
    assert {each["clock"] for each in found} == {"start", "review", "settle"}
    assert [each["due_at"] for each in found] == sorted(each["due_at"] for each in found)
    assert len(json.loads(run("list", "--json", "--limit", "2"))) == 2


def test_only_what_is_overdue_or_due_soon(home: Path):
    assert [each["clock"] for each in json.loads(run("list", "--json", "--breached"))] == ["start"]
    assert [each["clock"] for each in json.loads(run("list", "--json", "--within", "1h"))] == ["start"]


def test_the_table_says_it_in_words(home: Path):
    number = f"W-{datetime.now(SHANGHAI).year}-000001"
    said = run("list", "--breached")
    assert number in said
    assert "立即启动" in said
    assert "已超时" in said
    assert "1 个时限。" in said
    assert "start at once" in run("list", "--breached", "--lang", "en")
    shown = run("show", number)
    assert "立即启动：高等级预警立即启动处理；自" in shown
    assert "起2小时（昼夜连续计算）。" in shown


def test_saying_it_now_says_it_once(home: Path):
    assert run("tick", "--lang", "en") == "2 things were said.\n", "the breach, and one step up the line"
    assert run("tick", "--lang", "en") == "0 things were said.\n"
    assert json.loads(run("show", "1", "--json"))[0]["breached_at"] is not None


def test_the_calendar_of_a_year():
    shown = json.loads(run("calendar", "2026", "--json"))
    assert shown["working_days"] == 248
    assert [day["date"] for day in shown["exceptions"] if day["working"]] == [
        "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
    ]  # fmt: skip
    table = run("calendar", "2026")
    assert "2026-10-10  六  上班  国庆节" in table
    assert "2026 年共 248 个工作日。" in table
    assert "2026-11-26  Thu  off  Thanksgiving Day" in run(
        "calendar", "2026", "--country", "us", "--lang", "en"
    )


def test_a_year_nobody_announced_is_refused():
    ended = CliRunner().invoke(app, ["deadlines", "calendar", "2099"])
    assert isinstance(ended.exception, BadInputError)
    assert ended.exception.code == "calendar.no_data"


@pytest.mark.parametrize(
    ("text", "span"),
    [("90m", timedelta(minutes=90)), ("24h", timedelta(hours=24)), ("3d", timedelta(days=3))],
)
def test_spans_of_time(text: str, span: timedelta):
    assert read_span(text) == span


@pytest.mark.parametrize("text", ["", "24", "h", "-3d", "3 d", "0h", "1.5h", "9999999h"])
def test_what_is_no_span_is_refused(text: str):
    with pytest.raises(BadInputError) as refused:
        read_span(text)
    assert refused.value.code == "cli.span"


@pytest.fixture
def client(home: Path) -> httpx.AsyncClient:
    application = create_app(Settings(data_dir=home))
    return httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://127.0.0.1")


def test_the_api_answers_the_same(client: httpx.AsyncClient):
    overdue = get(client, f"{API}/deadlines", params={"breached": True}).json()["items"]
    assert [(each["case_id"], each["clock"]) for each in overdue] == [(1, "start")]


def test_the_deadlines_of_one_case(client: httpx.AsyncClient):
    items = get(client, f"{API}/cases/2/deadlines").json()["items"]
    assert [(each["clock"], each["standing"]) for each in items] == [
        ("review", "running"),
        ("settle", "running"),
    ]
    assert items[1]["why"]["en"].startswith("settled: general matters are settled within 3 working days;")


def test_a_case_that_is_not_there(client: httpx.AsyncClient):
    problem(get(client, f"{API}/cases/99/deadlines"), 404, "case.unknown")


def test_the_calendar_over_http(client: httpx.AsyncClient):
    assert get(client, f"{API}/calendars/CN/2026").json()["working_days"] == 248


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("CN/2099", 422, "calendar.no_data"),
        ("XX/2026", 404, "calendar.unknown"),
        ("china/2026", 422, "request.invalid"),
    ],
)
def test_a_calendar_that_is_not_known(client: httpx.AsyncClient, path: str, status: int, code: str):
    problem(get(client, f"{API}/calendars/{path}"), status, code)


@pytest.mark.parametrize("query", ["within_hours=0", "limit=1001", "breached=perhaps"])
def test_a_wrong_question_is_refused(client: httpx.AsyncClient, query: str):
    assert get(client, f"{API}/deadlines?{query}").status_code == 422


def test_examples_are_true_to_the_schemas():
    assert DeadlineOut.model_validate(EXAMPLE).model_dump(mode="json") == EXAMPLE
    assert CalendarOut.model_validate(CALENDAR_EXAMPLE).model_dump(mode="json") == CALENDAR_EXAMPLE


def test_the_page_names_every_clock_with_its_time():
    text = (Path(__file__).parents[2] / "docs" / "deadlines.md").read_text(encoding="utf-8")
    for name in ("start", "review", "first_answer", "settle", "regulator", "tell_result", "second_callback"):
        assert f"| `{name}` " in text


def test_moments_are_utc_in_json(home: Path):
    (first, *_) = json.loads(run("list", "--json"))
    assert datetime.fromisoformat(first["due_at"]).tzinfo == UTC
