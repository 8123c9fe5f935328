"""Calls: the list, one call, its findings, its recording."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.call_filters import Sort, call_ids
from api.heard import known_in_calls
from api.http import examples
from api.http.deps import InFull, PageAsked, Reader
from api.http.filters import FiltersAsked
from api.http.paging import cut
from api.http.present import call_out, finding_out
from api.http.schemas import CallDetail, CallPage, FindingOut
from api.masking import masked
from api.stored import StoredCall, stored_calls, stored_result
from api.stored_roles import transcript_of
from ingest.models import CallRow
from qc.models import FindingRow, InspectionRow
from store.errors import NotFoundError
from store.views import ViewRow

router = APIRouter(tags=["calls"])
VersionAsked = Annotated[
    int | None, Query(ge=1, description="this version of the transcript instead of the current one")
]


@router.get(
    "/calls",
    summary="Calls, newest first or worst first",
    responses={
        200: {"content": {"application/json": {"example": {"items": [examples.CALL], "next": "MTc"}}}}
    },
)
def calls(
    session: Reader,
    page: PageAsked,
    filters: FiltersAsked,
    sort: Annotated[
        Sort, Query(description="`newest` first; or the worst `score` first, at the end what was not judged")
    ] = "newest",
) -> CallPage:
    """Calls with score, findings by category, ticket and warning."""
    placed = call_ids(session, filters, before=page.before, limit=page.limit + 1, sort=sort)
    shown = [each.call_id for each in placed[: page.limit]]
    found = {item.call.id: item for item in stored_calls(session, CallRow.id.in_(shown))}
    following = cut([each.place for each in placed], page.limit)
    return CallPage(items=[call_out(found[number]) for number in shown if number in found], next=following)


@router.get("/calls/{call_id}", summary="One call with its result file")
def call(session: Reader, in_full: InFull, call_id: int, version: VersionAsked = None) -> CallDetail:
    """Everything known about one call. Personal data is partly hidden, but for half an hour to whoever said
    why they need it (`POST /calls/{call_id}/unmask`)."""
    stored = find(session, call_id)
    transcript_id = None if version is None else transcript_of(session, call_id, version)
    return call_detail(session, stored, in_full, transcript_id)


def call_detail(
    session: Session, stored: StoredCall, in_full: ViewRow | None, transcript_id: int | None = None
) -> CallDetail:
    """One call with its result file, masked for whoever did not say why not."""
    result = stored_result(session, stored.call, transcript_id)
    if result is not None and in_full is None:
        result = masked(result)
    return CallDetail(**call_out(stored, full=in_full is not None).model_dump(), result=result)


@router.get(
    "/calls/{call_id}/findings",
    summary="All findings of one call",
    responses={200: {"content": {"application/json": {"example": [examples.FINDING]}}}},
)
def call_findings(
    session: Reader, in_full: InFull, call_id: int, version: VersionAsked = None
) -> list[FindingOut]:
    """The findings of the newest inspection, in order of time; empty until the call is inspected."""
    find(session, call_id)
    inspections = select(func.max(InspectionRow.id)).where(InspectionRow.call_id == call_id)
    if version is not None:
        wanted = transcript_of(session, call_id, version)
        inspections = inspections.where(InspectionRow.transcript_id == wanted)
    query = select(FindingRow).where(FindingRow.inspection_id.in_(inspections)).order_by(FindingRow.ordinal)
    known = None if in_full else known_in_calls(session, [call_id])[call_id]
    return [finding_out(row, call_id, known) for row in session.scalars(query)]


def find(session: Session, call_id: int) -> StoredCall:
    """One call.

    Raises:
        NotFoundError: `call.not_found`.
    """
    found = stored_calls(session, CallRow.id == call_id) if 0 < call_id < 2**31 else []
    if not found:
        raise NotFoundError(
            "there is no such call",
            code="call.not_found",
            where=f"call {call_id}",
            mend="GET /api/v1/calls lists the calls.",
        )
    return found[0]
