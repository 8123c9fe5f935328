"""Reports, public posts and monitors on the command line and over HTTP, on one installation."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.sources import OPINION_EXAMPLE, REPORT_EXAMPLE
from store.errors import BadInputError, ConflictError, NotFoundError
from store.people import Person
from tests.api.http_client import TOKEN, problem
from tests.api.installed import ask, audited, ended, install, run

POSTS = """platform,link,posted_at,author,text,customer_id
微博,https://example.org/1,2026-03-05T10:00:00+08:00,@a,"=HYPERLINK(""http://x"")",C1
微博,https://example.org/2,2026-03-05 10:00,@b,没有时区,C1
知乎,javascript:alert(1),,@c,与我方有关？,
"""


@pytest.fixture
def tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "data"))
    return install(
        Person("li", "李客服", ("customer_service",)),
        Person("wang", "王催收", ("collector",)),
        Person("audit", "审计", ("auditor",)),
        Person("lin", "林主任", ("control_lead",)),
    )


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    path = tmp_path / "posts.csv"
    path.write_text(POSTS, encoding="utf-8")
    return path


def report_file(folder: Path, **changed: Any) -> Path:
    path = folder / "report.yaml"
    path.write_text(yaml.safe_dump(REPORT_EXAMPLE | changed, allow_unicode=True), encoding="utf-8")
    return path


def test_a_report_by_file_and_again(tokens: dict[str, str], tmp_path: Path) -> None:
    file = report_file(tmp_path)
    assert run("warnings", "report", "--by", "li", "--file", file) == "report:R-12 已报备，预警 1。\n"
    assert run("warnings", "report", "--by", "li", "--file", file, "--lang", "en") == (
        "report:R-12 is reported (received before), warning 1.\n"
    )
    with pytest.raises(ConflictError) as refused:
        run("warnings", "report", "--by", "li", "--file", file, "--set", "words=别的")
    assert refused.value.code == "item.changed"
    assert [actor for actor, _ in audited("item.received")] == ["li"]


def test_a_report_by_fields_masks_numbers(tokens: dict[str, str]) -> None:
    told = json.loads(
        run(
            "warnings", "report", "--by", "li", "--json", "--doubt", "amount", "--doubt", "attitude",
            "--oral", "--set", "reporter=wang", "--set", "debtor.number=+8613800138000", "--set",
            "contact=13900139000",
            "--set", "words=客户不认可金额", "--set", "happened_at=2026-03-05T11:30:00+08:00",
        )
    )  # fmt: skip
    item = told["item"]
    assert (told["created"], item["kind"], item["reporter"], item["received_by"]) == (
        True, "amount", "wang", "li",
    )  # fmt: skip
    assert item["document"]["contact"] == "139****9000"
    assert item["document"]["debtor"]["number"] == "+86138****8000"
    assert item["debtor_key"] == "number:+86138****8000"
    assert "13800138000" not in run("warnings", "items")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--set", "words"), "item.document"),
        (("--set", "doubts=[]"), "item.document"),
        (("--set", "happened_at=2026-03-05 11:30"), "item.document"),
        (("--set", "unknown=1"), "item.document"),
        (("--set", "reporter=wang"), "item.not_oral"),
        (("--set", "call=central/none"), "item.call_unknown"),
    ],
)
def test_a_wrong_report_is_refused(
    tokens: dict[str, str], tmp_path: Path, more: tuple[str, ...], code: str
) -> None:
    with pytest.raises((BadInputError, NotFoundError)) as refused:
        run("warnings", "report", "--by", "li", "--file", report_file(tmp_path), *more)
    assert refused.value.code == code
    assert json.loads(run("warnings", "items", "--json")) == []


def test_files_that_are_no_reports(tokens: dict[str, str], tmp_path: Path) -> None:
    for name, content in (("a", b"- a list"), ("b", b"{"), ("c", b"\xff\xfe")):
        (tmp_path / name).write_bytes(content)
    for name in ("a", "b", "c", "absent"):
        with pytest.raises(BadInputError) as refused:
            run("warnings", "report", "--by", "li", "--file", tmp_path / name)
        assert refused.value.code == "item.document"


def test_who_may_not(tokens: dict[str, str], tmp_path: Path, posts: Path) -> None:
    file = report_file(tmp_path, reporter="audit")
    for arguments in (
        ("report", "--by", "audit", "--file", file),
        ("opinion", posts, "--by", "audit"),
        ("match", 1, "--by", "wang", "--customer", "C1"),
        ("set-aside", 1, "--by", "wang", "--reason", "无关"),
    ):
        with pytest.raises(ConflictError) as refused:
            run("warnings", *arguments)
        assert refused.value.code == "item.role"
    with pytest.raises(NotFoundError) as unknown:
        run("warnings", "opinion", posts, "--by", "nobody")
    assert unknown.value.code == "people.unknown"


def test_posts_from_a_file_bad_lines_by_themselves(
    tokens: dict[str, str], tmp_path: Path, posts: Path
) -> None:
    run("warnings", "report", "--by", "li", "--file", report_file(tmp_path))
    first = ended("warnings", "opinion", posts, "--by", "li")
    assert first.exit_code == 2
    assert first.stdout == "新增 2 条，已有 0 条，待匹配 1 条，拒收 1 行。\n"
    assert f"{posts}:3 posted_at: the time says no zone" in first.stderr.replace("\n", "")

    again = ended("warnings", "opinion", posts, "--by", "li", "--json")
    told = json.loads(again.stdout)
    assert (told["new"], told["known"], told["unmatched"]) == (0, 2, 1)
    assert [(each["line"], each["field"]) for each in told["refused"]] == [(3, "posted_at")]
    texts = [each["document"]["text"] for each in json.loads(run("warnings", "items", "--json"))[:2]]
    assert texts == ["与我方有关？", '=HYPERLINK("http://x")']
    with pytest.raises(BadInputError) as refused:
        run("warnings", "opinion", tmp_path / "absent.csv", "--by", "li")
    assert refused.value.code == "posts_file.unreadable"


def test_unmatched_items_are_decided_by_people(tokens: dict[str, str], tmp_path: Path) -> None:
    run("warnings", "report", "--by", "li", "--file", report_file(tmp_path))
    posts = tmp_path / "posts.csv"
    posts.write_text("platform,text\n微博,甲\n微博,乙\n", encoding="utf-8")
    assert run("warnings", "opinion", posts, "--by", "wang").startswith("新增 2 条")

    unmatched = json.loads(run("warnings", "items", "--state", "unmatched", "--json"))
    assert [each["id"] for each in unmatched] == [3, 2]
    with pytest.raises(NotFoundError) as unknown:
        run("warnings", "match", 2, "--by", "li", "--customer", "C7")
    assert unknown.value.code == "item.debtor_unknown"
    assert run("warnings", "match", 2, "--by", "li", "--customer", "C1").endswith("预警 1。\n")
    with pytest.raises(BadInputError) as reason:
        run("warnings", "set-aside", 3, "--by", "li", "--reason", " ")
    assert reason.value.code == "item.reason"
    assert run("warnings", "set-aside", 3, "--by", "li", "--reason", "同名公司").endswith("已归为无关。\n")
    with pytest.raises(ConflictError) as decided:
        run("warnings", "match", 3, "--by", "li", "--customer", "C1")
    assert decided.value.code == "item.decided"
    states = [each["state"] for each in json.loads(run("warnings", "items", "--source", "opinion", "--json"))]
    assert states == ["set_aside", "matched"]


def test_monitors_with_nothing_to_look_at(tokens: dict[str, str]) -> None:
    assert run("warnings", "monitor") == "0 名债务人，新增 0 条监测预警。\n"


def test_the_same_over_http(tokens: dict[str, str]) -> None:
    taken = ask("POST", "reports", tokens["li"], json=REPORT_EXAMPLE)
    assert (taken.status_code, taken.json()["created"]) == (201, True)
    again = ask("POST", "reports", tokens["li"], json=REPORT_EXAMPLE)
    assert (again.status_code, again.json()["created"]) == (201, False)
    assert again.json()["item"] == taken.json()["item"]
    post = ask("POST", "opinions", tokens["wang"], json=OPINION_EXAMPLE).json()["item"]
    assert (post["state"], post["debtor_key"], post["warning_id"]) == ("unmatched", None, None)
    imported = ask(
        "POST", "opinions/import", tokens["li"], content=POSTS.encode(), headers={"Content-Type": "text/csv"}
    ).json()
    assert (imported["new"], imported["known"], imported["unmatched"]) == (2, 0, 1)
    assert [(each["line"], each["field"]) for each in imported["refused"]] == [(3, "posted_at")]

    matched = ask("POST", f"items/{post['id']}/match", tokens["li"], json={"customer_id": "C1"})
    assert matched.json()["item"]["state"] == "matched"
    [waiting] = ask("GET", "items", TOKEN, params={"state": "unmatched"}).json()["items"]
    aside = ask("POST", f"items/{waiting['id']}/set-aside", tokens["li"], json={"reason": "无关"})
    assert (aside.json()["state"], aside.json()["decided_by"]) == ("set_aside", "li")
    assert [actor for actor, _ in audited("item.matched")] == ["li"]


def test_pages_of_items_to_the_end(tokens: dict[str, str]) -> None:
    for number in range(5):
        ask(
            "POST", "opinions", tokens["li"], json=OPINION_EXAMPLE | {"link": f"https://example.org/{number}"}
        )
    seen: list[int] = []
    page = ask("GET", "items", TOKEN, params={"limit": 2}).json()
    sizes = []
    while True:
        sizes.append(len(page["items"]))
        seen += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        page = ask("GET", "items", TOKEN, params={"limit": 2, "cursor": page["next"]}).json()
    assert (seen, sizes) == ([5, 4, 3, 2, 1], [2, 2, 1])


def test_what_is_refused_over_http(tokens: dict[str, str]) -> None:
    problem(ask("POST", "reports", TOKEN, json=REPORT_EXAMPLE), 403, "auth.person")
    problem(ask("GET", "items", None), 401, "auth.required")
    problem(ask("GET", "items", tokens["wang"]), 403, "auth.role")
    wrong = problem(
        ask("POST", "reports", tokens["li"], json=REPORT_EXAMPLE | {"doubts": ["?"]}), 422, "item.document"
    )
    assert wrong["where"] == "report doubts.0"
    problem(ask("POST", "opinions", tokens["audit"], json=OPINION_EXAMPLE), 403, "auth.role")
    for token, code in ((tokens["li"], "item.unknown"), (tokens["lin"], "item.debtor_unknown")):
        problem(ask("POST", "items/9/match", token, json={"customer_id": "C1"}), 404, code)
    problem(ask("POST", "items/9/set-aside", tokens["li"], json={"reason": "无关"}), 404, "item.unknown")
    csv = {"Content-Type": "text/csv"}
    problem(
        ask("POST", "opinions/import", tokens["li"], content=b"a,b\n1,2\n", headers=csv),
        422,
        "posts_file.no_column",
    )
    problem(
        ask("POST", "opinions/import", tokens["audit"], content=POSTS.encode(), headers=csv), 403, "auth.role"
    )
