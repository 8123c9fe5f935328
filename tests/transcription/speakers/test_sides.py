from pathlib import Path

import numpy as np
import pytest

from ingest.audio import decode
from ingest.sound import RATE, Sound
from transcription.sound.levels import measure_levels
from transcription.speakers.sides import clean_sides, separate

CALL = Path(__file__).parents[3] / "samples" / "calls" / "S01-clean.opus"


@pytest.fixture(scope="module")
def opening():
    """The first 12 s of a two-channel sample call."""
    return decode(CALL).sound.part(0, 12)


def test_each_side_gives_clips_of_its_own_channel(opening, make_audio):
    sides = separate(make_audio(opening), None)
    for side in (0, 1):
        cleaned = sides.channels[side]
        assert cleaned.index == side
        assert np.array_equal(sides.clip(side, 1.5, 3.25), cleaned.read(24_000, 52_000))
        assert sides.clip(side, 11.5, 99).shape == (8000,)
        assert sides.clip(side, -1, 0.5).shape == (8000,)


def test_finding_the_sides_tells_how_far_it_is(opening, make_audio):
    shares = []
    separate(make_audio(np.tile(opening, (1, 12))), None, progress=shares.append)
    assert shares == sorted(shares)
    assert len(shares) >= 8
    assert shares[-1] == pytest.approx(1.0)


def test_the_sides_can_be_cleaned_without_being_searched(opening, make_audio):
    audio = make_audio(opening)
    found = separate(audio, None).channels
    for cleaned in (clean_sides(audio.sound), clean_sides(audio.sound, measure_levels(audio.sound))):
        for side in (0, 1):
            assert np.array_equal(cleaned[side].part(0, 12), found[side].part(0, 12))


@pytest.mark.parametrize("channels", [1, 2])
def test_a_mixed_call_has_the_same_sound_for_both_sides(opening, channels):
    mixed = np.repeat(opening.mean(axis=0, keepdims=True), channels, axis=0)
    first, second = clean_sides(Sound.from_array(mixed))
    assert first is second
    assert first.read(0, 12 * RATE).shape == (12 * RATE,)
