"""Calls: the list, one call, its findings, its recording."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.heard import known_in_calls
from api.http import examples
from api.http.deps import Actor, PageAsked, Reader, put_on_record
from api.http.filters import FiltersAsked
from api.http.paging import cut, narrowed
from api.http.playback import Playback
from api.http.present import call_out, finding_out
from api.http.schemas import CallDetail, CallPage, FindingOut
from api.masking import masked
from api.stored import StoredCall, stored_calls, stored_result
from api.stored_roles import transcript_of
from ingest.models import CallRow
from qc.models import FindingRow, InspectionRow
from store.errors import NotFoundError

router = APIRouter(tags=["calls"])
VersionAsked = Annotated[
    int | None, Query(ge=1, description="this version of the transcript instead of the current one")
]


@router.get(
    "/calls",
    summary="Calls, newest first",
    responses={
        200: {"content": {"application/json": {"example": {"items": [examples.CALL], "next": "MTc"}}}}
    },
)
def calls(
    session: Reader,
    page: PageAsked,
    filters: FiltersAsked,
) -> CallPage:
    """Calls with score, findings by category, ticket and warning."""
    found = stored_calls(
        session, *narrowed(page.before, CallRow.id, {}), *filters.conditions(), limit=page.limit + 1
    )
    following = cut([item.call.id for item in found], page.limit)
    return CallPage(items=[call_out(item) for item in found[: page.limit]], next=following)


@router.get("/calls/{call_id}", summary="One call with its result file")
def call(session: Reader, call_id: int, version: VersionAsked = None) -> CallDetail:
    """Everything known about one call. Telephone numbers are partly masked."""
    stored = find(session, call_id)
    transcript_id = None if version is None else transcript_of(session, call_id, version)
    result = stored_result(session, stored.call, transcript_id)
    return CallDetail(**call_out(stored).model_dump(), result=None if result is None else masked(result))


@router.get(
    "/calls/{call_id}/findings",
    summary="All findings of one call",
    responses={200: {"content": {"application/json": {"example": [examples.FINDING]}}}},
)
def call_findings(session: Reader, call_id: int, version: VersionAsked = None) -> list[FindingOut]:
    """The findings of the newest inspection, in order of time; empty until the call is inspected."""
    find(session, call_id)
    inspections = select(func.max(InspectionRow.id)).where(InspectionRow.call_id == call_id)
    if version is not None:
        wanted = transcript_of(session, call_id, version)
        inspections = inspections.where(InspectionRow.transcript_id == wanted)
    query = select(FindingRow).where(FindingRow.inspection_id.in_(inspections)).order_by(FindingRow.ordinal)
    known = known_in_calls(session, [call_id])[call_id]
    return [finding_out(row, call_id, known) for row in session.scalars(query)]


@router.get(
    "/calls/{call_id}/audio",
    summary="The recording of one call",
    response_class=Response,
    responses={
        200: {"description": "the whole recording", "content": {"audio/ogg": {"example": "(bytes)"}}},
        206: {"description": "the part asked for", "content": {"audio/ogg": {"example": "(bytes)"}}},
        416: {"description": "the part asked for lies outside the recording"},
    },
)
def audio(
    request: Request,
    session: Reader,
    actor: Actor,
    call_id: int,
    range_: Annotated[
        str | None, Header(alias="Range", description="the part wanted", examples=["bytes=0-65535"])
    ] = None,
) -> Response:
    """The recording as it came, or in Ogg Opus when browsers cannot play its format. Every request is
    written to the audit log first."""
    row = find(session, call_id).call
    playback: Playback = request.app.state.playback
    response = playback.respond(row.recording_sha256, range_)
    details = {"sha256": row.recording_sha256, "part": response.headers.get("content-range", "all")}
    put_on_record(request, actor, "recording.played", f"call:{row.source}/{row.external_id}", details)
    return response


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
