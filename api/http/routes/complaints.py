"""Complaints that arrived."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Body, Query, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from api.complaints import complaint_document, receipt
from api.http.deps import Acting, PageAsked, Reader, Seen
from api.http.described import Described
from api.http.paging import cut
from api.http.problems import Problem
from complaint_warnings.complaints import service
from complaint_warnings.complaints.documents import Intake, read_intake
from complaint_warnings.complaints.models import ComplaintRow
from complaint_warnings.types import Language
from store.clock import Clock
from store.database import SessionFactory, reading, transaction
from store.errors import ConflictError
from store.settings import Settings

router = APIRouter(tags=["complaints"])
EXAMPLE: dict[str, Any] = {
    "channel": "regulator",
    "external_number": "12378-26-000981",
    "arrived_at": "2026-09-28T09:05:00+08:00",
    "complainant": "debtor",
    "complainant_name": "李女士",
    "contact": "+8613800138000",
    "debtor": {"customer_id": "C889201", "name": "李建国"},
    "claim": "催收员多次在夜间来电",
    "wanted": "停止夜间来电并书面道歉",
    "mood": "angry",
    "business": {"product": "telecom", "amount": "1260.00"},
    "client": "中国联通",
    "collector_id": "A1027",
}
SHOWN: dict[str, Any] = EXAMPLE | {
    "number": "C-2026-000012-1",
    "case_id": 12,
    "received_at": "2026-09-28T02:00:00+00:00",
    "received_by": "cs-1",
    "contact": "+86138****8000",
}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "Conflict: the number is on record with other words"}
}


class ComplaintOut(BaseModel):
    """A complaint as it arrived; telephone numbers partly masked."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [SHOWN]})

    number: str
    case_id: int
    channel: str
    external_number: str | None
    arrived_at: str
    received_at: str
    received_by: str
    claim: str
    wanted: str
    mood: str


class Received(BaseModel):
    """A complaint that was taken in, and the text of its receipt."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"complaint": SHOWN, "receipt": "投诉受理回执\n受理编号：C-2026-000012-1\n…"}]
        }
    )

    complaint: ComplaintOut
    receipt: str


class ComplaintPage(BaseModel):
    """Complaints, newest first."""

    items: list[ComplaintOut]
    next: str | None


@router.post("/complaints", summary="Take a complaint in", status_code=201, responses=_REFUSALS)
def receive(
    request: Request,
    acting: Acting,
    seen: Seen,
    document: Annotated[
        dict[str, Any],
        Described(Intake),
        Body(description="what was written down (docs/complaints.md)", examples=[EXAMPLE]),
    ],
    lang: Annotated[Language, Query(description="language of the receipt")] = "zh",
) -> Received:
    """It joins the debtor's open case or opens one. The same number from the same channel changes nothing."""
    intake = read_intake(document)
    sessions: SessionFactory = request.app.state.sessions
    clock: Clock = request.app.state.clock
    settings: Settings = request.app.state.settings
    try:
        with transaction(sessions) as session:
            row = service.receive(session, clock, intake, actor=acting)
    except ConflictError as error:
        raise _refusal(error, seen, intake) from error
    with reading(sessions) as session:
        text = receipt(session, row, lang, ZoneInfo(settings.timezone))
    return Received(complaint=ComplaintOut(**complaint_document(row)), receipt=text)


def _refusal(error: ConflictError, seen: SessionFactory, intake: Intake) -> ConflictError:
    """Why a complaint is not taken in. What is on record under its number is named to who may see that."""
    if error.code != "complaint.differs":
        return error
    with reading(seen) as session:
        same = (
            ComplaintRow.channel == intake.channel,
            ComplaintRow.external_number == intake.external_number,
        )
        if session.scalar(select(ComplaintRow.id).where(*same)) is not None:
            return error
    return ConflictError(
        "the channel's number is on record with other words",
        code="complaint.differs",
        where="external_number",
        mend="Check the number; complaint control sees what is on record under it.",
    )


@router.get(
    "/complaints",
    summary="Complaints that arrived, newest first",
    responses={200: {"content": {"application/json": {"example": {"items": [SHOWN], "next": None}}}}},
)
def complaints(
    session: Reader,
    page: PageAsked,
    case: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="only of this case")] = None,
) -> ComplaintPage:
    """Every complaint with what was written down."""
    rows = service.complaints(session, before=page.before, limit=page.limit + 1, case_id=case)
    following = cut([row.id for row in rows], page.limit)
    items = [ComplaintOut(**complaint_document(row)) for row in rows[: page.limit]]
    return ComplaintPage(items=items, next=following)


@router.get("/complaints/{number}", summary="One complaint, with its receipt as the limits stand now")
def complaint(
    request: Request,
    session: Reader,
    number: str,
    lang: Annotated[Language, Query(description="language of the receipt")] = "zh",
) -> Received:
    """The number is on the receipt."""
    settings: Settings = request.app.state.settings
    row = service.find_complaint(session, number)
    text = receipt(session, row, lang, ZoneInfo(settings.timezone))
    return Received(complaint=ComplaintOut(**complaint_document(row)), receipt=text)
