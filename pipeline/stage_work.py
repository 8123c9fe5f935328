"""What the stages do with a call: each reads what it needs, works outside any transaction, and tells how its
result is written down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from complaint_warnings.service import apply_call
from complaint_warnings.sources.watching import watch_debtor
from complaint_warnings.types import CallEvidence
from ingest.audio import Audio, decode
from ingest.facts.service import joined
from ingest.metadata import CallRecord, parse_call_record
from ingest.models import CallRow
from ingest.progress import Progress, portion
from pipeline.advising import advised
from pipeline.collectors import usual_voice_of_agent
from pipeline.history import have_later_calls_reviewed, outcome_of, registered_calls, with_earlier_calls
from pipeline.inspect_call import with_audio_problems
from pipeline.judging import reasons
from pipeline.second_hearing import hear_doubtful_again
from pipeline.states import Stage
from pipeline.tools import Tools
from qc.adviser.service import load_advice, save_advice
from qc.findings import Advice
from qc.service import load_inspection, open_ticket, save_inspection, withdraw_ticket
from store.database import reading
from store.errors import IntegrityError, NotFoundError
from transcription.service import (
    HeardBeside,
    latest_transcript_id,
    load_hearing,
    load_transcript,
    save_hearing,
    save_transcript,
)
from transcription.transcribe import transcribe
from transcription.types import Transcript
from transcription.voice.hear import VERSION, hear

# How much of the work of transcribing it is to decode.
_DECODING_SHARE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Done:
    """The work of a stage: how to write it down, what could not be judged, how much audio was listened to."""

    save: Callable[[Session], None]
    reasons: tuple[str, ...] = ()
    audio_s: float = 0.0


def _transcribe(tools: Tools, call_id: int, progress: Progress) -> Done:
    with reading(tools.sessions) as session:
        call = stored_call(session, call_id)
    audio = _audio(tools, call.recording_sha256, portion(progress, 0.0, _DECODING_SHARE))
    made = transcribe(audio, _record(call), tools.speech(), progress=portion(progress, _DECODING_SHARE, 1.0))
    transcript = with_audio_problems(made, audio)

    def save(session: Session) -> None:
        save_transcript(session, tools.clock, call_id=call_id, transcript=transcript)

    return Done(save, audio_s=audio.duration_s)


def _hear(tools: Tools, call_id: int, progress: Progress) -> Done:
    """Cues, and a second hearing of what the rules are going to doubt: here the sound and the engine are at
    hand, and the stage that judges needs neither."""
    with reading(tools.sessions) as session:
        call = stored_call(session, call_id)
        transcript_id, transcript = _transcript(session, call_id)
        usual = usual_voice_of_agent(session, call)
    audio = _audio(tools, call.recording_sha256, portion(progress, 0.0, 0.2))
    heard = hear(transcript, audio, usual=usual, progress=portion(progress, 0.2, 0.5))
    answers = hear_doubtful_again(
        tools.judge,
        _record(call),
        transcript,
        heard,
        audio,
        speech=tools.speech,
        second=tools.second,
        progress=portion(progress, 0.5, 1.0),
    )
    progress(1.0)

    def save(session: Session) -> None:
        save_hearing(
            session,
            tools.clock,
            transcript_id=transcript_id,
            version=VERSION,
            cues=heard.cues,
            answers=answers,
            voice=heard.voice,
        )

    return Done(save)


def _inspect(tools: Tools, call_id: int, _progress: Progress) -> Done:
    with reading(tools.sessions) as session:
        call = stored_call(session, call_id)
        transcript_id, transcript = _transcript(session, call_id)
        heard = _heard(session, transcript_id)
        known = joined(session, _record(call))
        record = with_history(session, call, known.record)
    judged = tools.judge.inspect(record, transcript, heard.cues, heard.answers, heard.voice)
    inspection, advice = advised(
        tools.adviser,
        judged,
        record,
        transcript,
        most=tools.settings.adviser_questions,
        recall=lambda keys: known_advice(tools, keys),
    )

    def save(session: Session) -> None:
        save_advice(session, tools.clock, advice)
        before = outcome_of(session, call_id)
        save_inspection(
            session,
            tools.clock,
            call_id=call_id,
            transcript_id=transcript_id,
            inspection=inspection,
            facts_hash=known.facts_hash,
        )
        have_later_calls_reviewed(session, tools.clock, stored_call(session, call_id), before)

    return Done(save)


def known_advice(tools: Tools, keys: Sequence[str]) -> dict[str, Advice]:
    """Advice that was given before, by the key of its question."""
    with reading(tools.sessions) as session:
        return load_advice(session, keys)


def _assess(tools: Tools, call_id: int, _progress: Progress) -> Done:
    with reading(tools.sessions) as session:
        record = joined(session, _record(stored_call(session, call_id))).record
        _transcript_id, transcript = _transcript(session, call_id)
        inspection_id, inspection = load_inspection(session, call_id)
    evidence = tools.judge.evidence(record, transcript, inspection)

    def save(session: Session) -> None:
        if inspection.ticket is None:
            withdraw_ticket(session, call_id=call_id)
        else:
            open_ticket(session, tools.clock, inspection_id=inspection_id, proposal=inspection.ticket)
        count_call(session, tools, call_id, record.debtor_key, evidence)  # locks the audit log, so last

    return Done(save, reasons(inspection))


def count_call(session: Session, tools: Tools, call_id: int, debtor_key: str, evidence: CallEvidence) -> None:
    """Let the call count for its debtor's warning, and the monitors look at all calls of the debtor."""
    judge = tools.judge
    apply_call(session, tools.clock, call_id=call_id, evidence=evidence, weights=judge.weights)
    watch_debtor(session, tools.clock, debtor_key=debtor_key, weights=judge.weights, policy=judge.monitors)


def stored_call(session: Session, call_id: int) -> CallRow:
    """A call on record.

    Raises:
        NotFoundError: `call.unknown`.
    """
    call = session.get(CallRow, call_id)
    if call is None:
        raise NotFoundError(f"there is no call {call_id}", code="call.unknown")
    return call


def _record(call: CallRow) -> CallRecord:
    return parse_call_record(call.record, f"call {call.source}/{call.external_id}")


def record_with_history(session: Session, call: CallRow) -> CallRecord:
    """The metadata of a stored call, with what the case system says of it, and the earlier calls and requests
    that are known of its debtor."""
    return with_history(session, call, joined(session, _record(call)).record)


def with_history(session: Session, call: CallRow, record: CallRecord) -> CallRecord:
    """The record with the earlier calls that are known of its debtor."""
    if record.started_at is None:
        return record
    return with_earlier_calls(record, registered_calls(session, call.id, call.debtor_key, record.started_at))


def _audio(tools: Tools, sha256: str, progress: Progress) -> Audio:
    with tools.recordings.local_copy(sha256) as path:
        return decode(path, tools.limits, progress=progress)


def _transcript(session: Session, call_id: int) -> tuple[int, Transcript]:
    transcript_id = latest_transcript_id(session, call_id)
    if transcript_id is None:
        raise IntegrityError(f"call {call_id} has lost its transcript", code="work.result_missing")
    return transcript_id, load_transcript(session, transcript_id)


def _heard(session: Session, transcript_id: int) -> HeardBeside:
    heard = load_hearing(session, transcript_id, VERSION)
    if heard is None:  # heard by an older version of the measures, before an update
        raise NotFoundError(f"transcript {transcript_id} was not heard yet", code="work.result_missing")
    return heard


WORK: Final[dict[Stage, Callable[[Tools, int, Progress], Done]]] = {
    "transcribe": _transcribe,
    "hear": _hear,
    "inspect": _inspect,
    "assess": _assess,
}
