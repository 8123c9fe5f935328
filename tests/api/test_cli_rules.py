"""`diting rules …`: the workbench, as a person who writes rules uses it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from store.errors import BadInputError, NotFoundError, RuleError
from store.logging import configure_logging
from tests.api.conftest import SAMPLES

PACK = "id: house\nversion: 1\nlanguage: zh\ntitle: {zh: 自有, en: House}\n"
RULE = """rules:
- id: house.rude
  category: abuse
  title: {zh: 粗话, en: Rude}
  cite: [{source: policy}]
  detect: {any: [{phrase: [你真差劲]}, {regex: '(你|您).{0,2}没用'}]}
  examples: {violates: [你真没用, 您可真没用, EXAMPLE], allowed: [您好, 我真差劲, 这没用]}
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A data folder of its own, and a terminal wide enough not to break lines."""
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def house(tmp_path) -> Path:
    folder = tmp_path / "house"
    folder.mkdir()
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "rude.yaml").write_text(RULE.replace("EXAMPLE", "你真差劲"), encoding="utf-8")
    return folder


def run(*arguments, stdin=None):
    configure_logging("error")  # as `main` does
    return CliRunner().invoke(
        app, ["rules", *map(str, arguments)], catch_exceptions=False, input=stdin, terminal_width=200
    )


def fails(error, *arguments):
    with pytest.raises(error) as raised:
        run(*arguments)
    return raised.value


def test_list_shows_rules_by_pack_category_and_text(house):
    shown = run("list", "--pack", house, "--lang", "en")
    assert shown.exit_code == 0
    heading, row, count = shown.stdout.splitlines()
    assert heading.split() == ["rule", "version", "status", "category", "severity", "title", "cite"]
    assert row.split() == ["house.rude", "1", "stable", "abuse", "Critical", "Rude", "policy"]
    assert count == "1 rules."
    assert run("list", "没用", "--pack", house, "--lang", "en").stdout.endswith("1 rules.\n")
    nothing = run("list", "--pack", house, "--status", "draft")
    assert nothing.stdout == "0 条规则。\n"
    assert "去掉一个条件" in nothing.stderr


def test_list_helps_with_misspelt_categories():
    assert fails(BadInputError, "list", "--category", "thraet").mend == "Did you mean `threat`?"


def test_list_knows_all_shipped_packs():
    packs = {rule["pack"] for rule in json.loads(run("list", "--json").stdout)}
    assert packs == {"cn-base", "cn-telecom-client", "us-regf"}


def test_folders_of_settings_are_known(house, monkeypatch):
    monkeypatch.setenv("DITING_RULE_FOLDERS", str(house.parent))
    assert "house.rude" in run("list", "--category", "abuse").stdout
    assert run("lint", "house").exit_code == 0
    assert run("test", "house", "--rule", "house.rude").stdout.endswith("（1 条规则），0 个不符。\n")


def test_show_tells_all_about_a_rule(house):
    shown = run("show", "house.rude", "--pack", house)
    assert shown.exit_code == 0
    for words in (
        *("house.rude@1  粗话", "rude.yaml:2", "abuse  辱骂侮辱", "正式", "严重"),
        *(
            "每次扣 40 分；一经确定即零分",
            "要找 任一成立",
            "或 说到 “你真差劲”",
            "或 符合 “/(你|您).{0,2}没用/”",
        ),
        *("negated, quoting", "依据\n  policy\n", "必须发现\n  你真没用", "不得发现\n  您好"),
    ):
        assert words in shown.stdout
    (rule,) = json.loads(run("show", "house.rude@1", "--pack", house, "--json").stdout)
    assert (rule["points"], rule["speaker"], rule["guards"][:2]) == (40, "agent", ["negated", "quoting"])


def test_show_tells_how_a_clause_binds():
    shown = run("show", "cn.over_frequency.attempts_per_number", "--lang", "en").stdout
    assert "  cn.freq.cba  第三章  self-regulation, should not  [S2]  对债务人同一联系方式" in shown


def test_a_misspelt_rule_is_answered_with_the_nearest(house):
    error = fails(RuleError, "show", "house.rud", "--pack", house)
    assert (error.code, error.mend) == ("rules.rule_unknown", "Did you mean `house.rude`?")


def test_new_pack_and_rule(tmp_path):
    folder = tmp_path / "own"
    made = run("new", folder, "--title", "自有/Own")
    assert made.exit_code == 0
    assert made.stdout.splitlines()[-1] == f"接下来：diting rules new {folder}/topic.yaml"
    rule = ("new", folder / "topic.yaml", "--id", "own.first", "--category", "abuse", "--phrase", "你真差劲")
    assert run(*rule).exit_code == 0
    assert run("lint", folder).exit_code == 0
    failing = run("test", folder)
    assert failing.exit_code == 1
    assert "own.first@1 应发现而没有发现：TODO" in failing.stderr


def test_a_new_rule_needs_an_id_and_a_category(house):
    assert fails(BadInputError, "new", house / "more.yaml").code == "cli.usage"
    assert not (house / "more.yaml").exists()


def test_lint_names_file_line_and_mend(house):
    assert run("lint", house).stdout == "没有问题。\n"
    text = RULE.replace("EXAMPLE", "你真差劲").replace("category: abuse", "category: abus")
    (house / "rude.yaml").write_text(text, encoding="utf-8")
    wrong = run("lint", house)
    assert wrong.exit_code == 1
    assert (
        "rude.yaml:3 rules[0].category：没有类别 'abus'。是不是想写 `abuse`？ [rules.category]"
        in wrong.stderr
    )
    assert wrong.stdout == "1 个问题，1 个文件。\n"
    assert "Did you mean `abuse`?" in run("lint", house, "--lang", "en").stderr
    (problem,) = json.loads(run("lint", house, "--json").stdout)
    assert (problem["code"], problem["line"], problem["mend"]["zh"]) == (
        "rules.category", 3, "是不是想写 `abuse`？",
    )  # fmt: skip


def test_test_says_why_an_example_fails(house):
    assert run("test", house).stdout == "6 个例句（1 条规则），0 个不符。\n"
    (house / "rude.yaml").write_text(RULE.replace("EXAMPLE", "你不差劲, 他说你真差劲"), encoding="utf-8")
    failing = run("test", house)
    assert failing.exit_code == 1
    assert failing.stdout == "7 个例句（1 条规则），2 个不符。\n"
    assert "rude.yaml:7 house.rude@1 应发现而没有发现：你不差劲" in failing.stderr
    assert "没有说到；最接近的话（75%）：#0 坐席“你不差劲”" in failing.stderr
    assert "说到了，但不算（转述他人的话：您说……）：#0 坐席“你真差劲”" in failing.stderr
    assert "… 另有 1 种说法没有出现" in failing.stderr
    assert "符合" in run("test", house, "--full").stderr
    (tested,) = json.loads(run("test", house, "--json").stdout)
    assert [failure["index"] for failure in tested["failures"]] == [2, 3]
    assert fails(RuleError, "test", house, "--rule", "house.rud").code == "rules.rule_unknown"


def test_shipped_packs_have_no_problems_and_their_examples_hold():
    lint, test = run("lint", "--lang", "en"), run("test", "--lang", "en")
    assert (lint.exit_code, lint.stdout) == (0, "No problems.\n")
    assert test.exit_code == 0
    assert test.stdout.endswith(" rules; 0 do not come out as they say.\n")


def test_try_shows_what_fires_and_what_keeps_rules_from_it(house):
    fired = run("try", "您说我真没用，你真差劲", "--pack", house)
    assert fired.exit_code == 0
    assert "● house.rude@1  粗话" not in fired.stdout
    assert "○ house.rude@1 粗话: “你真差劲”不算（转述他人的话：您说……）" in fired.stdout
    fired = run("try", "-", "--pack", house, stdin="坐席：你真差劲\n\n")
    assert "● house.rude@1  粗话  证据确定\n    坐席“你真差劲”  文字相符\n" in fired.stdout


def test_try_matches_by_sound_when_told_that_it_was_recognised(house):
    said = json.loads(run("try", "你真差进", "--recognised", "--pack", house, "--json").stdout)
    (found,) = [finding for finding in said["findings"] if finding["rule"] == "house.rude@1"]
    assert (found["how"], found["matched"], found["rule_status"]) == ("sound", "你真差劲", "stable")


def test_try_needs_something_to_try():
    assert fails(BadInputError, "try").code == "cli.no_input"


def test_a_whole_call_may_be_tried():
    shown = run("try", "--transcript", SAMPLES / "S02-abuse.transcript.json", "--lang", "en")
    assert shown.exit_code == 0
    assert "● cn.abuse." in shown.stdout


def test_explain_says_why_a_rule_fired_on_a_file():
    call = SAMPLES / "S02-abuse.transcript.json"
    rules = {
        finding["rule"]
        for finding in json.loads(run("try", "--transcript", call, "--json").stdout)["findings"]
    }
    fired = next(rule for rule in sorted(rules) if rule.startswith("cn.abuse"))
    shown = run("explain", call, fired)
    assert shown.exit_code == 0
    assert "► 发现 #" in shown.stdout
    assert "✓ 要找" in shown.stdout
    silent = run("explain", call, "us.dead_air", "--lang", "en")
    assert "the rule is for calls in en; this one is in zh" in silent.stdout
    assert "► Nothing found." in silent.stdout
    (document,) = json.loads(run("explain", call, fired, "--json").stdout)
    assert document["parts"][0]["found"] is True


def test_explain_of_a_stored_call(world, monkeypatch):
    monkeypatch.setenv("DITING_DATA_DIR", str(world.settings.data_dir))
    monkeypatch.setenv("DITING_DATABASE_URL", world.settings.database_url)
    shown = run("explain", world.ids["S10-no-time"], "cn.off_hours.night", "--lang", "en")
    assert shown.exit_code == 0
    assert "the record does not say, so that nobody can judge it" in shown.stdout
    assert fails(NotFoundError, "explain", "nowhere/C1", "cn.off_hours.night").code == "call.not_found"


def test_diff_shows_what_changed(house, tmp_path):
    newer = tmp_path / "newer"
    newer.mkdir()
    (newer / "pack.yaml").write_text(PACK.replace("version: 1", "version: 2"), encoding="utf-8")
    text = (
        RULE.replace("EXAMPLE", "你真差劲")
        .replace("[你真差劲]}", "[你太差劲]}")
        .replace("en: Rude", "en: Rough")
    )
    (newer / "rude.yaml").write_text(text, encoding="utf-8")
    shown = run("diff", house, newer)
    assert shown.exit_code == 0
    for words in (
        *("house version: 1 → 2", "~ house.rude@1", "title: {zh: 粗话, en: Rude} → {zh: 粗话, en: Rough}"),
        *("- 你真差劲", "+ 你太差劲", "含义已改，但版本号未变", "新增 0 条，删去 0 条，改动 1 条。"),
    ):
        assert words in shown.stdout
    assert run("diff", house, house).stdout == "没有差别。\n"
    document = json.loads(run("diff", house, newer, "--json").stdout)
    assert document["rules"]["changed"][0]["changes"][1]["added"] == ["你太差劲"]


@pytest.mark.parametrize("kind", ["pack", "topic"])
def test_schema_prints_what_the_documentation_has(kind):
    copy = Path(__file__).parents[2] / "docs" / "schema" / f"{kind}.json"
    assert json.loads(run("schema", kind).stdout) == json.loads(copy.read_text(encoding="utf-8"))
