"""Two versions of one rule: the one in force on the day of the call judges."""

from pathlib import Path

import pytest

from qc.lint import lint
from qc.packs import load_packs
from tests.qc.calls import judge, record
from tests.qc.conftest import HEAD, MakePack, write_pack


def versions(first: str = "", second: str = "effective: {from: 2026-06-01}", status: str = "stable") -> str:
    return f"""
rules:
- id: t.visit
  version: 1
  category: threat
  title: {{zh: 旧, en: Old}}
  cite: [{{source: policy}}]
  detect: {{phrase: 上门}}
  {first}
  examples: {{violates: [上门, 我上门, 上门见], allowed: [您好, 再见, 打扰了]}}
- id: t.visit
  version: 2
  status: {status}
  category: threat
  title: {{zh: 新, en: New}}
  cite: [{{source: policy}}]
  detect: {{phrase: 上门}}
  {second}
  examples: {{violates: [上门, 我上门, 上门见], allowed: [您好, 再见, 打扰了]}}
"""


@pytest.mark.parametrize(
    ("day", "judging"),
    [
        ("2026-05-31T23:59:00+08:00", "t.visit@1"),
        ("2026-06-01T00:01:00+08:00", "t.visit@2"),
        (None, "t.visit@2"),
    ],
)
def test_the_newest_version_in_force_judges(make_pack: MakePack, day: str | None, judging: str):
    packs = make_pack(versions())
    found = judge(packs, "a: 上门", call=record(started_at=day)).findings
    assert [finding.rule for finding in found] == [judging]


def test_a_version_on_trial_runs_beside_the_one_that_counts(make_pack: MakePack):
    inspection = judge(make_pack(versions(second="", status="shadow")), "a: 上门")
    assert [finding.rule for finding in inspection.findings] == ["t.visit@1"]
    assert [finding.rule for finding in inspection.shadow] == ["t.visit@2"]


def test_a_withdrawn_version_leaves_a_gap(make_pack: MakePack):
    packs = make_pack(versions(first="effective: {to: 2026-05-01}"))
    assert judge(packs, "a: 上门", call=record(started_at="2026-05-15T10:00:00+08:00")).findings == ()


def test_a_version_that_can_never_judge_is_a_problem(tmp_path: Path):
    (problem,) = lint([write_pack(tmp_path, versions(second=""))])
    assert (problem.code, problem.line, problem.field) == ("rules.superseded", 4, "rules[0].version")
    assert "version 2 is in force on all its days" in problem.message


def test_the_same_version_twice_is_a_problem(tmp_path: Path):
    topic = versions(second="").replace("version: 2", "version: 1")
    assert [problem.code for problem in lint([write_pack(tmp_path, topic)])] == ["rules.duplicate"]


def test_a_rule_stays_in_its_pack(tmp_path: Path):
    write_pack(tmp_path, versions())
    more = tmp_path / "more"
    more.mkdir()
    (more / "pack.yaml").write_text(HEAD.format(id="more", language="zh") + "extends: [trial]\n", "utf-8")
    (more / "topic.yaml").write_text(versions().replace("version: 2", "version: 3"), "utf-8")
    assert [problem.code for problem in lint([more])] == ["rules.duplicate", "rules.duplicate"]


CAPS = "caps: {categories: {threat: 55}, rules: {t.visit: 20}}\n"


def test_packs_and_rules_set_caps(tmp_path: Path):
    head = HEAD.format(id="trial", language="zh")
    topic = versions().replace("category: threat", "category: threat\n  veto: false\n  cap: 30")
    capped = load_packs([str(write_pack(tmp_path, topic, head=head))])
    assert judge(capped, "a: 上门").score.total == 70
    capped = load_packs([str(write_pack(tmp_path, topic, head=head + CAPS))])
    assert judge(capped, "a: 上门").score.total == 80


@pytest.mark.parametrize(
    ("caps", "code", "field"),
    [
        ("caps: {rules: {t.visits: 20}}", "rules.rule_unknown", "caps.rules.t.visits"),
        ("caps: {categories: {threats: 20}}", "rules.category", "caps.categories.threats"),
        ("caps: {categories: {threat: 200}}", "rules.schema", "caps.categories.threat"),
    ],
)
def test_caps_of_what_there_is_not(tmp_path: Path, caps: str, code: str, field: str):
    head = HEAD.format(id="trial", language="zh") + caps + "\n"
    (problem,) = lint([write_pack(tmp_path, versions(), head=head)])
    assert (problem.code, problem.line, problem.field) == (code, 6, field)
