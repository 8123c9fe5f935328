import librosa
import numpy as np
import pytest

from ingest.sound import RATE, Sound
from transcription.voice.measure.loudness import frame_levels, speech_level, spoken_frames


def sound_of(samples):
    return Sound.from_array(np.atleast_2d(samples).astype(np.float32))


def level_of(samples, start, end):
    return speech_level(frame_levels(sound_of(samples), start, end)[0])


def test_level_is_that_of_the_spoken_frames(voice):
    sound = np.concatenate([voice(1, 150, -30), np.zeros(RATE, np.float32), voice(1, 150, -30)])
    assert level_of(sound, 0, 3) == pytest.approx(-30, abs=0.5)
    assert level_of(sound, 0, 0.05) is None


def test_one_loud_word_does_not_move_the_level(voice):
    sound = np.concatenate([voice(2, 150, -30), voice(0.5, 150, -18), voice(2, 150, -30)])
    assert level_of(sound, 0, 4.5) == pytest.approx(-30, abs=1)


@pytest.mark.parametrize(("start", "end"), [(0, 3), (0.013, 0.4), (1.007, 2.5), (2.9, 3), (2.5, 9), (5, 6)])
def test_levels_of_a_part_are_those_of_the_whole(voice, start, end):
    samples = voice(3, 150, -30) * np.linspace(0.1, 1, 3 * RATE, dtype=np.float32)
    expected = librosa.feature.rms(y=sound_of(samples).read(0, 3 * RATE)[0], frame_length=400, hop_length=160)
    part = frame_levels(sound_of([samples, 0 * samples]), start, end)
    decibels = 20 * np.log10(expected[0])[int(start * 100) : int(end * 100) + 1]
    assert part.shape == (2, len(decibels))
    np.testing.assert_allclose(part[0], decibels, atol=1e-3)
    assert set(part[1]) <= {-120.0}


def test_frames_20_db_below_the_loudest_are_pauses():
    assert spoken_frames(np.array([-30.0, -31, -49, -51, -80])).tolist() == [True, True, True, False, False]
    assert spoken_frames(np.zeros(0)).tolist() == []
