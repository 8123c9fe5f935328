import pytest

from transcription.types import Because
from transcription.voice.cues.lasting import Lasting
from transcription.voice.cues.stirred import stirred_cue

LOUDER = Because("音量 +2 dB", "+2 dB")


@pytest.mark.parametrize(("evidence", "confidence"), [(1.0, 0.5), (1.5, 0.7), (4.0, 1.0)])
def test_the_more_evidence_the_surer(said, calm, evidence, confidence):
    (voice,) = said({}, speaker="agent")
    cue = stirred_cue("agitation", Lasting((voice,), 1.2, evidence, 3.0), calm(), enough=1.0, risen=LOUDER)
    assert (cue.kind, cue.speaker, cue.utterances, cue.value) == ("agitation", "agent", (0,), 1.2)
    assert (cue.start, cue.end, cue.confidence) == (0.0, 3.0, confidence)
    assert cue.because == ("与本人平静时相比：音量 +2 dB", "+2 dB against the speaker's own calm voice")


def test_what_may_be_wrong_takes_confidence_and_is_said(said, calm):
    (voice,) = said({"limits": ("noise",)}, speaker="agent")
    cue = stirred_cue("raised_voice", Lasting((voice,), 3.0, 4.0, 3.0), calm(), enough=1.0, risen=LOUDER)
    assert cue.confidence == 0.7
    assert "the line is noisy" in cue.because.en
    assert cue.because.zh == "与本人平静时相比：音量 +2 dB；可能有误：线路噪声大"
