"""Cues of whole calls, from their recordings."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest.audio import decode
from ingest.sound import RATE, Sound
from transcription.given import load_transcript
from transcription.surroundings import with_surroundings
from transcription.voice.hear import hear

CALLS = Path(__file__).parents[3] / "samples" / "calls"
EMOTIONS = {"raised_voice", "agitation", "trembling", "withdrawal", "escalation"}


def call(name, change=None):
    audio = decode(CALLS / f"{name}.opus")
    samples = audio.sound.read(0, audio.sound.length)
    transcript = load_transcript(CALLS / f"{name}.transcript.json")
    if change is not None:
        audio = replace(audio, sound=Sound.from_array(change(samples.copy(), transcript)))
    return with_surroundings(transcript, audio), audio


def felt(name, change=None):
    cues, _ = hear(*call(name, change))
    return [(cue.kind, cue.speaker, cue.utterances) for cue in cues if cue.kind in EMOTIONS]


@pytest.mark.parametrize("name", ["S01-clean", "S03-threat", "S05-dispute-ignored"])
def test_ordinary_voices_show_nothing(name):
    assert felt(name) == []


def test_an_agent_who_shouts_is_heard_and_the_customer_who_shouts_back():
    cues = felt("S02-abuse")
    assert [cue for cue in cues if cue[0] == "raised_voice"] == [
        ("raised_voice", "agent", (4,)),
        ("raised_voice", "agent", (6,)),
        ("raised_voice", "customer", (7,)),
        ("raised_voice", "agent", (8,)),
        ("raised_voice", "customer", (9,)),
    ]
    assert ("escalation", "agent", (4, 6, 8)) in cues


def test_a_customer_who_says_little_is_less_surely_raised():
    transcript, audio = call("S02-abuse")
    cues, voice = hear(transcript, audio)
    sure = {cue.speaker: cue.confidence for cue in cues if cue.kind == "raised_voice"}
    assert sure["agent"] >= 0.9
    assert sure["customer"] < 0.7
    assert [speaker.limits for speaker in voice.speakers] == [(), ("short_speech",)]


def test_a_loud_line_is_nobodys_raised_voice():
    def louder(samples, _):
        samples[0] *= 3.0
        return np.clip(samples, -1, 1)

    assert felt("S01-clean", louder) == []
    assert ("raised_voice", "agent", (4,)) in felt("S02-abuse", louder)


def test_one_loud_word_is_no_raised_voice():
    def shout(samples, transcript):
        longest = max(
            (said for said in transcript.utterances if said.speaker == "agent"),
            key=lambda said: said.end - said.start,
        )
        first = round((longest.start + 1.0) * RATE)
        samples[0, first : first + RATE // 2] *= 4.0
        return np.clip(samples, -1, 1)

    assert felt("S01-clean", shout) == []
