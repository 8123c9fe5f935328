"""Deleting calls and cases: rows and tombstone in one transaction, then the bytes of the recording.

Whatever is killed goes on in the next run: the rows are gone with their tombstone or not at all, and a
tombstone `waits` until the bytes are gone.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from complaint_warnings.cases.merged import take_turns
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.ledger.models import LedgerLineRow, LedgerWordsRow
from complaint_warnings.models import WarningCallRow, WarningDebtorRow, WarningRow
from complaint_warnings.sources.models import WarningItemRow
from ingest.facts.models import CaseFactRow
from ingest.models import CallRow, RecordingRow, RefusalRow
from pipeline.models import WorkRow
from pipeline.retention.decide import call_kept, case_kept, decide_call, decide_case
from pipeline.retention.look import PART_KIND, SeenCall, SeenCase, one_call, one_case
from pipeline.retention.policy import OfCall, Policy
from pipeline.retention.rows import added, delete_hanging
from qc.adviser.models import AdviceRow
from qc.figures.service import mark_calls
from qc.models import FindingRow, InspectionRow
from store.clock import Clock
from store.erasing import erasing
from store.tombstones import Deleted, Kind, TombstoneRow, bury, key_hash

TABLES: Final[dict[OfCall, tuple[str, ...]]] = {
    "recordings": (),
    "transcripts": ("transcript", "hearing", "role_decision", "search_text"),
    "results": (
        "inspection",
        "finding",
        "finding_verdict",
        "ticket",
        "ticket_event",
        "ticket_decision",
        "ticket_rating",
        "complaint_warning_call",
        "sampling_pick",
        "review_seat",
        "coaching_task",
        "calibration_call",
        "calibration_answer",
    ),
}


@dataclass(frozen=True, slots=True)
class Way:
    """By what right something is deleted: a policy; `order` where persons ordered it, and who acts."""

    policy: Policy
    actor: str
    order: str | None = None


def erase_call(session: Session, clock: Clock, call_id: int, way: Way) -> dict[str, int] | None:
    """Delete what may be deleted of a call now; None where that is nothing. What keeps it is looked at again
    here, when nobody else can change it any more."""
    seen = one_call(session, call_id)
    if seen is None or not _due(seen, way, clock):
        return None
    take_turns(session, seen.debtor_key)
    # A stage that is at work has this row; it is not waited for, as it may wait for the debtor's turn.
    mine = select(WorkRow.call_id).where(WorkRow.call_id == call_id).with_for_update(skip_locked=True)
    seen = one_call(session, call_id) if session.scalar(mine) is not None else None
    parts = _due(seen, way, clock) if seen is not None else {}
    if seen is None or not parts:
        return None
    mark_calls(session, [call_id])
    with erasing(session):
        if seen.facts.parts == parts.keys():
            return _erase_whole(session, clock, seen, way, parts)
        return added(*(_erase_part(session, clock, seen, way, part, parts[part]) for part in parts))


def _due(seen: SeenCall, way: Way, clock: Clock) -> dict[OfCall, str]:
    """What may be deleted of the call, with the clause."""
    now = clock.now()
    if way.order is not None:
        kept = call_kept(way.policy, seen.facts, now, ordered=True)
        return {} if kept else dict.fromkeys(sorted(seen.facts.parts), way.order)
    made = decide_call(way.policy, seen.facts, now)
    return {part: one.clause for part, one in made.items() if one.may}


def _erase_part(
    session: Session, clock: Clock, seen: SeenCall, way: Way, part: OfCall, clause: str
) -> dict[str, int]:
    counts: dict[str, int] = {}
    if part == "results":
        counts = _forget_advice(session, seen.id)
    if TABLES[part]:
        counts = added(counts, delete_hanging(session, "call", CallRow.id == seen.id, only=TABLES[part]))
    waits = part == "recordings" and _is_last(session, seen)
    deleted = Deleted(
        kind=PART_KIND[part],
        number=seen.id,
        clause=clause,
        actor=way.actor,
        counts=counts,
        recording_sha256=seen.recording_sha256 if part == "recordings" else None,
        waits=waits,
    )
    bury(session, clock, deleted)
    return added(counts, {"recording (bytes)": int(waits)})


def _erase_whole(
    session: Session, clock: Clock, seen: SeenCall, way: Way, parts: dict[OfCall, str]
) -> dict[str, int]:
    call = session.get_one(CallRow, seen.id)
    last = _is_last(session, seen)
    counts = added(
        _forget_advice(session, seen.id),
        _forget_facts(session, call, whole=way.order is not None),
        _count(session, RefusalRow, RefusalRow.sha256 == seen.recording_sha256),
    )
    session.expunge(call)
    counts = added(counts, delete_hanging(session, "call", CallRow.id == seen.id))
    if last:
        counts = added(counts, _count(session, RecordingRow, RecordingRow.sha256 == seen.recording_sha256))
    deleted = Deleted(
        kind="call",
        number=seen.id,
        clause="; ".join(dict.fromkeys(parts.values())),
        actor=way.actor,
        counts=counts,
        key_sha256=key_hash(seen.source, seen.external_id),
        recording_sha256=seen.recording_sha256,
        waits=last and "recordings" in parts,
    )
    bury(session, clock, deleted)
    forget_debtor(session, seen.debtor_key)
    return added(counts, {"recording (bytes)": int(deleted.waits)})


def _is_last(session: Session, seen: SeenCall) -> bool:
    """Whether no other call has the same recording: shared bytes go with the last one."""
    gone = select(TombstoneRow.number).where(TombstoneRow.kind == "recording")
    shared = select(CallRow.id).where(
        CallRow.recording_sha256 == seen.recording_sha256, CallRow.id != seen.id, CallRow.id.not_in(gone)
    )
    return session.scalar(shared.limit(1)) is None


def _forget_advice(session: Session, call_id: int) -> dict[str, int]:
    """Drop the adviser's kept answers that its findings carry; it would be asked again, were it needed."""
    documents = session.scalars(
        select(FindingRow.document)
        .join(InspectionRow, InspectionRow.id == FindingRow.inspection_id)
        .where(InspectionRow.call_id == call_id)
    )
    given = [document["advice"] for document in documents if document.get("advice")]
    reasons = {advice["reason"] for advice in given if advice.get("reason")}
    return _count(session, AdviceRow, AdviceRow.reason.in_(reasons)) if reasons else {}


def _forget_facts(session: Session, call: CallRow, *, whole: bool) -> dict[str, int]:
    """Drop what the case system said of this very call, or (`whole`) of its customer, case and number too."""
    about = [CaseFactRow.call_key == f"{call.source}/{call.external_id}"]
    if whole:
        named: tuple[tuple[Any, str | None], ...] = (
            (CaseFactRow.customer_id, call.customer_id),
            (CaseFactRow.case_id, call.case_id),
            (CaseFactRow.number, call.customer_number),
        )
        about += [column == value for column, value in named if value is not None]
    return _count(session, CaseFactRow, or_(*about))


def forget_debtor(session: Session, debtor_key: str) -> None:
    """Drop the row of a debtor of whom nothing else is on record."""
    for row in (CallRow, WarningRow, WarningCallRow, WarningItemRow, CaseRow):
        if session.scalar(select(row.id).where(row.debtor_key == debtor_key).limit(1)) is not None:
            return
    session.execute(delete(WarningDebtorRow).where(WarningDebtorRow.debtor_key == debtor_key))


def erase_case(session: Session, clock: Clock, case_id: int, way: Way) -> dict[str, int] | None:
    """Delete a case with its events, complaints, deadlines, notices, ledger line, lesson, warning and items;
    None where it is kept."""
    seen = one_case(session, case_id)
    if seen is None or _case_clause(seen, way, clock) is None:
        return None
    take_turns(session, seen.debtor_key)
    session.scalar(select(CaseRow.id).where(CaseRow.id == case_id).with_for_update())
    seen = one_case(session, case_id)
    clause = _case_clause(seen, way, clock) if seen is not None else None
    if seen is None or clause is None:
        return None
    items = _items(session, WarningItemRow.warning_id == seen.warning_id) if seen.warning_id else []
    with erasing(session):
        counts = delete_hanging(session, "complaint_case", CaseRow.id == case_id)
        used = select(LedgerLineRow.words_id)
        counts = added(counts, _count(session, LedgerWordsRow, LedgerWordsRow.id.not_in(used)))
        if seen.warning_id is not None:
            warning = WarningRow.id == seen.warning_id
            counts = added(counts, delete_hanging(session, "complaint_warning", warning))
    numbers: list[tuple[Kind, int]] = [("case", case_id), *(("item", number) for number in items)]
    if seen.warning_id is not None:
        numbers.append(("warning", seen.warning_id))
    _bury_all(session, clock, numbers, clause, way.actor, counts)
    forget_debtor(session, seen.debtor_key)
    return counts


def erase_items(session: Session, clock: Clock, debtor_key: str, way: Way, clause: str) -> dict[str, int]:
    """Delete what warns of a debtor and hangs on no case; the debtor's turn is taken."""
    free = (WarningItemRow.debtor_key == debtor_key) & WarningItemRow.warning_id.is_(None)
    items = _items(session, free)
    if not items:
        return {}
    counts = _count(session, WarningItemRow, WarningItemRow.id.in_(items))
    _bury_all(session, clock, [("item", number) for number in items], clause, way.actor, counts)
    return counts


def _case_clause(seen: SeenCase, way: Way, clock: Clock) -> str | None:
    """By which clause the case may be deleted; None where it is kept."""
    if way.order is not None:
        return way.order if seen.facts.closed_at is not None and case_kept(seen.facts) is None else None
    made = decide_case(way.policy, seen.facts, clock.now())
    return made.clause if made.may else None


def _items(session: Session, which: ColumnElement[bool]) -> list[int]:
    return list(session.scalars(select(WarningItemRow.id).where(which).order_by(WarningItemRow.id)))


def _bury_all(
    session: Session,
    clock: Clock,
    numbers: list[tuple[Kind, int]],
    clause: str,
    actor: str,
    counts: dict[str, int],
) -> None:
    """One tombstone each; the first carries the counts of all."""
    for place, (kind, number) in enumerate(numbers):
        told = counts if place == 0 else {}
        bury(session, clock, Deleted(kind, number, clause, actor, told))


def _count(session: Session, row: Any, where: ColumnElement[bool]) -> dict[str, int]:
    """Delete, and tell how many."""
    done = session.connection().execute(delete(row.__table__).where(where)).rowcount
    return {row.__tablename__: done} if done else {}
