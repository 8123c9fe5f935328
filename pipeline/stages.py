"""The stages of a call. Each takes a lease, works outside any transaction, and writes its result together
with the next state in one transaction. The same functions run embedded and under Celery."""

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
from pipeline import leases
from pipeline.advising import advised
from pipeline.collectors import usual_voice_of_agent
from pipeline.events import Event, StageEnded, StageStarted
from pipeline.history import have_later_calls_reviewed, outcome_of, registered_calls, with_earlier_calls
from pipeline.inspect_call import with_audio_problems
from pipeline.judging import reasons
from pipeline.lease_progress import LeaseProgress
from pipeline.leases import Lease, LeaseLostError
from pipeline.owner import this_process
from pipeline.patience import is_passing, patiently
from pipeline.runs import service as runs
from pipeline.second_hearing import hear_doubtful_again
from pipeline.states import FINAL_STATES, GiveUp, Retry, Stage, State, describe, state_after, state_before
from pipeline.tools import Tools
from pipeline.traced import stage_span, tell_end
from qc.adviser.service import load_advice, save_advice
from qc.findings import Advice
from qc.service import load_inspection, open_ticket, save_inspection, withdraw_ticket
from store import audit, migrate
from store.database import reading, transaction
from store.errors import IntegrityError, NotFoundError
from store.logging import bound, get_logger
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

ACTOR: Final = "pipeline"
BACKOFF_S: Final = 10.0

# How much of the work of transcribing it is to decode.
_DECODING_SHARE: Final = 0.05

Listen = Callable[[Event], None]

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """The work of a stage: how to write it down, what could not be judged, how much audio was listened to."""

    save: Callable[[Session], None]
    reasons: tuple[str, ...] = ()
    audio_s: float = 0.0


def run_stage(tools: Tools, call_id: int, stage: Stage, *, listen: Listen | None = None) -> StageEnded | None:
    """Do one stage of one call, if it is due and nobody else does it.

    Returns:
        What became of the call; None when there was nothing to do, or the lease was lost meanwhile.

    Raises:
        EngineError: a speech engine cannot be opened. That is no fault of the call: no attempt is counted.
        ConflictError: `database.outdated`, `database.newer`: the tables are those of another version of
            Diting, and this one must not write into them. The call is left to others.
    """
    tell = listen or (lambda _event: None)
    if stage == "transcribe":
        tools.speech()
        tools.second()  # one that cannot be opened must show before a call fails by it
    lease = _take(tools, call_id, stage)
    if lease is None:
        return None
    with bound(call_id=call_id, stage=stage):
        tell(StageStarted(call_id, stage))
        with stage_span(tools.sessions, call_id, stage) as running:
            ended = _do(tools, lease, tell)
            tell_end(running, ended)
        if ended is not None:
            tell(ended)
        return ended


def _take(tools: Tools, call_id: int, stage: Stage) -> Lease | None:
    """Should the database go away just when the lease is taken, it is found again by its token."""
    token, seconds = this_process().new_lease(), tools.settings.lease_seconds

    def take(session: Session) -> Lease | None:
        lease = leases.take_lease(session, tools.clock, call_id, stage, token=token, seconds=seconds)
        if lease is None:
            migrate.require_head(migrate.revision_seen(session))
            return leases.find_lease(session, call_id, stage, token=token)
        return lease

    return patiently(tools.sessions, take)


def _do(tools: Tools, lease: Lease, tell: Listen) -> StageEnded | None:
    began = tools.clock.now()
    try:
        done = _WORK[lease.stage](tools, lease.call_id, LeaseProgress(tools, lease, tell))
        state = state_after(lease.stage, done.reasons)

        def write(session: Session) -> None:
            leases.complete_stage(session, tools.clock, lease, state, done.reasons)
            done.save(session)
            took = (tools.clock.now() - began).total_seconds()
            runs.note(session, lease.stage, "done", seconds=took, audio_seconds=done.audio_s)
            _audit(session, tools, lease.call_id, state, done.reasons)

        patiently(tools.sessions, write)
    except LeaseLostError:
        _log.warning("stage.lease_lost")
        return None
    except Exception as error:
        if is_passing(error):
            return _give_back(tools, lease)
        return _fail(tools, lease, error)
    except BaseException:  # told to stop: somebody else may go on at once
        with transaction(tools.sessions) as session:
            leases.release_lease(session, tools.clock, lease)
        raise
    return StageEnded(lease.call_id, lease.stage, state, done.reasons)


def _give_back(tools: Tools, lease: Lease) -> StageEnded:
    """The database went away while the stage read from it: no fault of the call."""
    patiently(tools.sessions, lambda session: leases.release_lease(session, tools.clock, lease))
    return StageEnded(lease.call_id, lease.stage, state_before(lease.stage))


def _fail(tools: Tools, lease: Lease, error: Exception) -> StageEnded | None:
    code, message = describe(error)  # the message may quote the call: it is for the database
    _log.warning("stage.failed", code=code, attempt=lease.attempts, exc_info=error)

    def write(session: Session) -> Retry | GiveUp:
        outcome = leases.fail_stage(
            session,
            tools.clock,
            lease,
            error,
            attempts_max=tools.settings.max_attempts,
            backoff_s=BACKOFF_S,
        )
        runs.note(session, lease.stage, "gave_up" if isinstance(outcome, GiveUp) else "retried", code=code)
        return outcome

    try:
        outcome = patiently(tools.sessions, write)
    except LeaseLostError:
        return None
    state: State = "failed" if isinstance(outcome, GiveUp) else state_before(lease.stage)
    return StageEnded(lease.call_id, lease.stage, state, (f"{code}: {message}",))


def _transcribe(tools: Tools, call_id: int, progress: Progress) -> Done:
    with reading(tools.sessions) as session:
        call = _call(session, call_id)
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
        call = _call(session, call_id)
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
        call = _call(session, call_id)
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
        have_later_calls_reviewed(session, tools.clock, _call(session, call_id), before)

    return Done(save)


def known_advice(tools: Tools, keys: Sequence[str]) -> dict[str, Advice]:
    """Advice that was given before, by the key of its question."""
    with reading(tools.sessions) as session:
        return load_advice(session, keys)


def _assess(tools: Tools, call_id: int, _progress: Progress) -> Done:
    with reading(tools.sessions) as session:
        record = joined(session, _record(_call(session, call_id))).record
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


_WORK: Final[dict[Stage, Callable[[Tools, int, Progress], Done]]] = {
    "transcribe": _transcribe,
    "hear": _hear,
    "inspect": _inspect,
    "assess": _assess,
}


def _call(session: Session, call_id: int) -> CallRow:
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


def _audit(session: Session, tools: Tools, call_id: int, state: State, why: tuple[str, ...]) -> None:
    """Last in the transaction, because the audit log is written by one at a time."""
    if state in FINAL_STATES:
        call = _call(session, call_id)
        audit.append(
            session,
            tools.clock,
            actor=ACTOR,
            action=f"call.{state}",
            subject=f"call:{call.source}/{call.external_id}",
            details={"reasons": list(why)},
        )
