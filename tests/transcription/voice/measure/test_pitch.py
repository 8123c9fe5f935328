import numpy as np
import pytest
from swift_f0 import SwiftF0

from ingest.sound import RATE, Sound
from transcription.voice.measure.pitch import frame_pitches


def sound_of(samples):
    return Sound.from_array(np.atleast_2d(samples).astype(np.float32))


@pytest.mark.parametrize("hertz", [100, 150, 220])
def test_pitch_is_found_in_semitones(voice, hertz):
    sound = sound_of(voice(2, hertz, -25))
    pitches = frame_pitches(sound, 0, 0.2, 1.8)
    assert len(pitches) == 100  # one every 16 ms
    assert np.median(pitches) == pytest.approx(12 * np.log2(hertz / 100), abs=0.3)


def test_nothing_has_no_pitch():
    assert len(frame_pitches(sound_of(np.zeros(RATE)), 0, 5, 6)) == 0
    silent = frame_pitches(sound_of(np.zeros(RATE)), 0, 0.0, 0.5)
    assert len(silent) > 0
    assert np.isnan(silent).all()
    rustle = np.random.default_rng(1).normal(0, 0.05, RATE)
    assert np.isnan(frame_pitches(sound_of(rustle), 0, 0.1, 0.9)).mean() > 0.9


def test_the_pitch_of_a_part_is_that_in_the_whole(voice):
    rising = np.concatenate([voice(1, hertz, -25) for hertz in (110, 130, 160, 200)])
    whole = SwiftF0(threads=1).detect(sound_of(rising).read(0, len(rising))[0], RATE, fmin=60, fmax=500)
    for start, end in ((0.0, 1.5), (0.9, 1.3), (1.2, 3.9), (2.1, 4.0)):
        inside = (whole.timestamps >= start) & (whole.timestamps <= end) & (whole.confidence >= 0.5)
        expected = np.median(12 * np.log2(whole.pitch_hz[inside] / 100))
        assert np.nanmedian(frame_pitches(sound_of(rising), 0, start, end)) == pytest.approx(
            expected, abs=0.05
        )


def test_the_gain_of_the_line_does_not_move_the_pitch(voice):
    glide = np.concatenate([voice(0.5, hertz, -20) for hertz in (120, 140, 170)])
    loud, soft = (frame_pitches(sound_of(glide * gain), 0, 0.0, 1.5) for gain in (1.0, 0.1))
    np.testing.assert_array_equal(np.isnan(loud), np.isnan(soft))
    np.testing.assert_allclose(loud, soft, atol=0.05)
