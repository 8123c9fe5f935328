"""Complaint warnings, every point explained."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from api.http import examples
from api.http.deps import Actor, Hidden, PageAsked, Reader, Seen
from api.http.files import made
from api.http.paging import cut, narrowed
from api.http.present import warning_out
from api.http.schemas import WarningPage
from api.ledger_files import XLSX, put_export_on_record, shown, write_ledger
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.ledger.filters import Filters
from complaint_warnings.ledger.lines import Wanted
from complaint_warnings.models import WarningRow
from complaint_warnings.types import Language, Level

router = APIRouter(tags=["warnings"])


@router.get(
    "/warnings",
    summary="Complaint warnings, newest first",
    responses={
        200: {"content": {"application/json": {"example": {"items": [examples.WARNING], "next": None}}}}
    },
)
def warnings(
    session: Reader,
    hidden: Hidden,
    page: PageAsked,
    level: Annotated[Level | None, Query(description="how likely a complaint is")] = None,
    state: Annotated[str | None, Query(max_length=20, description="where the handling stands")] = None,
) -> WarningPage:
    """One warning per debtor and episode, every point explained."""
    query = (
        select(WarningRow, CaseRow.state)
        .outerjoin(CaseRow, CaseRow.warning_id == WarningRow.id)
        .options(selectinload(WarningRow.calls))
        .where(*narrowed(page.before, WarningRow.id, {WarningRow.level: level, CaseRow.state: state}))
        .order_by(WarningRow.id.desc())
    )
    rows = session.execute(query.limit(page.limit + 1)).all()
    following = cut([row.id for row, _ in rows], page.limit)
    return WarningPage(
        items=[warning_out(row, at, hidden=hidden) for row, at in rows[: page.limit]], next=following
    )


@router.get(
    "/warnings/export.xlsx",
    summary="The whole ledger with every point explained, as an Excel workbook",
    response_class=Response,
    responses={200: {"description": "the workbook", "content": {XLSX: {"example": "(bytes)"}}}},
)
def export(
    request: Request,
    actor: Actor,
    sessions: Seen,
    hidden: Hidden,
    lang: Annotated[Language, Query(description="language of advice and explanations")] = "zh",
) -> Response:
    """投诉预警报备台账, telephone numbers partly masked. Every export is written to the audit log. Parts of
    the ledger, and CSV: `/ledger/export.csv` and `/ledger/export.xlsx`."""
    state = request.app.state
    wanted = Wanted(Filters(), state.clock.now(), masked=hidden)
    how = put_export_on_record(
        state.sessions, state.clock, wanted, shown(state.settings, lang), actor=f"api:{actor}", kind="xlsx"
    )
    return made(
        lambda path: write_ledger(sessions, path, wanted, how, explain=True),
        media_type=XLSX,
        name="ledger.xlsx",
    )
