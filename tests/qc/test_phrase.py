"""The phrase mini-syntax."""

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from qc.language.phrase import PhraseError, compile_phrase
from qc.matching.text import fold_text

WORDS = {"family": ["爸", "妈", "家里人"], "job": ["老板", "<boss>"], "boss": ["领导"], "loop": ["<loop>"]}


def found(source: str, text: str, language: str = "zh") -> str | None:
    match = re2.search(compile_phrase(source, WORDS, language).pattern, fold_text(text))
    return match.group() if match else None


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("让你在单位抬不起头", "我让你在单位，抬不起头！", "让你在单位抬不起头"),
        ("(让|叫)你(全家)?丢脸", "叫你丢脸", "叫你丢脸"),
        ("(让|叫)你(全家)?丢脸", "让你全家丢脸", "让你全家丢脸"),
        ("找<family>~还钱", "我去找你爸还钱", None),
        ("找(你)?<family>~还钱", "我去找你家里人替你还钱", "找你家里人替你还钱"),
        ("找~2还钱", "找一二三还钱", None),
        ("找~3还钱", "找一二三还钱", "找一二三还钱"),
        ("找~还钱", "找他。还钱", None),
        ("告诉你<job>", "告诉你领导", "告诉你领导"),
        ("你<family>?还钱", "你还钱", "你还钱"),
        ("知道吗？", "你知道吗", "知道吗"),
        ("你(真|太|就)*坏", "你真就太坏", "你真就太坏"),
        ("你(真|太|就)*坏", "你坏", "你坏"),
        ("你(真|太|就)*坏", "你真真太就坏", None),
    ],
)
def test_mandarin(source: str, text: str, expected: str | None):
    assert found(source, text) == expected


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("call(ing|ed)? your boss", "We are calling your boss", "calling your boss"),
        ("will (not )?pay", "I will pay", "will pay"),
        ("will (not)? pay", "I will not pay", "will not pay"),
        ("(come|drop) by", "they came by", None),
        ("pay", "payment", None),
        (
            "come to your~tonight",
            "come to your mother's house tonight",
            "come to your mother's house tonight",
        ),
        ("come to your~1 tonight", "come to your mother's house tonight", None),
        ("he( has| just| recently)* died", "He has just died.", "he has just died"),
        ("(very |so )*angry", "so very angry", "so very angry"),
        ("dead beat", "you're a dead-beat!", "dead beat"),
    ],
)
def test_english_counts_words_and_matches_at_word_borders(source: str, text: str, expected: str | None):
    assert found(source, text, "en") == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("(a|b", "missing"),
        ("a)b", "unexpected"),
        ("你<nobody>", "no word list <nobody>"),
        ("你<family", "`>` is missing"),
        ("~还钱", "begin or end with a gap"),
        ("还钱~", "begin or end with a gap"),
        ("找~99还钱", "1 to 30"),
        ("(好)?", "optional"),
        ("()", "empty"),
        ("", "no words"),
        ("<loop>", "contains itself"),
        ("还[清完]", "use a regex"),
        ("还*", "use a regex"),
        (r"还\\d", "use a regex"),
        ("(还)?*", "use a regex"),
    ],
)
def test_mistakes_are_named(source: str, message: str):
    with pytest.raises(PhraseError, match=message):
        compile_phrase(source, WORDS, "zh")


def test_required_literals_are_the_longest_every_match_must_have():
    assert compile_phrase("(让|叫)你~抬不起头", {}, "zh").required == {"抬不起头"}
    assert compile_phrase("(上门|去单位)(找你)?", {}, "zh").required == {"上门", "去单位"}


def test_fixed_characters_count_the_shortest_way():
    assert compile_phrase("(让|叫)你(全家)?丢脸~3(吧|了吧)", {}, "zh").fixed == 5


@settings(deadline=None)  # the first example loads dictionaries; how long is no matter here
@given(st.text(alphabet="(|)?~<>1让你丢脸 ", max_size=16))
def test_any_text_compiles_or_is_refused_with_a_reason(source: str):
    try:
        phrase = compile_phrase(source, WORDS, "zh")
    except PhraseError:
        return
    assert re2.compile(phrase.pattern)
    assert phrase.required
