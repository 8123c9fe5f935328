"""Keep and find transcripts and cues. Every save may be repeated: the same work is one row."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from store.clock import Clock
from store.errors import NotFoundError
from transcription.document import cues_from_document, cues_to_document, from_document, to_document
from transcription.models import HearingRow, RoleDecisionRow, TranscriptRow
from transcription.questions import Answer, answers_from_document, answers_to_document
from transcription.search.index import put_into_index
from transcription.speakers.decision import NOT_CARRIED, carried_over
from transcription.types import Cue, Transcript
from transcription.voice import document as voice_document
from transcription.voice.types import VoiceReport

# Which machine took the call, not what was asked of it.
_OF_THE_MACHINE: Final = ("device", "compute_type")

DecisionKind = Literal["swapped", "set", "carried"]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a call's transcript: what an engine wrote, or what a person's decision made of it.

    `number` counts from 1. `decision` is None for what an engine wrote; else `replaced` is the number of the
    version that was decided on.
    """

    number: int
    transcript_id: int
    engine: str
    model: str
    created_at: datetime
    decision: RoleDecisionRow | None = None
    replaced: int | None = None


@dataclass(frozen=True, slots=True)
class HeardBeside:
    """What was heard beside the words of a transcript. `voice` is None where it was heard before voices were
    reported on."""

    cues: tuple[Cue, ...]
    answers: tuple[Answer, ...]
    voice: VoiceReport | None


def options_hash(options: Mapping[str, str | int | float | bool | None]) -> str:
    """SHA-256 of the engine options, the same for the same options in any order, and whatever they were
    computed on (docs/engines.md#processor-and-gpu-side-by-side)."""
    asked = {name: value for name, value in options.items() if name not in _OF_THE_MACHINE}
    return hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def save_transcript(session: Session, clock: Clock, *, call_id: int, transcript: Transcript) -> int:
    """Keep what an engine wrote and return its row id; one of the same call, engine, model and options stays.

    A person's decision about the roles outlives the transcript it was made on: it is carried over to the new
    one, as one more version, whose id is returned. Where that cannot be done the transcript is marked
    `roles.not_carried`.
    """
    digest = options_hash(transcript.options)
    known = session.scalar(
        select(TranscriptRow.id).where(
            TranscriptRow.call_id == call_id,
            TranscriptRow.engine == transcript.engine,
            TranscriptRow.model == transcript.model,
            TranscriptRow.options_hash == digest,
        )
    )
    if known is not None:
        return known
    decision = _last_decision(session, call_id)
    if decision is None:
        return _insert(session, clock, call_id, digest, transcript)
    carried = carried_over(load_transcript(session, decision.transcript_id), transcript)
    if carried is None:
        doubtful = replace(transcript, problems=(*transcript.problems, NOT_CARRIED))
        return _insert(session, clock, call_id, digest, doubtful)
    heard = _insert(session, clock, call_id, digest, transcript)
    return _save_version(session, clock, call_id, heard, carried, "carried", decision.reason)


def save_decision(
    session: Session,
    clock: Clock,
    *,
    call_id: int,
    replaced_id: int,
    decided: Transcript,
    kind: Literal["swapped", "set"],
    reason: str | None = None,
) -> int:
    """Keep the version that a person's decision about the roles made of another; return its row id.

    `decided.roles` says who decided and when. The replaced version stays. The caller sees to it that nobody
    else decides on the same version meanwhile; the database refuses the second one.
    """
    return _save_version(session, clock, call_id, replaced_id, decided, kind, reason)


def load_transcript(session: Session, transcript_id: int) -> Transcript:
    """Read a stored transcript.

    Raises:
        NotFoundError: `transcript.not_found`.
    """
    row = session.get(TranscriptRow, transcript_id)
    if row is None:
        raise NotFoundError(f"there is no transcript {transcript_id}", code="transcript.not_found")
    return from_document(row.document)


def latest_transcript_id(session: Session, call_id: int) -> int | None:
    """The newest transcript of a call, None when it has none."""
    return session.scalar(
        select(TranscriptRow.id)
        .where(TranscriptRow.call_id == call_id)
        .order_by(TranscriptRow.id.desc())
        .limit(1)
    )


def versions(session: Session, call_id: int) -> list[Version]:
    """All versions of a call's transcript, the oldest first; the last one counts."""
    query = (
        select(TranscriptRow, RoleDecisionRow)
        .outerjoin(RoleDecisionRow, RoleDecisionRow.transcript_id == TranscriptRow.id)
        .where(TranscriptRow.call_id == call_id)
        .order_by(TranscriptRow.id)
    )
    rows = session.execute(query).all()
    numbers = {row.id: number for number, (row, _) in enumerate(rows, start=1)}
    return [
        Version(
            number=numbers[row.id],
            transcript_id=row.id,
            engine=row.engine,
            model=row.model,
            created_at=row.created_at,
            decision=decision,
            replaced=None if decision is None else numbers[decision.replaced_id],
        )
        for row, decision in rows
    ]


def save_hearing(
    session: Session,
    clock: Clock,
    *,
    transcript_id: int,
    version: str,
    cues: Sequence[Cue],
    answers: Sequence[Answer] = (),
    voice: VoiceReport | None = None,
) -> int:
    """Keep the cues of a transcript, what was heard again, and how the voices sounded, and return their row
    id; those of the same version stay."""
    known = session.scalar(
        select(HearingRow.id).where(HearingRow.transcript_id == transcript_id, HearingRow.version == version)
    )
    if known is not None:
        return known
    row = HearingRow(
        transcript_id=transcript_id,
        version=version,
        cues=cues_to_document(cues),
        second_hearing=answers_to_document(answers),
        voice=None if voice is None else voice_document.to_document(voice),
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def load_hearing(session: Session, transcript_id: int, version: str | None) -> HeardBeside | None:
    """What was heard of a transcript under one version of the measures, or last (`version` None); None when
    it was not heard yet."""
    query = select(HearingRow).where(HearingRow.transcript_id == transcript_id)
    if version is not None:
        query = query.where(HearingRow.version == version)
    row = session.scalars(query.order_by(HearingRow.id.desc()).limit(1)).one_or_none()
    return None if row is None else as_heard_beside(row)


def as_heard_beside(row: HearingRow | Row[Any]) -> HeardBeside:
    """What a row, or the columns `cues`, `second_hearing` and `voice` of one, say."""
    return HeardBeside(
        cues=cues_from_document(row.cues),
        answers=answers_from_document(row.second_hearing or ()),
        voice=None if row.voice is None else voice_document.from_document(row.voice),
    )


def _last_decision(session: Session, call_id: int) -> RoleDecisionRow | None:
    query = select(RoleDecisionRow).where(RoleDecisionRow.call_id == call_id)
    return session.scalar(query.order_by(RoleDecisionRow.id.desc()).limit(1))


def _save_version(
    session: Session,
    clock: Clock,
    call_id: int,
    replaced_id: int,
    decided: Transcript,
    kind: DecisionKind,
    reason: str | None,
) -> int:
    roles = decided.roles
    if roles is None or roles.by is None or roles.at is None:
        raise ValueError("a decision about roles says who decided and when")
    # Roles exchanged twice leave the options as they were: the replaced version makes the row another one.
    digest = options_hash({**decided.options, "replaced_id": replaced_id})
    transcript_id = _insert(session, clock, call_id, digest, decided)
    session.add(
        RoleDecisionRow(
            call_id=call_id,
            transcript_id=transcript_id,
            replaced_id=replaced_id,
            kind=kind,
            decided_by=roles.by,
            decided_at=roles.at,
            reason=reason,
            created_at=clock.now(),
        )
    )
    session.flush()
    return transcript_id


def _insert(session: Session, clock: Clock, call_id: int, digest: str, transcript: Transcript) -> int:
    row = TranscriptRow(
        call_id=call_id,
        engine=transcript.engine,
        model=transcript.model,
        options_hash=digest,
        language=transcript.language,
        document=to_document(transcript),
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    put_into_index(session, call_id=call_id, transcript_id=row.id, utterances=transcript.utterances)
    return row.id
