import numpy as np
import pytest

from ingest.sound import RATE, Sound
from transcription.sound.channels import Channel
from transcription.sound.levels import measure_levels
from transcription.sound.quiet import MIN_QUIET_S
from transcription.sound.speech import QUIET_MARGIN_S as MARGIN_S
from transcription.sound.speech import searched


def noise(seconds, level=0.003, seed=0):
    return np.random.default_rng(seed).normal(0, level, round(seconds * RATE))


def talk(seconds, level=0.02):
    """Syllables: 0.2 s of sound, 0.15 s of less."""
    times = np.arange(round(seconds * RATE)) / RATE
    return noise(seconds, level, seed=1) * np.where(times % 0.35 < 0.2, 1.0, 0.1)


def channel(*parts, is_open=None):
    sound = Sound.from_array(np.concatenate(parts)[None].astype(np.float32))
    return Channel(sound, 0, measure_levels(sound)[0], is_open=is_open)


def test_a_recording_without_sound_is_not_searched():
    assert searched(channel(np.zeros(0))) == []
    assert searched(channel(np.zeros(60 * RATE))) == [(0.0, MARGIN_S), (60 - MARGIN_S, 60.0)]


@pytest.mark.parametrize("level", [0.0, 0.0003, 0.003, 0.03])
def test_a_steady_line_is_quiet_however_loud_it_is(level):
    (first, second) = searched(
        channel(talk(5, 10 * level + 0.01), noise(30, level), talk(5, 10 * level + 0.01))
    )
    assert first == (0.0, pytest.approx(5 + MARGIN_S, abs=0.6))
    assert second == (pytest.approx(35 - MARGIN_S, abs=0.6), 40.0)


@pytest.mark.parametrize("level", [0.004, 0.02, 0.2])
def test_talk_is_never_quiet_even_hardly_louder_than_the_line(level):
    assert searched(channel(talk(60, level) + noise(60, 0.003))) == [(0.0, 60.0)]


def test_a_word_in_long_quiet_is_searched_with_some_of_the_quiet_around():
    places = searched(channel(noise(30), talk(0.4), noise(29.6)))
    assert len(places) == 3
    start, end = places[1]
    assert start == pytest.approx(30 - MARGIN_S, abs=0.7)
    assert end == pytest.approx(30.4 + MARGIN_S, abs=0.7)


def test_short_quiet_is_searched_too():
    pause = MIN_QUIET_S - 1
    assert searched(channel(talk(5), noise(pause), talk(5))) == [(0.0, 10 + pause)]


def test_tones_are_as_steady_as_silence():
    tone = 0.1 * np.sin(2 * np.pi * 450 * np.arange(20 * RATE) / RATE)
    assert len(searched(channel(talk(5), tone, talk(5)))) == 2


def test_where_only_the_other_side_is_heard_it_is_quiet():
    is_open = np.ones(4000, dtype=bool)
    is_open[1000:3000] = False
    (first, second) = searched(channel(talk(40), is_open=is_open))
    assert first == (0.0, pytest.approx(10 + MARGIN_S, abs=0.6))
    assert second == (pytest.approx(30 - MARGIN_S, abs=0.6), 40.0)
