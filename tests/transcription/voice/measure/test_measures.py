from pathlib import Path

import numpy as np
import pytest

from ingest.audio import decode
from ingest.sound import RATE, Sound
from transcription.given import load_transcript
from transcription.types import Transcript, Utterance
from transcription.voice.measure.measures import Measured, measure

CALLS = Path(__file__).parents[4] / "samples" / "calls"


def call(*utterances, **options):
    said = tuple(
        Utterance(number, speaker, start, end, "我跟你说这个事情")
        for number, (speaker, start, end) in enumerate(utterances)
    )
    return Transcript("zh", "e", "m", said, options=options)


@pytest.fixture
def stirred(voice):
    """One channel: three calm sentences, and one that is louder and higher, with pauses between."""
    parts = [(150, -30), (155, -30), (150, -31), (200, -22)]
    silence = np.zeros(RATE, dtype=np.float32)
    return Sound.from_array(np.concatenate([p for part in parts for p in (voice(3, *part), silence)])[None])


FOUR = call(*[("agent", 4.0 * k, 4.0 * k + 3) for k in range(4)])


def test_the_last_sentence_stands_out(stirred):
    found = measure(FOUR, stirred)
    arousals = [voice.arousal for voice in found.utterances]
    assert max(abs(each) for each in arousals[:3]) < 0.6
    assert arousals[3] > 2
    first = found.utterances[0]
    assert first.rate == pytest.approx(8 / 3, abs=0.05)
    assert (first.pauses, first.confidence, first.limits) == (0.0, 1.0, ())
    assert first.pitch == pytest.approx(7.02, abs=0.1)
    (speaker,) = found.speakers
    assert (speaker.speaker, speaker.calm_from, speaker.measured_s) == ("agent", "call", 12.0)
    track = found.seconds["agent"]
    assert len(track) == 16
    assert [track[second] is None for second in (3, 7, 11, 15)] == [True] * 4
    assert min(track[12:15]) > 2
    assert found.places == {}


def test_too_little_speech_tells_no_arousal(stirred):
    found = measure(call(("agent", 0, 3)), stirred)
    assert found.utterances[0].arousal is None
    assert found.utterances[0].limits == ("short_speech",)
    assert found.utterances[0].level is not None
    assert found.speakers[0].calm_from is None
    assert set(found.seconds["agent"]) == {None}


def test_nothing_said_nothing_measured(stirred):
    assert measure(call(), stirred) == Measured((), (), {}, {})


def test_announcements_are_no_voices(stirred):
    said = Utterance(0, "agent", 0.0, 3.0, "您拨打的电话", kind="announcement")
    assert measure(Transcript("zh", "e", "m", (said,)), stirred).utterances == ()


def test_all_numbers_are_rounded():
    found = measure(
        load_transcript(CALLS / "S02-abuse.transcript.json"), decode(CALLS / "S02-abuse.opus").sound
    )
    for voice in found.utterances:
        for value in (voice.level, voice.pitch, voice.pitch_top, voice.tilt, voice.arousal, voice.confidence):
            assert value == round(value, 2)
    assert found.places == {"agent": 0, "customer": 1}
