from transcription.types import Transcript
from transcription.voice.cues.emotion import emotions
from transcription.voice.measure.measures import Measured

RAISED = {"level": 8.0, "pitch": 3.0, "arousal": 2.5}
CALM = {"arousal": 0.0}
TRANSCRIPT = Transcript("zh", "whisper", "base", ())


def found(voices, *speakers, places=None):
    measured = Measured(
        tuple(voices), speakers, {}, {"agent": 0, "customer": 1} if places is None else places
    )
    return emotions(measured, TRANSCRIPT)


def test_an_agent_who_gets_loud_and_stays_so_raises_the_voice_and_escalates(said, calm):
    felt = found(said(CALM, CALM, CALM, RAISED, RAISED, RAISED), calm(), calm("customer", calm_from=None))
    assert [(cue.kind, cue.speaker, cue.utterances) for cue in felt.cues] == [
        ("raised_voice", "agent", (6,)),
        ("raised_voice", "agent", (8,)),
        ("raised_voice", "agent", (10,)),
        ("escalation", "agent", (6, 8, 10)),
    ]
    agent, customer = felt.speakers
    assert (agent.trend, agent.peak, agent.limits) == ("rising", 2.5, ())
    assert (customer.trend, customer.limits) == (None, ("short_speech",))


def test_a_calm_call_shows_nothing(said, calm):
    felt = found(said(*[CALM] * 8), calm(), calm("customer"))
    assert felt.cues == ()
    assert [speaker.trend for speaker in felt.speakers] == ["level", None]


def test_one_channel_makes_every_cue_and_every_arousal_less_sure(said, calm):
    voices = said(CALM, CALM, RAISED)
    (two,), (one,) = (found(voices, calm(), places=places).cues for places in (None, {}))
    assert (two.confidence, one.confidence) == (0.69, 0.58)
    felt = found(voices, calm(), places={})
    assert {(voice.confidence, voice.limits) for voice in felt.utterances if voice.speaker == "agent"} == {
        (0.85, ("one_channel",))
    }


def test_nothing_measured_nothing_felt():
    assert found([]).cues == ()
