from pathlib import Path

import numpy as np
import pytest

from ingest.audio import RATE, decode
from transcription.sound.health import examine

SECONDS = 24.0
WHOLE = [(0.0, SECONDS)]
AGENT = [(0.0, 11.0)]
CUSTOMER = [(12.0, 23.0)]


@pytest.fixture
def conversation(telephone):
    """Agent first, then customer: waves at 8 kHz, one per side."""
    agent = np.concatenate((telephone.talk(11.0, pitch=120.0), telephone.pause(13.0)))
    customer = np.concatenate(
        (telephone.pause(12.0), telephone.talk(11.0, pitch=210.0, seed=7), telephone.pause(1.0))
    )
    return agent, customer


def measured(blocks, *channels, speech=(AGENT, CUSTOMER)):
    return examine(blocks(*channels), RATE, speech)


def test_a_good_recording_is_measured_and_nothing_is_wrong_with_it(telephone, blocks, conversation):
    agent, customer = conversation
    health = measured(blocks, telephone.carry(agent), telephone.carry(customer, seed=1))

    first, second = health.channels
    assert (first.state, second.state) == ("speech", "speech")
    assert first.speech_s == pytest.approx(11.0, abs=0.1)
    assert first.speech_db == pytest.approx(-20.0, abs=2.5)
    assert first.noise_db == pytest.approx(-56.0, abs=1.5)
    assert first.snr_db == pytest.approx(first.speech_db - first.noise_db, abs=0.11)
    assert (first.clipped, first.dropouts, first.repeated) == (0.0, 0.0, 0.0)
    assert first.high_hz == pytest.approx(3400, abs=500)
    assert (health.duplicate, health.echoes) == (None, ())


@pytest.mark.parametrize(("noise_db", "snr_db"), [(-50.0, 32.5), (-40.0, 22.5), (-35.0, 17.5)])
def test_signal_to_noise_is_the_distance_from_syllables_to_pauses(
    noise_db, snr_db, telephone, blocks, conversation
):
    noisy = telephone.carry(conversation[0], noise_db=noise_db)

    assert measured(blocks, noisy, speech=[AGENT]).channels[0].snr_db == pytest.approx(snr_db, abs=2.0)


def test_clipping_shows_behind_codec_and_resampling(telephone, blocks, conversation):
    shares = []
    for gain_db in (0, 12, 20, 28):
        loud = 0.7 * np.clip(conversation[0] * 10 ** (gain_db / 20), -1, 1)
        (channel,) = measured(blocks, telephone.record(loud), speech=[AGENT]).channels
        shares.append(channel.clipped)

    assert shares[0] == 0.0
    assert 0.05 < shares[2] < shares[3]
    assert shares[3] > 0.2


def test_clipping_is_seen_in_plain_samples(blocks, telephone, conversation):
    flat = np.repeat(np.clip(8 * conversation[0], -0.5, 0.5), 2).astype(np.float32)

    assert measured(blocks, flat, speech=[AGENT]).channels[0].clipped > 0.1


def test_a_tone_is_not_taken_for_clipped_speech(telephone, blocks, conversation):
    rings = telephone.repeat(telephone.tone((450,), 1.0), 4.0, 2)
    (channel,) = measured(blocks, telephone.carry(rings, conversation[0]), speech=[[(10.0, 21.0)]]).channels

    assert channel.clipped == 0.0


def lose(wave, share, *, fill=False, packet=160):
    """Some packets of 20 ms are lost: nothing in their place, or the packet before."""
    broken = wave.copy()
    lost = np.flatnonzero(np.random.default_rng(3).random(len(wave) // packet) < share)
    for number in lost[lost > 0]:
        here = slice(number * packet, (number + 1) * packet)
        broken[here] = broken[(number - 1) * packet : number * packet] if fill else 0.0
    return broken


@pytest.mark.parametrize("share", [0.03, 0.1, 0.2])
def test_lost_packets_are_gaps_quieter_than_the_pauses(share, telephone, blocks, conversation):
    received = lose(telephone.carry(conversation[0]), share, packet=320)
    (channel,) = measured(blocks, received, speech=[AGENT]).channels

    assert 0.3 * share < channel.dropouts < 1.3 * share
    assert channel.repeated == 0.0


def test_packets_filled_with_the_one_before_are_told_from_gaps(telephone, blocks, conversation):
    received = lose(telephone.carry(conversation[0]), 0.1, fill=True, packet=320)
    (channel,) = measured(blocks, received, speech=[AGENT]).channels

    assert 0.04 < channel.repeated < 0.15
    assert channel.dropouts == 0.0


def test_a_tone_is_no_packet_filled_again_and_again(telephone, blocks):
    (channel,) = measured(blocks, telephone.carry(telephone.tone((450,), 20.0)), speech=[WHOLE]).channels

    assert channel.repeated == 0.0


@pytest.mark.parametrize(
    ("state", "level_db"), [("silent", None), ("leak", -25.0), ("sound", None), ("speech", None)]
)
def test_what_a_channel_carries(state, level_db, telephone, blocks, conversation):
    agent, customer = conversation
    other = {
        "silent": lambda: np.zeros_like(telephone.carry(agent)),
        "leak": lambda: telephone.carry(agent * 10 ** ((level_db or 0) / 20), noise_db=-62, seed=2),
        "sound": lambda: telephone.carry(0 * agent, noise_db=-45, seed=2),
        "speech": lambda: telephone.carry(customer),
    }[state]()
    health = measured(
        blocks, telephone.carry(agent), other, speech=(AGENT, CUSTOMER if state == "speech" else [])
    )

    assert [channel.state for channel in health.channels] == ["speech", state]


@pytest.mark.parametrize(
    ("delay", "gain", "inverted"), [(0, 1.0, False), (0, -0.3, True), (80, 0.5, False), (800, -1.0, True)]
)
def test_the_same_sound_twice_is_known_despite_delay_gain_and_polarity(
    delay, gain, inverted, telephone, blocks, conversation
):
    mono = conversation[0] + conversation[1]
    later = np.concatenate((np.zeros(delay), mono))[: len(mono)] * gain
    health = measured(
        blocks,
        telephone.carry(mono, noise_db=-60),
        telephone.carry(later, noise_db=-60, seed=1),
        speech=(WHOLE, WHOLE),
    )

    assert health.duplicate is not None
    assert health.duplicate.delay_ms == pytest.approx(delay / 8, abs=0.3)
    assert health.duplicate.gain_db == pytest.approx(20 * np.log10(abs(gain)), abs=0.5)
    assert health.duplicate.inverted is inverted


@pytest.mark.parametrize(("delay_ms", "level_db"), [(60, -15.0), (120, -20.0), (250, -20.0), (400, -25.0)])
def test_an_echo_is_the_other_side_later(delay_ms, level_db, telephone, blocks, conversation):
    agent, customer = conversation
    back = np.concatenate((np.zeros(8 * delay_ms), agent))[: len(agent)] * 10 ** (level_db / 20)
    health = measured(blocks, telephone.carry(agent), telephone.carry(customer + back, seed=1))

    (echo,) = health.echoes
    assert echo.channel == 1
    assert echo.delay_ms == pytest.approx(delay_ms, abs=2)
    assert echo.level_db == pytest.approx(level_db, abs=5)


def test_crosstalk_without_delay_is_no_echo(telephone, blocks, conversation):
    agent, customer = conversation
    health = measured(blocks, telephone.carry(agent), telephone.carry(customer + 0.1 * agent, seed=1))

    assert (health.echoes, health.duplicate) == ((), None)


@pytest.mark.parametrize("name", ["S01-clean", "S02-abuse"])
def test_sound_that_plays_twice_too_fast_is_known(name, blocks):
    (path,) = (Path(__file__).parents[3] / "samples" / "calls").glob(f"{name}.opus")
    sound = decode(path).sound
    call = sound.read(0, sound.length)
    whole = [[(0.0, call.shape[1] / RATE)]] * len(call)

    assert examine(blocks(*call), RATE, whole).speed is None
    assert examine(blocks(*call[:, ::2]), RATE, whole).speed == 2.0


def test_of_little_speech_the_speed_is_not_told(telephone, blocks):
    short = telephone.carry(telephone.talk(6.0))[::2]

    assert measured(blocks, short, speech=[[(0.0, 3.0)]]).speed is None


def test_the_zero_line_and_the_band_are_measured(telephone, blocks, conversation):
    off = telephone.carry(conversation[0]) + np.float32(0.05)
    (channel,) = measured(blocks, off, speech=[AGENT]).channels

    assert channel.dc == pytest.approx(0.05, abs=0.002)


def test_the_lengths_of_blocks_change_nothing(telephone, blocks, conversation):
    channels = [telephone.carry(wave) for wave in conversation]

    one = examine(blocks(*channels, size=9_001), RATE, (AGENT, CUSTOMER))
    other = examine(blocks(*channels, size=400_000), RATE, (AGENT, CUSTOMER))

    assert one == other


def test_an_empty_recording_has_no_channels():
    assert examine([], RATE, ()).channels == ()


def test_a_recording_of_a_few_samples_is_silent(blocks):
    (channel,) = measured(blocks, np.zeros(10, np.float32), speech=[[]]).channels

    assert (channel.state, channel.speech_db, channel.snr_db) == ("silent", None, None)
