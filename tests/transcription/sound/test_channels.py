import numpy as np
import pytest

from ingest.sound import RATE, Sound
from transcription.sound.channels import (
    MAX_GAIN,
    SPEECH_LEVEL,
    Channel,
    is_dual_mono,
    normalise_level,
    remove_crosstalk,
)
from transcription.sound.levels import measure_levels

LEAK_DB = -30
FRAME = 160


def burst(start, end, seconds=12, level=0.1, seed=0):
    """Noise between two times, as loud as speech."""
    sound = np.zeros(seconds * RATE, dtype=np.float32)
    count = (end - start) * RATE
    sound[start * RATE : end * RATE] = np.random.default_rng(seed).normal(0, level, count)
    return sound


def mixed(agent, customer):
    hiss = np.random.default_rng(9).normal(0, 1e-4, (2, len(agent))).astype(np.float32)
    leak = np.float32(10 ** (LEAK_DB / 20))
    return np.stack([agent + leak * customer, customer + leak * agent]) + hiss


def sound_of(samples):
    return Sound.from_array(np.atleast_2d(samples).astype(np.float32))


def whole(channel):
    return channel.read(0, channel.sound.length)


def cleaned(samples):
    sound = sound_of(samples)
    return remove_crosstalk(sound, measure_levels(sound))


def mono(samples):
    sound = sound_of(samples)
    return Channel(sound, 0, measure_levels(sound)[0])


def level(samples, start, end):
    return float(np.sqrt(np.mean(samples[int(start * RATE) : int(end * RATE)] ** 2)))


def gated(samples, is_open):
    """What silencing the closed frames of a whole channel at once gives."""
    expected = samples.copy()
    ramp = np.linspace(0, 1, FRAME, endpoint=False, dtype=np.float32)
    states = [is_open[0], *is_open]
    for number, (before, after) in enumerate(zip(states, is_open, strict=False)):
        part = slice(number * FRAME, min((number + 1) * FRAME, len(samples)))
        shape = {(0, 0): 0 * ramp, (0, 1): ramp, (1, 0): ramp[::-1], (1, 1): 0 * ramp + 1}
        expected[part] *= shape[int(before), int(after)][: part.stop - part.start]
    return expected


def test_leakage_is_silenced_and_own_speech_stays():
    original = mixed(burst(1, 4), burst(6, 9, seed=1))
    agent, customer = cleaned(original)
    assert level(whole(agent), 6.3, 8.7) == 0
    assert level(whole(customer), 1.3, 3.7) == 0
    assert level(whole(agent), 1, 4) == pytest.approx(level(original[0], 1, 4), rel=0.01)
    assert level(whole(customer), 6, 9) == pytest.approx(level(original[1], 6, 9), rel=0.01)
    assert agent.leak.db == pytest.approx(LEAK_DB, abs=2)


def test_a_leak_is_told_also_where_hardly_anybody_speaks():
    waiting = np.zeros((2, 300 * RATE))
    rare = mixed(*(np.concatenate([side, waiting[0]]) for side in (burst(1, 4), burst(6, 9, seed=1))))
    agent, customer = cleaned(rare)
    assert (agent.leak.db, customer.leak.db) == (pytest.approx(LEAK_DB, abs=2), pytest.approx(LEAK_DB, abs=2))
    assert level(whole(customer), 1.3, 3.7) == 0


def test_waiting_does_not_make_the_speech_louder():
    talk = mixed(burst(1, 4), burst(6, 9, seed=1))
    waiting = np.random.default_rng(2).normal(0, 1e-4, (2, 300 * RATE))
    short, long = (cleaned(samples)[0] for samples in (talk, np.concatenate([talk, waiting], axis=1)))
    assert normalise_level(long).gain == pytest.approx(normalise_level(short).gain, rel=0.2)


def test_both_sides_survive_when_they_speak_at_once():
    original = mixed(burst(1, 6), burst(4, 9, level=0.03, seed=1))
    _, customer = cleaned(original)
    assert level(whole(customer), 4.2, 5.8) == pytest.approx(level(original[1], 4.2, 5.8), rel=0.05)


def test_separate_lines_are_left_alone():
    first, second = cleaned(np.zeros((2, RATE)))
    assert (first.leak, second.leak) == (None, None)
    assert not whole(first).any()
    assert not whole(second).any()


def test_cleaning_part_by_part_is_cleaning_the_whole():
    original = mixed(burst(1, 4), burst(6, 9, seed=1))[:, : 12 * RATE - 77]
    channel = cleaned(original)[0]
    quantised = channel.sound.read(0, channel.sound.length)[0]
    expected = gated(quantised, channel.is_open)
    assert 0.1 < channel.is_open.mean() < 0.9
    np.testing.assert_allclose(whole(channel), expected, atol=1e-7)
    rng = np.random.default_rng(5)
    places = [(0, 1), (159, 161), (160, 320), (len(expected) - 5, len(expected)), (0, len(expected))]
    places += [tuple(sorted(rng.integers(0, len(expected), 2))) for _ in range(200)]
    for start, stop in places:
        assert np.array_equal(channel.read(start, stop), whole(channel)[start:stop])
    assert np.array_equal(channel.part(2.5, 6.25), whole(channel)[40_000:100_000])
    assert np.array_equal(np.concatenate(list(channel.blocks())), whole(channel))


@pytest.mark.parametrize(
    ("start", "stop"), [(-50, 0), (5, 5), (9, 4), (12 * RATE, 13 * RATE), (10**9, 10**9)]
)
def test_nothing_is_read_where_nothing_is(start, stop):
    for channel in cleaned(mixed(burst(1, 4), burst(6, 9, seed=1))):
        assert channel.read(start, stop).shape == (0,)


def test_levels_measured_in_blocks_are_those_of_the_whole():
    samples = mixed(burst(1, 4), burst(6, 9, seed=1))
    long = np.tile(samples, (1, 12))[:, : 130 * RATE + 33]
    shares = []
    levels = measure_levels(sound_of(long), progress=shares.append)
    assert levels.shape == (2, 13_001)
    full = sound_of(long).read(0, 130 * RATE).reshape(2, 13_000, FRAME).astype(np.float64)
    expected = 10 * np.log10(np.maximum(np.mean(full**2, axis=2), 1e-10))
    np.testing.assert_allclose(levels[:, :-1], expected, atol=1e-4)
    assert shares == pytest.approx([6000 / 13_001, 12_000 / 13_001, 1.0])


def test_a_tone_of_known_size_has_its_level():
    tone = 0.1 * np.sqrt(2) * np.sin(2 * np.pi * 500 * np.arange(RATE) / RATE)
    assert measure_levels(sound_of(tone))[0] == pytest.approx(np.full(100, -20.0), abs=0.01)
    assert measure_levels(sound_of(np.zeros(RATE)))[0].tolist() == [-100.0] * 100


@pytest.mark.parametrize("size", [0.001, 0.05, 0.9])
def test_quiet_and_loud_lines_come_to_the_same_level(size):
    tone = size * np.sin(np.arange(RATE) / 5)
    assert np.sqrt(np.mean(whole(normalise_level(mono(tone))) ** 2)) == pytest.approx(SPEECH_LEVEL, rel=0.05)


def test_a_level_is_normalised_part_by_part_as_in_the_whole():
    channel = normalise_level(cleaned(np.tile(mixed(burst(1, 4), burst(6, 9, seed=1)), (1, 8)))[0])
    raw = Channel(channel.sound, 0, channel.levels, channel.leak, channel.is_open)
    power = np.mean(whole(raw).reshape(-1, 400).astype(np.float64) ** 2, axis=1)
    loud = np.sqrt(np.mean(power[power >= np.percentile(power, 80)]))
    assert channel.gain == pytest.approx(SPEECH_LEVEL / loud)
    assert np.array_equal(channel.part(3, 7), np.clip(raw.part(3, 7) * np.float32(channel.gain), -1, 1))


def test_a_loud_moment_on_a_quiet_line_is_limited_to_full_scale():
    samples = np.full(10 * RATE, 0.001)
    samples[5 * RATE] = 0.9
    assert whole(normalise_level(mono(samples))).max() == 1.0


def test_a_dead_line_is_not_made_loud():
    assert not whole(normalise_level(mono(np.zeros(RATE)))).any()
    hiss = np.full(RATE, 4 / 32_768)
    assert whole(normalise_level(mono(hiss))).max() == pytest.approx(4 / 32_768 * MAX_GAIN)
    assert whole(normalise_level(mono(np.zeros(0)))).shape == (0,)


def test_the_same_sound_twice_is_dual_mono_whatever_the_gain():
    sound = burst(1, 4)
    assert is_dual_mono(sound_of(np.stack([sound, 0.3 * sound])))
    assert is_dual_mono(sound_of(np.stack([sound, -sound])))
    assert not is_dual_mono(sound_of(mixed(burst(1, 4), burst(6, 9, seed=1))))
    assert not is_dual_mono(sound_of(np.zeros((2, 0))))
    assert not is_dual_mono(sound_of(np.stack([sound, np.zeros_like(sound)])))
    assert not is_dual_mono(sound_of(np.full((2, RATE), 0.25)))


def test_the_same_sound_a_little_later_is_dual_mono_too():
    sound = burst(1, 9)
    assert is_dual_mono(sound_of(np.stack([sound, np.roll(sound, 160)])))
    assert not is_dual_mono(sound_of(np.stack([sound, np.roll(sound, 4000)])))


def test_a_long_recording_is_compared_to_its_end():
    alike, apart = burst(1, 4), mixed(burst(1, 11, seed=2), burst(1, 11, seed=3))
    both = np.concatenate([np.tile(np.stack([alike, alike]), (1, 6)), np.tile(apart, (1, 6))], axis=1)
    assert is_dual_mono(sound_of(both[:, : 72 * RATE]))
    assert not is_dual_mono(sound_of(both))
