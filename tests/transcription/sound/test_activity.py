import numpy as np
import pytest

from transcription.sound.activity import speech_activity


@pytest.mark.parametrize("level", [0.0, 0.001, 0.1])
def test_noise_is_hardly_speech(level):
    noise = level * np.random.default_rng(1).normal(size=32_100).astype(np.float32)
    assert speech_activity(noise) < 0.1


def test_an_empty_clip_is_none():
    assert speech_activity(np.zeros(0, np.float32)) == 0.0
