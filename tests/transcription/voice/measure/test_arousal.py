import pytest

from transcription.voice.measure.arousal import arousal, bent, level_counts
from transcription.voice.measure.baseline import CalmVoice
from transcription.voice.measure.frames import Sounding

CALM = CalmVoice(-30.0, 2.0, 10.0, 1.0, 5.0, 2.0, -15.0, 2.0, None, 1.0, 13.0, 1.0)


def heard(level=0.0, pitch=0.0, tilt=0.0):
    """A voice so many standard deviations above the calm one."""
    return Sounding(-30 + 2 * level, 10 + pitch, 13 + pitch, 5.0, -15 + 2 * tilt, 0.1)


def test_arousal_is_the_mean_of_the_bent_rises_with_the_pitch_counted_twice():
    assert arousal(heard(), CALM) == 0.0
    assert arousal(heard(1, 1, 1), CALM) == 0.98
    assert arousal(heard(2, 1, 0), CALM) == round((bent(2) + 2 * bent(1)) / 4, 2) == 0.95
    assert arousal(heard(2, 1, 0), CALM, level_counts=False) == round(2 * bent(1) / 3, 2) == 0.65


def test_one_measure_alone_proves_little_however_far_it_goes():
    assert [round(bent(rise), 2) for rise in (0.5, 2, 4, 100, -100)] == [0.5, 1.85, 3.05, 4.0, -4.0]
    assert arousal(heard(level=50), CALM) == 1.0


def test_without_a_pitch_nothing_is_told():
    assert arousal(Sounding(level=-10.0), CALM) is None
    assert arousal(Sounding(level=-26.0, pitch=11.0), CALM) == round((bent(2) + 2 * bent(1)) / 3, 2)


@pytest.mark.parametrize(
    ("stirred", "others", "counts"),
    [
        ([3, 3, 3], [0, 0], True),
        ([0, 0, 0], [0, 0], False),
        ([-1, 0.2, 0.4], [0, 0], False),
        ([0, 0], [0, 0], True),  # two say nothing of the line
        ([0, 0, 0], [], True),
    ],
)
def test_loudness_counts_unless_it_does_not_follow_the_voice(stirred, others, counts):
    voices = [heard(level, 2.5, 2.5) for level in stirred] + [heard(level) for level in others]
    assert level_counts(voices, CALM) is counts
