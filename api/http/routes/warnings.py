"""Complaint warnings and their ledger."""

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from api.http import examples
from api.http.deps import Actor, PageAsked, Reader, put_on_record
from api.http.paging import cut, narrowed
from api.http.present import warning_out
from api.http.schemas import WarningPage
from complaint_warnings.ledger.rows import ledger_rows
from complaint_warnings.ledger.workbook import write_workbook
from complaint_warnings.models import WarningRow
from complaint_warnings.types import Language, Level
from store.settings import Settings

router = APIRouter(tags=["warnings"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get(
    "/warnings",
    summary="Complaint warnings, newest first",
    responses={
        200: {"content": {"application/json": {"example": {"items": [examples.WARNING], "next": None}}}}
    },
)
def warnings(
    session: Reader,
    page: PageAsked,
    level: Annotated[Level | None, Query(description="how likely a complaint is")] = None,
    state: Annotated[str | None, Query(max_length=20, description="where the handling stands")] = None,
) -> WarningPage:
    """One warning per debtor and episode, every point explained."""
    query = select(WarningRow).options(selectinload(WarningRow.calls))
    query = query.where(
        *narrowed(page.before, WarningRow.id, {WarningRow.level: level, WarningRow.state: state})
    )
    rows = list(session.scalars(query.order_by(WarningRow.id.desc()).limit(page.limit + 1)))
    following = cut([row.id for row in rows], page.limit)
    return WarningPage(items=[warning_out(row) for row in rows[: page.limit]], next=following)


@router.get(
    "/warnings/export.xlsx",
    summary="The warning ledger as an Excel workbook",
    response_class=Response,
    responses={200: {"description": "the workbook", "content": {XLSX: {"example": "(bytes)"}}}},
)
def export(
    request: Request,
    session: Reader,
    actor: Actor,
    lang: Annotated[Language, Query(description="language of advice and explanations")] = "zh",
) -> Response:
    """投诉预警报备台账, telephone numbers partly masked. Every export is written to the audit log."""
    settings: Settings = request.app.state.settings
    rows = ledger_rows(session, masked=True)
    put_on_record(request, actor, "ledger.exported", "ledger", {"warnings": len(rows)})
    with tempfile.TemporaryDirectory(prefix="diting-") as folder:
        path = Path(folder) / "ledger.xlsx"
        write_workbook(rows, path, zone=settings.timezone, language=lang)
        content = path.read_bytes()
    return Response(
        content, media_type=XLSX, headers={"Content-Disposition": 'attachment; filename="ledger.xlsx"'}
    )
