import pytest

from transcription.voice.measure.baseline import calm_voice

LOUD = {"level": 8.0, "pitch": 3.0, "tilt": 4.0, "rate": 1.0}


def test_the_calm_voice_is_how_somebody_sounds_when_calm(said):
    calm = calm_voice(said({}, {}, {}, {}, speaker="agent"))
    assert (calm.level, calm.pitch, calm.tilt, calm.rate) == (-30.0, 10.0, -15.0, 4.5)
    assert (calm.level_sd, calm.pitch_sd, calm.tilt_sd, calm.rate_sd) == (2.0, 1.0, 2.0, 1.0)


def test_in_a_heated_call_the_calm_voice_is_that_of_its_beginning(said):
    calm = calm_voice(said({}, {}, *[LOUD] * 8, speaker="agent"))
    assert (calm.level, calm.pitch) == (-30.0, 10.0)


def test_who_is_loud_from_the_first_word_is_calmest_where_the_voice_is_lowest(said):
    assert calm_voice(said(LOUD, LOUD, LOUD, {}, speaker="agent")).level == -24.0
    assert calm_voice(said(LOUD, LOUD, LOUD, LOUD, speaker="agent")).level == -22.0


@pytest.mark.parametrize(
    "said_so_far", [[{}, {}], [{"seconds": 1.5}] * 3, [{"seconds": 0.9}] * 10, [{"pitch": None}] * 5]
)
def test_too_little_speech_has_no_calm_voice(said, said_so_far):
    assert calm_voice(said(*said_so_far, speaker="agent")) is None


def test_a_measure_that_few_utterances_have_is_not_known(said):
    calm = calm_voice(said({}, {}, {"rate": None}, speaker="agent"))
    assert (calm.rate, calm.rate_sd, calm.level) == (None, 1.0, -30.0)
