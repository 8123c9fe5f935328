import numpy as np
import pytest

from ingest.audio import RATE
from transcription.types import Word
from transcription.word_times import fit_to_sound


def clip(seconds, *bursts, noise=0.001):
    """Hiss, and over it a louder sound from start to end for each of `bursts`."""
    rng = np.random.default_rng(1)
    wave = noise * rng.normal(size=round(seconds * RATE))
    for start, end in bursts:
        part = slice(round(start * RATE), round(end * RATE))
        wave[part] += 0.1 * rng.normal(size=part.stop - part.start)
    return wave.astype(np.float32)


def edges(words, sound):
    return [(round(word.start, 2), round(word.end, 2)) for word in fit_to_sound(words, sound)]


def test_the_first_word_does_not_start_with_the_clip():
    assert edges([Word("喂", 0.0, 0.7, 0.9)], clip(1.0, (0.3, 0.7))) == [(0.3, 0.7)]


def test_a_pause_belongs_to_neither_word():
    words = [Word("好", 0.1, 0.6, 0.9), Word("的", 0.6, 1.3, 0.9)]
    assert edges(words, clip(1.5, (0.1, 0.4), (0.9, 1.3))) == [(0.1, 0.4), (0.9, 1.3)]


def test_the_last_word_before_a_pause_ends_with_its_sound():
    words = [Word("好", 0.1, 0.3, 0.9), Word("的", 0.9, 1.0, 0.9)]
    assert edges(words, clip(1.5, (0.1, 0.5), (0.9, 1.2))) == [(0.1, 0.5), (0.9, 1.2)]


def test_an_end_moves_neither_far_nor_into_the_next_word():
    words = [Word("好", 0.1, 0.3, 0.9), Word("的", 0.4, 0.6, 0.9)]
    assert edges(words, clip(2.0, (0.1, 1.9))) == [(0.1, 0.4), (0.4, 0.9)]


def test_a_short_closure_inside_a_word_is_no_pause():
    assert edges([Word("不可", 0.1, 0.8, 0.9)], clip(1.0, (0.1, 0.4), (0.45, 0.8))) == [(0.1, 0.8)]


@pytest.mark.parametrize("noise", [0.1, 0.0])
def test_where_no_pause_stands_out_times_stay(noise):
    sound = clip(1.0, noise=noise)
    assert edges([Word("喂", 0.2, 0.7, 0.9)], sound)[0][0] == 0.2


def test_a_word_where_nothing_sounds_stays():
    assert edges([Word("喂", 0.0, 0.2, 0.9)], clip(1.0, (0.5, 0.9))) == [(0.0, 0.2)]


def test_no_words_and_no_sound():
    assert fit_to_sound([], clip(1.0)) == ()
    assert fit_to_sound([Word("喂", 0.0, 0.0, 0.9)], np.zeros(0, np.float32)) == (Word("喂", 0.0, 0.0, 0.9),)
