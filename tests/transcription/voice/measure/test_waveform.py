import numpy as np
import pytest

from ingest.sound import RATE, Sound
from transcription.voice.measure.waveform import PARTS, waveform


def of(*channels):
    return waveform(Sound.from_array(np.array(channels, dtype=np.float32)))


def test_each_channel_is_drawn_against_its_own_loudest_part():
    loud = np.zeros(RATE * 12, dtype=np.float32)
    loud[RATE * 3], loud[-1] = 0.8, -0.4
    quiet = loud / 8
    first, second = of(loud, quiet)
    assert len(first) == PARTS
    assert (first[150], first[-1], sum(first)) == (100, 50, 150)
    assert second == first


def test_a_silent_channel_is_flat():
    assert of(np.zeros(RATE), np.zeros(RATE)) == ((0,) * 50,) * 2


def test_no_sound_has_no_outline():
    assert of(np.zeros(0)) == ()
    assert of([0.5]) == ((100,),)


@pytest.mark.parametrize("seconds", [59.99, 60.0, 60.01, 150.3])
def test_long_recordings_are_read_by_parts_and_nothing_is_left_out(seconds):
    rng = np.random.default_rng(7)
    samples = rng.uniform(-0.01, 0.01, (1, int(seconds * RATE))).astype(np.float32)
    samples[0, ::RATE] = 0.5  # every second, at its beginning
    (drawn,) = waveform(Sound.from_array(samples))
    expected = {int(second * RATE * PARTS // samples.shape[1]) for second in range(int(np.ceil(seconds)))}
    found = {place for place, height in enumerate(drawn) if height > 50}
    assert len(drawn) == PARTS
    assert len(found) == len(expected)
    assert all(min(abs(place - other) for other in expected) <= 1 for place in found)
