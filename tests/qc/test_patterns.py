"""Regular expressions of rules."""

import pytest

from qc.matching.patterns import PatternError, compile_regex

WORDS = {"pay": ["还", "交(清)"], "kin": ["爸", "妈"]}


def test_word_lists_are_put_in():
    assert compile_regex("找你<kin>", WORDS).search("我找你妈").group() == "找你妈"


def test_full_width_marks_mean_the_normalised_ones():
    assert compile_regex("吗？$", {}).search("知道吗?").group() == "吗?"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("(?=还)", "RE2 refuses"),
        (r"(.)\1", "RE2 refuses"),
        ("(还", "RE2 refuses"),
        ("(?P<x>还)", "named groups"),
        ("<nobody>", "no word list <nobody>"),
        ("<pay>", "phrase syntax"),
        ("你好，还钱", "commas"),
        ("你好、还钱", "commas"),
    ],
)
def test_what_cannot_work_is_refused(source: str, message: str):
    with pytest.raises(PatternError, match=message):
        compile_regex(source, WORDS)


@pytest.mark.parametrize("text", ["别打听我老公!再打", "老公。再打", "老公?再打"])
def test_a_dot_does_not_reach_over_the_end_of_a_sentence(text: str):
    assert compile_regex("老公.{0,3}再打", {}).search(text) is None
    assert compile_regex("老公.{0,3}再打", {}).search("老公你再打").group() == "老公你再打"


def test_an_escaped_dot_and_a_dot_in_a_class_are_dots():
    assert compile_regex(r"12\.5[.]x", {}).search("12.5.x").group() == "12.5.x"


def test_commas_in_classes_and_counts_are_harmless():
    assert compile_regex("[^，。]{1,3}还", {}).search("今天还").group() == "今天还"


def test_a_pattern_that_would_hang_others_is_linear():
    assert compile_regex("(a+)+$", {}).search("a" * 5000 + "!") is None
