"""A stable rule is tested from both sides and rests on something confirmed; drafts may still grow."""

from pathlib import Path

import pytest

from qc.lint import lint
from qc.packs import load_packs
from tests.qc.conftest import write_pack

RULE = """
rules:
- id: t.one
  category: threat
  status: {status}
  title: {{zh: 一, en: One}}
  cite: {cite}
  detect: {{phrase: 上门}}
  examples: {{violates: {violates}, allowed: {allowed}}}
"""
THREE = "[上门, 我上门, 上门见]"
QUIET = "[您好, 再见, 打扰了]"


def problems(folder: Path, **given: str) -> list[tuple[str, str]]:
    rule = {"status": "stable", "cite": "[{source: policy}]", "violates": THREE, "allowed": QUIET} | given
    found = lint([write_pack(folder, RULE.format(**rule))])
    return [(problem.code, problem.field) for problem in found]


def test_three_of_each_are_enough(tmp_path: Path):
    assert problems(tmp_path) == []


@pytest.mark.parametrize("kind", ["violates", "allowed"])
@pytest.mark.parametrize("given", ["[上门, 我上门]", "[上门]"])
def test_a_stable_rule_needs_three_of_each(tmp_path: Path, kind: str, given: str):
    assert problems(tmp_path, **{kind: given}) == [("rules.examples", f"rules[0].examples.{kind}")]


def test_a_shadow_rule_may_still_grow(tmp_path: Path):
    assert problems(tmp_path, status="shadow", violates="[上门]", allowed="[您好]") == []


def test_a_shadow_rule_needs_one_of_each(tmp_path: Path):
    assert problems(tmp_path, status="shadow", violates="[]", allowed="[您好]") == [
        ("rules.examples", "rules[0].examples")
    ]


def test_a_draft_needs_none(tmp_path: Path):
    assert problems(tmp_path, status="draft", violates="[]", allowed="[]") == []


def test_what_nobody_confirmed_is_no_basis(tmp_path: Path):
    unverified = "[{source: cn.ban.personal_account, confidence: M}]"
    assert problems(tmp_path, cite=unverified) == [("rules.unverified", "rules[0].cite")]


def test_beside_something_better_it_may_stand(tmp_path: Path):
    both = "[{source: cn.ban.personal_account, confidence: M}, {source: policy}]"
    assert problems(tmp_path, cite=both) == []


def test_a_rule_that_is_not_ready_still_judges(tmp_path: Path):
    pack = write_pack(
        tmp_path,
        RULE.format(status="stable", cite="[{source: policy}]", violates="[上门]", allowed="[您好]"),
    )
    assert [rule.rule.id for rule in load_packs([str(pack)]).rules] == ["t.one"]
