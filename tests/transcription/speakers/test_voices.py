import numpy as np
from scipy.signal import lfilter

from ingest.audio import RATE
from transcription.sound.speech import Stretch
from transcription.speakers.voices import split_by_voice


def sounding_throat(seconds, resonance, seed):
    """Noise through one resonance: two throats differ in it, whatever they say."""
    noise = np.random.default_rng(seed).normal(0, 0.1, round(seconds * RATE))
    angle = 2 * np.pi * resonance / RATE
    return lfilter([0.1], [1, -2 * 0.97 * np.cos(angle), 0.97**2], noise).astype(np.float32)


def conversation(order):
    parts, stretches, time = [], [], 0.0
    for index, who in enumerate(order):
        parts.append(sounding_throat(1.0, 600 if who == "a" else 1400, index))
        parts.append(np.zeros(RATE // 2, dtype=np.float32))
        stretches.append(Stretch(time, time + 1.0))
        time += 1.5
    samples = np.concatenate(parts)
    return lambda start, end: samples[int(start * RATE) : int(end * RATE)], stretches


def test_two_voices_are_told_apart_and_the_first_to_speak_comes_first():
    order = "abaabbab"
    clip, stretches = conversation(order)
    first, second = split_by_voice(clip, RATE, stretches)
    assert first == tuple(s for s, who in zip(stretches, order, strict=True) if who == "a")
    assert second == tuple(s for s, who in zip(stretches, order, strict=True) if who == "b")


def test_the_split_is_the_same_every_time():
    clip, stretches = conversation("abbaab")
    assert split_by_voice(clip, RATE, stretches) == split_by_voice(clip, RATE, stretches)


def test_one_stretch_or_none_is_one_voice():
    clip, stretches = conversation("a")
    assert split_by_voice(clip, RATE, stretches) == ((stretches[0],), ())
    assert split_by_voice(clip, RATE, []) == ((), ())
