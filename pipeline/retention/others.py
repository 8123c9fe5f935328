"""What goes by its own date alone: facts of the case system, what was refused, notices of no case,
the adviser's answers. Nothing that is kept needs it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from complaint_warnings.notices.models import NoticeRow
from ingest.facts.models import CaseFactRow
from ingest.models import CallRow, RefusalRow
from ingest.sources.models import SourceItemRow
from pipeline.retention.policy import DataClass, Policy, Span
from pipeline.retention.rows import delete_hanging
from qc.adviser.models import AdviceRow
from store import audit
from store.clock import Clock

BATCH: Final = 1000
ACTION: Final = "retention.cleared"


@dataclass(frozen=True, slots=True)
class Heap:
    """Rows of one table that go by a date of their own; `free`: nothing that is kept needs them."""

    what: DataClass
    row: Any
    at: Any
    free: ColumnElement[bool]


def heaps() -> tuple[Heap, ...]:
    """All of them."""
    spoken_of = exists().where(
        or_(
            CallRow.source + "/" + CallRow.external_id == CaseFactRow.call_key,
            CallRow.customer_id == CaseFactRow.customer_id,
            CallRow.case_id == CaseFactRow.case_id,
            CallRow.customer_number == CaseFactRow.number,
        )
    )
    over = SourceItemRow.state.in_(("refused", "dead")) & SourceItemRow.call_id.is_(None)
    told = NoticeRow.case_id.is_(None) & NoticeRow.state.in_(("sent", "gathered", "dead"))
    return (
        Heap("facts", CaseFactRow, CaseFactRow.as_of, ~spoken_of),
        Heap("sources", SourceItemRow, SourceItemRow.ended_at, over),
        Heap("sources", RefusalRow, RefusalRow.last_at, RefusalRow.id.is_not(None)),
        Heap("cases", NoticeRow, NoticeRow.created_at, told),
        Heap("results", AdviceRow, AdviceRow.created_at, AdviceRow.key.is_not(None)),
    )


def due(policy: Policy, heap: Heap, now: datetime) -> ColumnElement[bool] | None:
    """Which rows of a heap may go now; None where the policy keeps all."""
    keep = policy.rule(heap.what).keep
    return heap.free & (heap.at <= keep.begin(now)) if isinstance(keep, Span) else None


def count_due(session: Session, policy: Policy, now: datetime) -> Iterator[tuple[DataClass, int]]:
    """How many rows of each class would go."""
    for heap in heaps():
        which = due(policy, heap, now)
        if which is not None:
            number = session.scalar(select(func.count()).select_from(heap.row).where(which)) or 0
            yield heap.what, number


def clear(session: Session, clock: Clock, policy: Policy, heap: Heap, actor: str) -> int:
    """Delete up to a batch of the rows that may go, and put it on record; returns how many."""
    which = due(policy, heap, clock.now())
    if which is None:
        return 0
    key = next(iter(heap.row.__table__.primary_key.columns))
    chosen = list(session.scalars(select(key).where(which).limit(BATCH)))
    if not chosen:
        return 0
    name = heap.row.__tablename__
    if name == NoticeRow.__tablename__:
        count = delete_hanging(session, name, key.in_(chosen))[name]
    else:
        count = session.connection().execute(delete(heap.row.__table__).where(key.in_(chosen))).rowcount
    details = {"clause": policy.clause(heap.what), "rows": count}
    audit.append(session, clock, actor=actor, action=ACTION, subject=f"table:{name}", details=details)
    return int(count)
