import numpy as np
import pytest

from transcription.sound import meters
from transcription.sound.meters import ChannelMeter

RATE = 16_000


def measured(samples, block):
    meter = ChannelMeter(RATE)
    for start in range(0, len(samples), block):
        meter.add(samples[start : start + block])
    return meter.take()


@pytest.mark.parametrize("block", [RATE, 7 * RATE, 90 * RATE])
def test_of_a_long_recording_some_spectra_are_kept_and_known_by_their_distance(monkeypatch, block):
    noise = np.random.default_rng(0).normal(0, 0.01, 90 * RATE).astype(np.float32)
    every = measured(noise, block)
    monkeypatch.setattr(meters, "_MOST_SPECTRA", 200)
    some = measured(noise, block)
    assert len(every.spectra) > 600
    assert 100 < len(some.spectra) <= 200
    assert some.spectrum_hop_s == 4 * every.spectrum_hop_s
    np.testing.assert_allclose(some.spectra, every.spectra[::4], rtol=1e-5)
    assert np.array_equal(some.levels, every.levels)
