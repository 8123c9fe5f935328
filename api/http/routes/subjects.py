"""What people may ask for about their own data: all that is on record, and that it be deleted."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as InPath
from pydantic import BaseModel, ConfigDict, Field, JsonValue, StrictBool
from sqlalchemy import select

from api import subjects
from api.http.deps import Acting, Caller, PageAsked, Reader, SightAsked
from api.http.files import made
from api.http.paging import cut, narrowed
from api.http.problems import Forbidden
from api.masking import mask_text
from pipeline.retention import orders
from pipeline.retention.models import DeletionOrderRow
from pipeline.retention.policy import load_policy
from pipeline.retention.subject import find_debtor
from store.database import SessionFactory, reading, transaction
from store.settings import Settings


def whole_house(sight: SightAsked) -> None:
    """What is on record about a person is given out, or deleted, whole: by those who see every team.

    Raises:
        Forbidden: `subject.whole_house`.
    """
    if not (sight.calls.everything and sight.cases.everything):
        raise Forbidden(
            "this takes somebody who sees every team",
            code="subject.whole_house",
            mend="Ask an officer of the whole house.",
        )


router = APIRouter(tags=["people's own data"], dependencies=[Depends(whole_house)])
_PERSON: dict[str, JsonValue] = {"debtor": "customer:C889201", "reason": "DSR-2026-17"}
_LINE: dict[str, JsonValue] = {
    "id": 7, "kind": "debtor", "subject": "customer:C889201", "reason": "DSR-2026-17", "state": "waiting",
    "ordered_by": "law", "ordered_at": "2026-06-01T02:30:00Z", "approved_by": None, "approved_at": None,
    "done_at": None,
}  # fmt: skip


class SubjectAsked(BaseModel):
    """Whose data, by key or by telephone number, and the matter it is for."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_PERSON]})

    debtor: Annotated[str | None, Field(max_length=320, description="the person's key")] = None
    phone: Annotated[str | None, Field(max_length=40, description="the person's number")] = None
    reason: Annotated[str, Field(min_length=1, max_length=200, description="a reference, without names")]


class ExportAsked(SubjectAsked):
    """The same, and whether the recordings are wanted."""

    recordings: Annotated[
        StrictBool, Field(description="with the recordings, personal data under a tone")
    ] = False


class OrderOut(BaseModel):
    """An order of deletion: `waiting` for the second person, `ordered`, or `done`; and what is kept, why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"order": 7, "state": "waiting", "kept": ["call pbx/H1: on legal hold"]}]
        }
    )

    order: int
    state: str
    kept: list[str]


class OrderLine(BaseModel):
    """One order of deletion; `subject` is a call's number or a person's key, and its hash once it is done."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LINE]}, from_attributes=True)

    id: int
    kind: str = Field(
        description="`call`, `debtor`, or `free`: what of a debtor's need not be kept", examples=["debtor"]
    )
    subject: str = Field(description="a telephone number in it is partly hidden")
    reason: str
    state: Literal["waiting", "ordered", "done"]
    ordered_by: str
    ordered_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    done_at: datetime | None


class OrderPage(BaseModel):
    """Orders, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_LINE], "next": None}]})

    items: list[OrderLine]
    next: str | None


@router.post(
    "/subjects/export",
    summary="Everything on record about a person",
    response_class=Response,
    responses={200: {"description": "the archive", "content": {subjects.MEDIA_TYPE: {"example": "(bytes)"}}}},
)
def export(request: Request, caller: Caller, asked: ExportAsked) -> Response:
    """Calls, transcripts, findings, warnings, cases, facts, and who saw and heard what; other people's names
    and numbers are hidden. That it was exported is put on record before it is sent."""
    settings: Settings = request.app.state.settings
    clock = request.app.state.clock
    sessions: SessionFactory = request.app.state.sessions
    with reading(sessions) as session:
        key = find_debtor(session, debtor=asked.debtor, phone=asked.phone)
    by = f"api:{caller.id}"

    def write(path: Path) -> None:
        store = settings.recording_store() if asked.recordings else None
        with path.open("wb") as file, reading(sessions) as session:
            number = subjects.export(session, store, clock, key, by, file)
        with transaction(sessions) as writing:
            subjects.put_on_record(writing, clock, by=by, reason=asked.reason, number=number)

    return made(write, media_type=subjects.MEDIA_TYPE, name="personal-data.zip")


@router.post("/subjects/erase", summary="Order that a person's data be deleted")
def erase(request: Request, acting: Acting, asked: SubjectAsked) -> OrderOut:
    """Orders that everything be deleted that need not be kept, and says what is kept. A second person agrees
    where the policy wants that; the next run of retention carries it out."""
    policy = load_policy(request.app.state.settings.retention_file)
    with transaction(request.app.state.sessions) as session:
        key = find_debtor(session, debtor=asked.debtor, phone=asked.phone)
        row, stands = orders.order_subject(
            session, request.app.state.clock, policy, debtor_key=key, actor=acting, reason=asked.reason
        )
        return _out(row, stands.kept)


@router.get("/subjects/erase", summary="Orders of deletion, newest first")
def erasures(
    session: Reader,
    page: PageAsked,
    state: Annotated[Literal["waiting", "ordered", "done"] | None, Query(description="how far it is")] = None,
) -> OrderPage:
    """Those that wait for a second person, that the next run carries out, and that are done."""
    conditions = narrowed(page.before, DeletionOrderRow.id, {DeletionOrderRow.state: state})
    query = select(DeletionOrderRow).where(*conditions).order_by(DeletionOrderRow.id.desc())
    rows = list(session.scalars(query.limit(page.limit + 1)))
    items = [OrderLine.model_validate(row) for row in rows[: page.limit]]
    for item in items:
        item.subject = mask_text(item.subject)
    return OrderPage(items=items, next=cut([row.id for row in rows], page.limit))


@router.post("/subjects/erase/{order}/approve", summary="Agree to an order as the second person")
def approve(request: Request, acting: Acting, order: Annotated[int, InPath(ge=1, lt=2**31)]) -> OrderOut:
    """The next run of retention carries it out."""
    policy = load_policy(request.app.state.settings.retention_file)
    with transaction(request.app.state.sessions) as session:
        return _out(orders.approve(session, request.app.state.clock, policy, order, actor=acting), ())


def _out(row: DeletionOrderRow, kept: tuple[str, ...]) -> OrderOut:
    return OrderOut(order=row.id, state=row.state, kept=list(kept))
