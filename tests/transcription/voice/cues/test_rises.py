from transcription.voice.cues.rises import Rises, rises


def test_rises_are_in_standard_deviations_of_calm_sentences(said, calm):
    (voice,) = said({"level": 5.0, "pitch": 2.0, "tilt": -3.0, "rate": 0.5}, speaker="agent")
    assert rises(voice, calm()) == Rises(level=2.5, pitch=2.0, tilt=-1.5, rate=0.5)


def test_what_is_not_known_rises_by_nothing_known(said, calm):
    (voice,) = said({"level": None, "pitch": 2.0}, speaker="agent")
    assert rises(voice, calm(calm_pitch=None)) == Rises(level=None, pitch=None, tilt=0.0, rate=0.0)
