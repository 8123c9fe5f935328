"""Transcripts and cues as JSON-ready values and back, without loss."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from transcription.types import (
    AudioHealth,
    Because,
    ChannelHealth,
    Cue,
    Duplicate,
    Echo,
    LineSound,
    RejectedText,
    RoleDecision,
    SpokenNumber,
    Transcript,
    Utterance,
    Word,
)


def to_document(transcript: Transcript) -> dict[str, Any]:
    """Return the transcript as a dict that `json.dumps` takes, in a fixed order of keys.

    Words are written as `[text, start, end, confidence]`, as in the result file.
    """
    return {
        "language": transcript.language,
        "engine": transcript.engine,
        "model": transcript.model,
        "options": dict(transcript.options),
        "utterances": [_utterance_document(utterance) for utterance in transcript.utterances],
        "rejected": [
            {
                "speaker": rejected.speaker,
                "start": rejected.start,
                "end": rejected.end,
                "text": rejected.text,
                "reason": rejected.reason,
                "side": rejected.side,
                "measures": dict(rejected.measures),
            }
            for rejected in transcript.rejected
        ],
        "unheard": [list(stretch) for stretch in transcript.unheard],
        "problems": list(transcript.problems),
        "roles": roles_to_document(transcript.roles),
        "line": [asdict(sound) for sound in transcript.line],
        "health": None if transcript.health is None else asdict(transcript.health),
    }


def from_document(document: Mapping[str, Any]) -> Transcript:
    """Rebuild what `to_document` wrote, now or before it noted as much.

    Raises:
        KeyError, TypeError, ValueError: the document was not written by `to_document`.
    """
    return Transcript(
        language=document["language"],
        engine=document["engine"],
        model=document["model"],
        utterances=tuple(_utterance(item) for item in document["utterances"]),
        options=dict(document["options"]),
        rejected=tuple(RejectedText(**item) for item in document["rejected"]),
        unheard=tuple((speaker, start, end) for speaker, start, end in document["unheard"]),
        problems=tuple(document["problems"]),
        roles=_roles(document.get("roles")),
        line=tuple(_line_sound(item) for item in document.get("line", ())),
        health=_health(document.get("health")),
    )


def roles_to_document(roles: RoleDecision | None) -> dict[str, Any] | None:
    """Return how the roles were decided as a dict that `json.dumps` takes; `at` in ISO 8601."""
    if roles is None:
        return None
    at = None if roles.at is None else roles.at.isoformat()
    return {"how": roles.how, "trust": roles.trust, "by": roles.by, "at": at}


def cues_to_document(cues: Iterable[Cue]) -> list[dict[str, Any]]:
    """Return the cues as a list that `json.dumps` takes."""
    return [
        {
            "kind": cue.kind,
            "speaker": cue.speaker,
            "start": cue.start,
            "end": cue.end,
            "value": cue.value,
            "unit": cue.unit,
            "utterances": list(cue.utterances),
            "confidence": cue.confidence,
            "because": cue.because._asdict(),
        }
        for cue in cues
    ]


def cues_from_document(document: Sequence[Mapping[str, Any]]) -> tuple[Cue, ...]:
    """Rebuild what `cues_to_document` wrote.

    Raises:
        KeyError, TypeError: the document was not written by `cues_to_document`.
    """
    return tuple(
        Cue(
            **{
                **item,
                "utterances": tuple(item["utterances"]),
                "because": _because(item.get("because", "")),
            }
        )
        for item in document
    )


def _because(written: str | Mapping[str, str]) -> Because:
    """The reasons of a cue; once they were written in English alone."""
    return Because(written, written) if isinstance(written, str) else Because(**written)


def _utterance_document(utterance: Utterance) -> dict[str, Any]:
    return {
        "id": utterance.id,
        "speaker": utterance.speaker,
        "start": utterance.start,
        "end": utterance.end,
        "text": utterance.text,
        "confidence": utterance.confidence,
        "role_trust": utterance.role_trust,
        "side": utterance.side,
        "kind": utterance.kind,
        "doubts": list(utterance.doubts),
        "measures": dict(utterance.measures),
        "as_heard": utterance.as_heard,
        "words": [list(word) for word in utterance.words],
        "numbers": [asdict(number) for number in utterance.numbers],
    }


def _utterance(item: Mapping[str, Any]) -> Utterance:
    words = tuple(Word(*word) for word in item["words"])
    numbers = tuple(SpokenNumber(**number) for number in item.get("numbers", ()))  # older ones have none
    doubts = tuple(item.get("doubts", ()))
    return Utterance(**{**item, "words": words, "numbers": numbers, "doubts": doubts})


def _roles(item: Mapping[str, Any] | None) -> RoleDecision | None:
    if item is None:
        return None
    at = None if item["at"] is None else datetime.fromisoformat(item["at"])
    return RoleDecision(item["how"], item["trust"], item["by"], at)


def _line_sound(item: Mapping[str, Any]) -> LineSound:
    return LineSound(**{**item, "parts": tuple((start, end) for start, end in item["parts"])})


def _health(item: Mapping[str, Any] | None) -> AudioHealth | None:
    if item is None:
        return None
    return AudioHealth(
        channels=tuple(ChannelHealth(**channel) for channel in item["channels"]),
        duplicate=None if item["duplicate"] is None else Duplicate(**item["duplicate"]),
        echoes=tuple(Echo(**echo) for echo in item["echoes"]),
        speed=item["speed"],
    )
