"""The result file of one call (docs/formats.md): fixed keys in fixed order, so that the same input gives
the same bytes. Times are seconds with 3 decimals, confidences have 3, warning points 1."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from complaint_warnings.types import WarningAssessment
from ingest.metadata import CallRecord
from pipeline.version import diting_version
from qc.extract.facts import to_document as fact_to_document
from qc.findings import Finding, Inspection, Score, SecondHearing, TicketProposal, band_to_tell
from transcription.document import roles_to_document
from transcription.sound.fitness import remarks
from transcription.types import AudioHealth, Cue, LineSound, SpokenNumber, Transcript, Utterance
from transcription.voice.document import to_document as voice_to_document
from transcription.voice.types import VoiceReport

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """The audio file as it was sent. `duration_s` is in seconds, `sample_rate` in Hz."""

    sha256: str
    codec: str
    sample_rate: int
    channels: int
    duration_s: float


@dataclass(frozen=True, slots=True)
class CallResult:
    """Everything that was found in one call.

    `recording` is None when only a transcript was given. `reasons` are `code: sentence`: what could
    not be judged. With any reason the call is `unjudged`, but still carries every finding made. `voice` is
    None where the call was heard before voices were reported on. `language` is what it is explained in, where
    that shall not be the language of the call.
    """

    record: CallRecord
    recording: RecordingFacts | None
    transcript: Transcript
    cues: tuple[Cue, ...]
    inspection: Inspection
    warning: WarningAssessment | None
    reasons: tuple[str, ...]
    voice: VoiceReport | None = None
    language: Literal["zh", "en"] | None = None

    @property
    def status(self) -> Literal["inspected", "unjudged"]:
        """`unjudged` when some part of the call could not be judged."""
        return "unjudged" if self.reasons else "inspected"

    @property
    def prose(self) -> Literal["zh", "en"]:
        """The language in which the result explains itself."""
        return self.language or prose(self.record, self.transcript)


def prose(record: CallRecord, transcript: Transcript) -> Literal["zh", "en"]:
    """The language in which a call is explained: Chinese for Mandarin and for what nobody could tell."""
    return "zh" if (transcript.language or record.language or "zh").startswith("zh") else "en"


def to_json(result: CallResult) -> Json:
    """The result as JSON values, keys in the documented order."""
    return {
        "diting": diting_version(),
        "status": result.status,
        "reasons": list(result.reasons),
        "call": call_json(result.record, result.recording, result.transcript),
        "transcript": _transcript(result.transcript),
        "cues": [_cue(cue, result.prose) for cue in result.cues],
        "voice": _voice(result.voice),
        "findings": [finding_json(finding, result.prose) for finding in result.inspection.findings],
        "facts": [fact_to_document(fact) for fact in result.inspection.facts],
        "score": score_json(result.inspection.score, judged=result.status == "inspected"),
        "ticket": ticket_json(result.inspection.ticket),
        "warning": warning_json(result.warning),
    }


def dumps(result: CallResult) -> str:
    """The result as one line of JSON, characters unescaped."""
    return json.dumps(to_json(result), ensure_ascii=False, allow_nan=False)


def call_json(record: CallRecord, recording: RecordingFacts | None, transcript: Transcript) -> Json:
    """The metadata as given, normalised, with the length, the facts and the health of the recording."""
    given = record.to_document()
    told = given.pop("recording", {})
    return {
        **given,
        "duration_s": None if recording is None else seconds(recording.duration_s),
        "recording": None if recording is None else _recording(recording, told, transcript),
    }


def finding_json(finding: Finding, prose: Literal["zh", "en"]) -> Json:
    """One finding; `why` in the language `prose`."""
    return {
        "rule": finding.rule,
        "category": finding.category,
        "kind": finding.kind,
        "speaker": finding.speaker,
        "utterances": list(finding.utterances),
        "start": None if finding.start is None else seconds(finding.start),
        "end": None if finding.end is None else seconds(finding.end),
        "heard": finding.heard,
        "matched": finding.matched,
        "how": finding.how,
        "confidence": _share(finding.confidence),
        "status": finding.status,
        "severity": finding.severity,
        "points": finding.points,
        "why": finding.why.get(prose) or next(iter(finding.why.values()), ""),
        "cite": list(finding.cite),
        "attributes": dict(sorted(finding.attributes.items())),
        "advisory": finding.advisory,
        "second_hearing": _second_hearing(finding.second_hearing),
        "advice": None if finding.advice is None else asdict(finding.advice),
    }


def _second_hearing(heard: SecondHearing | None) -> Json | None:
    """What a second hearing of the clip said, or None."""
    if heard is None:
        return None
    likelihoods = {
        name: None if value is None else round(value, 3) + 0.0
        for name, value in (
            ("likelihood_heard", heard.likelihood_heard),
            ("likelihood_expected", heard.likelihood_expected),
        )
    }
    return {
        "outcome": heard.outcome,
        "heard_again": list(heard.heard_again),
        **likelihoods,
        "engine": heard.engine,
        "model": heard.model,
    }


def score_json(score: Score, *, judged: bool) -> Json:
    """The score with its deductions. Of a call that could not be judged it is the best that can still come
    out: `total` is an upper bound, and `band` is None unless something was found."""
    deductions = [{"rule": taken.rule, "points": taken.points} for taken in score.deductions]
    band = band_to_tell(score.band, judged=judged)
    return {"total": score.total, "band": band, "deductions": deductions}


def ticket_json(ticket: TicketProposal | None) -> Json | None:
    """The proposed ticket, or None."""
    return None if ticket is None else {"priority": ticket.priority, "reasons": list(ticket.reasons)}


def warning_json(warning: WarningAssessment | None) -> Json | None:
    """The explained warning, or None."""
    if warning is None:
        return None
    return {
        "score": _points(warning.score),
        "level": warning.level,
        "model": warning.model,
        "indicators": [
            {"name": indicator.name, "points": _points(indicator.points), "because": indicator.because}
            for indicator in warning.indicators
        ],
        "advice": warning.advice,
    }


def seconds(value: float) -> float:
    """Seconds to the millisecond; never minus zero."""
    return round(value, 3) + 0.0


def _share(value: float) -> float:
    return round(value, 3) + 0.0


def _points(value: float) -> float:
    return round(value, 1) + 0.0


def _transcript(transcript: Transcript) -> Json:
    return {
        "language": transcript.language,
        "engine": transcript.engine,
        "model": transcript.model,
        "roles": roles_to_document(transcript.roles),
        "line": [_line_sound(sound) for sound in transcript.line],
        "utterances": [_utterance(utterance) for utterance in transcript.utterances],
    }


def _utterance(utterance: Utterance) -> Json:
    return {
        "id": utterance.id,
        "speaker": utterance.speaker,
        "side": utterance.side,
        "kind": utterance.kind,
        "start": seconds(utterance.start),
        "end": seconds(utterance.end),
        "text": utterance.text,
        "as_heard": utterance.as_heard,
        "confidence": _share(utterance.confidence),
        "doubts": list(utterance.doubts),
        "words": [
            [word.text, seconds(word.start), seconds(word.end), _share(word.confidence)]
            for word in utterance.words
        ],
        "numbers": [_number(number) for number in utterance.numbers],
    }


def _number(number: SpokenNumber) -> Json:
    return {
        "kind": number.kind,
        "span": [number.start, number.end],
        "text": number.text,
        "value": number.value,
        "unit": number.unit,
        "approximate": number.approximate,
    }


def _line_sound(sound: LineSound) -> Json:
    return {
        "kind": sound.kind,
        "channel": sound.channel,
        "start": seconds(sound.start),
        "end": seconds(sound.end),
        "confidence": _share(sound.confidence),
    }


def _health(health: AudioHealth, line: Sequence[LineSound]) -> Json:
    """The numbers as they are, and in words what is wrong."""
    return {**asdict(health), "remarks": [asdict(remark) for remark in remarks(health, line)]}


def _cue(cue: Cue, prose: Literal["zh", "en"]) -> Json:
    return {
        "kind": cue.kind,
        "speaker": cue.speaker,
        "start": seconds(cue.start),
        "end": seconds(cue.end),
        "value": round(cue.value, 3) + 0.0,
        "unit": cue.unit,
        "utterances": list(cue.utterances),
        "confidence": _share(cue.confidence),
        "because": cue.because._asdict()[prose],
    }


def _voice(voice: VoiceReport | None) -> Json | None:
    """How the voices sounded; None where nothing is known of them."""
    return None if voice is None or voice == VoiceReport() else voice_to_document(voice)


def _recording(recording: RecordingFacts, told: Json, transcript: Transcript) -> Json:
    facts: Json = {
        "sha256": recording.sha256,
        "codec": recording.codec,
        "sample_rate": recording.sample_rate,
        "channels": recording.channels,
    }
    if transcript.health is not None:
        facts["health"] = _health(transcript.health, transcript.line)
    if "channels" in told:  # call.json says under this name who speaks on which channel
        facts["roles"] = told["channels"]
    return facts | {name: value for name, value in told.items() if name not in facts}
