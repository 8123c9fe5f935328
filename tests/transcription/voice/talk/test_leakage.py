import numpy as np
import pytest

from ingest.sound import RATE, Sound
from transcription.types import AudioHealth, ChannelHealth, Echo, Transcript, Utterance, Word
from transcription.voice.talk.leakage import leakage
from transcription.voice.talk.spoken import stretches

CHANNEL = ChannelHealth("speech", 10, -6, -20, -60, 40, 0, 0, 0, 0, 300, 3400)


@pytest.fixture
def channels(voice):
    """The agent speaks from 0 to 4 s, the customer from 3 to 7 s; there is a little noise."""
    silence = np.zeros(RATE, dtype=np.float32)
    agent = np.concatenate([voice(4, 150, -20), *[silence] * 4])
    customer = np.concatenate([*[silence] * 3, voice(4, 220, -26), silence])
    noise = np.random.default_rng(5).normal(0, 10 ** (-70 / 20), (2, len(agent)))
    return np.stack([agent, customer]), noise.astype(np.float32)


def sound_of(channels, leak=10 ** (-30 / 20), delay_s=0.0):
    clean, noise = channels
    shift = round(delay_s * RATE)
    moved = np.roll(clean[::-1], shift, axis=1)
    moved[:, :shift] = 0
    return Sound.from_array((clean + leak * moved + noise).astype(np.float32))


def test_what_comes_across_is_told_from_speech(channels):
    heard = leakage(sound_of(channels))
    assert heard.is_leaked(1, 0.5, 2.5)
    assert heard.is_leaked(0, 5.0, 6.5)
    assert not heard.is_leaked(0, 0.5, 2.5)
    assert not heard.is_leaked(1, 3.2, 3.8)
    assert not heard.is_leaked(1, 7.2, 7.8)


def test_an_echo_is_expected_when_it_comes(channels):
    clean, noise = channels
    clean[0, round(2.5 * RATE) :] = 0
    late = sound_of((clean, noise), leak=0.1, delay_s=0.4)
    health = AudioHealth((CHANNEL, CHANNEL), echoes=(Echo(1, 400.0, -20.0),))
    assert leakage(late, health).is_leaked(1, 2.6, 2.85)
    assert not leakage(late).is_leaked(1, 2.6, 2.85)


def test_one_channel_and_no_sound_have_no_leak():
    assert leakage(Sound.from_array(np.zeros((1, RATE), np.float32))) is None
    assert leakage(Sound.from_array(np.zeros((2, 0), np.float32))) is None


def test_words_heard_in_leaked_sound_are_nobodys(channels):
    words = tuple(Word(text, 1 + k * 0.5, 1.4 + k * 0.5, 0.6) for k, text in enumerate("一二三四五六七八"))
    said = Utterance(0, "customer", 0.9, 5.5, "一二三四五六七八", 0.6, words, side=1)
    transcript = Transcript("zh", "e", "m", (said,), options={"split": "channels"})
    assert [each.start for each in stretches(transcript)] == [1.0]
    assert [each.start for each in stretches(transcript, sound_of(channels))] == [3.0]
