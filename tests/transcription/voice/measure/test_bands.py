import librosa
import numpy as np
import pytest

from ingest.sound import RATE, Sound
from transcription.voice.measure.bands import frame_bands

TIMES = np.arange(2 * RATE) / RATE


def sine(hertz, level_db):
    return 10 ** (level_db / 20) * np.sqrt(2) * np.sin(2 * np.pi * hertz * TIMES)


def bands(samples, start=0.2, end=1.8):
    return frame_bands(Sound.from_array(np.atleast_2d(samples).astype(np.float32)), 0, start, end)


def middle(samples):
    return tuple(round(float(np.median(values)), 1) for values in bands(samples))


@pytest.mark.parametrize("low", [-20, -40])
@pytest.mark.parametrize("tilt", [-12, 0, 6])
def test_level_and_tilt_are_those_of_the_two_bands(low, tilt):
    level, found = middle(sine(600, low) + sine(2000, low + tilt))
    assert level == pytest.approx(10 * np.log10(10 ** (low / 10) * (1 + 10 ** (tilt / 10))), abs=0.1)
    assert found == pytest.approx(tilt, abs=0.1)


@pytest.mark.parametrize("hertz", [50, 150, 3700, 6000])
def test_what_the_telephone_does_not_carry_counts_nothing(hertz):
    speech = sine(600, -20) + sine(2000, -26)
    assert middle(speech + sine(hertz, -15)) == middle(speech)


def test_steady_noise_moves_neither_level_nor_tilt(voice):
    silence = np.zeros(RATE // 2, np.float32)
    speech = np.concatenate([silence, voice(1, 200, -30), silence])
    noise = np.random.default_rng(3).normal(0, 10 ** (-45 / 20), len(speech))
    spoken = slice(40, 88)
    clean, noisy = (
        [np.median(values[spoken]) for values in bands(each, 0, 2)] for each in (speech, speech + noise)
    )
    assert noisy == pytest.approx(clean, abs=0.3)


def test_powers_are_those_of_librosa():
    samples = np.random.default_rng(5).normal(0, 0.1, 2 * RATE).astype(np.float32)
    samples[: RATE // 2] = 0  # so that no noise is taken off
    sound = Sound.from_array(samples[np.newaxis])
    spectrum = np.square(
        np.abs(
            librosa.stft(sound.read(0, sound.length)[0], n_fft=512, hop_length=256, window=np.hanning(512))
        )
    )
    hertz = librosa.fft_frequencies(sr=RATE, n_fft=512)
    low = spectrum[(hertz >= 300) & (hertz < 1000)].sum(axis=0)
    high = spectrum[(hertz >= 1000) & (hertz < 3400)].sum(axis=0)
    _, tilts = frame_bands(sound, 0, 0.0, 1.9)
    loud = slice(35, len(tilts))
    np.testing.assert_allclose(tilts[loud], 10 * np.log10(high[loud] / low[loud]), atol=1e-3)


def test_beyond_the_end_there_is_nothing():
    level, tilt = bands(sine(600, -20), 3.0, 4.0)
    assert (len(level), len(tilt)) == (0, 0)
    assert len(bands(sine(600, -20), 1.9, 9.0)[0]) == 7
