import pytest

from transcription.types import Cue
from transcription.voice.cues.agitation import agitations

STIRRED = {"arousal": 1.8, "pitch": 2.0, "tilt": 3.0, "rate": 1.0, "level": 2.0}


def found(voices, speaker, raised=()):
    return [cue.utterances for cue in agitations(voices, [speaker], raised)]


def test_a_voice_that_is_stirred_up_for_a_while_is_agitated(said, calm):
    (cue,) = agitations(said({}, STIRRED, {}), [calm()], [])
    assert (cue.kind, cue.speaker, cue.utterances) == ("agitation", "agent", (2,))
    assert (cue.start, cue.end, cue.value, cue.unit) == (6.0, 9.0, 1.8, "sd over own baseline")
    assert cue.confidence == 0.53
    assert cue.because.en == (
        "+2.0 semitones, +3.0 dB of high frequencies, +1.0 characters/s, +2.0 dB"
        " against the speaker's own calm voice"
    )


def test_the_customers_voice_is_judged_the_same_way(said, calm):
    voices = said({}, STIRRED, speaker="customer", pause=3.0)
    assert found(voices, calm("customer")) == [(1,)]
    assert found(voices, calm("agent")) == []


@pytest.mark.parametrize(
    "voice",
    [
        {"arousal": 2.0, "level": 8.0},  # the loudness alone
        {"arousal": 2.0, "level": 8.0, "tilt": 6.0},  # the line
        {"arousal": 1.8, "pitch": 0.6, "level": 6.0},  # loud, and hardly anything else
        {**STIRRED, "arousal": 0.7},
        {**STIRRED, "seconds": 1.5},  # a word or two
        {**STIRRED, "arousal": None},
    ],
)
def test_loud_or_short_or_little_is_not_agitated(said, calm, voice):
    assert found(said({}, voice, {}), calm()) == []


def test_a_raised_voice_is_not_reported_twice(said, calm):
    voices = said({}, STIRRED, {}, STIRRED)
    raised = Cue("raised_voice", "agent", 6.0, 9.0, 3.0, "sd over own baseline", (2,))
    assert found(voices, calm(), [raised]) == [(6,)]


def test_nobody_without_a_known_calm_voice_is_agitated(said, calm):
    assert found(said({}, STIRRED, {}), calm(calm_from=None)) == []


def test_what_may_be_wrong_makes_it_unsure(said, calm):
    (cue,) = agitations(said({}, {**STIRRED, "limits": ("noise",)}, {}), [calm()], [])
    assert cue.confidence == 0.37
    assert cue.because.en.endswith("; it may be wrong: the line is noisy")


def test_what_a_collector_is_held_against_is_said(said, calm):
    (cue,) = agitations(said(*[STIRRED] * 3), [calm(calm_from="history", calm_level=None)], [])[:1]
    assert cue.because.en.endswith(" characters/s against the speaker's own calm voice in earlier calls")
