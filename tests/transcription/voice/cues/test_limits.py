import pytest

from transcription.types import AudioHealth, ChannelHealth, Duplicate, Echo, Transcript
from transcription.voice.cues.limits import common_limits, doubts, with_limits, worth

GOOD = {
    "state": "speech",
    "speech_s": 40.0,
    "peak_db": -6.0,
    "speech_db": -20.0,
    "noise_db": -55.0,
    "snr_db": 35.0,
    "clipped": 0.0,
    "dc": 0.0,
    "dropouts": 0.0,
    "repeated": 0.0,
    "low_hz": 300.0,
    "high_hz": 3400.0,
}
TWO = {"agent": 0, "customer": 1}


def health(agent=None, **found):
    channels = (ChannelHealth(**{**GOOD, **(agent or {})}), ChannelHealth(**GOOD))
    return AudioHealth(channels=channels, **found)


def transcript(found=None, engine="whisper"):
    return Transcript("zh", engine, "base", (), health=found)


def limits(voices, speaker, heard, places=TWO):
    judged, (told,) = with_limits(voices, [speaker], heard, places)
    own = [voice for voice in judged if voice.speaker == speaker.speaker]
    return told.limits, own[0].limits, own[0].confidence


def test_a_good_line_and_enough_speech_limit_nothing(said, calm):
    assert limits(said({}, {}), calm(), transcript(health())) == ((), (), 1.0)
    assert limits(said({}, {}), calm(), transcript()) == ((), (), 1.0)


@pytest.mark.parametrize(
    ("found", "code", "confidence"),
    [
        (health({"snr_db": 12.0}), "noise", 0.7),
        (health({"clipped": 0.05}), "clipped", 0.85),
        (health(echoes=(Echo(0, 120.0, -20.0),)), "crosstalk", 0.65),
        (health(duplicate=Duplicate(0.0, 0.0, False)), "crosstalk", 0.65),
    ],
)
def test_what_is_wrong_with_the_channel_limits_who_is_on_it(said, calm, found, code, confidence):
    assert limits(said({}, {}), calm(), transcript(found)) == ((code,), (code,), confidence)
    if found.duplicate is None:
        assert limits(said({}, {}), calm("customer"), transcript(found)) == ((), (), 1.0)
    assert limits(said({}, {}), calm(), transcript(found), {"agent": 1, "customer": 0})[0] == (
        (code,) if found.duplicate else ()
    )


@pytest.mark.parametrize(
    "found",
    [
        health({"snr_db": 20.0, "clipped": 0.01}),
        health({"snr_db": None}),
        health(echoes=(Echo(0, 120.0, -30.0),)),
    ],
)
def test_a_little_wrong_limits_nothing(said, calm, found):
    assert limits(said({}, {}), calm(), transcript(found)) == ((), (), 1.0)


def test_little_speech_limits_unless_the_person_is_known_from_before(said, calm):
    assert limits(said({}), calm(measured_s=8.0), transcript())[0] == ("short_speech",)
    assert limits(said({}), calm(measured_s=8.0, calm_from="history"), transcript())[0] == ()


def test_on_one_channel_what_is_said_over_the_other_is_doubtful(said, calm):
    apart = said({}, {}, pause=0.5)
    assert limits(apart, calm(), transcript(), {}) == (("one_channel",), ("one_channel",), 0.85)
    over = said({}, {}, pause=-1.0)
    assert limits(over, calm(), transcript(), {})[1:] == (("one_channel", "crosstalk"), 0.55)
    assert limits(over, calm(), transcript())[1:] == ((), 1.0)


def test_times_that_do_not_fit_the_sound_are_noticed_in_a_given_transcript(said, calm):
    silent = said({}, {"pitch": None}, {"pitch": None})
    assert limits(silent, calm(), transcript(engine="given"))[0] == ("no_times",)
    assert limits(silent, calm(), transcript())[0] == ()
    assert limits(said({}, {"pitch": None}, {}), calm(), transcript(engine="given"))[0] == ()


def test_limits_that_were_found_before_stay(said, calm):
    voices = said({"limits": ("agc",)}, {})
    found = limits(voices, calm(limits=("agc",)), transcript(health({"snr_db": 12.0})))
    assert found == (("agc", "noise"), ("agc", "noise"), 0.59)


def test_every_limit_takes_away_and_is_said(said):
    assert worth(()) == 1.0
    assert worth(("noise", "agc")) == pytest.approx(0.595)
    assert doubts(()) == ("", "")
    assert doubts(("noise", "agc")) == (
        "；可能有误：线路噪声大、线路自动调节音量",
        "; it may be wrong: the line is noisy, the line evens out loudness",
    )
    voices = said({"limits": ("noise",)}, {"limits": ("agc", "noise")}, speaker="agent")
    assert common_limits(voices) == ("noise", "agc")
