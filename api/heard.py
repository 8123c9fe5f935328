"""The personal data in stored calls: what lists, searches and players have to hide."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.masking import Heard, heard_in, known_in_record
from ingest.models import CallRow
from store.errors import ConflictError
from transcription.models import TranscriptRow
from transcription.privacy.detect import Known
from transcription.privacy.sound import Stretch, stretches
from transcription.service import load_transcript
from transcription.types import Transcript


def heard_in_call(session: Session, call: CallRow, transcript_id: int | None = None) -> Heard | None:
    """The personal data in the newest transcript of a call, or in that one; None where there is none."""
    transcript = _transcript(session, call, transcript_id)
    return None if transcript is None else heard_in(transcript.utterances, call.record)


def tones_of_call(session: Session, call: CallRow) -> tuple[Stretch, ...]:
    """When personal data is heard in a call, in seconds.

    Raises:
        ConflictError: `recording.not_masked`, there is no transcript yet that tells.
    """
    transcript = _transcript(session, call, None)
    if transcript is None:
        raise ConflictError(
            "the call is not transcribed yet: nobody knows where personal data is heard",
            code="recording.not_masked",
            where=f"call {call.id}",
            mend="Wait for the transcript, or say why you need the original (POST …/unmask).",
        )
    return stretches(heard_in(transcript.utterances, call.record).spans, transcript.rejected)


def _transcript(session: Session, call: CallRow, transcript_id: int | None) -> Transcript | None:
    if transcript_id is None:
        newest = select(func.max(TranscriptRow.id)).where(TranscriptRow.call_id == call.id)
        transcript_id = session.scalar(newest)
    return None if transcript_id is None else load_transcript(session, transcript_id)


def known_in_calls(session: Session, calls: Iterable[int]) -> dict[int, Known]:
    """The names and numbers that these calls make known, by call: by their records and by what was said."""
    found: dict[int, Known] = {}
    for call in session.scalars(select(CallRow).where(CallRow.id.in_(set(calls)))):
        heard = heard_in_call(session, call)
        found[call.id] = known_in_record(call.record) if heard is None else heard.known
    return found
