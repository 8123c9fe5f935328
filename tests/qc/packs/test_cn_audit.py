"""docs/packs.md says clause by clause what the Chinese packs judge: true to the citations of the rules."""

import re
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

import pytest

from qc.language.loader import read_packs
from qc.language.schema import Rule
from qc.packs import pack_folders
from qc.taxonomy import CATEGORIES

DOC = (Path(__file__).parents[3] / "docs" / "packs.md").read_text(encoding="utf-8")
RULES: dict[str, Rule] = {
    rule.id: rule for _, rule in read_packs(pack_folders("cn-telecom-client")[0], None).rules
}
CLAUSES = re.findall(r"^\| `(cn\.[a-z0-9_.]+)` \|[^|]+\|[^|]+\| ([^|]+) \|$", DOC, re.M)
CONTRACT = re.findall(
    r"^\| [^`|]+ \| ([^|]+) \|$", DOC.partition("## cn-telecom-client")[2].partition("\n## ")[0], re.M
)


def named(cell: str) -> set[str]:
    """The rules that a cell names before its remark, `cn.abuse.*` meaning all that begin so."""
    found = set()
    for pattern in re.findall(r"`([^`]+)`", cell.partition(" — ")[0]):
        matching = {
            name for name in RULES if name == pattern or re.fullmatch(pattern.replace("*", ".+"), name)
        }
        assert matching, f"no rule {pattern}"
        found |= matching
    return found


def citing(clause: str) -> set[str]:
    return {name for name, rule in RULES.items() if clause in {cite.source for cite in rule.cite}}


def test_every_clause_of_the_sources_has_its_row():
    assert len(CLAUSES) == len({clause for clause, _ in CLAUSES}) == 52


@pytest.mark.parametrize(("clause", "cell"), CLAUSES, ids=[clause for clause, _ in CLAUSES])
def test_a_row_names_the_rules_that_cite_it(clause: str, cell: str):
    if cell.startswith("outside: "):
        assert citing(clause) == set()
    else:
        assert named(cell) == citing(clause)


def test_every_source_of_a_rule_has_a_row():
    cited = {cite.source for rule in RULES.values() for cite in rule.cite}
    assert sorted(cited - {"policy"} - {clause for clause, _ in CLAUSES}) == []


def test_every_rule_of_the_contract_stands_in_its_table():
    told = set().union(*(named(cell) for cell in CONTRACT if not cell.startswith("outside: ")))
    assert sorted(name for name in RULES if name.startswith("ct.") and name not in told) == []


def test_no_rule_claims_what_nobody_confirmed():
    assert [name for name, rule in RULES.items() for cite in rule.cite if cite.confidence == "M"] == []


def test_what_is_law_says_how_it_binds_and_since_when():
    bare = [
        f"{name}: {cite.source}"
        for name, rule in RULES.items()
        for cite in rule.cite
        if cite.source != "policy"
        and not (cite.force and cite.verb and cite.effective.from_ and cite.last_checked)
    ]
    assert bare == []


def test_every_violation_says_how_to_do_better():
    silent = [
        name
        for name, rule in RULES.items()
        if CATEGORIES[rule.category].kind == "violation" and not (rule.advice and rule.why)
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("rule", "since"),
    [
        ("cn.off_hours.night", "2025-02-28"),
        ("cn.over_frequency.connected_per_day", "2025-02-28"),
        ("cn.over_frequency.attempts_per_number", "2026-01-30"),
        ("cn.third_party_pressure.before_unreachable", "2026-01-30"),
    ],
)
def test_a_limit_that_one_text_sets_begins_with_it(rule: str, since: str):
    assert str(RULES[rule].effective.from_) == since


def test_examples_of_a_rule_are_really_different():
    near = [
        (name, one, other)
        for name, rule in RULES.items()
        for said in (rule.examples.violates, rule.examples.allowed)
        for one, other in combinations([each for each in said if isinstance(each, str)], 2)
        if SequenceMatcher(None, one, other).ratio() > 0.85
    ]
    assert near == []
