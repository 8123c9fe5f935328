"""Whether what was said in tickets is what was written: events against the hashes in the audit chain.

The chain itself is checked by `store.audit.verify`. The row of a ticket follows from its events.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qc.models import TicketRow
from qc.review.door import event_hash
from qc.review.models import TicketEventRow
from store.audit import AuditEntry
from store.tombstones import buried

_SUBJECT: Final = "ticket:"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class TicketProblem:
    """One event that is not what was written."""

    ticket_id: int
    seq: int
    kind: Literal["altered", "missing", "extra"]
    message: str


def check_tickets(session: Session) -> Iterator[TicketProblem]:
    """Check every ticket in the order of ids, a batch at a time: memory does not grow with their number.

    Retention deletes a ticket with all that was said in it, and buries it under the call's number: where it
    deleted anything, a ticket that is gone altogether is gone rightly.
    """
    highest = max(
        session.scalar(select(func.max(TicketRow.id))) or 0,
        session.scalar(select(func.max(TicketEventRow.ticket_id))) or 0,
    )
    deletes = bool(buried(session, "results"))
    for start in range(1, highest + 1, _BATCH):
        ids = range(start, min(start + _BATCH, highest + 1))
        there = set(session.scalars(select(TicketRow.id).where(TicketRow.id.in_(ids))))
        for problem in _check_batch(session, ids):
            if problem.kind != "missing" or not deletes or problem.ticket_id in there:
                yield problem


def _check_batch(session: Session, ids: Sequence[int]) -> Iterator[TicketProblem]:
    rows = select(TicketEventRow).where(TicketEventRow.ticket_id.in_(ids))
    found = {(row.ticket_id, row.seq): row for row in session.scalars(rows)}
    told = _told(session, ids)
    for ticket, seq in sorted(found.keys() | told.keys()):
        event, name = found.get((ticket, seq)), f"event {seq} of ticket {ticket}"
        if event is None:
            yield TicketProblem(ticket, seq, "missing", f"{name} is missing")
        elif (ticket, seq) not in told:
            yield TicketProblem(ticket, seq, "extra", f"{name} is not in the audit log")
        elif event_hash(event) != told[ticket, seq]:
            yield TicketProblem(ticket, seq, "altered", f"{name} is not as written")


def _told(session: Session, ids: Sequence[int]) -> dict[tuple[int, int], str]:
    """The hash of every event that the audit chain tells of."""
    entries = select(AuditEntry.subject, AuditEntry.details).where(
        AuditEntry.subject.in_([f"{_SUBJECT}{number}" for number in ids])
    )
    told: dict[tuple[int, int], str] = {}
    for subject, details in session.execute(entries.order_by(AuditEntry.seq)):
        if "event" in details:
            told[int(subject.removeprefix(_SUBJECT)), details["seq"]] = details["event"]
    return told
