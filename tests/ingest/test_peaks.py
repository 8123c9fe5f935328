import numpy as np
import pytest

from ingest.peaks import FINEST, Rate, find_peaks, from_bytes, shown, to_bytes
from ingest.sound import RATE, Sound


def sound(*channels: list[float]) -> Sound:
    """Each value lasts a hundredth of a second, with its sign going to and fro."""
    wave = np.tile([1.0, -1.0], RATE // FINEST // 2)
    return Sound.from_array(np.array([np.concatenate([v * wave for v in c]) for c in channels], np.float32))


def test_the_loudest_of_each_moment_by_channel():
    peaks = find_peaks(sound([0.0, 0.5, 0.25, 1.0], [0.125, 0, 0, 0]))
    assert peaks.tolist() == [[0, 16_384, 8192, 32_767], [4096, 0, 0, 0]]
    assert shown(peaks, Rate.R100, ()) == [[0.0, 0.5, 0.25, 1.0], [0.125, 0.0, 0.0, 0.0]]
    assert shown(peaks, Rate.R50, ()) == [[0.5, 1.0], [0.125, 0.0]]


def test_the_last_moment_may_be_shorter():
    short = Sound.from_array(np.full((1, RATE // FINEST + 1), 0.5, np.float32))
    assert find_peaks(short).tolist() == [[16_384, 16_384]]
    assert shown(find_peaks(sound([0.5, 0.0, 0.25])), Rate.R50, ()) == [[0.5, 0.25]]


def test_blocks_make_no_difference():
    values = np.random.default_rng(7).random((1, 61 * RATE), np.float32)
    whole = np.rint(values * 32_767).reshape(-1, RATE // FINEST).max(axis=1)
    assert np.abs(find_peaks(Sound.from_array(values))[0] - whole).max() <= 1


def test_hidden_stretches_are_flat_on_all_channels():
    peaks = find_peaks(sound([0.5] * 6, [0.25] * 6))
    drawn = shown(peaks, Rate.R100, [(-1.0, 0.01), (0.025, 0.041)])
    assert drawn == [[0.0, 0.5, 0.0, 0.0, 0.0, 0.5], [0.0, 0.25, 0.0, 0.0, 0.0, 0.25]]
    assert peaks.min() > 0  # what is kept stays as it is


def test_they_are_kept_exactly():
    peaks = find_peaks(sound([0.5, 0.1], [0.9, 0.0]))
    assert np.array_equal(from_bytes(to_bytes(peaks)), peaks)


@pytest.mark.parametrize("rate", Rate)
def test_every_rate_divides_the_finest(rate: Rate):
    assert FINEST % rate == 0
