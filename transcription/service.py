"""Keep and find transcripts and cues. Every save may be repeated: the same work is one row."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.clock import Clock
from store.errors import NotFoundError
from transcription.document import cues_from_document, cues_to_document, from_document, to_document
from transcription.models import HearingRow, TranscriptRow
from transcription.types import Cue, Transcript


def options_hash(options: Mapping[str, str | int | float | bool | None]) -> str:
    """SHA-256 of the engine options, the same for the same options in any order."""
    return hashlib.sha256(json.dumps(dict(options), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def save_transcript(session: Session, clock: Clock, *, call_id: int, transcript: Transcript) -> int:
    """Keep a transcript and return its row id; one of the same call, engine, model and options stays."""
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
    return row.id


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


def save_hearing(
    session: Session, clock: Clock, *, transcript_id: int, version: str, cues: Sequence[Cue]
) -> int:
    """Keep the cues of a transcript and return their row id; those of the same version stay."""
    known = session.scalar(
        select(HearingRow.id).where(HearingRow.transcript_id == transcript_id, HearingRow.version == version)
    )
    if known is not None:
        return known
    row = HearingRow(
        transcript_id=transcript_id, version=version, cues=cues_to_document(cues), created_at=clock.now()
    )
    session.add(row)
    session.flush()
    return row.id


def load_cues(session: Session, transcript_id: int, version: str) -> tuple[Cue, ...] | None:
    """The cues of a transcript under one version of the measures; None when it was not heard yet."""
    row = session.scalar(
        select(HearingRow).where(HearingRow.transcript_id == transcript_id, HearingRow.version == version)
    )
    return None if row is None else cues_from_document(row.cues)
