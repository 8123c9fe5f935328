"""Silence, talking over each other, speech rate: what the times tell."""

from dataclasses import replace

import pytest

from qc.evaluate import inspect
from tests.qc.calls import places, record, rule
from tests.qc.conftest import MakePack
from transcription.types import Cue, Transcript, Utterance, Word

RULE = "t.rule"


def said(*turns: tuple[str, float, float, str]) -> Transcript:
    """Utterances as (speaker, start, end, text)."""
    speakers = {"a": "agent", "c": "customer"}
    return Transcript(
        "zh",
        "given",
        "",
        tuple(
            Utterance(at, speakers[who], start, end, text) for at, (who, start, end, text) in enumerate(turns)
        ),  # type: ignore[arg-type]
    )


def found(make_pack: MakePack, detect: str, transcript: Transcript, *cues: Cue, extra: str = ""):
    packs = make_pack("rules:" + rule(detect, category="dead_air", extra=extra))
    return inspect(transcript, cues, record(), packs)


ASKED = said(
    ("c", 0, 3, "这钱是哪几个月的"),
    ("c", 3.2, 4, "你帮我看看"),
    ("a", 16, 18, "十二月的"),
    ("a", 30, 31, "还有一月的"),
    ("c", 45, 46, "知道了"),
)


@pytest.mark.parametrize(
    ("silence", "expected"),
    [
        ("{min_seconds: 11}", [(2, 1), (3, 2), (4, 3)]),
        ("{min_seconds: 13}", [(4, 3)]),
        ("{min_seconds: 11, place: within_turn}", [(3, 2)]),
        ("{min_seconds: 11, place: between_turns}", [(2, 1)]),
        ("{min_seconds: 11, place: before_answer}", [(2, 1)]),
        ("{min_seconds: 13, place: before_answer}", []),
        ("{min_seconds: 11, times: 3}", [(2, 1), (3, 2), (4, 3)]),
        ("{min_seconds: 11, times: 4}", []),
    ],
)
def test_silences_by_place(make_pack: MakePack, silence: str, expected: list[tuple[int, int]]):
    inspection = found(make_pack, f"{{silence: {silence}}}", ASKED)
    assert places(inspection) == [(RULE, where) for where in expected]


def test_a_silence_is_described(make_pack: MakePack):
    (finding,) = found(make_pack, "{silence: {min_seconds: 11, place: before_answer}}", ASKED).findings
    assert (finding.start, finding.end, finding.how, finding.status) == (4, 16, "cue", "certain")
    assert finding.matched == "提问后静默 ≥ 11 秒"
    assert finding.why == {"zh": "规则：静默 12.0 秒", "en": "Rule: 12.0 s of silence"}


def test_the_customer_may_be_asked_for(make_pack: MakePack):
    asked = said(("a", 0, 2, "您什么时候能还"), ("c", 20, 21, "下周"))
    silent = "{silence: {min_seconds: 10, place: before_answer}, speaker: customer}"
    assert places(found(make_pack, silent, asked)) == [(RULE, (1, 0))]
    told = said(("a", 0, 2, "请您今天还款"), ("c", 20, 21, "下周"))
    assert places(found(make_pack, silent, told)) == []


def test_a_pause_between_two_words(make_pack: MakePack):
    words = (Word("我", 0, 1, 0.9), Word("查", 9, 10, 0.9))
    transcript = Transcript("zh", "given", "", (Utterance(0, "agent", 0, 10, "我查", words=words),))
    within = "{silence: {min_seconds: 8, place: within_turn}}"
    assert places(found(make_pack, within, transcript)) == [(RULE, (0,))]
    assert places(found(make_pack, within.replace("8", "8.1"), transcript)) == []


def test_speech_without_text_is_no_silence(make_pack: MakePack):
    spoken = replace(said(("a", 0, 2, "您好"), ("c", 30, 31, "喂")), unheard=(("agent", 10.0, 15.0),))
    assert places(found(make_pack, "{silence: {min_seconds: 16}}", spoken)) == []
    assert [
        finding.start for finding in found(make_pack, "{silence: {min_seconds: 14}}", spoken).findings
    ] == [15]


def test_a_word_of_the_customer_excuses_silence(make_pack: MakePack):
    excuse = "  unless: [{near: {of: {phrase: 稍等, speaker: any}, before: 2}}]\n"
    silent = "{silence: {min_seconds: 20}}"
    waiting = said(("c", 0, 2, "你稍等一下我找张纸"), ("a", 30, 31, "好了吗"))
    assert places(found(make_pack, silent, waiting, extra=excuse)) == []
    assert places(found(make_pack, silent, waiting)) == [(RULE, (1, 0))]


OVER = [
    Cue("overlap", "agent", 1, 2, 1, "s", (1,)),
    Cue("overlap", "agent", 5, 7, 2, "s", (2,)),
    Cue("overlap", "customer", 8, 9.5, 1.5, "s", (3,)),
]


@pytest.mark.parametrize(
    ("overlap", "expected"),
    [
        ("{}", [(1,), (2,)]),
        ("{min_seconds: 1.5}", [(2,)]),
        ("{times: 3}", []),
        ("{times: 2, total_seconds: 3}", [(1,), (2,)]),
        ("{total_seconds: 3.1}", []),
    ],
)
def test_talking_over_the_other(make_pack: MakePack, overlap: str, expected: list[tuple[int, ...]]):
    talk = said(("c", 0, 2, "我"), ("a", 1, 6, "您"), ("a", 5, 8, "听"), ("c", 7, 9, "好"))
    assert places(found(make_pack, f"{{overlap: {overlap}}}", talk, *OVER)) == [(RULE, at) for at in expected]


RATES = said(
    ("a", 0, 1, "您今天必须还款不然"), ("a", 2, 5, "您今天必须还款不然"), ("c", 6, 7, "我说过了我现在没有钱")
)


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        ("{faster_than: 8.9}", [(0,)]),
        ("{faster_than: 9}", []),
        ("{slower_than: 3.1}", [(1,)]),
        ("{faster_than: 2.9, times: 2}", [(0,), (1,)]),
        ("{faster_than: 8, min_characters: 10}", []),
        ("{faster_than: 4.4, over: call}", [()]),
        ("{faster_than: 4.5, over: call}", []),
    ],
)
def test_speech_rates(make_pack: MakePack, rate: str, expected: list[tuple[int, ...]]):
    assert places(found(make_pack, f"{{rate: {rate}}}", RATES)) == [(RULE, at) for at in expected]


def test_a_rate_is_described(make_pack: MakePack):
    (finding,) = found(make_pack, "{rate: {faster_than: 8}}", RATES).findings
    assert finding.matched == "语速 > 8 字/秒"
    assert finding.why["zh"] == "规则：语速 9.0 字/秒"


def test_order_may_need_something_between(make_pack: MakePack):
    detect = (
        "{order: {first: {phrase: 还款}, between: {phrase: 没钱, speaker: customer}, then: {phrase: 还款}}}"
    )
    pressed = said(("a", 0, 1, "请还款"), ("c", 2, 3, "我没钱"), ("a", 4, 5, "必须还款"))
    assert places(found(make_pack, detect, pressed)) == [(RULE, (2, 0, 1))]
    asked = said(("a", 0, 1, "请还款"), ("c", 2, 3, "好"), ("a", 4, 5, "记得还款"))
    assert places(found(make_pack, detect, asked)) == []


def test_repetition_within_seconds(make_pack: MakePack):
    talk = said(("a", 0, 1, "还款"), ("a", 20, 21, "还款"), ("a", 25, 26, "还款"))
    detect = "{repeat: {of: {phrase: 还款}, times: 2, within_seconds: 10}}"
    assert places(found(make_pack, detect, talk)) == [(RULE, (2, 1))]
    assert places(found(make_pack, detect.replace("10", "4"), talk)) == []
