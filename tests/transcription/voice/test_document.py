import json
from dataclasses import replace

from transcription.voice.document import from_document, settled, to_document
from transcription.voice.types import (
    Interaction,
    SpeakerTurns,
    SpeakerVoice,
    UtteranceVoice,
    VoiceReport,
)

HEATED = UtteranceVoice(
    1, "customer", 3.25, 6.5, -20.5, 14.25, 5.5, -8.75, 6.25, 0.12, 3.75, 0.8, ("noise", "agc")
)
UNKNOWN = UtteranceVoice(0, "agent", 0.5, 1.0, None, None, None, None, None, None, limits=("short_speech",))
REPORT = VoiceReport(
    utterances=(UNKNOWN, HEATED),
    speakers=(
        SpeakerVoice("agent", 0.0, None, None, None, None, None, limits=("short_speech",)),
        SpeakerVoice("customer", 61.5, "call", -28.0, 11.5, -12.25, 4.5, "peak", 3.75, 5.0, ("noise",)),
    ),
    seconds={"agent": (None, None), "customer": (None, 0.25, -1.5)},
    interaction=Interaction(
        (
            SpeakerTurns("agent", 30.5, 0.4, 12, 0.65, 9.5, 1, 4),
            SpeakerTurns("customer", 45.75, 0.6, 11, None, 14.0, 0, 0),
        ),
        overlap_s=2.5,
        silent_s=31.0,
        hold_s=12.0,
    ),
    waveform=((0, 100, 37), (100, 0, 0)),
)


def test_a_report_survives_json():
    assert from_document(json.loads(json.dumps(to_document(REPORT), allow_nan=False))) == REPORT


def test_an_empty_report_survives_json():
    assert from_document(json.loads(json.dumps(to_document(VoiceReport())))) == VoiceReport()


def test_the_keys_come_in_a_fixed_order():
    document = to_document(replace(REPORT, seconds={"customer": (0.1,), "agent": (None,)}))
    assert list(document) == [
        "speakers",
        "interaction",
        "seconds",
        "utterances",
        "waveform",
        "not_listened_for",
    ]
    assert list(document["seconds"]) == ["agent", "customer"]
    assert list(document["utterances"][0])[:4] == ["utterance", "speaker", "start", "end"]


def test_figures_are_rounded_and_never_minus_zero():
    exact = replace(HEATED, start=3.24961, arousal=3.7549, level=-0.001)
    (written,) = to_document(VoiceReport(utterances=(exact,)))["utterances"]
    assert (written["start"], written["arousal"], str(written["level"])) == (3.25, 3.75, "0.0")
    track = {"agent": (0.12345, None, -0.004)}
    assert str(to_document(VoiceReport(seconds=track))["seconds"]["agent"]) == "[0.12, None, 0.0]"


def test_what_is_stored_once_is_not_rounded_further():
    exact = VoiceReport(
        utterances=(replace(HEATED, start=1.23456, arousal=0.6449),), seconds={"agent": (0.645,)}
    )
    once = settled(exact)
    assert once != exact
    assert settled(once) == once
