import pytest

from transcription.text.word_choice import (
    CHOSEN_CONFIDENCE,
    Counts,
    WordChoice,
    settle,
    settle_words,
    word_choice,
)
from transcription.types import Word

OFTEN = ("核", "实", "$", "^核", "^^核", "核实", "^核实", "实$", "核实$")
CALLS = {**dict.fromkeys(OFTEN, 200), "何": 4, "时": 4, "何时": 8, "^何": 8}
SMALL = WordChoice(
    Counts(CALLS, {"核": 50, "实": 50, "何": 50, "时": 90, "核实": 40}, {"he": "何核", "shi": "时实"})
)


def test_a_doubted_word_is_written_as_its_likelier_homophone():
    assert settle("何时", [0.1, 0.1], SMALL) == "核实"


def test_a_word_that_the_recogniser_is_sure_of_needs_more():
    assert settle("何时", [1.0, 1.0], SMALL) == "何时"


def test_what_is_not_chinese_stays_and_so_does_the_length():
    text = "App，何时 OK"
    settled = settle(text, [0.1] * len(text), SMALL)
    assert settled == "App，核实 OK"
    assert settle("", [], SMALL) == ""


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("请您何时一下", "请您核实一下"),
        ("我的公号二一一六", "我的工号二一一六"),
        ("上个月的帐单", "上个月的账单"),
        ("期间我被注暂停催收", "期间我备注暂停催收"),
        ("您什么时候方便", "您什么时候方便"),
        ("我明天去营业厅交", "我明天去营业厅交"),
    ],
)
def test_the_shipped_model_knows_the_words_of_calls(heard, meant):
    assert settle(heard, [0.5] * len(heard)) == meant


def test_no_sentence_of_an_accusation_was_taught():
    calls = word_choice()._counts.calls
    assert [words for words in ("不要脸", "废物", "弄死", "打断你") if words in calls] == []


def test_chosen_words_are_worth_less_and_keep_their_place():
    words = [Word("何", 1.0, 1.2, 0.5), Word("时，", 1.2, 1.4, 0.3), Word("一", 1.4, 1.5, 0.9)]
    text, settled = settle_words("何时，一", words, 0.5, SMALL)
    assert text == "核实，一"
    assert settled == (
        Word("核", 1.0, 1.2, CHOSEN_CONFIDENCE),
        Word("实，", 1.2, 1.4, 0.3),
        Word("一", 1.4, 1.5, 0.9),
    )


def test_without_words_the_confidence_of_the_whole_text_counts():
    assert settle_words("何时", (), 0.1, SMALL) == ("核实", ())
    assert settle_words("何时", (), 1.0, SMALL) == ("何时", ())


def test_a_word_that_is_not_in_the_text_is_left_alone():
    odd = Word("别的", 0.0, 0.3, 0.2)
    assert settle_words("何时", [odd], 0.1, SMALL) == ("核实", (odd,))
