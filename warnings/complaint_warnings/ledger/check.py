"""Whether warnings and items are what was written: each row against its hash in the audit chain.

The chain itself is checked by `store.audit.verify`, the cases by `cases.check`. Together they find whatever
was altered, removed or added, and say where.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from complaint_warnings.cases.check import CaseProblem, check_cases
from complaint_warnings.models import WarningRow
from complaint_warnings.seals import ITEM_SUBJECT, WARNING_SUBJECT, values_hash
from complaint_warnings.sources.models import WarningItemRow
from store.audit import AuditEntry
from store.tombstones import buried

_BATCH = 500
_TABLES: Final = (
    ("complaint_warning", WARNING_SUBJECT, "warning.opened", WarningRow),
    ("warning_item", ITEM_SUBJECT, "item.received", WarningItemRow),
)


@dataclass(frozen=True, slots=True)
class LedgerProblem:
    """One row that is not what was written. `table` and `id` say which; `seq` is the event of a case."""

    table: str
    id: int
    kind: Literal["altered", "missing", "extra"]
    message: str
    seq: int | None = None


def check_ledger(session: Session) -> Iterator[LedgerProblem]:
    """Check every case, event, warning and item, a batch at a time, so that memory does not grow."""
    for problem in check_cases(session):
        yield _of_case(problem)
    for table, subject, first, kind in _TABLES:
        yield from _check_table(session, table, subject, first, kind)


def _of_case(problem: CaseProblem) -> LedgerProblem:
    what, _, kind = problem.kind.partition("_")
    table = "complaint_case" if what == "row" else "case_event"
    kinds: dict[str, Literal["altered", "missing", "extra"]] = {"missing": "missing", "extra": "extra"}
    return LedgerProblem(table, problem.case_id, kinds.get(kind, "altered"), problem.message, problem.seq)


def _check_table(
    session: Session, table: str, subject: str, first: str, kind: type[WarningRow] | type[WarningItemRow]
) -> Iterator[LedgerProblem]:
    highest = max(
        session.scalar(select(func.max(kind.id))) or 0, max(_begun(session, subject, first), default=0)
    )
    gone = buried(session, "warning" if kind is WarningRow else "item")
    for start in range(1, highest + 1, _BATCH):
        ids = range(start, min(start + _BATCH, highest + 1))
        query = select(*kind.__table__.columns).where(kind.id.in_(ids))
        rows = {row.id: row for row in session.execute(query)}
        for problem in _compare(table, ids, rows, _sealed(session, subject, ids)):
            if problem.id not in gone:
                yield problem


def _begun(session: Session, subject: str, action: str) -> Iterator[int]:
    """Ids of all rows that were ever written, by the audit chain."""
    subjects = select(AuditEntry.subject).where(AuditEntry.action == action)
    for text in session.scalars(subjects.execution_options(yield_per=1000)):
        yield int(text.removeprefix(f"{subject}:"))


def _sealed(session: Session, subject: str, ids: Sequence[int]) -> dict[int, str]:
    """The newest hash that the audit chain holds of each row."""
    entries = select(AuditEntry.subject, AuditEntry.details).where(
        AuditEntry.subject.in_([f"{subject}:{number}" for number in ids])
    )
    return {
        int(text.removeprefix(f"{subject}:")): details["sha256"]
        for text, details in session.execute(entries.order_by(AuditEntry.seq))
        if "sha256" in details
    }


def _compare(
    table: str, ids: Sequence[int], rows: dict[int, Row[Any]], sealed: dict[int, str]
) -> Iterator[LedgerProblem]:
    for number in ids:
        row, hash_ = rows.get(number), sealed.get(number)
        if row is None and hash_ is not None:
            yield LedgerProblem(table, number, "missing", f"row {number} of {table} is missing")
        elif row is not None and hash_ is None:
            yield LedgerProblem(table, number, "extra", f"row {number} of {table} is not in the audit log")
        elif row is not None and values_hash(dict(row._mapping)) != hash_:
            yield LedgerProblem(table, number, "altered", f"row {number} of {table} is not as written")
