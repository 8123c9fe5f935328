"""`diting rules propose … versions`, `reinspect`, `backtest` and `diting findings`, from outside."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from typer.testing import CliRunner

from api.cli.main import app
from api.cli.standing import tell_notices
from api.report.rulebook import stored_rule_texts
from qc.models import FindingRow, InspectionRow
from store.database import open_sessions, reading, transaction
from store.errors import ConflictError, NotFoundError, RuleError
from store.logging import configure_logging
from store.settings import Settings
from tests.api.conftest import World, make_world
from transcription.models import HearingRow
from transcription.voice.hear import VERSION

TOPIC = """
rules:
- id: house.listen
  version: {version}
  category: dismissive
  title: {{zh: 训斥客户, en: Scolds the customer}}
  cite: [{{source: policy}}]
  detect: {{phrase: [{phrase}]}}
  examples: {{violates: [{example}], allowed: [您好]}}
"""


def write_house(folder: Path, version: int = 1, phrase: str = "你给我听好了", example: str = "") -> None:
    pack = folder / "house"
    pack.mkdir(parents=True, exist_ok=True)
    head = f"id: house\nversion: {version}\nlanguage: zh\ntitle: {{zh: 规则, en: Rules}}\n"
    (pack / "pack.yaml").write_text(head, "utf-8")
    topic = TOPIC.format(version=version, phrase=phrase, example=example or phrase)
    (pack / "topic.yaml").write_text(topic, "utf-8")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An installation of its own, with a pack of its own."""
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DITING_RULE_FOLDERS", str(tmp_path / "packs"))
    monkeypatch.setenv("DITING_PACKS", "house")
    write_house(tmp_path / "packs")
    return tmp_path / "packs"


def run(*arguments):
    configure_logging("error")
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


def test_from_the_proposal_to_the_notice_that_files_differ(folder):
    asked = run("rules", "versions")
    assert "house 从未获批" in asked.stderr
    with pytest.raises(RuleError) as never:
        run("worker", "--until-done")
    assert never.value.code == "rules.never_approved"

    assert "待批准" in run("rules", "propose", "house", "--by", "王敏").stdout
    with pytest.raises(ConflictError) as same:
        run("rules", "approve", "house", "--by", "王敏")
    assert same.value.code == "rules.same_person"
    approved = run("rules", "approve", "house", "--by", "李雷", "--lang", "en").stdout
    assert "is approved and judges from the next call on" in approved

    told = json.loads(run("rules", "versions", "house", "--json").stdout)
    assert told["notices"] == []
    (version,) = told["versions"]
    assert (version["version"], version["state"], version["judging"], version["origin"]) == (
        "1", "approved", True, "site",
    )  # fmt: skip
    assert (version["proposed"]["by"], version["approved"]["by"]) == ("王敏", "李雷")

    write_house(folder, 2, "闭嘴")
    told = run("rules", "versions", "--lang", "en")
    assert "house" in told.stdout
    assert "the files of the pack house differ from its approved version 1" in told.stderr
    tell_notices(Settings(), judges=True)  # nobody is stopped by that

    shown = run("rules", "show", "house.listen", "--hash", "house@1", "--lang", "en").stdout
    assert "house.listen@1" in shown
    assert "你给我听好了" in shown

    run("rules", "withdraw", "house", "--version", "1", "--by", "韩梅")
    with pytest.raises(RuleError):
        tell_notices(Settings(), judges=True)


def test_only_a_sound_pack_of_ones_own_is_proposed(folder):
    with pytest.raises(ConflictError) as shipped:
        run("rules", "propose", "us-regf", "--by", "王敏")
    assert shipped.value.code == "rules.shipped"
    write_house(folder, phrase="闭嘴", example="您好吗")
    with pytest.raises(RuleError) as failing:
        run("rules", "propose", "house", "--by", "王敏")
    assert failing.value.code == "rules.examples_failed"
    write_house(folder, phrase='"(闭嘴"')
    with pytest.raises(RuleError) as broken:
        run("rules", "propose", "house", "--by", "王敏")
    assert broken.value.code == "rules.phrase"


def test_a_database_is_not_made_to_look_into_it(folder):
    run("rules", "list", "--pack", "house")
    assert not (folder.parent / "var").exists()


@pytest.fixture
def site(sqlite_url, tmp_path, monkeypatch) -> Iterator[World]:
    """Four judged calls in a database of their own, as the commands see it."""
    world = make_world(sqlite_url, tmp_path)
    monkeypatch.setenv("DITING_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))
    yield world
    world.tools.close()


def test_people_decide_on_findings_until_the_rule_only_advises(site, monkeypatch):
    monkeypatch.setenv("DITING_ADVISORY_DECISIONS", "1")
    monkeypatch.setenv("DITING_ADVISORY_SHARE", "0.1")
    listed = json.loads(run("findings", "list", "--status", "certain", "--json").stdout)
    first = listed[0]
    assert first["verdicts"] == []

    said = run(
        "findings", "decide", first["id"], "false", "--by", "王敏", "--comment", "玩笑", "--lang", "en"
    )
    assert f"Finding {first['id']}: false." in said.stdout
    assert "only advises from the next call on" in said.stderr
    again = json.loads(run("findings", "list", "--rule", first["rule"], "--json").stdout)
    verdicts = {each["id"]: each["verdicts"] for each in again}[first["id"]]
    assert [(each["by"], each["verdict"], each["comment"]) for each in verdicts] == [
        ("王敏", "false", "玩笑")
    ]
    assert f"{len(listed)} 条发现" in run("findings", "list", "--status", "certain").stdout

    told = json.loads(run("rules", "versions", "--json").stdout)
    assert [notice["code"] for notice in told["notices"]] == ["rules.advisory"]
    rules = {
        f"{rule['id']}@{rule['version']}": rule["advisory"]
        for rule in json.loads(run("rules", "list", "--json").stdout)
    }
    assert [name for name, advises in rules.items() if advises] == [first["rule"]]

    assert "待另一人" in run("rules", "restore", first["rule"], "--by", "李雷").stdout
    assert "恢复生效" in run("rules", "restore", first["rule"], "--by", "韩梅").stdout
    with pytest.raises(NotFoundError):
        run("findings", "decide", "999999", "true", "--by", "王敏")


def test_stored_calls_are_judged_again_when_a_rule_dropped(site, monkeypatch):
    monkeypatch.setenv("DITING_ADVISORY_DECISIONS", "1")
    monkeypatch.setenv("DITING_ADVISORY_SHARE", "0.1")
    told = json.loads(run("rules", "reinspect", "--json", "--dry-run").stdout)
    assert (told["calls"], told["done"], told["unchanged"]) == (0, 0, 4)

    first = json.loads(run("findings", "list", "--status", "certain", "--json").stdout)[0]
    run("findings", "decide", first["id"], "false", "--by", "王敏")
    assert "4 通须重新听音" in run("rules", "reinspect").stdout  # its cues are not of the present measures
    with open_sessions(site.settings.database_url) as sessions, transaction(sessions) as session:
        session.execute(update(HearingRow).values(version=VERSION))

    told = json.loads(run("rules", "reinspect", "--jobs", "1", "--json").stdout)
    assert (told["calls"], told["done"], told["unchanged"]) == (4, 4, 0)
    again = json.loads(run("findings", "list", "--rule", first["rule"], "--json").stdout)
    assert {(each["status"], each["advisory"]) for each in again} == {("unsure", True)}
    with open_sessions(site.settings.database_url) as sessions, reading(sessions) as session:
        assert session.scalar(select(func.count(InspectionRow.id))) == 8
        assert session.get_one(FindingRow, first["id"]).status == "certain"  # nothing old was touched
    shown = run("rules", "show", first["rule"], "--inspection", again[0]["inspection_id"], "--json").stdout
    assert [rule["id"] for rule in json.loads(shown)] == [first["rule"].partition("@")[0]]
    monkeypatch.setattr("api.report.rulebook.rule_texts", None)  # the report reads what was kept, not files
    with open_sessions(site.settings.database_url) as sessions, reading(sessions) as session:
        assert first["rule"] in stored_rule_texts(session, first["call_id"])
    assert run("verify").exit_code == 0
