"""How the same collector sounded in the calls of earlier days.

Whole days, so that the calls of one day need not wait for each other: what is known when a call is heard
depends on the calls alone, not on the order in which they come through transcription
(docs/adr/0006-a-collectors-days-are-heard-in-order.md).
"""

from datetime import UTC, datetime, time
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from ingest.models import CallRow
from pipeline.models import WorkRow
from store.database import utc_day
from transcription.models import HearingRow, TranscriptRow
from transcription.voice.document import speakers_from_document
from transcription.voice.hear import VERSION
from transcription.voice.history import UsualVoice, usual_voice

# As many calls as say how somebody sounds these days; more say how he sounded once.
NEWEST: Final = 40


def usual_voice_of_agent(session: Session, call: CallRow) -> UsualVoice | None:
    """The calm voice of the call's collector in the newest calls of earlier days (UTC); None where it is not
    known who that is or when the call began, and where too few were heard.

    Only calls from the same source count: elsewhere the same id may be somebody else.
    """
    if call.agent_id is None or call.started_at is None:
        return None
    day = datetime.combine(call.started_at.astimezone(UTC), time(), UTC)
    newer = aliased(TranscriptRow)
    newest = select(func.max(newer.id)).where(newer.call_id == CallRow.id).scalar_subquery()
    query = (
        select(HearingRow.voice["speakers"].as_json())
        .join(TranscriptRow, TranscriptRow.id == HearingRow.transcript_id)
        .join(CallRow, CallRow.id == TranscriptRow.call_id)
        .where(
            CallRow.agent_id == call.agent_id,
            CallRow.source == call.source,
            CallRow.started_at < day,
            TranscriptRow.id == newest,
            HearingRow.version == VERSION,
            HearingRow.voice.is_not(None),
        )
        .order_by(CallRow.started_at.desc(), CallRow.id.desc())
        .limit(NEWEST)
    )
    heard = (speakers_from_document(speakers) for speakers in session.scalars(query))
    return usual_voice([voice for speakers in heard for voice in speakers if voice.speaker == "agent"])


def earlier_day_unheard() -> ColumnElement[bool]:
    """Condition: the collector of a call has a call of an earlier day (UTC) that was not heard yet."""
    this, earlier, work = aliased(CallRow), aliased(CallRow), aliased(WorkRow)
    return exists().where(
        and_(
            this.id == WorkRow.call_id,
            earlier.agent_id == this.agent_id,
            earlier.source == this.source,
            earlier.started_at < this.started_at,
            utc_day(earlier.started_at) < utc_day(this.started_at),
            work.call_id == earlier.id,
            work.state.in_(("received", "transcribed")),
        )
    )
