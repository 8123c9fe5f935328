"""Findings over all calls."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import select

from api.heard import known_in_calls
from api.http import examples
from api.http.deps import PageAsked, Reader
from api.http.paging import cut, narrowed
from api.http.present import finding_out
from api.http.schemas import FindingPage
from qc.findings import Kind, Status
from qc.models import FindingRow, InspectionRow

router = APIRouter(tags=["findings"])


@router.get(
    "/findings",
    summary="Findings, newest first",
    responses={
        200: {"content": {"application/json": {"example": {"items": [examples.FINDING], "next": None}}}}
    },
)
def findings(
    session: Reader,
    page: PageAsked,
    category: Annotated[
        str | None, Query(max_length=60, description="id of the taxonomy", examples=["threat"])
    ] = None,
    kind: Annotated[Kind | None, Query(description="what the agent did, or what the customer showed")] = None,
    status: Annotated[Status | None, Query(description="unsure findings wait for a person")] = None,
) -> FindingPage:
    """Findings of the newest inspection of each call."""
    query = select(FindingRow, InspectionRow.call_id).join(
        InspectionRow, InspectionRow.id == FindingRow.inspection_id
    )
    query = query.where(InspectionRow.newest)
    query = query.where(
        *narrowed(
            page.before,
            FindingRow.id,
            {FindingRow.category: category, FindingRow.kind: kind, FindingRow.status: status},
        )
    )
    rows = session.execute(query.order_by(FindingRow.id.desc()).limit(page.limit + 1)).all()
    following = cut([row.id for row, _ in rows], page.limit)
    known = known_in_calls(session, (call for _, call in rows))
    items = [finding_out(row, call, known[call]) for row, call in rows[: page.limit]]
    return FindingPage(items=items, next=following)
