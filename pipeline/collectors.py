"""How collectors sound: one in the calls of earlier days, and all of them in figures.

A call is held against whole days, so that the calls of one day need not wait for each other: what is known
when it is heard depends on the calls alone, not on the order in which they come through transcription
(docs/adr/0006-a-collectors-days-are-heard-in-order.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from ingest.models import CallRow, RecordingRow
from pipeline.models import WorkRow
from store.database import utc_day
from transcription.document import cues_from_document
from transcription.models import HearingRow, TranscriptRow
from transcription.voice.document import interaction_from_document, speakers_from_document
from transcription.voice.hear import VERSION
from transcription.voice.measure.history import UsualVoice, usual_voice
from transcription.voice.summary import CallOfCollector, CollectorSummary, collector_summary

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


@dataclass(frozen=True, slots=True)
class Collector:
    """One collector as one source knows him, with the figures of his calls. `name` is that of the newest."""

    source: str
    agent_id: str
    name: str | None
    team: str | None
    summary: CollectorSummary


@dataclass(frozen=True, slots=True)
class Collectors:
    """All collectors by source and id. `nobody` calls are of nobody in particular, `unheard` ones were not
    heard by the present measures: neither counts."""

    found: tuple[Collector, ...]
    nobody: int
    unheard: int


def collectors(session: Session, *, since: datetime | None = None) -> Collectors:
    """The figures of every collector, from the calls that began at `since` or later; default: all."""
    heard: dict[tuple[str, str], list[CallOfCollector]] = {}
    names: dict[tuple[str, str], Mapping[str, Any]] = {}
    nobody = unheard = 0
    for row in session.execute(_calls(since).execution_options(yield_per=1000)):
        if row.agent_id is None:
            nobody += 1
        elif row.talk is None:
            unheard += 1
        else:
            key = (row.source, row.agent_id)
            names[key] = row.agent or {}
            heard.setdefault(key, []).append(
                CallOfCollector(
                    duration_s=row.duration_s,
                    speakers=speakers_from_document(row.speakers),
                    interaction=interaction_from_document(row.talk),
                    cues=cues_from_document(row.cues),
                )
            )
    return Collectors(
        found=tuple(
            Collector(*key, names[key].get("name"), names[key].get("team"), collector_summary(calls))
            for key, calls in sorted(heard.items())
        ),
        nobody=nobody,
        unheard=unheard,
    )


def _calls(since: datetime | None) -> Select[Any]:
    """Every transcribed call with what was heard in its newest transcript, the oldest first."""
    newer = aliased(TranscriptRow)
    newest = select(func.max(newer.id)).where(newer.call_id == CallRow.id).scalar_subquery()
    query = (
        select(
            CallRow.source,
            CallRow.agent_id,
            CallRow.record["agent"].as_json().label("agent"),
            RecordingRow.duration_s,
            HearingRow.voice["speakers"].as_json().label("speakers"),
            HearingRow.voice["interaction"].as_json().label("talk"),
            HearingRow.cues,
        )
        .join(RecordingRow, RecordingRow.sha256 == CallRow.recording_sha256)
        .join(TranscriptRow, TranscriptRow.id == newest)
        .outerjoin(
            HearingRow, and_(HearingRow.transcript_id == TranscriptRow.id, HearingRow.version == VERSION)
        )
        .order_by(CallRow.started_at, CallRow.id)
    )
    return query if since is None else query.where(CallRow.started_at >= since)


def earlier_day_unheard() -> ColumnElement[bool]:
    """Condition: the collector of a call has a call of an earlier day (UTC) that was not heard yet, in the
    same lane or in one before it."""
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
            work.lane <= WorkRow.lane,
        )
    )
