"""Reports of voices as JSON-ready values and back: the same form is stored and written to the result file."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from transcription.types import CueKind
from transcription.voice.types import (
    Interaction,
    SpeakerTurns,
    SpeakerVoice,
    UtteranceVoice,
    VoiceReport,
)

# Beyond this the measures are chance; times are given as those of the utterances are.
_DIGITS = 2
_TIME_DIGITS = 3
_TIMES = frozenset({"start", "end"})
# That none of these was found says nothing: nobody listens for them (docs/voice.md).
NOT_LISTENED_FOR: tuple[CueKind, ...] = ("trembling",)


def to_document(report: VoiceReport) -> dict[str, Any]:
    """Return the report as a dict that `json.dumps` takes, in a fixed order of keys, with rounded figures."""
    return {
        "speakers": [_fields(speaker) for speaker in report.speakers],
        "interaction": _fields(report.interaction),
        "seconds": {
            speaker: [_rounded("arousal", value) for value in track]
            for speaker, track in sorted(report.seconds.items())
        },
        "utterances": [_fields(utterance) for utterance in report.utterances],
        "waveform": [list(channel) for channel in report.waveform],
        "not_listened_for": list(NOT_LISTENED_FOR),
    }


def from_document(document: Mapping[str, Any]) -> VoiceReport:
    """Rebuild what `to_document` wrote, now or when it noted less.

    Raises:
        KeyError, TypeError: the document was not written by `to_document`.
    """
    return VoiceReport(
        utterances=tuple(UtteranceVoice(**_with_limits(item)) for item in document["utterances"]),
        speakers=speakers_from_document(document["speakers"]),
        seconds={speaker: tuple(track) for speaker, track in document["seconds"].items()},
        interaction=interaction_from_document(document["interaction"]),
        waveform=tuple(tuple(channel) for channel in document.get("waveform", ())),
    )


def speakers_from_document(speakers: Sequence[Mapping[str, Any]]) -> tuple[SpeakerVoice, ...]:
    """Rebuild the speakers of a report alone."""
    return tuple(SpeakerVoice(**_with_limits(item)) for item in speakers)


def interaction_from_document(document: Mapping[str, Any]) -> Interaction:
    """Rebuild the interaction of a report alone."""
    turns = tuple(
        SpeakerTurns(**{**item, "responses": tuple(item.get("responses", ()))}) for item in document["turns"]
    )
    return Interaction(**_with_limits({**document, "turns": turns}))


def settled(report: VoiceReport) -> VoiceReport:
    """The report with its figures as they are stored: what is judged now is what is judged again later."""
    return from_document(to_document(report))


def _fields(item: UtteranceVoice | SpeakerVoice | Interaction) -> dict[str, Any]:
    return {name: _rounded(name, value) for name, value in asdict(item).items()}


def _rounded(name: str, value: Any) -> Any:
    """Figures rounded, never minus zero; tuples as lists, at any depth."""
    if isinstance(value, float):
        return round(value, _TIME_DIGITS if name in _TIMES else _DIGITS) + 0.0
    if isinstance(value, list | tuple):
        return [_rounded(name, each) for each in value]
    if isinstance(value, dict):
        return {inner: _rounded(inner, each) for inner, each in value.items()}
    return value


def _with_limits(item: Mapping[str, Any]) -> dict[str, Any]:
    return {**item, "limits": tuple(item.get("limits", ()))}
