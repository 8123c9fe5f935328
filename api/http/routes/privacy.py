"""Seeing personal data in full for a reason, and the log of who saw what."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from api.http import examples
from api.http.deps import Caller, PageAsked, Reader
from api.http.paging import cut, narrowed
from api.http.routes.calls import find
from store.clock import Clock
from store.database import SessionFactory, reading, transaction
from store.views import Subject, ViewRow, unmasked

router = APIRouter(tags=["privacy"])


class UnmaskIn(BaseModel):
    """Why somebody has to see a call in full."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": examples.UNMASK})

    reason: Annotated[
        str, Field(min_length=4, max_length=1000, pattern=r"\S.*\S", description="for the view log")
    ]


class ViewOut(BaseModel):
    """One listening, unmasking or export."""

    model_config = ConfigDict(json_schema_extra={"example": examples.VIEW})

    id: int
    actor: str
    what: Literal["listen", "unmask", "export"]
    subject: Annotated[str, Field(description="what was seen")]
    call_id: int | None
    masked: bool
    reason: str | None
    began_at: datetime
    last_at: datetime
    until: Annotated[datetime | None, Field(description="when an unmasking ends")]
    heard: Annotated[list[list[float]] | None, Field(description="stretches of the recording, in seconds")]
    export_id: Annotated[str | None, Field(description="the id that stands on the export")]


class ViewPage(BaseModel):
    """Entries of the view log, newest first."""

    items: list[ViewOut]
    next: str | None


@router.post(
    "/calls/{call_id}/unmask",
    status_code=201,
    summary="See one call in full for half an hour",
    responses={201: {"content": {"application/json": {"example": examples.VIEW}}}},
)
def unmask(request: Request, caller: Caller, call_id: int, wanted: UnmaskIn) -> ViewOut:
    """Puts the reason into the view log and the audit log. Until `until`, GET of the call, of its findings
    and of its audio with `original=true` answer this caller with names and numbers in full."""
    sessions: SessionFactory = request.app.state.sessions
    clock: Clock = request.app.state.clock
    with reading(sessions) as session:
        call = find(session, call_id).call
        subject = Subject(f"call:{call.source}/{call.external_id}", call_id)
    with transaction(sessions) as session:
        row = unmasked(
            session, clock, actor=f"api:{caller.id}", subject=subject, reason=wanted.reason.strip()
        )
        return view_out(row)


@router.get(
    "/views",
    summary="Who saw, heard or exported what",
    responses={200: {"content": {"application/json": {"example": {"items": [examples.VIEW], "next": None}}}}},
)
def views(
    session: Reader,
    page: PageAsked,
    actor: Annotated[str | None, Query(max_length=200, description="as in the audit log")] = None,
    call: Annotated[int | None, Query(ge=1, lt=2**31, description="number of the call")] = None,
    what: Annotated[Literal["listen", "unmask", "export"] | None, Query()] = None,
    masked: Annotated[bool | None, Query(description="false: what was seen in full")] = None,
    export: Annotated[str | None, Query(max_length=40, description="the id on an export")] = None,
) -> ViewPage:
    """The view log, newest first."""
    equal: dict[Any, object] = {
        ViewRow.actor: actor,
        ViewRow.call_id: call,
        ViewRow.what: what,
        ViewRow.masked: masked,
        ViewRow.export_id: export,
    }
    query = select(ViewRow).where(*narrowed(page.before, ViewRow.id, equal)).order_by(ViewRow.id.desc())
    rows = list(session.scalars(query.limit(page.limit + 1)))
    following = cut([row.id for row in rows], page.limit)
    return ViewPage(items=[view_out(row) for row in rows[: page.limit]], next=following)


def view_out(row: ViewRow) -> ViewOut:
    """One entry."""
    return ViewOut.model_validate(row, from_attributes=True)
