from dataclasses import replace

import pytest

from transcription.sound.fitness import problems, remarks
from transcription.types import AudioHealth, ChannelHealth, Duplicate, Echo, LineSound

GOOD = ChannelHealth("speech", 30.0, -6.0, -22.0, -55.0, 33.0, 0.0, 0.0, 0.0, 0.0, 187.5, 3400.0)
NONE = ChannelHealth("silent", 0.0, -72.0, None, -72.0, None, 0.0, 0.0, 0.0, 0.0, None, None)


def said(*channels, **rest):
    return [(remark.code, remark.grave) for remark in remarks(AudioHealth(channels, **rest))]


def test_of_a_good_recording_there_is_nothing_to_say():
    assert remarks(AudioHealth((GOOD, GOOD))) == ()


@pytest.mark.parametrize(
    ("field", "mild", "grave", "code"),
    [
        ("clipped", 0.05, 0.25, "audio.clipped"),
        ("snr_db", 18.0, 9.0, "audio.noisy"),
        ("speech_db", -50.0, -60.0, "audio.quiet"),
        ("dropouts", 0.03, 0.2, "audio.dropouts"),
        ("repeated", 0.03, 0.2, "audio.dropouts"),
    ],
)
def test_what_is_bad_is_said_and_what_is_too_bad_leaves_the_call_unjudged(field, mild, grave, code):
    assert said(replace(GOOD, **{field: mild}), GOOD) == [(code, False)]
    assert said(replace(GOOD, **{field: grave}), GOOD) == [(code, True)]
    assert problems(AudioHealth((replace(GOOD, **{field: mild}),))) == ()
    assert problems(AudioHealth((replace(GOOD, **{field: grave}),) * 2)) == (code,)


def test_a_channel_with_hardly_any_speech_is_not_judged_by_it():
    assert said(replace(GOOD, speech_s=0.8, snr_db=3.0), GOOD) == []


@pytest.mark.parametrize(
    ("state", "words"), [("silent", "一直没有声音"), ("leak", "只有对方的串音"), ("sound", "只有噪声")]
)
def test_a_dead_channel_is_named_with_what_it_carries(state, words):
    (remark,) = remarks(AudioHealth((replace(NONE, state=state), GOOD)))

    assert (remark.code, remark.grave) == ("audio.dead_channel", True)
    assert remark.zh.startswith("左声道" + words)
    assert "请检查录音卡第一路" in remark.zh
    assert remark.en.startswith("The left channel")


def test_a_channel_on_which_it_rings_or_nobody_was_long_is_not_dead():
    rings = LineSound("ringback", 0, 1.0, 20.0, 0.9)

    assert problems(AudioHealth((NONE, GOOD)), [rings]) == ()
    assert problems(AudioHealth((NONE, replace(GOOD, speech_s=5.0)))) == ()
    assert problems(AudioHealth((NONE,))) == ()
    assert problems(AudioHealth((NONE, NONE))) == ()


def test_a_wrong_speed_leaves_the_call_unjudged():
    (remark,) = remarks(AudioHealth((GOOD,), speed=2.0))

    assert (remark.code, remark.grave) == ("audio.wrong_speed", True)
    assert "2 倍速" in remark.zh


def test_notes_leave_a_call_judged():
    found = said(
        replace(GOOD, dc=0.05, high_hz=1800.0),
        GOOD,
        echoes=(Echo(1, 250.0, -20.0), Echo(0, 250.0, -39.0)),
    )

    assert found == [("audio.narrow_band", False), ("audio.echo", False), ("audio.dc_offset", False)]


def test_channels_with_the_same_sound_are_a_note_that_says_how_the_call_is_handled():
    (remark,) = remarks(AudioHealth((GOOD, GOOD), duplicate=Duplicate(0.0, -6.0, True)))

    assert (remark.code, remark.grave) == ("audio.duplicated_channel", False)
    assert "按单声道处理" in remark.zh
    assert "upside down" in remark.en


def test_the_gravest_comes_first():
    found = said(replace(GOOD, clipped=0.05), replace(GOOD, snr_db=5.0))

    assert found == [("audio.noisy", True), ("audio.clipped", False)]
