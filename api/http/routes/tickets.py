"""Quality-control tickets."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import select

from api.http import examples
from api.http.deps import PageAsked, Reader
from api.http.paging import cut, narrowed
from api.http.present import ticket_out
from api.http.schemas import TicketPage
from ingest.models import CallRow
from qc.findings import Priority
from qc.models import TicketRow

router = APIRouter(tags=["tickets"])


@router.get(
    "/tickets",
    summary="QC tickets, newest first",
    responses={
        200: {"content": {"application/json": {"example": {"items": [examples.TICKET], "next": None}}}}
    },
)
def tickets(
    session: Reader,
    page: PageAsked,
    priority: Annotated[Priority | None, Query(description="how pressing")] = None,
    state: Annotated[
        str | None, Query(max_length=20, description="where the work stands", examples=["open"])
    ] = None,
) -> TicketPage:
    """Calls that a person should look at, and why."""
    query = select(TicketRow, CallRow).join(CallRow, CallRow.id == TicketRow.call_id)
    query = query.where(
        *narrowed(page.before, TicketRow.id, {TicketRow.priority: priority, TicketRow.state: state})
    )
    rows = session.execute(query.order_by(TicketRow.id.desc()).limit(page.limit + 1)).all()
    following = cut([row.id for row, _ in rows], page.limit)
    return TicketPage(items=[ticket_out(row, call) for row, call in rows[: page.limit]], next=following)
