import pytest

from transcription.privacy.detect import find, find_in_text
from transcription.types import Utterance, Word


def said(*lines: tuple[str, str]) -> list[Utterance]:
    return [Utterance(at, who, float(at), at + 1.0, text) for at, (who, text) in enumerate(lines)]  # type: ignore[arg-type]


def shown(utterances, known=None) -> list[tuple[str, int, str]]:
    spans = (find(utterances) if known is None else find(utterances, known)).spans
    return [
        (span.kind, span.utterance, utterances[span.utterance].text[span.start : span.end]) for span in spans
    ]


def test_an_answer_is_personal_because_of_the_question():
    asked = said(("agent", "身份证后四位报一下。"), ("customer", "三七幺六。"))
    assert shown(asked) == [("last_digits", 1, "三七幺六")]
    assert shown(said(("agent", "您的工号呢？"), ("customer", "三七幺六。"))) == []


def test_what_was_told_once_is_personal_when_it_is_said_again():
    call = said(("agent", "尾号六六二零的卡。"), ("customer", "嗯。"), ("agent", "六六二零，扣款失败。"))
    assert shown(call) == [("last_digits", 0, "六六二零"), ("last_digits", 2, "六六二零")]


def test_a_number_read_out_over_several_turns():
    call = said(
        ("customer", "你记，幺三八"),
        ("agent", "嗯"),
        ("customer", "零零幺三"),
        ("agent", "好"),
        ("customer", "八零零零。"),
    )
    assert shown(call) == [("phone", 0, "幺三八"), ("phone", 2, "零零幺三"), ("phone", 4, "八零零零")]


def test_the_longer_of_two_finds_stays():
    assert [(each.kind, each.start, each.end) for each in find_in_text("我叫王建国，手机13800138000")] == [
        ("name", 2, 5),
        ("phone", 8, 19),
    ]


def test_the_times_are_those_of_the_words_with_a_margin():
    words = (Word("我叫", 1.0, 1.4, 0.9), Word("王", 1.4, 1.6, 0.9), Word("建国", 1.6, 2.0, 0.9))
    (span,) = find([Utterance(0, "customer", 1.0, 2.0, "我叫王建国。", words=words)]).spans
    assert (span.start, span.end) == (2, 5)
    assert (round(span.start_s, 3), round(span.end_s, 3)) == (1.2, 2.2)


def test_words_that_do_not_fit_the_text_give_the_whole_utterance():
    words = (Word("我叫", 1.0, 1.4, 0.9),)
    (span,) = find([Utterance(0, "customer", 1.0, 2.0, "我叫王建国。", words=words)]).spans
    assert (round(span.start_s, 3), round(span.end_s, 3)) == (0.8, 2.2)


@pytest.mark.parametrize(
    "text",
    [
        "我打12378投诉，再打12345。",
        "案号是（2024）京0105民初12345号。",
        "一共两万三千六，八月十五号之前还。",
        "客服热线是四零零八八二零零二零。",
        "20260315之前还清，20000000元以内。",
        "您方便的时候，马上办，谢谢，明白了。",
        "",
    ],
)
def test_what_belongs_to_nobody_stays_readable(text):
    assert find_in_text(text) == []
