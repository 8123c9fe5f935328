"""The personal data in stored calls: what lists, searches and players have to hide."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.masking import Heard, heard_in, known_in_record
from ingest.models import CallRow
from transcription.models import TranscriptRow
from transcription.privacy.detect import Known
from transcription.service import load_transcript


def heard_in_call(session: Session, call: CallRow, transcript_id: int | None = None) -> Heard | None:
    """The personal data in the newest transcript of a call, or in that one; None where there is none."""
    if transcript_id is None:
        newest = select(func.max(TranscriptRow.id)).where(TranscriptRow.call_id == call.id)
        transcript_id = session.scalar(newest)
    if transcript_id is None:
        return None
    return heard_in(load_transcript(session, transcript_id).utterances, call.record)


def known_in_calls(session: Session, calls: Iterable[int]) -> dict[int, Known]:
    """The names and numbers that these calls make known, by call: by their records and by what was said."""
    found: dict[int, Known] = {}
    for call in session.scalars(select(CallRow).where(CallRow.id.in_(set(calls)))):
        heard = heard_in_call(session, call)
        found[call.id] = known_in_record(call.record) if heard is None else heard.known
    return found
