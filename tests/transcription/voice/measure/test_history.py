from dataclasses import replace

import pytest

from transcription.voice.measure.baseline import CalmVoice
from transcription.voice.measure.history import Usual, UsualVoice, chosen, usual_voice
from transcription.voice.types import SpeakerVoice


def call(pitch=3.0, tilt=-18.0, rate=4.5, level=-30.0, measured_s=40.0, calm_from="call"):
    return SpeakerVoice("agent", measured_s, calm_from, level, pitch, tilt, rate)


CALLS = [call(pitch=2.0), call(pitch=3.0), call(pitch=4.0), call(pitch=3.5), call(pitch=2.5)]


def test_the_usual_voice_is_the_middle_of_the_calls():
    assert usual_voice(CALLS) == UsualVoice(
        calls=5,
        measured_s=200.0,
        pitch=Usual(3.0, 0.8),
        tilt=Usual(-18.0, 1.0),
        rate=Usual(4.5, 0.4),
        level=None,
    )


def test_the_order_of_the_calls_does_not_matter():
    assert usual_voice(CALLS[::-1]) == usual_voice(CALLS)


def test_the_spread_from_call_to_call_is_measured():
    usual = usual_voice([call(pitch=pitch) for pitch in (1.0, 2.0, 3.0, 4.0, 5.0)])
    assert usual.pitch == Usual(3.0, 1.48)


@pytest.mark.parametrize(
    "calls",
    [
        [],
        CALLS[:4],
        [replace(one, measured_s=20.0) for one in CALLS],
        [replace(one, measured_s=5.0) for one in CALLS * 10],
        [replace(one, calm_pitch=None) for one in CALLS],
        [replace(one, calm_from="history") for one in CALLS],
        [replace(one, calm_from=None) for one in CALLS],
    ],
)
def test_too_little_is_not_usual(calls):
    assert usual_voice(calls) is None


def test_two_voices_under_one_name_have_no_usual_voice():
    assert usual_voice([call(pitch=pitch) for pitch in (1.0, 12.0, 1.5, 12.5, 1.0, 12.0)]) is None


def test_a_heated_call_among_calm_ones_changes_little():
    assert usual_voice([*CALLS, call(pitch=9.0)]).pitch.value == 3.25


def test_loudness_is_comparable_only_where_the_line_stays_the_same():
    same, other = (-30.0, -29.5, -30.5, -31.0, -29.0), (-30.0, -22.0, -36.0, -27.0, -40.0)
    usual = usual_voice([call(level=level) for level in same * 2])
    assert usual.level == Usual(-30.0, 0.74)
    assert usual.calm().level == -30.0
    assert usual_voice([call(level=level) for level in other * 2]).level is None
    assert usual_voice([call(level=level) for level in same]).level is None


def test_a_measure_that_few_calls_have_is_not_usual():
    usual = usual_voice([*CALLS[:4], call(rate=None)])
    assert usual.rate is None
    assert usual.tilt == Usual(-18.0, 1.0)


@pytest.mark.parametrize(
    ("pitch", "tilt", "rate", "departed"),
    [
        (6.0, -15.0, 5.0, True),  # all above
        (6.0, -18.0, 4.5, False),  # only the pitch, and a little
        (9.0, -18.0, 4.5, True),  # only the pitch, and much
        (3.0, -10.0, 7.0, False),  # the pitch is as usual: another line, another pace
        (6.0, None, None, True),
        (None, -10.0, 7.0, False),
        (3.0, -18.0, 4.5, False),
    ],
)
def test_a_call_departs_from_the_usual_voice(pitch, tilt, rate, departed):
    assert usual_voice(CALLS).departed(pitch, tilt, rate) is departed


def calm(pitch=3.0, tilt=-18.0, rate=4.5, level=-30.0):
    return CalmVoice(level, 2.0, pitch, 1.0, 4.0, 2.0, tilt, 2.0, rate, 1.0)


def test_a_calm_call_is_judged_by_itself():
    assert chosen(calm(pitch=3.5), usual_voice(CALLS)) == (calm(pitch=3.5), "call")
    assert chosen(calm(pitch=9.0), None) == (calm(pitch=9.0), "call")
    assert chosen(None, None) == (None, None)


def test_a_call_that_begins_stirred_up_is_judged_by_the_earlier_ones():
    voice, source = chosen(calm(pitch=7.0, tilt=-13.0, level=-20.0), usual_voice(CALLS))
    assert source == "history"
    assert (voice.pitch, voice.tilt, voice.rate, voice.level) == (3.0, -18.0, 4.5, None)
    assert (voice.pitch_sd, voice.tilt_sd, voice.rate_sd, voice.level_sd) == (1.0, 2.0, 1.0, 2.0)


def test_a_call_with_too_little_speech_is_judged_by_the_earlier_ones():
    assert chosen(None, usual_voice(CALLS))[1] == "history"


def test_what_is_not_usual_is_not_known():
    varying = [replace(one, calm_level=-30.0 - 6 * k, calm_rate=None) for k, one in enumerate(CALLS)]
    voice, _ = chosen(None, usual_voice(varying))
    assert (voice.level, voice.rate, voice.pitch_range) == (None, None, None)
