"""docs/packs.md says truly which clauses the American pack rests on and which rules judge them."""

import re
from pathlib import Path

import pytest

from qc.packs import load_packs

DOCS = Path(__file__).parents[3] / "docs" / "packs.md"
CLAUSES = (
    *("us.hours", "us.attorney", "us.work", "us.cease", "us.tp", "us.location"),
    *("us.freq.7in7", "us.freq.after_talk", "us.freq.exclude", "us.freq.unit"),
    *("us.harass", "us.harass.words", "us.identify", "us.optout.medium"),
    *("us.false", "us.false.arrest", "us.false.threat", "us.minimiranda.first", "us.minimiranda.later"),
    *("us.validation", "us.validation.period", "us.dispute.cease", "us.overshadow", "us.timebarred"),
    *("us.unfair", "us.records", "us.records.calls", "us.tcpa.ai", "us.states"),
)


def rows() -> dict[str, list[str]]:
    """The cells of each row of the table of the section, by clause."""
    section = DOCS.read_text(encoding="utf-8").partition("\n## us-regf\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `us.")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0].strip(" `"): row for row in cells}


@pytest.fixture(scope="module")
def cited() -> dict[str, list]:
    """(rule id, citation) of all rules of the pack, by source."""
    found: dict[str, list] = {}
    for compiled in load_packs(["us-regf"]).rules:
        for cite in compiled.rule.cite:
            found.setdefault(cite.source, []).append((compiled.rule.id, cite))
    return found


def test_every_clause_has_its_row():
    assert sorted(rows()) == sorted(CLAUSES)


def test_the_rules_of_a_row_are_those_that_cite_the_clause(cited):
    named = {clause: sorted(re.findall(r"`(us\.[a-z_.]+)`", row[4])) for clause, row in rows().items()}
    wanted = {clause: sorted({rule for rule, _ in cited.get(clause, ())}) for clause in CLAUSES}
    assert named == wanted


def test_no_rule_cites_what_stands_nowhere(cited):
    assert set(cited) - {"policy"} <= set(CLAUSES)


def test_no_rule_claims_more_than_its_clause(cited):
    table = rows()
    claims = {
        (clause, cite.confidence, cite.article)
        for clause, cites in cited.items()
        for _, cite in cites
        if clause != "policy"
    }
    assert sorted(claims) == sorted({(clause, table[clause][3], table[clause][2]) for clause, *_ in claims})


def test_what_no_rule_judges_has_a_reason():
    assert [clause for clause, row in rows().items() if row[4] == "—" and len(row[5]) < 20] == []


def test_every_citation_says_force_verb_and_day(cited):
    bare = [
        (rule, source)
        for source, cites in cited.items()
        for rule, cite in cites
        if source != "policy" and not (cite.force and cite.verb and cite.last_checked)
    ]
    assert bare == []


def test_every_violation_gives_advice_in_both_languages():
    rules = [compiled.rule for compiled in load_packs(["us-regf"]).rules]
    unadvised = [rule.id for rule in rules if rule.advice is None or not (rule.advice.zh and rule.advice.en)]
    assert unadvised == []
