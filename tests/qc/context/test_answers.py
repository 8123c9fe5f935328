"""A bare yes or no, and what it says about the question before it."""

import pytest

from qc.context.answers import reply
from qc.matching.text import normalise
from tests.qc.calls import judge, places
from tests.qc.conftest import MakePack

YES_ZH = [
    "对",
    "对啊",
    "嗯，对对对",
    "是的是的",
    "没错。",
    "啊是",
    "嗯嗯",
    "可不是嘛",
    "对，没错",
    "是这个意思",
    "您说得对",
    "哎对的",
]
NO_ZH = ["不是", "没有没有", "不对", "没有的事。", "不是不是，没有", "怎么可能", "哦不是的", "当然不是"]
MORE_ZH = [
    "对不起",
    "对了我问一下",
    "是我老公",
    "没有钱",
    "不是我办的",
    "好",
    "是不是",
    "对吗？",
    "没错是我办的",
    "喂",
    "不还",
    "",
]
YES_EN = [
    "Yes.",
    "yeah that's right",
    "Right, right",
    "uh huh",
    "yes sir",
    "Oh, absolutely",
    "I did",
    "exactly",
]
NO_EN = ["No.", "nope", "no, not at all", "I didn't", "no ma'am", "of course not"]
MORE_EN = [
    "yes but I paid it",
    "right now?",
    "sir",
    "no money",
    "I did pay",
    "not now",
    "sure thing buddy",
    "okay",
]

TOPIC = """
rules:
- id: t.answered
  category: dispute.identity
  title: {zh: 确认非本人, en: Confirmed}
  cite: [{source: policy}]
  where: {speaker: customer}
  detect: {answer: {of: {regex: '您是说(这笔)?不是您(本人)?办的'}}}
  examples: {violates: [[{agent: 您是说不是您办的}, {customer: 对}]], allowed: [对]}
- id: t.denied
  category: refusal
  title: {zh: 否认, en: Denied}
  cite: [{source: policy}]
  where: {speaker: customer}
  detect: {answer: {of: {phrase: 您打算还款}, is: denied}}
  examples: {violates: [[{agent: 您打算还款吗}, {customer: 不}]], allowed: [不]}
"""


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [(YES_ZH, "zh", "affirmed"), (NO_ZH, "zh", "denied"), (MORE_ZH, "zh", None),
     (YES_EN, "en", "affirmed"), (NO_EN, "en", "denied"), (MORE_EN, "en", None)],
)  # fmt: skip
def test_turns_that_say_only_yes_or_no(texts: list[str], language: str, expected: str | None):
    found = {text: reply(normalise(text).text, language) for text in texts}
    assert found == dict.fromkeys(texts, expected)


@pytest.mark.parametrize(
    ("turns", "found"),
    [
        (["a: 您是说这笔不是您办的", "c: 对"], [("t.answered", (1, 0))]),
        (["a: 您是说这笔不是您办的", "c: 不是"], []),
        (["a: 您是说这笔不是您办的", "c: 对了我问一下"], []),
        (["a: 您是说这笔不是您办的", "c: 嗯那个", "c: 对对"], [("t.answered", (2, 0))]),
        (["a: 您是说这笔不是您办的", "a: 请问您贵姓", "c: 对"], []),  # another question came last
        (["c: 对", "a: 您是说这笔不是您办的"], []),
        (["c: 您是说这笔不是您办的", "a: 对"], []),  # the customer asked
        (["a: 您打算还款吗", "c: 没有"], [("t.denied", (1, 0))]),
        (["a: 您打算还款吗", "c: 是的"], []),
    ],
)
def test_a_bare_yes_says_what_was_asked(
    make_pack: MakePack, turns: list[str], found: list[tuple[str, tuple[int, ...]]]
):
    assert places(judge(make_pack(TOPIC), *turns)) == found


def test_the_finding_shows_question_and_answer(make_pack: MakePack):
    (finding,) = judge(make_pack(TOPIC), "a: 您是说不是您办的", "c: 对").findings
    assert (finding.heard, finding.speaker, finding.status) == ("对", "customer", "certain")
    assert finding.matched == "坐席“您是说不是您办的”之后客户“对”"
    (doubtful,) = judge(
        make_pack(TOPIC), "a: 您是说不是您办的", "c: 对", engine="recogniser", confidence=0.3
    ).findings
    assert doubtful.status == "unsure"
