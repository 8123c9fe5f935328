"""Notices: who was told of what, and dead letters that are sent again."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict

from api.http.deps import Acting, PageAsked, Reader
from api.http.paging import cut
from api.http.problems import Problem
from api.notices import delivery_document, notice_document
from complaint_warnings.notices import resending
from complaint_warnings.notices.types import State
from store.clock import Clock
from store.database import SessionFactory, transaction

router = APIRouter(tags=["notices"])
SHOWN: dict[str, Any] = {
    "id": 7,
    "message_id": "msg_4a1c8d3e5f60718293a4b5c6d7e8f901",
    "kind": "high_warning",
    "case_id": 12,
    "number": "W-2026-000012",
    "channel": "mail",
    "recipient": "head",
    "urgent": False,
    "state": "dead",
    "held": False,
    "attempts": 24,
    "created_at": "2026-03-05T04:00:00+00:00",
    "due_at": None,
    "sent_at": None,
    "reason": "notice.timeout: no answer within 15 s",
    "digest_id": None,
}
ATTEMPT: dict[str, Any] = {
    "attempt": 24,
    "began_at": "2026-03-06T01:00:00+00:00",
    "ended_at": "2026-03-06T01:00:15+00:00",
    "outcome": "again",
    "status": None,
    "reason": "notice.timeout: no answer within 15 s",
}
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="its number")]
_REFUSALS: dict[int | str, dict[str, Any]] = {
    403: {"model": Problem, "description": "Forbidden: a person with the role has to ask"},
    409: {"model": Problem, "description": "Conflict: it is no dead letter"},
}


class NoticeOut(BaseModel):
    """One message to one recipient by one channel. `recipient` is a person's id, null for everybody who reads
    the channel. `digest_id` is the notice that it went with."""

    model_config = ConfigDict(json_schema_extra={"examples": [SHOWN]})

    id: int
    message_id: str
    kind: str
    case_id: int | None
    number: str | None
    channel: str
    recipient: str | None
    urgent: bool
    state: Literal["waiting", "sent", "gathered", "dead"]
    held: bool
    attempts: int
    created_at: str
    due_at: str | None
    sent_at: str | None
    reason: str | None
    digest_id: int | None


class DeliveryOut(BaseModel):
    """One attempt. `lost`: whoever tried is gone, and nobody knows whether it arrived."""

    attempt: int
    began_at: str
    ended_at: str | None
    outcome: Literal["under_way", "sent", "again", "refused", "lost"]
    status: int | None
    reason: str | None


class NoticeDetail(BaseModel):
    """A notice with its message and every attempt at it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"notice": SHOWN, "document": {"event": "high_warning"}, "deliveries": [ATTEMPT]}]
        }
    )

    notice: NoticeOut
    document: dict[str, Any]
    deliveries: list[DeliveryOut]


class NoticePage(BaseModel):
    """Notices, newest first."""

    items: list[NoticeOut]
    next: str | None


@router.get(
    "/notices",
    summary="Notices, newest first",
    responses={200: {"content": {"application/json": {"example": {"items": [SHOWN], "next": None}}}}},
)
def notices(
    session: Reader,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only in this state")] = None,
    kind: Annotated[str | None, Query(max_length=40, description="only of this kind")] = None,
    channel: Annotated[str | None, Query(max_length=40, description="only by this channel")] = None,
    case: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="only of this case")] = None,
) -> NoticePage:
    """Who was told of what by which channel, and how it went."""
    rows = resending.list_notices(
        session,
        state=state,
        kind=kind,
        channel=channel,
        case_id=case,
        before=page.before,
        limit=page.limit + 1,
    )
    following = cut([row.id for row in rows], page.limit)
    return NoticePage(items=[NoticeOut(**notice_document(row)) for row in rows[: page.limit]], next=following)


@router.get("/notices/{notice}", summary="One notice, with every attempt at it")
def notice(session: Reader, notice: Number) -> NoticeDetail:
    """Of one that went with a digest, the attempts at the digest."""
    row = resending.find_notice(session, notice)
    tried = [DeliveryOut(**delivery_document(each)) for each in resending.deliveries(session, notice)]
    return NoticeDetail(
        notice=NoticeOut(**notice_document(row)), document=dict(row.document), deliveries=tried
    )


@router.post("/notices/{notice}/resend", summary="Send a dead letter again", responses=_REFUSALS)
def resend(request: Request, acting: Acting, notice: Number) -> NoticeOut:
    """With the id that it had, so that receivers can tell. Who may: administrators, the department head, the
    lead and the officers of complaint control."""
    sessions: SessionFactory = request.app.state.sessions
    clock: Clock = request.app.state.clock
    resending.require_may_resend(acting)
    with transaction(sessions) as session:
        row = resending.resend(session, clock, [notice], by=acting.id)[0]
    return NoticeOut(**notice_document(row))
