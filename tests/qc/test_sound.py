"""Matching by sound."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qc.language.phrase import compile_phrase
from qc.matching.sound import Heard, best, compile_sound
from qc.matching.syllables import fold, syllables
from qc.matching.text import fold_text


@pytest.mark.parametrize(
    ("syllable", "folded"),
    [("zhang", "zan"), ("chi", "ci"), ("shen", "sen"), ("ning", "lin"), ("ren", "len"), ("hui", "fei"),
     ("hun", "fen"), ("hu", "fu"), ("huang", "fan"), ("he", "he"), ("fa", "fa"),
     ("an", "an"), ("nv", "lv"), ("long", "long")],
)  # fmt: skip
def test_folding(syllable: str, folded: str):
    assert fold(syllable) == folded


def test_one_sound_for_each_character():
    assert syllables("还钱ok1。") == ("fan", "qian", "o", "k", "yi", "。")
    assert syllables("银行") == ("yin", "han")  # read in its word, not as xing


def sounds(phrase: str, text: str):
    heard = Heard(fold_text(text))
    return best(compile_sound(compile_phrase(phrase, {}, "zh")).find(heard), heard.text)


def test_the_same_sound_in_other_characters():
    match = sounds("让你在公司抬不起头", "我要让你在公司台不起头啊")
    assert (match.start, match.end, match.likeness, match.syllables, match.run) == (2, 11, 1.0, 9, 9)


def test_a_long_phrase_bears_some_wrong_syllables():
    match = sounds("让你在公司抬不起头", "让你在公司带不起投")
    assert match.likeness == pytest.approx(1 - 1 / 26, abs=0.02)


def test_of_five_syllables_one_may_be_slightly_off():
    assert sounds("叫你没工作", "叫你没恐作").likeness < 1
    assert sounds("叫你没工作", "叫你没吃饭") is None


def test_four_syllables_must_be_exact():
    assert sounds("刑事责任", "行使责任").likeness == 1.0
    assert sounds("刑事责任", "心思的人") is None


def test_gaps_and_choices_are_heard_too():
    match = sounds("让(你|您)~4抬不起头", "让您全家都台不起头")
    assert match.likeness == 1.0
    assert match.gap_ends == (5,)


def test_scattered_syllables_are_no_phrase():
    assert sounds("把你~6通讯录~6发", "爸你叔通讯录上发") is not None
    assert sounds("把你~6照片~6发", "爸你叔照片上发") is None
    assert sounds("扫~3我~6码", "三个我号码") is None


def test_a_gap_never_crosses_a_sentence_end():
    assert sounds("让你在公司~6抬不起头", "让你在公司。台不起头") is None


@settings(deadline=None)  # the first example loads dictionaries; how long is no matter here
@given(st.text(alphabet="让你在公司单位抬不起头还钱我们今天就去", max_size=30))
def test_matches_lie_inside_the_text_and_their_likeness_is_a_share(text: str):
    match = sounds("让你在公司抬不起头", text)
    if match is not None:
        assert 0 <= match.start < match.end <= len(text)
        assert 0.8 <= match.likeness <= 1.0
