"""`diting sampling`, `scorecards`, `agreement` and `coaching`, as the people of quality control use them."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from qc.sampling.plan import period_of
from qc.sampling.scorecards import DEFAULT_CARD
from store.clock import SystemClock
from store.database import open_sessions, transaction
from store.errors import BadInputError, ConflictError, NotFoundError
from tests.qc.reviewed_calls import finding, put_call, put_people
from tests.qc.sampling.test_plan import SHANGHAI, SHIPPED

# A week so long ago is settled at any hour.
TWO_WEEKS = timedelta(days=14)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _sqlite_template: Path) -> Path:
    """An installation with six clean calls and two bad ones two weeks ago."""
    folder = tmp_path / "var"
    folder.mkdir()
    shutil.copyfile(_sqlite_template, folder / "diting.db")
    monkeypatch.setenv("DITING_DATA_DIR", str(folder))
    clock = SystemClock()
    start, _ = period_of("week", (clock.now() - TWO_WEEKS).date(), SHANGHAI)
    with (
        open_sessions(f"sqlite:///{folder / 'diting.db'}") as sessions,
        transaction(sessions) as session,
    ):
        put_people(session, clock, ["lead", "wang"])
        for at in range(8):
            found = [finding()] if at >= 6 else []
            put_call(session, clock, f"C{at}", *found, at=start + timedelta(hours=10 + at), agent="A1")
    return tmp_path


def run(*arguments: object, code: int = 0) -> str:
    ended = CliRunner().invoke(app, [str(each) for each in arguments], catch_exceptions=False)
    assert ended.exit_code == code, ended.output
    return ended.stdout


def test_a_week_from_plan_to_assignment(home: Path) -> None:
    assert "weekly@1: added" in run("sampling", "add", SHIPPED, "--lang", "en")
    assert "weekly@1: 未变" in run("sampling", "add", SHIPPED)
    assert json.loads(run("sampling", "plans", "--json"))[0]["name"] == "weekly"
    assert json.loads(run("sampling", "show", "weekly"))["version"] == 1
    assert "每周抽检" in run("sampling", "plans")
    day = f"{SystemClock().now() - TWO_WEEKS:%Y-%m-%d}"
    plan, beside = json.loads(run("sampling", "run", "weekly", "--day", day, "--json"))
    assert (plan["drawn"], plan["population"], beside["drawn"]) == (8, 8, 6)
    assert "随机抽样" in run("sampling", "draws", "--plan", "weekly")
    assert json.loads(run("sampling", "draws", "--json", "--limit", "1"))[0]["id"] == beside["id"]
    assert "sha256-order@1 seed=" in run("sampling", "draw", plan["id"])
    assert len(json.loads(run("sampling", "draw", plan["id"], "--json"))["picks"]) == 8
    assert "复算一致" in run("sampling", "check", plan["id"])
    assert json.loads(run("sampling", "check", plan["id"], "--json"))["holds"] is True
    assert "尚无定稿" in run("sampling", "estimate", beside["id"])
    assert json.loads(run("sampling", "estimate", beside["id"], "--json"))["share"] is None

    run("sampling", "reviewer", "wang", "--language", "zh", "--capacity", "5", "--conflict", "T9=亲属")
    given = json.loads(run("sampling", "assign", "--json"))
    assert [each["person"] for each in given] == ["wang"] * 5 + [None] * 3
    assert "已满 1" in run("sampling", "assign")
    (wang,) = json.loads(run("sampling", "reviewers", "--json"))
    assert (wang["load"], wang["conflicts"]) == (5, ["T9"])
    assert "wang" in run("sampling", "reviewers", "--lang", "en")
    with pytest.raises(NotFoundError, match=r"sampling\.plan_unknown"):
        run("sampling", "show", "monthly")


def test_cards(home: Path) -> None:
    assert "标准催收通话评分表" in run("scorecards", "list")
    assert json.loads(run("scorecards", "list", "--json"))[0]["version"] == 0
    assert "standard@1: added" in run("scorecards", "add", DEFAULT_CARD, "--lang", "en")
    assert json.loads(run("scorecards", "show", "standard", "--version", "0", "--json"))["version"] == 0
    assert "表明身份与机构" in run("scorecards", "show", "standard")
    best = ["identity=1", "verified=n/a", "respectful=1", "truthful=1", "listening=2", "dispute=n/a",
            "solution=2", "closing=1"]  # fmt: skip
    assert run("scorecards", "score", "standard", *best) == "100 合格\n"
    failed = [each.replace("respectful=1", "respectful=0") for each in best]
    assert json.loads(run("scorecards", "score", "standard", *failed, "--json"))["failed"] == ["respectful"]
    with pytest.raises(BadInputError, match=r"scorecard\.rating"):
        run("scorecards", "score", "standard", "identity=good")


def test_agreement_and_calibration(home: Path) -> None:
    assert json.loads(run("agreement", "kappa", "--by", "pair", "--json")) == []
    assert json.loads(run("agreement", "overturned", "--by", "team", "--json")) == []
    number = run(
        "agreement", "open", "三月", "7", "test/C7", "--expert", "lead", "--reviewer", "wang"
    ).strip()
    assert "进行中" in run("agreement", "calibrations")
    run("agreement", "answer", number, "7", "--by", "lead", "--category", "threat")
    with pytest.raises(ConflictError, match=r"calibration\.unanswered"):
        run("agreement", "close", number)
    run("agreement", "answer", number, "8", "--by", "lead")
    run("agreement", "answer", number, "7", "--by", "wang", "--category", "threat")
    run("agreement", "close", number)
    (line,) = json.loads(run("agreement", "results", number, "--json"))
    assert (line["person"], line["calls"], line["same"]) == ("wang", 1, 1)
    assert "样本太少" in run("agreement", "results", number)


def test_coaching(home: Path) -> None:
    due = f"{SystemClock().now() + timedelta(days=9):%Y-%m-%d}"
    wanted = ("--category", "threat", "--goal", "不提单位", "--due", due, "--collector", "A1")
    number = run("coaching", "set", *wanted).strip()
    other = run("coaching", "set", *wanted, "--follow-up", "0", "--window", "7").strip()
    run("coaching", "done", number, "--evidence", "听了三段录音", "--by", "lead")
    run("coaching", "cancel", other, "--reason", "重复", "--by", "lead")
    assert [each["state"] for each in json.loads(run("coaching", "list", "--json"))] == ["cancelled", "done"]
    assert "恐吓威胁" in run("coaching", "list", "--state", "done", "--team", "T1")
    assert json.loads(run("coaching", "list", "--overdue", "--json")) == []
    made = json.loads(run("coaching", "effect", number, "--json"))
    assert (made["machine"]["before"]["calls"], made["machine"]["change"]) == (8, "too_few")
    assert "2/8" in run("coaching", "effect", number)
