"""Why a rule fired, or why not."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from qc.call import Call
from qc.workbench.explain import Explained, Explanation, explain, flat
from qc.workbench.outline import outline
from tests.qc.calls import record, transcript
from tests.qc.workbench.rules import TOPIC, book


def explained(folder: Path, rule: str, *turns: str, topic: str = TOPIC, **changes: Any) -> Explanation:
    opened = book(folder, topic)
    call = Call(transcript(*turns), (), record(**changes), ZoneInfo("Asia/Shanghai"), "zh")
    return explain(opened.versions(rule)[0], opened, call)


def leaf(explanation: Explanation, text: str) -> Explained:
    return next(part for part in flat(explanation.parts) if text in part.part.says.zh and not part.parts)


def test_a_rule_that_fires_shows_its_evidence(tmp_path: Path):
    found = explained(tmp_path, "t.tell", "a: 您好", "a: 我会告诉你妈")
    assert [finding.utterances for finding in found.findings] == [(1,)]
    assert (found.hindrances, found.doubts) == ((), ())
    (heard,) = leaf(found, "告诉你<kin>").heard
    assert (heard.utterance, heard.speaker, heard.text.zh, heard.how, heard.sure) == (
        1, "agent", "告诉你妈", "letters", True,
    )  # fmt: skip
    assert not leaf(found, "单位").found


def test_what_a_guard_takes_away_is_named(tmp_path: Path):
    found = explained(tmp_path, "t.tell", "a: 我不会告诉你妈")
    assert found.findings == ()
    (dropped,) = leaf(found, "告诉你<kin>").dropped
    assert (dropped.text.zh, dropped.guard) == ("告诉你妈", "negated")


@pytest.mark.parametrize("turns", [("c: 我告诉你妈",), ("a: 您好", "a: 请问", "a: 我会告诉你妈")])
def test_what_another_said_or_outside_the_window_is_shown(tmp_path: Path, turns: tuple[str, ...]):
    found = explained(tmp_path, "t.tell", *turns)
    assert found.findings == ()
    assert [heard.text.zh for heard in leaf(found, "告诉你<kin>").elsewhere] == ["告诉你妈"]


def test_the_nearest_words_are_shown(tmp_path: Path):
    near = leaf(explained(tmp_path, "t.tell", "a: 让单位的人都知道"), "单位").nearest
    assert near is not None
    assert (near.utterance, near.matched, near.confidence) == (0, "让你单位都知道", 0.71)
    assert leaf(explained(tmp_path, "t.tell", "a: 您好"), "单位").nearest is None


def test_excuses_are_shown(tmp_path: Path):
    found = explained(tmp_path, "t.tell", "a: 经您同意我会告诉你妈")
    assert found.findings == ()
    excuse = leaf(found, "经您同意")
    assert excuse.part.against
    assert [heard.text.zh for heard in excuse.heard] == ["经您同意"]


def test_findings_of_other_rules_are_made_first(tmp_path: Path):
    found = explained(tmp_path, "t.pressed", "c: 还清了", "a: 今天还款")
    assert [finding.utterances for finding in found.findings] == [(1, 0)]
    assert [part.part.role for part in flat(found.parts)] == ["detect", "first", "then"]
    missing = explained(tmp_path, "t.pressed", "c: 没还", "a: 今天还款")
    assert [part.found for part in flat(missing.parts)] == [False, False, True]


def test_facts_say_what_was_measured(tmp_path: Path):
    ten = explained(tmp_path, "t.late", "a: 您好")
    assert [part.measured.zh for part in ten.parts if part.measured] == ["当地时间10:00"]
    unknown = explained(tmp_path, "t.late", "a: 您好", started_at=None)
    assert [part.measured.zh for part in unknown.parts if part.measured] == ["记录没有说明，无法判断"]


@pytest.mark.parametrize(
    ("rule", "changes", "words"),
    [
        ("t.draft", {}, "the rule is draft and does not run"),
        ("t.late", {"direction": "inbound"}, "another direction is wanted: outbound / inbound"),
        ("t.late", {"customer": {"relation": "colleague"}}, "it does not look at calls to a colleague"),
    ],
)
def test_what_keeps_a_rule_from_judging_at_all(
    tmp_path: Path, rule: str, changes: dict[str, Any], words: str
):
    found = explained(tmp_path, rule, "a: 您好", **changes)
    assert [hindrance.en for hindrance in found.hindrances] == [words]


def test_versions_that_do_not_judge_say_so(tmp_path: Path):
    dated = TOPIC.replace("where: {first_utterances: 2}", "effective: {from: 2027-01-01}")
    (hindrance,) = explained(tmp_path, "t.tell", "a: 您好", topic=dated).hindrances
    assert hindrance.en == "it is not in force on the day of the call (2026-06-03)"
    again = TOPIC[TOPIC.index("- id: t.paid") : TOPIC.index("- id: t.late")]
    newer = again.replace("  category", "  version: 2\n  effective: {from: 2026-01-01}\n  category")
    (hindrance,) = explained(tmp_path, "t.paid@1", "a: 您好", topic=TOPIC + newer).hindrances
    assert hindrance.en == "a newer version judges the calls of that day"


def test_doubts_are_named(tmp_path: Path):
    found = explained(tmp_path, "t.draft", "u: 你真差劲")
    assert [finding.status for finding in found.findings] == ["unsure"]
    assert [doubt.zh for doubt in found.doubts] == [
        "规则写明一律由人工判断（certain: false）",
        "说话人不确定",
    ]


def test_every_shipped_rule_has_an_outline():
    from qc.workbench.book import known_packs, open_each  # noqa: PLC0415

    for opened in open_each(known_packs()):
        for entry in opened.entries:
            for part in outline(entry.compiled, opened.source):
                assert part.says.zh, entry.compiled.name
                assert part.says.en, entry.compiled.name


def test_likeness_is_explained_by_the_nearest_examples(tmp_path: Path):
    topic = TOPIC.replace("detect: {phrase: 你真差劲}", "detect: {like: {bank: threat, at_least: 0.9}}")
    (part,) = explained(tmp_path, "t.draft", "a: 您好", "a: 信不信我找人上门收拾你", topic=topic).parts
    like = part.likeness
    assert like is not None
    assert (like.utterance, like.speaker, like.report_at) == (1, "agent", 0.9)
    assert like.probability > 0.5
    assert len(like.belong) == len(like.apart) == 2
    assert like.belong[0].likeness >= like.belong[1].likeness
    assert explained(tmp_path, "t.draft", "c: 喂", topic=topic).parts[0].likeness is None
