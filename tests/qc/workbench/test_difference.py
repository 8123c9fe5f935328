"""What changed between two versions of a pack."""

from pathlib import Path

import pytest

from qc.workbench.difference import Change, Difference, compare
from tests.qc.workbench.rules import TOPIC, book


def difference(folder: Path, *changes: tuple[str, str]) -> Difference:
    old = book(folder).source
    topic = TOPIC
    for before, after in changes:
        assert before in topic
        topic = topic.replace(before, after)
    return compare(old, book(folder, topic).source)


def test_nothing_differs(tmp_path: Path):
    assert not difference(tmp_path)


def test_rules_added_and_removed(tmp_path: Path):
    found = difference(tmp_path, ("id: t.draft", "id: t.rude"))
    assert [rule.id for rule in found.added] == ["t.rude"]
    assert [rule.id for rule in found.removed] == ["t.draft"]
    assert found.changed == ()


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("status: draft", "status: shadow\n  examples: {violates: [你真差劲], allowed: [您好]}\n  cite: []",
         Change("status", "draft", "shadow")),
        ("你真差劲", "你太差劲", Change("detect", None, None, ("你太差劲",), ("你真差劲",))),
        ("{phrase: 你真差劲}", "{any: [{phrase: 你真差劲}, {phrase: 你太差劲}]}",
         Change("detect", "[{phrase: …}]", "[{any: [{phrase: …}, {phrase: …}]}]", ("你太差劲",), ())),
        ("en: Rude", "en: Rough", Change("title", "{zh: 粗话, en: Rude}", "{zh: 粗话, en: Rough}")),
        ("certain: false", "deduct: 7\n  certain: false", Change("deduct", "—", "7")),
    ],
)  # fmt: skip
def test_fields_that_changed(tmp_path: Path, before: str, after: str, change: Change):
    (changed,) = difference(tmp_path, (before, after)).changed
    assert (changed.rule, changed.before, changed.after) == ("t.draft", "t.draft@1", "t.draft@1")
    assert change in changed.changes


def test_examples_that_changed(tmp_path: Path):
    (changed,) = difference(tmp_path, ("violates: [还清了]", "violates: [都还清了]")).changed
    assert changed.changes == (Change("examples.violates", None, None, ("都还清了",), ("还清了",)),)


def test_rules_change_through_words_and_concepts(tmp_path: Path):
    found = difference(tmp_path, ("[爸, 妈]", "[爸, 姐]"))
    assert found.words == (Change("kin", added=("姐",), removed=("妈",)),)
    (changed,) = found.changed
    assert (changed.rule, changed.changes, changed.through) == ("t.tell", (), ("kin",))
    found = difference(tmp_path, ("tell: {phrase: 告诉你<kin>}", "tell: {phrase: 通知你<kin>}"))
    assert found.concepts == (Change("tell", None, None, ("通知你<kin>",), ("告诉你<kin>",)),)
    assert [changed.through for changed in found.changed] == [("tell",)]


def test_a_new_version_beside_the_old_one(tmp_path: Path):
    again = TOPIC[TOPIC.index("- id: t.paid") : TOPIC.index("- id: t.late")]
    newer = again.replace("  category", "  version: 2\n  effective: {from: 2026-01-01}\n  category")
    found = compare(book(tmp_path).source, book(tmp_path, TOPIC + newer).source)
    (changed,) = found.changed
    assert (changed.before, changed.after) == ("t.paid@1", "t.paid@2")
    assert [change.field for change in changed.changes] == ["effective"]
    assert (found.added, found.removed) == ((), ())
