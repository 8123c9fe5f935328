"""Finding rules in packs."""

from pathlib import Path

import pytest

from qc.workbench.book import find_rule, known_packs, matching
from store.errors import RuleError
from tests.qc.workbench.rules import TOPIC, book


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["t.tell", "t.pressed", "t.paid", "t.late", "t.draft"]),
        ({"category": "threat"}, ["t.tell"]),
        ({"category": "dispute*"}, ["t.pressed", "t.paid"]),
        ({"category": "dispute.*"}, ["t.paid"]),
        ({"status": "draft"}, ["t.draft"]),
        ({"text": "cn.CBA2026"}, ["t.tell"]),
        ({"text": "还款"}, ["t.pressed"]),
        ({"text": "我会告诉你妈"}, []),
        ({"category": "threat", "status": "draft"}, []),
    ],
)
def test_rules_are_found_by_what_they_are_and_say(tmp_path: Path, wanted: dict[str, str], found: list[str]):
    entries = matching(book(tmp_path).entries, **wanted)
    assert [entry.compiled.rule.id for entry in entries] == found


def test_entries_know_their_place(tmp_path: Path):
    first, *_ = book(tmp_path).entries
    assert first.line.endswith("trial/topic.yaml:7")


def test_versions_are_shown_newest_first(tmp_path: Path):
    again = TOPIC[TOPIC.index("- id: t.paid") : TOPIC.index("- id: t.late")]
    newer = again.replace("  category", "  version: 2\n  effective: {from: 2026-01-01}\n  category")
    both = book(tmp_path, TOPIC + newer)
    assert [entry.compiled.name for entry in both.versions("t.paid")] == ["t.paid@2", "t.paid@1"]
    assert [entry.compiled.name for entry in both.versions("t.paid@1")] == ["t.paid@1"]


def test_a_misspelt_rule_is_answered_with_the_nearest(tmp_path: Path):
    with pytest.raises(RuleError) as raised:
        find_rule("t.tel", [book(tmp_path)])
    assert (raised.value.code, raised.value.mend) == ("rules.rule_unknown", "Did you mean `t.tell`?")


def test_known_packs_are_the_shipped_ones_and_those_in_folders(tmp_path: Path):
    book(tmp_path)
    assert known_packs() == ["cn-base", "cn-telecom-client", "us-regf"]
    assert known_packs([tmp_path]) == [*known_packs(), str(tmp_path / "trial")]
