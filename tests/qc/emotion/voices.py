"""Voices for tests: what was said, how it sounded, and what was heard in it."""

from collections.abc import Sequence
from typing import Any

from transcription.types import Cue, CueKind, Speaker
from transcription.voice.types import SpeakerVoice, UtteranceVoice, VoiceReport

CALM = {"level": -26.0, "pitch": 4.0}


def cue(
    kind: CueKind, utterance: int, value: float = 3.0, *, speaker: Speaker = "customer", **changes: Any
) -> Cue:
    """A cue that spans one utterance of `tests.qc.calls.transcript`."""
    fields: dict[str, Any] = {
        "unit": "sd over own baseline",
        "utterances": (utterance,),
        "confidence": 0.9,
    }
    start = utterance * 4.0
    return Cue(kind, speaker, start, start + 3.0, value, **(fields | changes))


def sounded(utterance: int, arousal: float | None, **changes: Any) -> UtteranceVoice:
    """How an utterance of the customer sounded: as loud and as high as calm, unless it is said otherwise."""
    fields: dict[str, Any] = {"speaker": "customer", "confidence": 1.0, "limits": (), **CALM}
    fields |= changes
    start = utterance * 4.0
    return UtteranceVoice(
        utterance, fields["speaker"], start, start + 3.0, fields["level"], fields["pitch"], 6.0, -8.0, 4.5,
        0.1, arousal, fields["confidence"], fields["limits"],
    )  # fmt: skip


def report(*voices: UtteranceVoice, trend: Any = None, speakers: Sequence[Speaker] = ("agent", "customer")):
    """The report of a call whose speakers have the same calm voice."""
    calm = tuple(
        SpeakerVoice(speaker, 30.0, "call", CALM["level"], CALM["pitch"], -10.0, 4.5, trend)
        for speaker in speakers
    )
    return VoiceReport(voices, calm)
