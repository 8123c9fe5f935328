"""投诉预警报备台账: the ledger of warnings and complaints."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy.orm import Session

from api.http.deps import Actor, Hidden, Reader, Seen
from api.http.files import made, streamed
from api.http.ledger_query import CsvQuery, PageQuery, SummaryQuery, WorkbookQuery
from api.ledger import (
    LedgerLineOut,
    LedgerPageOut,
    SummaryOut,
    line_out,
    month_out,
)
from api.ledger_files import CSV, XLSX, put_export_on_record, shown, write_ledger
from complaint_warnings.cases.service import find_case
from complaint_warnings.ledger.columns import Shown
from complaint_warnings.ledger.csv_file import csv_chunks
from complaint_warnings.ledger.lines import Wanted, every, one, page
from complaint_warnings.ledger.summary import monthly
from store.errors import NotFoundError

router = APIRouter(tags=["ledger"])


@router.get("/ledger", summary="Lines of the ledger, filtered and sorted")
def lines(
    request: Request, session: Reader, hidden: Hidden, asked: Annotated[PageQuery, Query()]
) -> LedgerPageOut:
    """One line per case. `next` goes on in the same order, whatever is added meanwhile."""
    wanted = asked.wanted(request.app.state.clock.now(), masked=hidden)
    found = page(session, wanted, limit=asked.limit, cursor=asked.cursor)
    return LedgerPageOut(items=[line_out(line) for line in found.lines], next=found.next)


@router.get("/ledger/summary", summary="Monthly figures of the ledger")
def summary(request: Request, session: Reader, asked: Annotated[SummaryQuery, Query()]) -> SummaryOut:
    """Opened, closed and carried over by month of the house's time zone, and how each month is made up."""
    state = request.app.state
    zone = shown(state.settings, "zh").zone
    found = monthly(
        session, asked.filters(), first=asked.first, last=asked.last, zone=zone, now=state.clock.now()
    )
    return SummaryOut(months=[month_out(month) for month in found])


@router.get(
    "/ledger/export.csv",
    summary="Lines of the ledger as CSV",
    response_class=Response,
    responses={200: {"description": "the file, as it is made", "content": {CSV: {"example": "编号 No.,…"}}}},
)
def export_csv(
    request: Request, actor: Actor, sessions: Seen, hidden: Hidden, asked: Annotated[CsvQuery, Query()]
) -> Response:
    """Every line that the filters let through, sent while it is read; put on record in the audit log."""
    wanted, how = _on_record(request, actor, asked, "csv", hidden=hidden)

    def chunks(session: Session) -> Iterator[bytes]:
        return csv_chunks(every(session, wanted), how)

    return streamed(sessions, chunks, media_type=CSV, name="ledger.csv")


@router.get(
    "/ledger/export.xlsx",
    summary="Lines of the ledger as an Excel workbook",
    response_class=Response,
    responses={200: {"description": "the workbook", "content": {XLSX: {"example": "(bytes)"}}}},
)
def export_xlsx(
    request: Request, actor: Actor, sessions: Seen, hidden: Hidden, asked: Annotated[WorkbookQuery, Query()]
) -> Response:
    """Every line that the filters let through, made on disk and sent from there; put on record."""
    wanted, how = _on_record(request, actor, asked, "xlsx", hidden=hidden)
    return made(
        lambda path: write_ledger(sessions, path, wanted, how, explain=asked.explain),
        media_type=XLSX,
        name="ledger.xlsx",
    )


@router.get("/ledger/{number}", summary="One line of the ledger")
def line(
    request: Request,
    session: Reader,
    hidden: Hidden,
    number: Annotated[str, Path(max_length=40, description="of the case, W-2026-000012, or its id")],
) -> LedgerLineOut:
    """The line of one case; its whole history is under `/cases`."""
    found = one(session, find_case(session, number).id, now=request.app.state.clock.now(), masked=hidden)
    if found is None:
        raise NotFoundError(f"{number} has no line", code="case.unknown")
    return line_out(found)


def _on_record(
    request: Request, actor: str, asked: CsvQuery | WorkbookQuery, kind: str, *, hidden: bool
) -> tuple[Wanted, Shown]:
    """The lines to be exported, and how, with the mark of the export; that they are is put on record before
    anything is sent."""
    state = request.app.state
    wanted = asked.wanted(state.clock.now(), masked=hidden)
    _ = wanted.by  # an unknown order is refused while a refusal can still be sent
    how = shown(state.settings, asked.lang)
    return wanted, put_export_on_record(
        state.sessions, state.clock, wanted, how, actor=f"api:{actor}", kind=kind
    )
