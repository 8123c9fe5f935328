import numpy as np
import pytest

from ingest.audio import RATE
from transcription.sound.channels import is_dual_mono, own_speech, remove_crosstalk
from transcription.sound.speech import Stretch

LEAK_DB = -30


def burst(start, end, seconds=12, level=0.1, seed=0):
    """Noise between two times, as loud as speech."""
    sound = np.zeros(seconds * RATE, dtype=np.float32)
    count = (end - start) * RATE
    sound[start * RATE : end * RATE] = np.random.default_rng(seed).normal(0, level, count)
    return sound


def mixed(agent, customer):
    hiss = np.random.default_rng(9).normal(0, 1e-5, (2, len(agent))).astype(np.float32)
    leak = np.float32(10 ** (LEAK_DB / 20))
    return np.stack([agent + leak * customer, customer + leak * agent]) + hiss


def level(samples, start, end):
    return float(np.sqrt(np.mean(samples[int(start * RATE) : int(end * RATE)] ** 2)))


def test_leakage_is_silenced_and_own_speech_stays():
    original = mixed(burst(1, 4), burst(6, 9, seed=1))
    agent, customer = remove_crosstalk(original, RATE)
    assert level(agent.samples, 6.3, 8.7) == 0
    assert level(customer.samples, 1.3, 3.7) == 0
    assert level(agent.samples, 1, 4) == pytest.approx(level(original[0], 1, 4), rel=0.01)
    assert level(customer.samples, 6, 9) == pytest.approx(level(original[1], 6, 9), rel=0.01)
    assert agent.leak_db == pytest.approx(LEAK_DB, abs=2)


def test_both_sides_survive_when_they_speak_at_once():
    original = mixed(burst(1, 6), burst(4, 9, level=0.03, seed=1))
    _, customer = remove_crosstalk(original, RATE)
    assert level(customer.samples, 4.2, 5.8) == pytest.approx(level(original[1], 4.2, 5.8), rel=0.05)


def test_separate_lines_are_left_alone():
    silent = np.zeros((2, RATE), dtype=np.float32)
    first, second = remove_crosstalk(silent, RATE)
    assert not first.samples.any()
    assert not second.samples.any()


def test_remains_of_the_other_side_are_no_own_speech():
    _, customer = remove_crosstalk(mixed(burst(1, 4), burst(6, 9, seed=1)), RATE)
    assert own_speech(customer, [Stretch(2, 2.5), Stretch(6, 9)]) == (Stretch(6, 9),)


def test_an_empty_channel_has_no_speech():
    first, _ = remove_crosstalk(np.zeros((2, 0), dtype=np.float32), RATE)
    assert own_speech(first, [Stretch(0, 1)]) == ()


def test_the_same_sound_twice_is_dual_mono_whatever_the_gain():
    sound = burst(1, 4)
    assert is_dual_mono(np.stack([sound, 0.3 * sound]), RATE)
    assert is_dual_mono(np.stack([sound, -sound]), RATE)
    assert not is_dual_mono(mixed(burst(1, 4), burst(6, 9, seed=1)), RATE)
    assert not is_dual_mono(np.zeros((2, 0), dtype=np.float32), RATE)
    assert not is_dual_mono(np.stack([sound, np.zeros_like(sound)]), RATE)
