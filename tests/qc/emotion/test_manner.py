"""How somebody sounded near their words."""

import pytest

from qc.emotion.manner import UNKNOWN, Heard, Voices
from tests.qc.calls import transcript
from tests.qc.emotion.voices import cue, report, sounded
from transcription.types import CueKind, Utterance

SAID = transcript("a: 您好", "c: 干嘛", "a: 还款", "c: 不还").utterances


@pytest.mark.parametrize(
    ("kind", "manner"),
    [
        ("raised_voice", "raised"),
        ("agitation", "agitated"),
        ("trembling", "trembling"),
        ("withdrawal", "withdrawn"),
    ],
)
def test_a_cue_tells_how_it_sounded(kind: CueKind, manner: str):
    voices = Voices(SAID, [cue(kind, 1, 2.4)], None)
    assert voices.heard(1) == Heard(manner, 2.4, confidence=0.9)  # type: ignore[arg-type]
    assert voices.heard(3) == UNKNOWN


@pytest.mark.parametrize(
    ("arousal", "manner"), [(-0.3, "calm"), (0.99, "calm"), (1.0, "unsettled"), (2.2, "unsettled")]
)
def test_without_a_cue_the_measures_tell_a_calm_voice_and_one_that_is_not_quite(arousal: float, manner: str):
    voice = sounded(1, arousal, level=-24.5, pitch=4.7, limits=("noise",), confidence=0.7)
    assert Voices(SAID, (), report(voice)).heard(1) == Heard(
        manner,
        arousal,
        1.5,
        0.7,
        0.7,
        ("noise",),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    "voice",
    [sounded(1, None), sounded(1, 0.2, confidence=0.39), sounded(3, 0.2)],
    ids=["not measured", "hardly sure", "another utterance"],
)
def test_what_was_not_measured_well_is_unknown(voice):
    assert Voices(SAID, (), report(voice)).heard(1) == UNKNOWN


def test_without_any_sound_everything_is_unknown():
    assert Voices(SAID, (), None).heard(1) == UNKNOWN
    assert Voices((), (), None).heard(7) == UNKNOWN


def test_a_doubtful_cue_is_none_and_the_measures_stand():
    voices = Voices(SAID, [cue("agitation", 1, confidence=0.39)], report(sounded(1, 0.8)))
    assert voices.heard(1).manner == "calm"


def test_the_surest_cue_tells_and_of_equals_the_most_telling():
    both = [cue("raised_voice", 1, confidence=0.8), cue("trembling", 1, confidence=0.7)]
    assert Voices(SAID, both, None).heard(1).manner == "raised"
    equal = [cue("agitation", 1), cue("trembling", 1), cue("raised_voice", 1)]
    assert Voices(SAID, equal, None).heard(1).manner == "trembling"


def test_the_cue_of_another_speaker_tells_nothing():
    assert Voices(SAID, [cue("raised_voice", 1, speaker="agent")], None).heard(1) == UNKNOWN


def test_what_counts_no_deviations_is_shown_as_the_measures_have_it():
    flat = cue("withdrawal", 1, 4.0, unit="signs", confidence=0.5)
    assert Voices(SAID, [flat], report(sounded(1, -0.4))).heard(1) == Heard("withdrawn", -0.4, 0.0, 0.0, 0.5)
    assert Voices(SAID, [flat], None).heard(1).sd is None


def turn(*times: tuple[str, float, float]) -> tuple[Utterance, ...]:
    return tuple(Utterance(at, said, start, end, "话") for at, (said, start, end) in enumerate(times))  # type: ignore[arg-type]


def test_the_rest_of_a_turn_counts_while_nobody_else_speaks_and_pauses_are_short():
    said = turn(
        ("customer", 0, 2), ("customer", 5, 6), ("customer", 9.1, 10), ("agent", 10, 11), ("customer", 11, 12)
    )
    voices = Voices(said, [cue("agitation", 1, 2.0)], None)
    assert [voices.heard(at).manner for at in range(5)] == [
        "agitated", "agitated", "unknown", "unknown", "unknown"
    ]  # fmt: skip
    assert list(voices.turn_of(1)) == [0]
    assert list(voices.turn_of(9)) == []


def test_the_course_of_a_voice_is_that_of_its_speaker():
    voices = Voices(SAID, (), report(sounded(1, 0.2), trend="rising", speakers=("customer",)))
    assert (voices.trend("customer"), voices.trend("agent")) == ("rising", None)
    assert Voices(SAID, (), None).trend("customer") is None


def test_the_share_of_utterances_is_by_time_and_of_their_speaker():
    said = turn(("customer", 0, 1), ("agent", 1, 4), ("customer", 4, 7))
    voices = Voices(said, (), None)
    assert (voices.share("customer", [0, 1]), voices.share("customer", [])) == (0.25, 0.0)
    assert voices.share("unknown", [0]) == 0.0


def test_of_whom_nothing_calm_was_heard_nothing_is_calm():
    agitated = cue("agitation", 1, 2, unit="signs", confidence=0.4)
    assert Voices(SAID, [agitated], report(sounded(1, 0.1))).heard(1) == Heard("agitated", confidence=0.4)
    doubtful = cue("agitation", 1, 2, unit="signs", confidence=0.34)
    assert Voices(SAID, [doubtful], report(sounded(1, 0.1))).heard(1) == UNKNOWN
    of_the_agent = cue("agitation", 0, 2, unit="signs", speaker="agent")
    assert Voices(SAID, [of_the_agent], report(sounded(1, 0.1))).heard(1).manner == "calm"
