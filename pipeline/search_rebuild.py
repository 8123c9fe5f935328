"""Makes the search's copy of transcripts anew: of calls stored before there was one, or cut by old rules."""

from collections.abc import Iterator

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from pipeline.models import WorkRow
from store.database import SessionFactory, reading, transaction
from transcription.models import TranscriptRow
from transcription.search.index import put_into_index
from transcription.search.models import SearchTextRow
from transcription.search.tokens import VERSION
from transcription.service import latest_transcript_id, load_transcript

BATCH = 100


def count_outdated(sessions: SessionFactory) -> int:
    """How many calls the search finds wrongly or not at all."""
    with reading(sessions) as session:
        return session.scalar(select(func.count()).select_from(_outdated().subquery())) or 0


def rebuild(sessions: SessionFactory, *, batch: int = BATCH) -> Iterator[int]:
    """Bring calls up to date, a transaction for each batch; yields how many each batch was. Whatever ends it,
    the next run goes on with what is left."""
    after = 0
    while True:
        with reading(sessions) as session:
            where = TranscriptRow.call_id > after
            query = _outdated().where(where).order_by(TranscriptRow.call_id).limit(batch)
            calls = list(session.scalars(query))
        if not calls:
            return
        with transaction(sessions) as session:
            for call_id in calls:
                _renew(session, call_id)
        after = calls[-1]
        yield len(calls)


def _outdated() -> Select[int]:
    newest = select(func.max(TranscriptRow.id)).group_by(TranscriptRow.call_id)
    wrong = or_(
        SearchTextRow.call_id.is_(None),
        SearchTextRow.transcript_id != TranscriptRow.id,
        SearchTextRow.version != VERSION,
    )
    joined = select(TranscriptRow.call_id).outerjoin(
        SearchTextRow, SearchTextRow.call_id == TranscriptRow.call_id
    )
    return joined.where(TranscriptRow.id.in_(newest), wrong)


def _renew(session: Session, call_id: int) -> None:
    """Whoever writes a transcript of the call, or deletes one, takes this row first."""
    session.scalar(select(WorkRow.call_id).where(WorkRow.call_id == call_id).with_for_update())
    transcript_id = latest_transcript_id(session, call_id)
    if transcript_id is not None:
        said = load_transcript(session, transcript_id).utterances
        put_into_index(session, call_id=call_id, transcript_id=transcript_id, utterances=said)
