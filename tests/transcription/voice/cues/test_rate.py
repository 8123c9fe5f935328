import pytest

from transcription.types import Utterance
from transcription.voice.cues.rate import hurried_speech


def speech(*rates, speaker="agent", confidence=1.0):
    return [
        Utterance(number, speaker, number * 10.0, number * 10.0 + 4.0, "说" * round(rate * 4), confidence)
        for number, rate in enumerate(rates)
    ]


def test_speech_much_faster_than_the_own_pace_is_hurried():
    (cue,) = hurried_speech(speech(4.0, 4.5, 4.0, 7.0))
    assert (cue.kind, cue.value, cue.unit, cue.utterances) == ("speech_rate", 7.0, "characters/s", (3,))
    assert (cue.confidence, cue.because.en) == (1.0, "usual pace of the speaker 4.2")


@pytest.mark.parametrize("rates", [(6.5, 6.5, 6.5, 7.0), (3.0, 3.0, 3.0, 5.0), (4.0, 7.0)])
def test_a_fast_talker_or_a_slow_start_or_too_little_is_not_hurried(rates):
    assert hurried_speech(speech(*rates)) == []


def test_just_faster_or_doubtful_words_are_less_sure():
    (cue,) = hurried_speech(speech(5.0, 5.0, 5.0, 7.0))
    assert cue.confidence == 0.8
    (cue,) = hurried_speech(speech(5.0, 5.0, 5.0, 7.0, confidence=0.5))
    assert cue.confidence == 0.4
