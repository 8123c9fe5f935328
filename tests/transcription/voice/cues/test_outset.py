import pytest

from transcription.types import Cue
from transcription.voice.cues.outset import agitated_from_the_outset

# Of the calm voice of the fixtures: pitch 178 Hz, tilt -15 dB, 4.5 characters a second.
HIGH = {"pitch": 10.0, "pitch_top": 22.0}
PRESSED = {"tilt": 10.0}


def found(voices, speaker, cues=()):
    return [(cue.speaker, cue.utterances) for cue in agitated_from_the_outset(voices, [speaker], cues)]


def test_high_and_pressed_from_the_first_word_on_is_perhaps_agitated(said, calm):
    voices = said(*[{**HIGH, **PRESSED}] * 4)
    (cue,) = agitated_from_the_outset(voices, [calm()], [])
    assert (cue.kind, cue.speaker, cue.utterances) == ("agitation", "agent", (0, 2, 4, 6))
    assert (cue.start, cue.end, cue.value, cue.unit, cue.confidence) == (0.0, 21.0, 2, "signs", 0.4)
    assert cue.because == (
        "从第一句起就激动，没有更平静的话可比；与他人平静时相比：嗓音紧（高频 -5 dB）、音高 317 Hz；"
        "可能本来就是这样的嗓音",
        "agitated from the first word; no calmer stretch to compare; against calm voices of others:"
        " a pressed voice (high frequencies -5 dB), a pitch of 317 Hz;"
        " it may be how this person always sounds",
    )


@pytest.mark.parametrize(
    "sound",
    [
        HIGH,  # a high voice
        PRESSED,  # a bright line
        {"level": 15.0},  # a loud one
        {**HIGH, "tilt": 8.9},
        {"pitch": 8.9, "pitch_top": 21.4, **PRESSED},
        {"rate": 7.0},
        {"rate": 5.4, **PRESSED},
    ],
)
def test_one_sign_is_none(said, calm, sound):
    assert found(said(*[sound] * 4), calm()) == []


@pytest.mark.parametrize(
    "sound",
    [
        {**PRESSED, "rate": 5.5},
        {**HIGH, "rate": 5.5},
        {"pitch": 6.0, "pitch_top": 21.5, **PRESSED},
        {**PRESSED, "pitch_top": 20.0, "pitch_range": 6.0},  # wide: 14 above the lowest
    ],
)
def test_any_two_signs_agree(said, calm, sound):
    assert found(said(*[sound] * 4), calm()) == [("agent", (0, 2, 4, 6))]


def test_who_began_calmly_was_not_agitated_from_the_outset(said, calm):
    loud = {**HIGH, **PRESSED}
    assert found(said({}, {}, loud, loud, loud, loud), calm()) == []


def test_little_speech_is_not_judged(said, calm):
    loud = {**HIGH, **PRESSED}
    assert found(said(*[loud] * 3), calm()) == []
    assert found(said(*[loud] * 4, seconds=2.9), calm()) == []
    assert found(said(*[{**loud, "seconds": 0.9}] * 20), calm()) == []


@pytest.mark.parametrize("limit", ["noise", "crosstalk", "clipped", "short_speech"])
def test_lines_that_sound_bright_tell_nothing(said, calm, limit):
    loud = {**HIGH, **PRESSED, "limits": (limit,)}
    assert found(said(*[loud] * 4), calm()) == []


def test_one_channel_makes_it_less_sure(said, calm):
    loud = {**HIGH, **PRESSED, "limits": ("one_channel",)}
    (cue,) = agitated_from_the_outset(said(*[loud] * 4), [calm()], [])
    assert cue.confidence == 0.34


def test_who_can_be_compared_is(said, calm):
    voices = said(*[{**HIGH, **PRESSED}] * 4)
    own = Cue("agitation", "agent", 0.0, 3.0, 2.0, "sd over own baseline", (0,))
    assert found(voices, calm(), [own]) == []
    assert found(voices, calm(calm_from="history")) == []
    assert found(voices, calm(calm_from=None)) == [("agent", (0, 2, 4, 6))]
