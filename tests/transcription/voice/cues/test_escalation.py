import pytest

from transcription.voice.cues.escalation import course, escalation, with_course


def going(said, *arousal, pitch=None):
    """Utterances of the customer with the given arousal; the pitch rises with it."""
    return said(
        *({"arousal": value, "pitch": value if pitch is None else pitch} for value in arousal),
        speaker="customer",
    )


@pytest.mark.parametrize(
    ("arousal", "trend"),
    [
        ((0, 0, 0, 0, 1.5, 1.5, 1.5), "rising"),
        ((0, 0, 1.5, 1.5, 1.5, 1.5, 1.5), "rising"),
        ((0, 0.4, 0.8, 1.2, 1.6, 2.0), "rising"),
        ((1.5, 1.5, 0, 0, 0, 0), "falling"),
        ((0, 0, 2, 2, 2, 0, 0, 0), "peak"),
        ((0, 0.4, 0.1, 0.5, 0.2, 0.4), "level"),
        ((1.5, 1.5, 1.5, 1.5, 1.5, 1.5), "level"),
        ((0, 0, 0, 1.5, 0, 0, 0), "level"),
    ],
)
def test_the_course_of_arousal(said, arousal, trend):
    assert course(going(said, *arousal)).trend == trend


def test_the_peak_is_where_the_arousal_was_highest_for_a_while(said):
    found = course(going(said, 0, 0, 2, 2, 2, 0, 0, 0))
    assert (found.peak, found.peak_at, found.rise, found.since) == (2.0, 13.5, 0.0, None)


@pytest.mark.parametrize("voices", [[0, 2], [0, 0, 2, 2], []])
def test_too_little_speech_has_no_course(said, calm, voices):
    assert course(going(said, *voices)) is None
    told = with_course(calm("customer"), None)
    assert (told.trend, told.peak, told.peak_at, told.limits) == (None, None, None, ("short_speech",))


def test_many_short_answers_have_no_course(said):
    short = [{"arousal": k / 4, "pitch": k / 4, "seconds": 1.0} for k in range(10)]
    assert course(said(*short, speaker="customer")) is None
    assert course(said(*({"arousal": None} for _ in range(10)), speaker="customer")) is None


def test_the_speaker_is_told_with_the_course(said, calm):
    told = with_course(calm("customer"), course(going(said, 0, 0, 0, 0, 1.5, 1.5, 1.5)))
    assert (told.trend, told.peak, told.peak_at, told.limits) == ("rising", 1.5, 21.5, ())


def test_somebody_who_gets_stirred_up_and_stays_so_escalates(said, calm):
    voices = going(said, 0, 0, 0, 0, 1.5, 1.5, 1.5)
    cue = escalation(calm("customer"), voices, course(voices))
    assert (cue.kind, cue.speaker, cue.utterances) == ("escalation", "customer", (4, 5, 6))
    assert (cue.start, cue.end, cue.value, cue.unit, cue.confidence) == (16.0, 27.0, 1.5, "sd", 0.74)
    assert cue.because.en == (
        "arousal rose by 1.5 sd from the opening to the last third of the speech, highest at 22 s"
    )


@pytest.mark.parametrize("arousal", [(1.5, 1.5, 0, 0, 0, 0), (0, 0, 2, 2, 2, 0, 0, 0), (0, 0, 0, 0, 0, 0)])
def test_who_calms_down_again_does_not_escalate(said, calm, arousal):
    voices = going(said, *arousal)
    assert escalation(calm("customer"), voices, course(voices)) is None


def test_a_line_that_gets_louder_is_no_escalation(said, calm):
    voices = going(said, 0, 0, 0, 0, 1.5, 1.5, 1.5, pitch=0)
    assert course(voices).trend == "rising"
    assert escalation(calm("customer"), voices, course(voices)) is None


def test_without_a_course_nothing_escalates(said, calm):
    assert escalation(calm("customer"), [], None) is None
