import pytest

from transcription.voice.cues.raised import raised_voices

RAISED = {"level": 8.0, "pitch": 2.0}


def raised(voices, speaker):
    return [cue.utterances for cue in raised_voices(voices, [speaker])]


def test_louder_and_higher_than_the_own_calm_voice_is_raised(said, calm):
    (cue,) = raised_voices(said({}, RAISED, {}), [calm()])
    assert (cue.kind, cue.speaker, cue.utterances) == ("raised_voice", "agent", (2,))
    assert (cue.start, cue.end, cue.value, cue.unit) == (6.0, 9.0, 3.0, "sd over own baseline")
    assert cue.confidence == 0.55
    assert cue.because.en == "+8.0 dB, +2.0 semitones against the speaker's own calm voice"


def test_every_turn_of_a_heated_call_is_raised_and_the_more_surely(said, calm):
    cues = raised_voices(said({}, *[RAISED] * 4), [calm()])
    assert [cue.utterances for cue in cues] == [(2,), (4,), (6,), (8,)]
    assert {cue.confidence for cue in cues} == {0.9}


@pytest.mark.parametrize(
    "sound",
    [
        {"level": 12.0},  # the line was turned up
        {"level": 9.0, "pitch": -1.0},
        {"level": 1.0, "pitch": 6.0},
        {"level": 3.0, "pitch": 1.0},
        {**RAISED, "level": None},
        {**RAISED, "pitch": None},
    ],
)
def test_only_louder_or_only_higher_or_a_little_of_both_is_not_raised(said, calm, sound):
    assert raised(said({}, sound, sound, sound), calm()) == []


@pytest.mark.parametrize(("seconds", "expected"), [(1.0, []), (2.5, []), (2.8, [(2,)])])
def test_one_loud_word_is_not_raised(said, calm, seconds, expected):
    assert raised(said({}, {**RAISED, "seconds": seconds}, {}), calm()) == expected


def test_a_short_shout_among_raised_turns_is_raised(said, calm):
    voices = said(RAISED, {**RAISED, "seconds": 1.6}, RAISED)
    assert raised(voices, calm()) == [(0,), (2,), (4,)]


def test_a_turn_in_pieces_is_one_raised_voice(said, calm):
    pieces = [{**RAISED, "seconds": 1.0}] * 3
    assert raised(said(*pieces, speaker="agent", pause=0.3), calm()) == [(0, 1, 2)]


def test_nobody_without_a_known_level_is_raised(said, calm):
    assert raised(said({}, RAISED), calm(calm_level=None)) == []
    assert raised(said({}, RAISED), calm("customer")) == []
    assert raised([], calm()) == []


def test_what_may_be_wrong_makes_it_unsure(said, calm):
    limited = {**RAISED, "limits": ("one_channel", "crosstalk")}
    (cue,) = raised_voices(said({}, limited, {}), [calm()])
    assert cue.confidence == 0.3
    assert cue.because.en.endswith(
        "; it may be wrong: both voices are on one channel, the other voice is heard as well"
    )
