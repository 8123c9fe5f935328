from pathlib import Path

import numpy as np
import pytest

from ingest.audio import RATE, decode
from transcription.sound.speech import (
    MAX_GAIN,
    MAX_TURN_S,
    SPEECH_LEVEL,
    Stretch,
    detect_pieces,
    detect_speech,
    normalise_level,
    take_turns,
)


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


@pytest.mark.parametrize("level", [0.001, 0.05, 0.9])
def test_quiet_and_loud_lines_come_to_the_same_level(level):
    tone = (level * np.sin(np.arange(RATE) / 5)).astype(np.float32)
    assert np.sqrt(np.mean(normalise_level(tone, RATE) ** 2)) == pytest.approx(SPEECH_LEVEL, rel=0.05)


def test_a_dead_line_is_not_made_loud():
    assert not normalise_level(np.zeros(RATE, dtype=np.float32), RATE).any()
    hiss = np.full(RATE, 1e-6, dtype=np.float32)
    assert normalise_level(hiss, RATE).max() == pytest.approx(1e-6 * MAX_GAIN)
    assert len(normalise_level(np.zeros(0, dtype=np.float32), RATE)) == 0


@pytest.mark.parametrize("detect", [detect_speech, detect_pieces])
def test_silence_noise_and_tones_are_no_speech(detect):
    noise = np.random.default_rng(1).normal(0, 0.05, 5 * RATE).astype(np.float32)
    tone = (0.1 * np.sin(2 * np.pi * 450 * np.arange(5 * RATE) / RATE)).astype(np.float32)
    for sound in (np.zeros(5 * RATE, dtype=np.float32), np.zeros(0, dtype=np.float32), noise, tone):
        assert detect(sound, RATE) == ()


@pytest.mark.parametrize("detect", [detect_speech, detect_pieces])
def test_speech_without_a_pause_is_cut_to_what_the_recogniser_hears_at_once(detect):
    call = decode(Path(__file__).parents[3] / "samples" / "calls" / "S01-clean.opus")
    spoken = normalise_level(call.samples[0], RATE)
    without_pauses = np.concatenate(
        [
            spoken[int((s.start + 0.15) * RATE) : int((s.end - 0.15) * RATE)]
            for s in detect_speech(spoken, RATE)
        ]
    )
    found = detect(np.tile(without_pauses, 3), RATE)
    assert max(s.end - s.start for s in found) <= MAX_TURN_S
    assert sum(s.end - s.start for s in found) > 0.9 * 3 * len(without_pauses) / RATE
