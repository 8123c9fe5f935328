"""Whether the cases are what was written: rows and events against the hashes in the audit chain.

The chain itself is checked by `store.audit.verify`; together they find whatever was altered, removed, added
or put in another order, and say where.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from complaint_warnings.cases.events import entry_hash, event_hash
from complaint_warnings.cases.models import CaseEventRow, CaseRow
from store.audit import AuditEntry
from store.tombstones import buried

SUBJECT: Final = "case:"
_BATCH = 500
_PREFIX = "case."


@dataclass(frozen=True, slots=True)
class CaseProblem:
    """One place where a case is not what was written; `seq` is the event concerned, None for the row."""

    case_id: int
    seq: int | None
    kind: Literal["row_altered", "row_missing", "row_extra", "event_altered", "event_missing", "event_extra"]
    message: str


@dataclass(frozen=True, slots=True)
class _Told:
    """What the audit chain says of one event."""

    seq: int
    event: str
    entry: str


def check_case(session: Session, case_id: int) -> list[CaseProblem]:
    """Check one case; an empty list means that it is what was written."""
    return list(_check_batch(session, [case_id]))


def check_cases(session: Session) -> Iterator[CaseProblem]:
    """Check every case in the order of ids, a batch at a time: memory does not grow with their number. What
    retention deleted is missing rightly; the audit log has it."""
    highest = max(
        session.scalar(select(func.max(CaseRow.id))) or 0,
        session.scalar(select(func.max(CaseEventRow.case_id))) or 0,
        max(_opened(session), default=0),
    )
    gone = buried(session, "case")
    for start in range(1, highest + 1, _BATCH):
        ids = range(start, min(start + _BATCH, highest + 1))
        for problem in _check_batch(session, ids):
            if problem.case_id not in gone:
                yield problem


def _opened(session: Session) -> Iterator[int]:
    """Ids of all cases that were ever opened, by the audit chain."""
    subjects = select(AuditEntry.subject).where(AuditEntry.action == "case.opened")
    for subject in session.scalars(subjects.execution_options(yield_per=1000)):
        yield int(subject.removeprefix(SUBJECT))


def _check_batch(session: Session, ids: Sequence[int]) -> Iterator[CaseProblem]:
    rows = {
        row.id: row for row in session.execute(select(*CaseRow.__table__.columns).where(CaseRow.id.in_(ids)))
    }
    events: dict[int, dict[int, Row[Any]]] = defaultdict(dict)
    wanted = select(*CaseEventRow.__table__.columns).where(CaseEventRow.case_id.in_(ids))
    for event in session.execute(wanted):
        events[event.case_id][event.seq] = event
    told = _told(session, ids)
    for case_id in ids:
        yield from _compare(case_id, rows.get(case_id), events[case_id], told[case_id])


def _told(session: Session, ids: Iterable[int]) -> dict[int, list[_Told]]:
    told: dict[int, list[_Told]] = defaultdict(list)
    entries = select(AuditEntry.subject, AuditEntry.action, AuditEntry.details).where(
        AuditEntry.subject.in_([f"{SUBJECT}{number}" for number in ids])
    )
    for subject, action, details in session.execute(entries.order_by(AuditEntry.seq)):
        if action.startswith(_PREFIX) and "entry" in details:
            case_id = int(subject.removeprefix(SUBJECT))
            told[case_id].append(_Told(details["seq"], details["event"], details["entry"]))
    return told


def _compare(
    case_id: int, row: Row[Any] | None, events: dict[int, Row[Any]], told: Sequence[_Told]
) -> Iterator[CaseProblem]:
    if not told:
        if row is not None or events:
            yield CaseProblem(case_id, None, "row_extra", f"case {case_id} is not in the audit log")
        return
    for one in told:
        event = events.get(one.seq)
        if event is None:
            yield CaseProblem(
                case_id, one.seq, "event_missing", f"event {one.seq} of case {case_id} is missing"
            )
        elif event_hash(event) != one.event:
            yield CaseProblem(
                case_id,
                one.seq,
                "event_altered",
                f"event {one.seq} of case {case_id} is not as written",
            )
    for seq in sorted(events.keys() - {one.seq for one in told}):
        yield CaseProblem(
            case_id, seq, "event_extra", f"event {seq} of case {case_id} is not in the audit log"
        )
    if row is None:
        yield CaseProblem(case_id, None, "row_missing", f"the row of case {case_id} is missing")
    elif entry_hash(row) != told[-1].entry:
        yield CaseProblem(
            case_id, None, "row_altered", f"the row of case {case_id} is not what its last event left"
        )
