import numpy as np
import pytest

from ingest.sound import RATE, Sound
from transcription.voice.measure.frames import Sounding, listen, loudness
from transcription.voice.measure.loudness import frame_levels


def frames(samples, start, end):
    sound = Sound.from_array(np.atleast_2d(samples).astype(np.float32))
    return listen(sound, 0, start, end, frame_levels(sound, start, end)[0])


def test_a_part_sounds_as_it_does_alone(voice):
    silence = np.zeros(RATE // 2, np.float32)
    spoken = np.concatenate([voice(1.5, 120, -30), silence, voice(1.5, 180, -24)])
    whole = frames(spoken, 0.0, 3.5)
    first, second = whole.sounding(0.1, 1.4), whole.sounding(2.1, 3.4)
    assert (first.pitch, second.pitch) == (pytest.approx(3.16, abs=0.1), pytest.approx(10.18, abs=0.1))
    assert second.level - first.level == pytest.approx(8.6, abs=0.5)  # more of it in the band
    assert (first.pauses, second.pauses) == (0.0, 0.0)
    assert whole.sounding(0.0, 3.5).pauses == pytest.approx(0.5 / 3.5, abs=0.02)
    assert whole.sounding(0.0, 3.5).pitch_range == pytest.approx(7.0, abs=0.2)


def test_too_little_speech_has_no_measures(voice):
    assert frames(voice(1, 150, -30), 0.0, 0.1).sounding(0.0, 0.1) == Sounding()
    assert frames(voice(1, 150, -30), 5.0, 6.0).sounding(5.0, 6.0) == Sounding()
    rustle = frames(np.random.default_rng(1).normal(0, 0.05, RATE), 0.0, 1.0).sounding(0.0, 1.0)
    assert (rustle.pitch, rustle.tilt) == (None, None)
    assert rustle.level is not None


def test_neither_pauses_nor_one_loud_word_move_the_loudness():
    speech, pause, word = np.full(200, -30.0), np.full(80, -90.0), np.full(25, -15.0)
    assert loudness(speech) == -30.0
    assert loudness(np.concatenate([speech, pause, speech])) == -30.0
    assert loudness(np.concatenate([speech, word, speech])) == -30.0
    assert loudness(np.zeros(0)) is None
    assert loudness(np.full(3, -20.0)) == -20.0
