import pytest

from bench.word_times import edge_errors
from transcription.types import Transcript, Utterance, Word


def transcript(*utterances):
    said = tuple(
        Utterance(i, who, start, end, "", words=tuple(Word("字", a, b, 1.0) for a, b in words))
        for i, (who, start, end, words) in enumerate(utterances)
    )
    return Transcript("zh", "test", "", said)


def test_errors_are_of_the_first_start_and_the_last_end():
    truth = transcript(("agent", 1.0, 2.0, ()), ("customer", 2.5, 3.0, ()))
    heard = transcript(("agent", 1.0, 2.1, [(1.05, 1.4), (1.4, 1.9)]), ("customer", 2.4, 3.1, [(2.4, 3.1)]))
    assert [pytest.approx(pair) for pair in [(0.05, -0.1), (-0.1, 0.1)]] == edge_errors(truth, heard)


def test_words_go_to_the_nearest_utterance_of_their_speaker():
    truth = transcript(("agent", 1.0, 2.0, ()), ("agent", 3.0, 4.0, ()), ("agent", 8.0, 9.0, ()))
    heard = transcript(
        ("agent", 1.0, 4.0, [(1.0, 1.5), (2.0, 2.2), (2.9, 4.0)]), ("customer", 8.0, 9.0, [(8.0, 9.0)])
    )
    assert [pytest.approx(pair) for pair in [(0.0, 0.2), (-0.1, 0.0)]] == edge_errors(truth, heard)


def test_words_in_nobodys_time_count_for_nobody():
    assert (
        edge_errors(transcript(("agent", 1.0, 2.0, ())), transcript(("agent", 3.0, 4.0, [(3.0, 4.0)]))) == []
    )
    assert edge_errors(transcript(), transcript(("agent", 3.0, 4.0, [(3.0, 4.0)]))) == []
