"""Complaints and what is learnt from them, on the command line and over HTTP, on one installation."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from typer.testing import CliRunner

from api.cli.main import app as cli
from api.http.app import create_app
from api.http.routes.complaints import EXAMPLE
from store import migrate
from store.clock import FixedClock, SystemClock
from store.database import open_sessions, transaction
from store.errors import BadInputError, ConflictError, NotFoundError
from store.people import Person, add_person, new_token
from store.settings import Settings
from tests.api.http_client import API, TOKEN, problem

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A new installation with two people; the token of the one who takes complaints in."""
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "data"))
    url = Settings().database_url
    migrate.upgrade(url)
    with open_sessions(url) as sessions, transaction(sessions) as session:
        add_person(session, SystemClock(), Person("desk", "周客服", ("customer_service",)))
        add_person(session, SystemClock(), Person("lead", "赵总", ("control_lead",)))
        return new_token(session, SystemClock(), "desk")


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "complaint.yaml"
    path.write_text(yaml.safe_dump(EXAMPLE, allow_unicode=True), encoding="utf-8")
    return path


def run(*arguments: object) -> str:
    ended = CliRunner().invoke(cli, [*map(str, arguments)], terminal_width=200)
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended.stdout


def ask(method: str, path: str, token: str | None, **options: Any) -> httpx.Response:
    async def send() -> httpx.Response:
        application = create_app(Settings(api_token=TOKEN), clock=FixedClock(NOW))
        transport = httpx.ASGITransport(app=application)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, f"{API}/{path}", headers=headers, **options)

    return asyncio.run(send())


def test_a_complaint_is_taken_in_and_its_receipt_tells_the_limits(token: str, letter: Path) -> None:
    lines = run("complaints", "receive", letter, "--by", "desk").splitlines()

    assert lines[:4] == [
        "投诉受理回执",
        "受理编号：C-2026-000001-1",
        "致：李女士",
        "渠道：金融监管部门 12378",
    ]
    assert "首次答复：2026-09-29 09:05 (Asia/Shanghai)" in lines
    assert (
        run("complaints", "receipt", "C-2026-000001-1", "--lang", "en").splitlines()[1]
        == "Number: C-2026-000001-1"
    )


def test_the_list_masks_numbers(token: str, letter: Path) -> None:
    run("complaints", "receive", letter, "--by", "desk")

    (shown,) = json.loads(run("complaints", "list", "--json"))
    assert (shown["number"], shown["contact"], shown["claim"]) == (
        "C-2026-000001-1",
        "+86138****8000",
        "催收员多次在夜间来电",
    )
    assert "金融监管部门" in run("complaints", "list")
    assert json.loads(run("complaints", "list", "--case", 99, "--json")) == []


def test_evidence_is_gathered_again(token: str, letter: Path) -> None:
    run("complaints", "receive", letter, "--by", "desk")

    assert run("complaints", "gather", 1, "--by", "desk") == "C-2026-000001：已保全 0 通录音。\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [("- a list", "complaint.file"), ("{", "complaint.file"), ("channel: regulator", "complaint.document")],
)
def test_a_wrong_file_is_refused(token: str, letter: Path, content: str, code: str) -> None:
    letter.write_text(content, encoding="utf-8")
    with pytest.raises(BadInputError) as refused:
        run("complaints", "receive", letter, "--by", "desk")
    assert refused.value.code == code


def test_nobody_acts_who_is_not_there(token: str, letter: Path) -> None:
    with pytest.raises(NotFoundError) as refused:
        run("complaints", "receive", letter, "--by", "nobody")
    assert refused.value.code == "people.unknown"


def test_the_same_over_http(token: str) -> None:
    taken = ask("POST", "complaints", token, json=EXAMPLE, params={"lang": "en"})
    assert taken.status_code == 201
    assert taken.json()["complaint"]["number"] == "C-2026-000001-1"
    assert taken.json()["complaint"]["received_by"] == "desk"
    assert taken.json()["receipt"].startswith("Acknowledgement of your complaint\nNumber: C-2026-000001-1\n")

    again = ask("POST", "complaints", token, json=EXAMPLE)
    assert again.json()["complaint"] == taken.json()["complaint"]
    assert [one["number"] for one in ask("GET", "complaints", token).json()["items"]] == ["C-2026-000001-1"]
    assert ask("GET", "complaints/C-2026-000001-1", token).json()["complaint"] == taken.json()["complaint"]


def test_what_is_refused_over_http(token: str) -> None:
    problem(ask("POST", "complaints", TOKEN, json=EXAMPLE), 403, "auth.person")
    problem(ask("POST", "complaints", None, json=EXAMPLE), 401, "auth.required")
    wrong = problem(
        ask("POST", "complaints", token, json=EXAMPLE | {"arrived_at": "gestern"}), 422, "complaint.document"
    )
    assert wrong["where"] == "arrived_at"
    problem(
        ask("POST", "complaints", token, json=EXAMPLE | {"arrived_at": "2026-12-01T00:00:00Z"}),
        422,
        "complaint.future",
    )
    ask("POST", "complaints", token, json=EXAMPLE)
    problem(ask("POST", "complaints", token, json=EXAMPLE | {"claim": "别的"}), 409, "complaint.differs")
    problem(ask("GET", "complaints/C-1", token), 404, "complaint.unknown")


def test_what_is_on_record_under_a_number_is_named_to_who_sees_it(token: str) -> None:
    with open_sessions(Settings().database_url) as sessions, transaction(sessions) as session:
        add_person(session, SystemClock(), Person("far", "远", ("customer_service",), "T9"))
        far = new_token(session, SystemClock(), "far")
    ask("POST", "complaints", token, json=EXAMPLE)
    other = EXAMPLE | {"claim": "别的"}
    seen = problem(ask("POST", "complaints", token, json=other), 409, "complaint.differs")
    assert "C-2026-000001-1" in json.dumps(seen)
    unseen = problem(ask("POST", "complaints", far, json=other), 409, "complaint.differs")
    assert "C-2026" not in json.dumps(unseen)
    problem(ask("GET", "complaints/C-2026-000001-1", far), 404, "complaint.unknown")


def test_a_month_on_the_command_line_and_over_http(token: str, letter: Path) -> None:
    run("complaints", "receive", letter, "--by", "desk")

    shown = json.loads(run("learning", "monthly", "2026-09", "--json"))
    assert (shown["month"], shown["complaints"], shown["closed"]) == ("2026-09", 1, 0)
    assert shown["one_time"] == {"part": 0, "whole": 0, "share": None}
    assert [one["why"] for one in shown["conversion"]["missed"]] == ["no_calls"]
    assert ask("GET", "learning/months/2026-09", token).json() == shown
    table = run("learning", "monthly", "2026-09")
    assert "一次解决率" in table
    assert "未预警的投诉 C-2026-000001：无通话记录" in table
    problem(ask("GET", "learning/months/2026-9", token), 422, "learning.month")


def test_groups_are_shown(token: str, letter: Path) -> None:
    for number in range(3):
        change = {"external_number": f"N{number}", "debtor": {"customer_id": f"C{number}"}}
        assert ask("POST", "complaints", token, json=EXAMPLE | change).status_code == 201

    (group,) = ask("GET", "learning/groups", token).json()["items"]
    assert (group["debtors"], group["because"], group["client"]) == (3, ["collector"], "中国联通")
    assert json.loads(run("learning", "groups", "--days", 3650, "--json")) == [group]
    assert run("learning", "groups", "--days", 3650, "--least", 4) == "0 组。\n"


def test_an_open_case_does_not_go_into_the_library(token: str, letter: Path) -> None:
    run("complaints", "receive", letter, "--by", "desk")

    with pytest.raises(ConflictError) as refused:
        run("learning", "library", "publish", 1, "--by", "lead")
    assert refused.value.code == "library.open"
    problem(ask("POST", "learning/library/1", token), 403, "auth.role")
    assert run("learning", "library", "search", "夜间") == "0 个案例。\n"
    assert ask("GET", "learning/library", token, params={"word": "夜间"}).json() == {"items": []}
