import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcription.engines.engine import LanguageGuess
from transcription.engines.language import by_time
from transcription.engines.tokens import UNTOLD_CONFIDENCE, words_of


def made(tokens, starts, seconds=3.0, spaced=True):
    return [(word.text, word.start, word.end) for word in words_of(tokens, starts, seconds, spaced=spaced)]


def test_each_character_ends_where_the_next_begins():
    assert made(["您", "好"], [0.5, 0.7], 0.9) == [("您", 0.5, 0.7), ("好", 0.7, 0.9)]


def test_no_token_lasts_longer_than_one_can():
    assert made(["您", "好"], [0.5, 2.0]) == [("您", 0.5, 0.9), ("好", 2.0, 2.4)]


@pytest.mark.parametrize(
    ("tokens", "spaced", "words"),
    [
        (["好", " ok", "ay", " then", "吗"], True, ["好", " okay", " then", "吗"]),
        (["ok", "ay", "好"], True, ["okay", "好"]),
        ([" it", "'", "s"], True, [" it's"]),
        (["好", "ok@@", "ay", "then", "吗"], False, ["好", " okay", " then", "吗"]),
        (["hel@@", "lo", "hi"], False, ["hello", " hi"]),
        (["您", "好", "，", "请", "？", "！"], True, ["您", "好，", "请？！"]),
        (["，", "请"], True, ["，", "请"]),
        (["二", "零"], False, ["二", "零"]),
    ],
)
def test_pieces_are_put_together_to_words(tokens, spaced, words):
    starts = [0.1 * index for index in range(len(tokens))]
    assert [word.text for word in words_of(tokens, starts, 3.0, spaced=spaced)] == words


def test_without_times_there_are_no_words():
    assert words_of(["您", "好"], [], 1.0, spaced=True) == ()
    assert words_of(["您", "好"], [0.1], 1.0, spaced=True) == ()
    assert words_of([], [], 1.0, spaced=True) == ()


@given(
    st.lists(st.tuples(st.sampled_from(["您", " ok", "ay", "，"]), st.floats(-1, 40)), max_size=12),
    st.floats(0, 30),
    st.booleans(),
)
def test_words_lie_within_their_clip_and_no_text_is_lost(pairs, seconds, spaced):
    pairs.sort(key=lambda pair: pair[1])
    tokens, starts = [token for token, _ in pairs], [start for _, start in pairs]
    words = words_of(tokens, starts, seconds, spaced=spaced)
    assert "".join(word.text for word in words).replace(" ", "") == "".join(tokens).replace(" ", "")
    for word in words:
        assert 0 <= word.start <= word.end <= seconds
        assert word.confidence == UNTOLD_CONFIDENCE
    assert [word.start for word in words] == sorted(word.start for word in words)


@pytest.mark.parametrize(
    ("told", "guess"),
    [
        ([("zh", 3.0), ("en", 1.0)], LanguageGuess("zh", 0.75)),
        ([("zh", 1.0), ("en", 1.5), ("zh", 1.0)], LanguageGuess("zh", 2 / 3.5)),
        ([("zh", 1.0), (None, 9.0)], LanguageGuess("zh", 1.0)),
        ([("yue", 2.0)], LanguageGuess("yue", 1.0)),
        ([(None, 2.0), ("", 1.0)], None),
        ([], None),
        ([("zh", 0.0)], LanguageGuess("zh", 1.0)),
        ([("zh", 1.0), ("en", 1.0)], LanguageGuess("zh", 0.5)),
    ],
)
def test_the_language_is_that_of_most_of_the_time(told, guess):
    assert by_time(told) == guess
