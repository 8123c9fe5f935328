from itertools import islice

import numpy as np
import pytest

from bench.guard.clips import KINDS, LEVELS_DB, clips
from bench.guard.noises import RATE, white
from bench.guard.telephone import line, record
from ingest.audio import decode


@pytest.fixture(scope="module")
def few():
    return list(clips(1))


def test_there_are_more_than_three_hundred_by_default():
    sounds = {kind: len(of_kind) for kind, of_kind in KINDS.items()}
    assert 5 * sounds["silence"] + 8 * (sum(sounds.values()) - sounds["silence"]) >= 300


def test_every_sound_differs_in_level_length_and_layout(few):
    assert {clip.level_db for clip in few} == set(LEVELS_DB)
    assert {clip.layout for clip in few} == {"mono", "one of two", "both of two"}
    assert min(clip.seconds for clip in few) < 3
    assert max(clip.seconds for clip in few) > 50


def test_they_sound_and_fit_the_line(few):
    for clip in few:
        assert all(
            np.all(np.abs(channel) <= 1) and len(channel) == int(clip.seconds * RATE)
            for channel in clip.channels
        )
        if clip.kind != "silence":
            assert any(np.std(channel) > 1e-5 for channel in clip.channels), str(clip)


def test_they_are_the_same_every_time(few):
    for first, second in zip(few[:4], islice(clips(1), 4), strict=False):
        assert str(first) == str(second)
        for one, other in zip(first.channels, second.channels, strict=True):
            np.testing.assert_array_equal(one, other)


def test_the_line_sets_the_level_and_takes_the_lows_away():
    rng = np.random.default_rng(1)
    passed = line(white(rng, 4 * RATE), -30.0)
    assert 20 * np.log10(np.std(passed)) == pytest.approx(-30.0, abs=1.0)
    spectrum = np.abs(np.fft.rfft(passed))
    assert np.mean(spectrum[: 100 * 4]) < 0.02 * np.mean(spectrum[1000 * 4 : 2000 * 4])
    assert not np.any(line(np.zeros(RATE), -10.0))


def test_a_recording_is_a_telephone_file(tmp_path):
    wave = line(white(np.random.default_rng(1), RATE), -20.0)
    record(tmp_path / "a.wav", [wave, np.zeros(RATE)], "ULAW")
    audio = decode(tmp_path / "a.wav")
    assert (audio.codec, audio.source_rate, audio.source_channels) == ("pcm_mulaw", 8000, 2)
    assert audio.duration_s == pytest.approx(1.0, abs=0.01)
