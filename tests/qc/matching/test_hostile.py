"""No expression takes long, whatever it is and whatever is said."""

import time

import pytest

from qc.matching.normalise import normalise_all
from qc.matching.patterns import PatternError, compile_regex
from qc.matching.words import WordPattern

LONG = 10_000
UTTERANCES = [
    "a" * LONG,
    "a" * LONG + "!",
    "ab" * (LONG // 2),
    ("我今天还钱给你们公司打电话投诉啊" * LONG)[:LONG],
]
EVIL = [
    "(a+)+$",
    "(a|aa)+$",
    "(a|a?)+$",
    "(.*)*x",
    "((((a*)*)*)*)*b",
    ".*.*.*.*.*=.*",
    "(x+x+)+y",
    "a.*b|a",
    ".*x|.",
    "(我|你|他){0,300}投诉x",
    "(.{0,30}还){10}x",
    "((我.{0,20}){4}钱){4}x",
    "(.{0,150}还){3}x",
    "[^。?!]{0,300}x",
]
TOO_COSTLY = [
    "(.{1,1000}){1,1}z",
    "([^。?!]{0,1000})x",
    "(.{0,99}还){9}x",
    "投诉" * 20_000,
    "a" * 1_200,
    "a" * 5_000,
]


@pytest.mark.parametrize("source", EVIL)
def test_no_expression_takes_a_tenth_of_a_second_on_a_long_utterance(source: str):
    pattern = WordPattern(source, compile_regex(source, {}), None, False, ())
    for text in normalise_all(UTTERANCES):
        pattern.letters(text.text)  # the first time RE2 builds its tables
        begun = time.process_time()
        pattern.letters(text.text)
        assert time.process_time() - begun < 0.1


@pytest.mark.parametrize("source", TOO_COSTLY)
def test_what_would_take_longer_is_refused(source: str):
    with pytest.raises(PatternError, match=r"too costly|characters long"):
        compile_regex(source, {})


@pytest.mark.parametrize("source", ["(a{1,100}){1,100}b", "(?=a)b", r"(a)\1"])
def test_what_re2_cannot_do_is_refused(source: str):
    with pytest.raises(PatternError, match="RE2 refuses"):
        compile_regex(source, {})
