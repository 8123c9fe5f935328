import pytest

from transcription.types import Utterance
from transcription.voice.baseline import Voice, baseline
from transcription.voice.raised import hurried_speech, raised_voices


def voices(*sounds, seconds=3.0):
    """Utterances of given (level in dB, pitch in semitones)."""
    return [
        Voice(number, number * 5.0, number * 5.0 + seconds, level, pitch)
        for number, (level, pitch) in enumerate(sounds)
    ]


def raised(*sounds, seconds=3.0):
    return [cue.utterances for cue in raised_voices({"agent": voices(*sounds, seconds=seconds)})]


CALM = [(-30, 10), (-31, 10.5), (-29, 9.5), (-30, 10)]


def test_louder_and_higher_than_the_own_calm_voice_is_raised():
    (cue,) = raised_voices({"agent": voices(*CALM, (-22, 12))})
    assert (cue.kind, cue.speaker, cue.utterances, cue.start) == ("raised_voice", "agent", (4,), 20.0)
    assert cue.value == pytest.approx(3.12, abs=0.01)
    assert cue.unit == "sd over own baseline"


def test_most_of_a_heated_call_is_raised():
    assert raised((-31, 10), (-31, 9.5), *[(-22, 12)] * 5) == [(2,), (3,), (4,), (5,), (6,)]


def test_a_loud_line_is_not_a_raised_voice():
    assert raised(*[(level + 12, pitch) for level, pitch in CALM]) == []


def test_loud_from_the_first_word_is_how_this_person_speaks():
    assert raised((-22, 12), (-22, 12), (-23, 12), (-30, 10)) == []


@pytest.mark.parametrize("sound", [(-22, 9), (-29, 16), (-27, 11)])
def test_only_louder_or_only_higher_or_a_little_of_both_is_not_raised(sound):
    assert raised(*CALM, sound) == []


def test_one_loud_word_is_not_raised():
    short = [*voices(*CALM), Voice(4, 20.0, 20.8, -20.0, 14.0)]
    assert raised_voices({"agent": short}) == []


def test_too_little_speech_gives_no_baseline():
    assert baseline(voices((-30, 10), (-31, 10))) is None
    assert baseline(voices((-30, 10), (-31, 10), (-30, 10), seconds=1.5)) is None
    assert baseline(voices(*CALM)) is not None


def test_nothing_said_nothing_heard():
    assert raised_voices({}) == []
    assert raised_voices({"agent": []}) == []


def speech(*rates, speaker="agent"):
    return [
        Utterance(number, speaker, number * 10.0, number * 10.0 + 4.0, "说" * round(rate * 4))
        for number, rate in enumerate(rates)
    ]


def test_speech_much_faster_than_the_own_pace_is_hurried():
    (cue,) = hurried_speech(speech(4.0, 4.5, 4.0, 7.0))
    assert (cue.kind, cue.value, cue.unit, cue.utterances) == ("speech_rate", 7.0, "characters/s", (3,))


@pytest.mark.parametrize("rates", [(6.5, 6.5, 6.5, 7.0), (3.0, 3.0, 3.0, 5.0), (4.0, 7.0)])
def test_a_fast_talker_or_a_slow_start_or_too_little_is_not_hurried(rates):
    assert hurried_speech(speech(*rates)) == []
