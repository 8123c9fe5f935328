"""Which QC tickets a list asks for, and in what order."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Query
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from api.http.paging import Page, narrowed
from ingest.models import CallRow
from qc.findings import Priority
from qc.models import TicketRow
from qc.review.todo import waits_for
from store.people import Actor

Listed = Select[*tuple[TicketRow, CallRow]]
# The number that a cursor after this row holds, the row and its call.
Placed = tuple[int, TicketRow, CallRow]
_PRIORITIES: tuple[Priority, ...] = ("urgent", "high", "normal", "low")
_IDS = 10**12  # more than there will ever be tickets: a cursor names priority and id in one number


@dataclass
class TicketQuery:
    """The filters of `GET /tickets`."""

    priority: Annotated[Priority | None, Query(description="how pressing")] = None
    state: Annotated[
        str | None, Query(max_length=20, description="where the work stands", examples=["open"])
    ] = None
    reviewer: Annotated[str | None, Query(max_length=100, description="whose to review, first or second")] = (
        None
    )
    collector: Annotated[str | None, Query(max_length=200, description="who spoke in the call")] = None
    todo: Annotated[
        bool, Query(description="only those in which it is the caller's turn to do something")
    ] = False
    sort: Annotated[
        Literal["newest", "pressing"],
        Query(description="`newest` first, or the most `pressing` first and of those the oldest"),
    ] = "newest"

    def read(self, session: Session, caller: Actor, page: Page) -> list[Placed]:
        """The tickets of one page as the caller may see them, and one more where there are more."""
        order = _pressing if self.sort == "pressing" else _newest
        return order(session, self._listed(caller), page)

    def _listed(self, caller: Actor) -> Listed:
        query = select(TicketRow, CallRow).join(CallRow, CallRow.id == TicketRow.call_id)
        equal = {
            TicketRow.priority: self.priority,
            TicketRow.state: self.state,
            CallRow.agent_id: self.collector,
        }
        query = query.where(*narrowed(None, TicketRow.id, equal))
        if self.reviewer is not None:
            # Who reviews is not for the collector: a filter would tell.
            seat = or_(TicketRow.assigned_to == self.reviewer, TicketRow.second_reviewer == self.reviewer)
            query = query.where(seat, or_(CallRow.agent_id.is_(None), CallRow.agent_id != caller.id))
        return query.where(waits_for(caller)) if self.todo else query


def _newest(session: Session, query: Listed, page: Page) -> list[Placed]:
    query = query.where(*narrowed(page.before, TicketRow.id, {}))
    rows = session.execute(query.order_by(TicketRow.id.desc()).limit(page.limit + 1))
    return [(row.id, row, call) for row, call in rows]


def _pressing(session: Session, query: Listed, page: Page) -> list[Placed]:
    # One priority after the other, each by its index: a sort over all tickets would read them all.
    first, last_id = divmod(page.before or 0, _IDS)
    rows: list[Placed] = []
    for rank, priority in enumerate(_PRIORITIES):
        if rank >= first and len(rows) <= page.limit:
            after = last_id if rank == first else 0
            part = query.where(TicketRow.priority == priority, TicketRow.id > after).order_by(TicketRow.id)
            for row, call in session.execute(part.limit(page.limit + 1 - len(rows))):
                rows.append((rank * _IDS + row.id, row, call))
    return rows
