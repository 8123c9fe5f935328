"""How clips are read and held against the others of their speaker."""

import numpy as np
import pytest
import soundfile

from ingest.sound import RATE
from pipeline.voice_evaluation.clips import score_clips
from pipeline.voice_evaluation.labels import Clip


def voice(hertz, seconds=1.2):
    times = np.arange(round(seconds * RATE)) / RATE
    wave = np.sum([np.sin(2 * np.pi * hertz * k * times) / k for k in range(1, 16)], axis=0)
    return np.pad(0.05 * wave / np.sqrt(np.mean(wave**2)), RATE // 5).astype(np.float32)


def clips(tmp_path, *sounds):
    """One speaker's clips, the last of them in anger."""
    found = []
    for number, (sound, rate) in enumerate(sounds):
        path = tmp_path / f"{number}.wav"
        soundfile.write(path, sound, rate)
        emotion = "anger" if number == len(sounds) - 1 else "neutral"
        found.append(Clip(path.name, path, "A", emotion, emotion))
    return found


def rises(scores):
    """Of the pitch, in semitones: one standard deviation is one."""
    return [round(clip.rises[1]) for clip in scores.clips]


@pytest.mark.parametrize("seconds", [1.2, 0.5])
def test_a_clip_is_no_part_of_its_own_calm_voice(tmp_path, seconds):
    octave = [(voice(hertz, seconds), RATE) for hertz in (100, 100, 200)]
    found = score_clips(clips(tmp_path, *octave))
    # The first two are held against one of 100 and one of 200 Hz, the third against two of 100 Hz.
    assert rises(found) == [-3, -3, 12]
    assert found.left_out == ()


def test_of_two_channels_the_louder_one_counts(tmp_path):
    sound = voice(120)
    silent, opposed = np.stack([0 * sound, sound], axis=1), np.stack([sound, -0.9 * sound], axis=1)
    found = score_clips(clips(tmp_path, (sound, RATE), (silent, RATE), (opposed, RATE), (voice(240), RATE)))
    assert [clip.rises[0] for clip in found.clips[:3]] == pytest.approx([0.0] * 3, abs=0.3)
    assert rises(found)[-1] == 12


def test_a_file_that_may_be_several_is_missing(tmp_path):
    known = clips(tmp_path, *[(voice(120), RATE)] * 3)
    vague = Clip("x", None, "A", "joy", "rest", several=True)
    (left_out,) = score_clips([*known, vague]).left_out
    assert (left_out.reason, left_out.message) == (
        "missing",
        "several files of this name are in the folder",
    )
