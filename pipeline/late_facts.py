"""Facts that came after the calls they are about: notes find their call, and calls that were judged without
the facts are judged again by the ordinary stages."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from ingest.facts.models import CaseFactRow
from ingest.facts.service import as_fact, joined
from ingest.metadata import CallRecord, parse_call_record
from ingest.models import CallRow
from pipeline.models import WorkRow
from pipeline.states import FINAL_STATES, state_before
from qc.models import InspectionRow
from store import audit
from store.clock import Clock
from store.database import SessionFactory, reading, transaction
from store.logging import get_logger
from transcription.service import latest_transcript_id, load_hearing
from transcription.voice.hear import VERSION

ACTOR: Final = "pipeline"
AT_ONCE: Final = 200
# A note is written after its call. Where it names no call, a second call in this time leaves doubt.
_NOTE_WITHIN: Final = timedelta(hours=12)
# Recordings may come later than notes: only when they are in is the only call known to be the only one.
_NOTE_SETTLES: Final = timedelta(hours=2)
_NOTE_GIVES_UP: Final = timedelta(days=30)
_AGAIN: Final = timedelta(minutes=5)
_NOTE_AGAIN: Final = timedelta(hours=6)

_log = get_logger(__name__)


def judge_late_facts(sessions: SessionFactory, clock: Clock, *, limit: int = AT_ONCE) -> int:
    """Send calls back to be judged again that were judged without facts that are on record now; returns how
    many. Each fact is a transaction of its own; done twice, it changes nothing."""
    now = clock.now()
    with reading(sessions) as session:
        waiting = list(
            session.scalars(
                select(CaseFactRow.id)
                .where(CaseFactRow.next_at <= now)
                .order_by(CaseFactRow.next_at, CaseFactRow.id)
                .limit(limit)
            )
        )
    count = 0
    for fact_id in waiting:
        with transaction(sessions) as session:
            query = select(CaseFactRow).where(CaseFactRow.id == fact_id).with_for_update()
            row = session.scalar(query.execution_options(populate_existing=True))
            if row is not None and row.next_at is not None:
                count += _see_to(session, clock, row)
    return count


def _see_to(session: Session, clock: Clock, row: CaseFactRow) -> int:
    """Deal with one fact; sets when to look again, or that there is nothing left to do."""
    now = clock.now()
    if row.kind == "note" and row.call_key is None:
        call = _call_of_note(session, row, now)
        if call is None:
            given_up = now - row.imported_at > _NOTE_GIVES_UP
            row.next_at = None if given_up else now + _NOTE_AGAIN
            return 0
        row.call_key = f"{call.source}/{call.external_id}"
        session.flush()
    count, busy = 0, False
    for call in session.scalars(select(CallRow).where(_about(row)).order_by(CallRow.id)):
        sent = _send_back(session, clock, call, row)
        busy = busy or sent is None
        count += bool(sent)
    row.next_at = now + _AGAIN if busy else None
    return count


def _about(row: CaseFactRow) -> ColumnElement[bool]:
    """The calls that a fact may be about; `ingest.facts` decides."""
    if row.call_key is not None:
        source, _, external_id = row.call_key.partition("/")
        return (CallRow.source == source) & (CallRow.external_id == external_id)
    wanted: list[ColumnElement[bool]] = []
    if row.case_id is not None:
        wanted.append(CallRow.case_id == row.case_id)
    if row.customer_id is not None:
        wanted.append(CallRow.customer_id == row.customer_id)
    if row.number is not None:
        wanted.append(CallRow.customer_number == row.number)
    return or_(*wanted)


def _call_of_note(session: Session, row: CaseFactRow, now: datetime) -> CallRow | None:
    """The only call that a note without a call's id can be about: with this debtor, by this collector, not
    long before it was written. Two such calls leave doubt, and a note without a time could be of any."""
    if not row.dated or now - row.as_of < _NOTE_SETTLES:
        return None
    begun = CallRow.started_at.between(row.as_of - _NOTE_WITHIN, row.as_of)
    query = select(CallRow).where(_about(row), begun).order_by(CallRow.id)
    if row.agent_id is not None:
        query = query.where(or_(CallRow.agent_id == row.agent_id, CallRow.agent_id.is_(None)))
    fact = as_fact(row)
    fitting = [call for call in session.scalars(query.limit(AT_ONCE)) if fact.about.fits(_record(call))]
    return fitting[0] if len(fitting) == 1 else None


def _send_back(session: Session, clock: Clock, call: CallRow, row: CaseFactRow) -> bool | None:
    """Put a call back before its inspection, if it was judged without what is known by now. None: it is being
    worked on; whether it saw the fact shows when it is done."""
    record = _record(call)
    known = joined(session, record)
    work = session.scalar(
        select(WorkRow)
        .where(WorkRow.call_id == call.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if work is None or work.state == "failed":
        return False  # it sees the fact when it is tried again
    if work.state not in FINAL_STATES:
        return None
    newest = select(InspectionRow.facts_hash).where(InspectionRow.call_id == call.id)
    judged_with = session.scalar(newest.order_by(InspectionRow.id.desc()).limit(1))
    if judged_with is None or judged_with == known.facts_hash:
        return False
    transcript_id = latest_transcript_id(session, call.id)
    heard = transcript_id is not None and load_hearing(session, transcript_id, VERSION) is not None
    work.state, work.reasons = state_before("inspect" if heard else "hear"), []
    work.attempts = work.interruptions = 0
    work.next_at = work.sent_at = work.error_code = work.error_message = None
    work.updated_at = clock.now()
    session.flush()
    details = {"kind": row.kind, "fact": row.id, "place": row.place}
    subject = f"call:{call.source}/{call.external_id}"
    audit.append(session, clock, actor=ACTOR, action="call.fact_arrived", subject=subject, details=details)
    return True


def _record(call: CallRow) -> CallRecord:
    return parse_call_record(call.record, f"call {call.source}/{call.external_id}")
