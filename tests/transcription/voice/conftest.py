from dataclasses import fields

import pytest

from transcription.voice.types import SpeakerVoice, UtteranceVoice

CALM = {"level": -30.0, "pitch": 10.0, "pitch_range": 8.0, "tilt": -15.0, "rate": 4.5, "pauses": 0.1}


@pytest.fixture
def calm():
    """A speaker whose calm voice is known."""

    def make(speaker="agent", **changed):
        known = {
            "measured_s": 40.0,
            "calm_from": "call",
            **{f"calm_{measure}": CALM[measure] for measure in ("level", "pitch", "tilt", "rate")},
        }
        return SpeakerVoice(speaker=speaker, **{**known, **changed})

    return make


@pytest.fixture
def said():
    """Utterances one after the other, each given by what it has above the calm voice.

    The speaker is the agent, and the customer answers after each, unless `speaker` says who speaks; an
    utterance lasts three seconds unless `seconds` says how long.
    """
    names = {field.name for field in fields(UtteranceVoice)}

    def make(*rises, speaker=None, seconds=3.0, pause=1.0):
        voices, at = [], 0.0
        for rise in rises:
            given = dict(rise)
            length = given.pop("seconds", seconds)
            measures = {
                name: None if given.get(name, 0.0) is None else CALM[name] + given.pop(name, 0.0)
                for name in CALM
            }
            who = given.pop("speaker", speaker or "agent")
            others = {name: value for name, value in given.items() if name in names and name not in CALM}
            voices.append(_voice(len(voices), who, at, at + length, measures, others))
            at += length + pause
            if speaker is None:
                voices.append(_voice(len(voices), "customer", at, at + 1.0, CALM, {}))
                at += 1.0 + pause
        return voices

    return make


def _voice(number, speaker, start, end, measures, others):
    return UtteranceVoice(
        utterance=number, speaker=speaker, start=start, end=end, **measures, **{"confidence": 1.0, **others}
    )
