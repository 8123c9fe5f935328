import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import BadInputError
from transcription.search.query import LENGTH_MAX, TERMS_MAX, Query, Term, parse, spans
from transcription.search.tokens import Token, fold, index_words, plain, query_words, units

MARKS = st.sampled_from("投诉律师 \"'()*:&|!-OR妳ＡA1\\%_，\n")
ANY_TEXT = st.text(alphabet=st.one_of(MARKS, st.characters()))


def term(text: str) -> Term:
    parts = units(text)
    return Term(plain(parts), query_words(parts))


def test_text_is_cut_into_pairs_of_characters_and_words():
    parts = units("您好，請問 iPhone１２，A2客户")
    assert index_words(parts) == ["您好", "好请", "请问", "问", "iphone12", "a2", "客户", "户"]
    assert plain(parts) == "您好请问 iphone12  a2 客户"


@pytest.mark.parametrize("said", ["138 0013 8000", "13800138000", "一三八零零一三八零零零", "C1234567"])
def test_long_numbers_are_not_searched(said):
    assert index_words(units(f"我的{said}")) == ["我的", "的"]
    with pytest.raises(BadInputError) as caught:
        parse(f'"我的{said}"')
    assert caught.value.code == "search.number"


def test_all_that_can_be_asked_is_understood():
    assert parse('投诉 "你好 OK" OR 律師 -还款 speaker:debtor') == Query(
        groups=((term("投诉"),), (term("你好 ok"), term("律师"))), without=(term("还款"),), speaker="customer"
    )
    assert parse("说话人：坐席 “法律 责任”") == Query(groups=((term("法律责任"),),), speaker="agent")
    assert term("投").words == (Token("投", prefix=True),)
    assert parse("OR 投诉 OR") == Query(groups=((term("投诉"),),))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "search.empty"),
        ("，。 --", "search.empty"),
        ("-投诉", "search.only_excluded"),
        ("speaker:judge 投诉", "search.speaker"),
        ("投诉 " * (TERMS_MAX + 1), "search.too_much"),
        ("投" * (LENGTH_MAX + 1), "search.too_much"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(text, code):
    with pytest.raises(BadInputError) as caught:
        parse(text)
    assert caught.value.code == code
    assert caught.value.mend


def test_places_are_those_of_the_text_as_it_is_written():
    said = "我要投诉，你好OK。律師貸款；投，诉投诉"
    query = parse('投诉 OR "你好 ok" OR 律师 OR 贷')
    found = [said[start:end] for start, end in spans(said, query)]
    assert found == ["投诉", "你好OK", "律師貸", "投，诉投诉"]


@given(ANY_TEXT)
def test_folding_keeps_every_place(text):
    assert len(fold(text)) == len(text)
    for part in units(text):
        assert 0 <= part.start < part.end <= len(text)


@given(ANY_TEXT, ANY_TEXT)
def test_whatever_is_asked_is_read_or_refused(text, said):
    try:
        query = parse(text)
    except BadInputError:
        return
    for start, end in spans(said, query):
        assert 0 <= start < end <= len(said)
    for each in query.terms:
        assert not any(mark in word.text for word in each.words for mark in "'\"\\ ")


@given(st.text(alphabet="投诉律师贷款ab1，", min_size=1, max_size=12), st.integers(0, 11), st.integers(1, 12))
def test_every_stretch_of_a_text_finds_it(said, start, length):
    """The words that a phrase needs are all among the words of every text that has it."""
    parts = units(said)
    phrase = parts[start : start + length]
    words = set(index_words(parts))
    for word in query_words(phrase):
        assert word.text in words or (word.prefix and any(each.startswith(word.text) for each in words))
    if phrase:
        assert plain(phrase) in plain(parts)
