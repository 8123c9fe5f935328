import numpy as np
import pytest

from ingest.sound import RATE
from transcription.types import Transcript, Utterance
from transcription.voice.cues.rate import speech_rate, spoken_characters
from transcription.voice.hear import hear


def call(*utterances, **options):
    """A transcript of (speaker, start, end)."""
    said = tuple(
        Utterance(number, speaker, start, end, "我跟你说这个事情")
        for number, (speaker, start, end) in enumerate(utterances)
    )
    return Transcript("zh", "e", "m", said, options=options)


CALL = call(
    *[("agent", 6.0 * k, 6.0 * k + 3) for k in range(4)],
    *[("customer", 6.0 * k + 3, 6.0 * k + 6) for k in range(4)],
)


@pytest.fixture
def sounds(voice):
    """Two channels: the agent raises the voice in the last utterance, the customer never."""

    def make(agent_channel=0):
        silence = np.zeros(3 * RATE, dtype=np.float32)
        agent = [
            part
            for k in range(4)
            for part in (voice(3, 150 if k < 3 else 185, -30 if k < 3 else -20), silence)
        ]
        customer = [part for _ in range(4) for part in (silence, voice(3, 220, -24))]
        channels = [np.concatenate(agent), np.concatenate(customer)]
        return np.stack(channels if agent_channel == 0 else channels[::-1])

    return make


@pytest.mark.parametrize("agent_channel", [0, 1])
@pytest.mark.parametrize("known", [True, False])
def test_the_raised_voice_is_found_on_the_speakers_own_channel(sounds, make_audio, agent_channel, known):
    options = {"agent_channel": agent_channel, "customer_channel": 1 - agent_channel} if known else {}
    transcript = Transcript("zh", "e", "m", CALL.utterances, options=options)
    cues = hear(transcript, make_audio(sounds(agent_channel))).cues
    assert [(cue.kind, cue.speaker, cue.utterances) for cue in cues] == [("raised_voice", "agent", (3,))]


def test_without_audio_only_the_times_speak():
    cues = hear(call(("customer", 0, 5), ("agent", 4, 8), ("customer", 30, 32)), None).cues
    assert [(cue.kind, cue.start) for cue in cues] == [("overlap", 4), ("interruption", 4), ("dead_air", 8)]


def test_an_empty_transcript_and_an_empty_recording_have_no_cues(make_audio):
    assert hear(call(), make_audio(np.zeros((2, RATE)))).cues == ()
    assert hear(call(("agent", 0, 1)), make_audio(np.zeros((1, 0)))).cues == ()


def test_times_beyond_the_end_of_the_audio_are_no_error(sounds, make_audio):
    late = call(*[("agent", 100.0 + k * 3, 102.0 + k * 3) for k in range(4)])
    assert hear(late, make_audio(sounds())).cues == ()


def test_hearing_says_how_far_it_is(sounds, make_audio):
    shares = []
    hear(CALL, make_audio(sounds()), progress=shares.append)
    assert shares == [pytest.approx(k / 8) for k in range(1, 9)]


@pytest.mark.parametrize(
    ("text", "count"), [("您好，李先生。", 5), ("欠4900", 5), ("Thank you for calling", 5), ("——", 0)]
)
def test_characters_are_counted_as_they_are_spoken(text, count):
    assert spoken_characters(text) == count


def test_a_rate_needs_a_length():
    assert speech_rate("您好您好", 2.0) == 2.0
    assert speech_rate("您好", 0.0) is None
