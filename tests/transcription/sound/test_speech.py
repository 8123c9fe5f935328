import itertools
from pathlib import Path

import numpy as np
import pytest
from faster_whisper.vad import VadOptions, get_speech_timestamps

from ingest.audio import decode
from ingest.sound import RATE, Sound
from transcription.sound.channels import Channel, Leak, normalise_level
from transcription.sound.levels import measure_levels
from transcription.sound.speech import (
    MAX_TURN_S,
    Stretch,
    detect_pieces,
    detect_speech,
    own_speech,
    searched,
    take_turns,
)


@pytest.fixture(scope="module")
def spoken():
    """The agent of a sample call, 44 s."""
    call = decode(Path(__file__).parents[3] / "samples" / "calls" / "S01-clean.opus").sound
    return whole(normalise_level(Channel(call, 0, measure_levels(call)[0])))


def channel(samples):
    sound = Sound.from_array(samples[None].astype(np.float32))
    return Channel(sound, 0, measure_levels(sound)[0])


def whole(channel):
    return channel.read(0, channel.sound.length)


def is_speech(stretches, seconds):
    frames = np.zeros(seconds * 100, dtype=bool)
    for start, end in stretches:
        frames[round(start * 100) : round(end * 100)] = True
    return frames


def turns(first, second=()):
    sides = [[Stretch(*pair) for pair in side] for side in (first, second)]
    return [(turn.side, turn.start, turn.end) for turn in take_turns(sides)]


def test_a_short_pause_does_not_end_a_turn():
    assert turns([(0, 1), (2.5, 4)], [(5, 6)]) == [(0, 0, 4), (1, 5, 6)]


def test_a_long_pause_ends_a_turn():
    assert turns([(0, 1), (3.5, 4)]) == [(0, 0, 1), (0, 3.5, 4)]


def test_the_other_side_ends_a_turn():
    assert turns([(0, 1), (2, 3)], [(1.2, 1.8)]) == [(0, 0, 1), (1, 1.2, 1.8), (0, 2, 3)]


def test_a_word_within_a_stretch_does_not_cut_it():
    assert turns([(0, 3)], [(1, 1.4)]) == [(0, 0, 3), (1, 1, 1.4)]


def test_an_overlap_at_the_end_of_a_stretch_still_separates_it_from_the_next():
    assert turns([(0, 3), (4.5, 6)], [(2, 4)]) == [(0, 0, 3), (1, 2, 4), (0, 4.5, 6)]


def test_a_turn_stays_within_what_the_recogniser_hears_at_once():
    assert turns([(0, 10), (10.5, 20), (20.5, 30)]) == [(0, 0, 20), (0, 20.5, 30)]


def test_nobody_speaks():
    assert turns([]) == []


def test_turns_of_a_long_call_are_those_of_its_parts():
    sides = [[(20 * k, 20 * k + 3) for k in range(300)], [(20 * k + 5, 20 * k + 6) for k in range(300)]]
    one = turns([(0, 3)], [(5, 6)])
    assert turns(*sides) == [(side, 20 * k + a, 20 * k + b) for k in range(300) for side, a, b in one]


@pytest.mark.parametrize("detect", [detect_speech, detect_pieces])
def test_silence_noise_and_tones_are_no_speech(detect):
    noise = np.random.default_rng(1).normal(0, 0.05, 5 * RATE)
    tone = 0.1 * np.sin(2 * np.pi * 450 * np.arange(5 * RATE) / RATE)
    for sound in (np.zeros(5 * RATE), np.zeros(0), noise, tone):
        assert detect(channel(sound)) == ()


@pytest.mark.parametrize("detect", [detect_speech, detect_pieces])
def test_speech_without_a_pause_is_cut_to_what_the_recogniser_hears_at_once(detect, spoken):
    without_pauses = np.concatenate(
        [
            spoken[int((s.start + 0.15) * RATE) : int((s.end - 0.15) * RATE)]
            for s in detect_speech(channel(spoken))
        ]
    )
    found = detect(channel(np.tile(without_pauses, 3)))
    assert max(s.end - s.start for s in found) <= MAX_TURN_S
    assert sum(s.end - s.start for s in found) > 0.88 * 3 * len(without_pauses) / RATE


def test_a_short_recording_is_searched_as_a_whole(spoken):
    assert searched(channel(spoken)) == [(0.0, len(spoken) / RATE)]
    found = get_speech_timestamps(
        whole(channel(spoken)),
        VadOptions(
            threshold=0.25,
            neg_threshold=0.2,
            min_speech_duration_ms=100,
            max_speech_duration_s=MAX_TURN_S,
            min_silence_duration_ms=300,
            speech_pad_ms=120,
        ),
    )
    assert detect_speech(channel(spoken)) == tuple((s["start"] / RATE, s["end"] / RATE) for s in found)
    assert len(found) > 3


@pytest.mark.parametrize("block_s", [30.0, 41.0])
def test_speech_found_block_by_block_is_that_of_the_whole(spoken, monkeypatch, block_s):
    long = channel(np.tile(spoken, 3))
    at_once = detect_speech(long)
    monkeypatch.setattr("transcription.sound.speech._BLOCK_S", block_s)
    shares = []
    by_blocks = detect_speech(long, progress=shares.append)
    assert len(shares) > 3
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert all(a.end <= b.start for a, b in itertools.pairwise(by_blocks))
    # The detector's memory of what came before moves an edge now and then.
    assert np.mean(is_speech(by_blocks, 140) == is_speech(at_once, 140)) > 0.98


def test_long_quiet_is_not_searched_and_the_speech_around_it_is_found(spoken):
    hiss = np.random.default_rng(3).normal(0, 5e-4, 60 * RATE)
    length = len(spoken) / RATE
    sparse = channel(np.concatenate([spoken, hiss, spoken]))
    (first, second) = searched(sparse)
    assert first == (0.0, pytest.approx(length + 2, abs=1.5))
    assert second == (pytest.approx(length + 58, abs=1.5), pytest.approx(2 * length + 60))
    found = detect_speech(sparse)
    alone = detect_speech(channel(spoken))
    assert len(found) == 2 * len(alone)
    np.testing.assert_allclose(found[: len(alone)], alone, atol=0.15)
    np.testing.assert_allclose(np.array(found[len(alone) :]) - length - 60, alone, atol=0.15)


def test_remains_of_the_other_side_are_no_own_speech():
    levels = np.full((2, 1200), -90.0)
    levels[0, 100:400], levels[1, 100:400] = -20, -50
    levels[1, 600:900], levels[0, 600:900] = -20, -50
    customer = Channel(
        Sound.from_array(np.zeros((2, 12 * RATE), np.float32)), 1, levels[1], Leak(levels[0], -30)
    )
    assert own_speech(customer, [Stretch(2, 2.5), Stretch(6, 9)]) == ((Stretch(6, 9),), ())


def test_speech_far_below_the_usual_level_is_faint():
    levels = np.full((1, 1200), -90.0)
    levels[0, 100:400], levels[0, 600:900] = -20, -45
    alone = Channel(Sound.from_array(np.zeros((1, 12 * RATE), np.float32)), 0, levels[0])
    assert own_speech(alone, [Stretch(1, 4), Stretch(6, 9)]) == ((Stretch(1, 4),), (Stretch(6, 9),))


def test_an_empty_channel_has_no_speech():
    assert own_speech(channel(np.zeros(0)), [Stretch(0, 1)]) == ((), ())
