import numpy as np
import pytest

from ingest.sound import RATE
from transcription.voice.measure.telephone import Line, coded, line_of, narrowed, telephone, widened

TIMES = np.arange(RATE + 1) / RATE


def sine(hertz, size=0.1):
    return (size * np.sin(2 * np.pi * hertz * TIMES)).astype(np.float32)


def level(samples):
    return 20 * np.log10(np.sqrt(np.mean(samples**2)))


@pytest.mark.parametrize(
    ("hertz", "lost_db"), [(300, 0), (1000, 0), (3400, 0), (150, 40), (3800, 40), (6000, 40)]
)
def test_the_telephone_band_comes_through(hertz, lost_db):
    heard = narrowed(sine(hertz))
    assert len(heard) == RATE // 2 + 1
    if lost_db:
        assert level(heard) < level(sine(hertz)) - lost_db
    else:
        assert level(heard) == pytest.approx(level(sine(hertz)), abs=0.2)


def test_what_was_narrowed_is_widened_again():
    once = widened(narrowed(sine(1000)))
    np.testing.assert_allclose(once[500:-500], sine(1000)[500 : len(once) - 500], atol=1e-3)


@pytest.mark.parametrize("codec", ["pcm_alaw", "pcm_mulaw"])
def test_g711_keeps_the_sound_and_adds_its_own_noise(codec):
    clean = narrowed(sine(1000))
    heard = coded(clean, codec)
    assert len(heard) == len(clean)
    noise = level(heard - clean * 32767 / 32768)
    assert -45 < noise - level(clean) < -30


def test_an_unknown_codec_is_named():
    with pytest.raises(ValueError, match="no encoder no-such"):
        coded(narrowed(sine(1000)), "no-such")


def test_every_speaker_has_a_line_of_their_own():
    one, other = line_of("one", -20.0), line_of("other", -20.0)
    assert one == line_of("one", -20.0)
    assert one != other
    for line in (one, other):
        assert -34 <= -20 + line.gain_db <= -22
        assert 20 <= -20 + line.gain_db - line.noise_db <= 35


def test_the_same_clip_always_sounds_the_same():
    line = Line(gain_db=-6.0, noise_db=-60.0)
    heard = telephone(sine(1000), line, "a.wav")
    np.testing.assert_array_equal(heard, telephone(sine(1000), line, "a.wav"))
    assert not np.array_equal(heard, telephone(sine(1000), line, "b.wav"))
    assert level(heard) == pytest.approx(level(sine(1000)) - 6, abs=1.6)
