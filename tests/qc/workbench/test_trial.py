"""Trying sentences."""

from pathlib import Path

import pytest

from qc.workbench.trial import language_of, named, spoken, try_rules, turn
from tests.qc.workbench.rules import book


@pytest.mark.parametrize(
    ("text", "agent", "customer"),
    [
        ("您好", "您好", None),
        ("坐席：您好", "您好", None),
        ("customer: I paid", None, "I paid"),
        ("C：还清了", None, "还清了"),
        ("债务人: 没钱", None, "没钱"),
        ("时间：十点", "时间：十点", None),
    ],
)
def test_a_sentence_is_a_turn(text: str, agent: str | None, customer: str | None):
    said = turn(text, "agent")
    assert (said.agent, said.customer) == (agent, customer)
    assert named(text) is (text != "您好" and not text.startswith("时间"))


def test_the_language_is_told_by_the_letters():
    assert language_of(["hello", "您好"]) == "zh"
    assert language_of(["hello"]) == "en"


def tried(folder: Path, *texts: str, recognised: bool = False, confidence: float = 1.0):
    turns = [turn(text, "agent") for text in texts]
    found, excused = try_rules(
        book(folder), lambda: spoken(turns, "zh", recognised=recognised, confidence=confidence)
    )
    names = [(each.entry.compiled.rule.id, each.finding.how, each.finding.status) for each in found]
    return names, [(each.entry.compiled.rule.id, each.heard.text.zh, each.heard.guard) for each in excused]


def test_rules_that_fire(tmp_path: Path):
    assert tried(tmp_path, "客户：还清了", "今天还款") == (
        [("t.paid", "letters", "certain"), ("t.pressed", "order", "certain")],
        [],
    )


def test_drafts_take_part(tmp_path: Path):
    assert tried(tmp_path, "你真差劲") == ([("t.draft", "letters", "unsure")], [])


def test_what_keeps_rules_from_firing(tmp_path: Path):
    assert tried(tmp_path, "我不会告诉你妈") == ([], [("t.tell", "告诉你妈", "negated")])
    assert tried(tmp_path, "经您同意我会告诉你妈") == ([], [("t.tell", "经您同意", None)])


def test_words_are_matched_by_sound_where_recognised(tmp_path: Path):
    assert tried(tmp_path, "让你单位都只到") == ([], [])
    found, _ = tried(tmp_path, "让你单位都只到", recognised=True, confidence=0.7)
    assert found == [("t.tell", "sound", "certain")]


LIKE = """
rules:
- {id: t.said, category: threat, title: {zh: 甲, en: A}, cite: [{source: policy}], STATUS
   detect: {phrase: 街坊都挺熟吧}, examples: {violates: [街坊都挺熟吧], allowed: [您好]}}
- {id: t.meant, category: threat, title: {zh: 乙, en: B}, cite: [{source: policy}],
   detect: {like: {bank: threat}}, examples: {violates: [街坊都挺熟吧], allowed: [您好]}}
"""


@pytest.mark.parametrize(("status", "found"), [("stable", ["t.said"]), ("shadow", ["t.meant", "t.said"])])
def test_likeness_to_what_is_said_already_is_left_out_as_in_a_call(
    tmp_path: Path, status: str, found: list[str]
):
    opened = book(tmp_path, LIKE.replace("STATUS", f"status: {status},"))
    said = turn("你在这片儿也住了不少年了，街坊都挺熟吧", "agent")
    fired, _ = try_rules(opened, lambda: spoken([said], "zh", recognised=False))
    assert sorted(each.entry.compiled.rule.id for each in fired) == found
