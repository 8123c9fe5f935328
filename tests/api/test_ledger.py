"""The ledger on the command line and over HTTP, on one installation."""

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from starlette.types import Message

from api.sources import REPORT_EXAMPLE
from complaint_warnings.scoring.weights import default_weights
from complaint_warnings.sources import service
from complaint_warnings.sources.documents import Report, parse
from store.clock import FixedClock
from store.database import open_sessions, transaction
from store.errors import BadInputError, NotFoundError
from store.people import Person, find_actor
from store.settings import Settings
from tests.api.http_client import API, TOKEN, problem
from tests.api.installed import NOW, application, ask, audited, ended, install, run

LINES = 5


@pytest.fixture
def tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Five lines, of which the names, amounts and times differ; one name looks like a formula."""
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "data"))
    tokens = install(
        Person("li", "李客服", ("customer_service",)),
        Person("wang", "王催收", ("collector",)),
        Person("audit", "审计", ("auditor",)),
    )
    reports = [
        REPORT_EXAMPLE
        | {
            "external_id": f"R-{number}",
            "debtor": {"customer_id": f"C{number}"},
            "name": "=1+1" if number == 4 else f"客户{number}",
            "contact": f"1380013800{number}",
            "amount_due": f"{number + 1}00.00",
            "team": "T1" if number < 2 else "T2",
            "happened_at": f"2026-03-0{number + 1}T11:30:00+08:00",
        }
        for number in range(LINES)
    ]
    clock, weights = FixedClock(NOW), default_weights()
    with open_sessions(Settings().database_url) as sessions:
        for each in reports:
            with transaction(sessions) as session:
                li, document = find_actor(session, "li"), parse(Report, each, "report")
                service.report(session, clock, document, actor=li, weights=weights)
    return tokens


def numbers(page: dict[str, Any]) -> list[str]:
    return [each["number"] for each in page["items"]]


def number(last: int) -> str:
    return f"W-2026-{last:06d}"


def test_a_list_masks_numbers(tokens: dict[str, str]) -> None:
    listed = run("ledger", "list", "--sort", "time", "--ascending")
    assert listed.endswith("5 条。\n")
    assert "客**" in listed
    page = json.loads(run("ledger", "list", "--sort", "time", "--ascending", "--json"))
    assert (numbers(page), page["next"]) == ([number(each) for each in range(1, 6)], None)
    assert page["items"][0]["contact"] == "138****8000"
    assert page == ask("GET", "ledger", TOKEN, params={"sort": "time", "order": "asc"}).json()


def test_pages_to_the_end_by_the_command_line_and_over_http(tokens: dict[str, str]) -> None:
    seen, cursor = [], None
    while True:
        further = ["--cursor", cursor] if cursor else []
        page = json.loads(run("ledger", "list", "--sort", "amount", "--limit", 2, "--json", *further))
        assert (
            page
            == ask(
                "GET",
                "ledger",
                TOKEN,
                params={"sort": "amount", "limit": 2} | ({"cursor": cursor} if cursor else {}),
            ).json()
        )
        seen.append([each["amount"] for each in page["items"]])
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [["500.00", "400.00"], ["300.00", "200.00"], ["100.00"]]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (["team=T1"], [2, 1]),
        (["team=T1", "team=T2", "name=客户3"], [4]),
        (["since=2026-03-04T00:00:00+08:00"], [5, 4]),
        (["until=2026-03-02T00:00:00+08:00"], [1]),
        (["number=W-2026-000003"], [3]),
        (["contact=8002"], [3]),
        (["source=report", "open=yes", "reporter=li", "overdue=no"], [5, 4, 3, 2, 1]),
        (["state=closed"], []),
    ],
)
def test_filters(tokens: dict[str, str], where: list[str], found: list[int]) -> None:
    options = [part for each in where for part in ("--where", each)]
    expected = [number(each) for each in found]
    assert numbers(json.loads(run("ledger", "list", "--sort", "number", "--json", *options))) == expected
    asked = [("sort", "number"), *(tuple(each.split("=", 1)) for each in where)]
    assert numbers(ask("GET", "ledger", TOKEN, params=asked).json()) == expected


def test_one_line(tokens: dict[str, str]) -> None:
    line = json.loads(run("ledger", "show", number(2), "--json"))
    assert (line["debtor"], line["contact"], line["amount"]) == ("客**", "138****8001", "200.00")
    assert ask("GET", f"ledger/{number(2)}", tokens["audit"]).json() == line
    assert json.loads(run("ledger", "show", 2, "--json")) == line
    assert "13800138001" not in run("ledger", "show", 2)
    assert "13800138001" in run("ledger", "show", 2, "--unmasked")


def test_a_month_is_summed_up(tokens: dict[str, str]) -> None:
    # The cases were opened at the moment of the test's API, in November.
    months = json.loads(run("ledger", "summary", "--from", "2026-10", "--to", "2026-11", "--json"))["months"]
    assert [(each["month"], each["carried_in"], each["opened"], each["carried_out"]) for each in months] == [
        ("2026-10", 0, 0, 0),
        ("2026-11", 0, 5, 5),
    ]
    assert months[1]["shares"]["team"] == {"T2": 3, "T1": 2}
    asked = ask("GET", "ledger/summary", TOKEN, params={"first": "2026-10", "last": "2026-11"}).json()
    assert asked["months"] == months
    assert "2026-11" in run("ledger", "summary", "--from", "2026-11", "--to", "2026-11")
    [one] = ask(
        "GET", "ledger/summary", TOKEN, params={"first": "2026-11", "last": "2026-11", "team": "T1"}
    ).json()["months"]
    assert one["opened"] == 2


def test_exports_are_put_on_record(tokens: dict[str, str], tmp_path: Path) -> None:
    assert run("ledger", "export", tmp_path / "l.csv", "--where", "name=客户", "--unmasked").startswith(
        "4 条"
    )
    assert run("ledger", "export", tmp_path / "l.xlsx", "--explain").startswith("5 条")
    assert run("warnings", "export", tmp_path / "all.xlsx").startswith("5 warnings")
    assert ask("GET", "ledger/export.csv", tokens["audit"], params={"team": "T1"}).status_code == 200
    assert ask("GET", "ledger/export.xlsx", TOKEN).status_code == 200
    entries = audited("ledger.exported")
    exports = [details.pop("export") for _, details in entries]
    assert exports[0] in (tmp_path / "l.csv").read_text(encoding="utf-8-sig").splitlines()[-1]
    assert exports[1] in load_workbook(tmp_path / "l.xlsx").properties.description
    assert {details.pop("masked") for _, details in entries} == {True, False}
    assert all((details.pop("view"), details.pop("reason"))[1] is None for _, details in entries)
    assert entries == [
        ("cli", {"format": "csv", "filters": {"name": "…"}, "unmasked": True}),
        ("cli", {"format": "xlsx", "filters": {}, "unmasked": False}),
        ("cli", {"format": "xlsx", "filters": {}, "unmasked": False}),
        ("api:audit", {"format": "csv", "filters": {"teams": ["T1"]}, "unmasked": False}),
        ("api:token", {"format": "xlsx", "filters": {}, "unmasked": False}),
    ]
    assert "13800138001" in (tmp_path / "l.csv").read_text(encoding="utf-8-sig")
    sheet = load_workbook(tmp_path / "l.xlsx", read_only=True).worksheets[0]
    written = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert len(written) >= LINES + 1
    assert "13800138001" not in str(written)


def test_csv_is_sent_while_it_is_read(tokens: dict[str, str]) -> None:
    sent: list[Message] = []

    async def fetch() -> None:
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": f"{API}/ledger/export.csv", "raw_path": b"", "root_path": "",
            "query_string": b"sort=number&order=asc", "server": ("localhost", 80), "client": ("127.0.0.1", 1),
            "headers": [(b"host", b"localhost"), (b"authorization", f"Bearer {TOKEN}".encode())],
        }  # fmt: skip
        asked = False

        async def receive() -> Message:
            nonlocal asked
            if asked:
                await asyncio.Event().wait()
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await application()(scope, receive, send)

    asyncio.run(fetch())
    start, *bodies = sent
    assert start["status"] == 200
    assert b"content-length" not in dict(start["headers"])
    pieces = [body["body"] for body in bodies if body["body"]]
    assert len(pieces) == 3  # the headings go before the first line was read, the mark of the export last
    *rows, mark = list(csv.DictReader(io.StringIO(b"".join(pieces).decode("utf-8-sig"))))
    assert [row["编号 No."] for row in rows] == [number(each) for each in range(1, 6)]
    assert mark["编号 No."].startswith("导出 Export EX-")
    assert rows[4]["债务人 Debtor"] == "'=***"
    assert rows[0]["联系方式 Contact"] == "138****8000"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("list", "--where", "levl=high"), "ledger.filter"),
        (("list", "--where", "since=yesterday"), "ledger.filter"),
        (("list", "--where", "open=maybe"), "ledger.filter"),
        (("list", "--sort", "colour"), "ledger.sort"),
        (("list", "--cursor", "?"), "ledger.cursor"),
        (("summary", "--from", "2026"), "ledger.month"),
        (("export", "ledger.pdf"), "ledger.format"),
    ],
)
def test_what_is_refused(tokens: dict[str, str], arguments: tuple[str, ...], code: str) -> None:
    with pytest.raises(BadInputError) as refused:
        run("ledger", *arguments)
    assert refused.value.code == code
    assert audited("ledger.exported") == []


def test_what_is_refused_over_http(tokens: dict[str, str]) -> None:
    problem(ask("GET", "ledger", None), 401, "auth.required")
    for path in (
        "ledger",
        "ledger/export.csv",
        "ledger/export.xlsx",
        "ledger/summary",
        f"ledger/{number(1)}",
    ):
        problem(ask("GET", path, tokens["wang"]), 403, "auth.role")
    problem(ask("GET", "ledger", TOKEN, params={"sort": "colour"}), 422, "ledger.sort")
    problem(ask("GET", "ledger/export.csv", TOKEN, params={"sort": "colour"}), 422, "ledger.sort")
    problem(ask("GET", "ledger", TOKEN, params={"cursor": "?"}), 422, "ledger.cursor")
    by_number = ask("GET", "ledger", TOKEN, params={"sort": "number", "limit": 1}).json()["next"]
    problem(ask("GET", "ledger", TOKEN, params={"sort": "time", "cursor": by_number}), 422, "ledger.cursor")
    problem(ask("GET", "ledger/W-2026-999999", TOKEN), 404, "case.unknown")
    assert audited("ledger.exported") == []
    with pytest.raises(NotFoundError) as unknown:
        run("ledger", "show", "W-2026-999999")
    assert unknown.value.code == "case.unknown"


def test_verification_names_what_was_altered(tokens: dict[str, str]) -> None:
    whole = ended("ledger", "verify")
    assert (whole.exit_code, whole.stderr) == (0, "台账与审计链一致。\n")
    with open_sessions(Settings().database_url) as sessions, transaction(sessions) as session:
        session.execute(text("UPDATE complaint_warning SET level = 'low', score = 1 WHERE id = 2"))
    broken = ended("ledger", "verify", "--lang", "en")
    assert broken.exit_code == 1
    assert broken.stderr == (
        "row 2 of complaint_warning is not as written [ledger.altered]\n1 do not hold.\n"
    )
    told = json.loads(ended("ledger", "verify", "--json").stdout)
    assert told["chain"] == []
    assert [(each["table"], each["id"], each["kind"]) for each in told["rows"]] == [
        ("complaint_warning", 2, "altered")
    ]
