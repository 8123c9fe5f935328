import numpy as np
import pytest

from bench.encoder_emotion.clips import Clip
from bench.encoder_emotion.encoder import Cost, Encoder, pool, speech_frames
from ingest.audio import RATE

FRAME = RATE // 50


def test_pauses_and_borders_are_no_speech():
    sound = np.zeros(20 * FRAME, dtype=np.float32)
    sound[: 8 * FRAME] = sound[14 * FRAME :] = 0.1
    assert np.flatnonzero(speech_frames(sound)).tolist() == [3, 4, 5, 6, 7, 14, 15, 16]


def test_of_a_clip_that_is_too_short_all_counts():
    assert speech_frames(np.full(6 * FRAME, 0.1, dtype=np.float32)).tolist() == [True] * 6


def test_mean_and_spread_are_those_of_the_speech_of_the_clip():
    frames = np.zeros((10, 2), dtype=np.float32)
    frames[4:8] = [[1.0, 2.0], [3.0, 2.0], [99.0, 99.0], [5.0, 2.0]]
    found = pool(frames, 0.08, 0.16, np.array([True, True, False, True]))
    assert found == pytest.approx([3.0, 2.0, np.std([1.0, 3.0, 5.0]), 0.0])


def test_cost_is_per_second_of_speech():
    assert Cost(speech=4.0, cpu={"copy": 2.0}).per_second() == {"copy": 0.5}


def test_the_real_encoder_gives_every_clip_of_a_window_features_of_its_own():
    seconds = np.arange(2 * RATE, dtype=np.float32) / RATE
    low, high = (
        Clip(name, "a", "a", "neutral", (0.1 * np.sin(2 * np.pi * hertz * seconds)).astype(np.float32))
        for name, hertz in (("low", 300.0), ("high", 1500.0))
    )
    encoder = Encoder()
    first, second = encoder.pooled([low, high])
    assert first.shape == second.shape == (1024,)
    assert np.linalg.norm(first - second) > 1.0
    assert np.array_equal(encoder.pooled([low, high])[1], second)
    assert encoder.cost.speech == pytest.approx(8.0)
    assert encoder.cost.window == pytest.approx(10.0)
    assert set(encoder.cost.cpu) == {"encode", "copy", "pool"}
