"""How long things are kept, what holds them, what was deleted, and the proof of it."""

from datetime import datetime
from typing import Annotated, Any, Final, get_args

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.http.deps import Acting, PageAsked, Reader
from api.http.paging import cut, narrowed
from api.http.problems import Problem
from api.http.routes.calls import find
from ingest.models import CallRow
from pipeline.retention import holds
from pipeline.retention.decide import WHY, decide_call
from pipeline.retention.look import one_call
from pipeline.retention.models import RetentionRunRow
from pipeline.retention.policy import DataClass, Policy, load_policy
from pipeline.retention.prove import prove
from store.database import reading, transaction
from store.settings import Settings

router = APIRouter(tags=["retention"])

_CLASS: Final[dict[str, Any]] = {"what": "recordings", "client": None, "keep": "3 years", "reason": None}
_POLICY: Final[dict[str, Any]] = {
    "policy": "default@1", "nightly": "run", "from_hour": 2, "to_hour": 5, "two_persons": True,
    "order_roles": ["legal"], "classes": [_CLASS],
}  # fmt: skip
_RUN: Final[dict[str, Any]] = {
    "id": 12, "kind": "run", "policy": "default@1", "started_by": "retention",
    "started_at": "2026-06-01T18:00:00Z", "ended_at": "2026-06-01T18:04:00Z",
    "result": [{"class": "recordings", "client": None, "goes": 120, "kept": {"hold": 3}}],
}  # fmt: skip
_HOLD: Final[dict[str, Any]] = {
    "id": 4, "call_id": 17, "case": "W-2026-000012", "set_by": "system", "set_at": "2026-06-01T02:30:00Z",
    "reason": "complaint", "released_by": None, "released_at": None, "release_reason": None,
}  # fmt: skip
_PART: Final[dict[str, Any]] = {
    "part": "recordings", "why": "not_due", "why_zh": "保存期未满", "why_en": "its time is not over",
    "due_at": "2029-06-01T02:30:00Z", "clause": "default@1 recordings: 3 years",
}  # fmt: skip
_PROOF: Final[dict[str, Any]] = {
    "call": "pbx/H001", "gone": True, "bytes_there": False, "refused_again": True,
    "tombstones": [
        {"id": 9, "kind": "call", "deleted_at": "2026-06-01T18:02:00Z", "clause": "order 1",
         "deleted_by": "law", "bytes_gone_at": "2026-06-01T18:02:01Z"}
    ],
    "hits": [],
}  # fmt: skip
_REFUSED: Final[dict[int | str, dict[str, Any]]] = {409: {"model": Problem, "description": "Conflict"}}


class ClassOut(BaseModel):
    """How long one class of data is kept; `client` is null for every creditor that has no own rule."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CLASS]})

    what: str
    client: str | None
    keep: str
    reason: str | None


class PolicyOut(BaseModel):
    """What the policy says."""

    model_config = ConfigDict(json_schema_extra={"examples": [_POLICY]})

    policy: str = Field(description="id and version")
    nightly: str = Field(description="`run`: deletes every night, `plan`: only looks, `off`")
    from_hour: int = Field(description="local hours of the nightly round")
    to_hour: int
    two_persons: bool = Field(description="whether an order of deletion takes a second person")
    order_roles: list[str] = Field(description="who may order deletions")
    classes: list[ClassOut]


class RunOut(BaseModel):
    """One plan or run; `result` counts by class what goes (or went) and why the rest is kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RUN]}, from_attributes=True)

    id: int
    kind: str
    policy: str
    started_by: str
    started_at: datetime
    ended_at: datetime | None
    result: list[dict[str, Any]]


class RunPage(BaseModel):
    """Plans and runs, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_RUN], "next": None}]})

    items: list[RunOut]
    next: str | None


class HoldOut(BaseModel):
    """One hold; `case` is null where somebody set it by hand."""

    model_config = ConfigDict(json_schema_extra={"examples": [_HOLD]})

    id: int
    call_id: int
    case: str | None
    set_by: str
    set_at: datetime
    reason: str
    released_by: str | None
    released_at: datetime | None
    release_reason: str | None


class HoldPage(BaseModel):
    """Holds, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_HOLD], "next": None}]})

    items: list[HoldOut]
    next: str | None


class HoldIn(BaseModel):
    """Why."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "函-2026-17"}]})

    reason: str = Field(min_length=1, max_length=400, description="a reference, without names")


class KeptPart(BaseModel):
    """What becomes of one part of a call; `why` is null where it may be deleted."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PART]})

    part: str
    why: str | None
    why_zh: str | None
    why_en: str | None
    due_at: datetime | None = Field(description="the end of its time")
    clause: str


class CallKept(BaseModel):
    """What becomes of one call, and what holds it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"parts": [_PART], "holds": [_HOLD]}]})

    parts: list[KeptPart]
    holds: list[HoldOut]


class TombstoneOut(BaseModel):
    """What stays of something deleted."""

    model_config = ConfigDict(json_schema_extra={"examples": _PROOF["tombstones"]}, from_attributes=True)

    id: int
    kind: str
    deleted_at: datetime
    clause: str
    deleted_by: str
    bytes_gone_at: datetime | None


class ProofHit(BaseModel):
    """Rows that speak of the call: `left` of it, or a `mention` in something that is kept."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"table": "case_event", "column": "details", "rows": 1, "kind": "mention"}]
        },
        from_attributes=True,
    )

    table: str
    column: str
    rows: int
    kind: str


class ProofOut(BaseModel):
    """What is there of a call."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PROOF]}, from_attributes=True)

    call: str
    gone: bool = Field(description="it was deleted, and nothing of it is left")
    bytes_there: bool = Field(description="the recording is in the store")
    refused_again: bool = Field(description="it would not be taken in again")
    tombstones: list[TombstoneOut]
    hits: list[ProofHit]


@router.get("/retention", summary="How long things are kept")
def policy(request: Request) -> PolicyOut:
    """By class of data; a creditor's own rule where it has one."""
    settings: Settings = request.app.state.settings
    found = load_policy(settings.retention_file)
    return PolicyOut(
        policy=found.name,
        nightly=settings.retention_nightly,
        from_hour=found.night.from_hour,
        to_hour=found.night.to_hour,
        two_persons=found.orders.two_persons,
        order_roles=list(found.orders.roles),
        classes=_classes(found),
    )


@router.get("/retention/runs", summary="What was planned and deleted, newest first")
def runs(session: Reader, page: PageAsked) -> RunPage:
    """Deletions by order are in the audit log."""
    query = select(RetentionRunRow).where(*narrowed(page.before, RetentionRunRow.id, {}))
    rows = list(session.scalars(query.order_by(RetentionRunRow.id.desc()).limit(page.limit + 1)))
    following = cut([row.id for row in rows], page.limit)
    return RunPage(items=[RunOut.model_validate(row) for row in rows[: page.limit]], next=following)


@router.get("/retention/holds", summary="What nothing may delete, newest first")
def held(
    session: Reader,
    page: PageAsked,
    call: Annotated[int | None, Query(ge=1, lt=2**31, description="only of this call")] = None,
    past: Annotated[bool, Query(description="also those that were released")] = False,
) -> HoldPage:
    """Holds of cases, and those set by hand."""
    rows = holds.list_holds(session, before=page.before, limit=page.limit + 1, call_id=call, past=past)
    following = cut([row.id for row, _ in rows], page.limit)
    return HoldPage(items=[_hold(row, case) for row, case in rows[: page.limit]], next=following)


@router.get("/retention/proof", summary="What is left of a call that was deleted")
def proof(
    request: Request,
    call: Annotated[
        str, Query(min_length=1, max_length=400, description="SOURCE/EXTERNAL_ID, or the number it had")
    ],
) -> ProofOut:
    """Searches every table and the store: it takes long in a large installation."""
    settings: Settings = request.app.state.settings
    with reading(request.app.state.sessions) as session:
        return ProofOut.model_validate(prove(session, settings.recording_store(), call))


@router.get("/calls/{call_id}/retention", summary="What becomes of one call, and when")
def of_call(request: Request, session: Reader, call_id: int) -> CallKept:
    """By the policy as it stands now."""
    find(session, call_id)
    found = load_policy(request.app.state.settings.retention_file)
    with reading(request.app.state.sessions) as whole:  # a case out of sight holds a call, too
        seen = one_call(whole, call_id)
    made = decide_call(found, seen.facts, request.app.state.clock.now()) if seen else {}
    return CallKept(
        parts=[
            KeptPart(
                part=part,
                why=one.why,
                why_zh=WHY[one.why][0] if one.why else None,
                why_en=WHY[one.why][1] if one.why else None,
                due_at=one.due_at,
                clause=one.clause,
            )
            for part, one in made.items()
        ],
        holds=[_hold(*each) for each in holds.list_holds(session, call_id=call_id, limit=100)],
    )


@router.post("/calls/{call_id}/hold", summary="Hold a call by hand", responses=_REFUSED)
def hold(request: Request, acting: Acting, call_id: int, given: HoldIn) -> HoldOut:
    """Nothing of it is deleted until it is released. One that is held so already stays as it is."""
    state = request.app.state
    with transaction(state.sessions) as session:
        holds.hold(session, state.clock, _call(session, call_id), actor=acting, reason=given.reason)
        session.flush()
        rows = holds.list_holds(session, call_id=call_id, limit=1000)
        return next(_hold(row, case) for row, case in rows if row.case_id is None)


@router.post("/calls/{call_id}/hold/release", summary="Release a call", status_code=204, responses=_REFUSED)
def release(request: Request, acting: Acting, call_id: int, given: HoldIn) -> None:
    """What was held by hand. What a case holds is released in the case."""
    state = request.app.state
    with transaction(state.sessions) as session:
        holds.release(session, state.clock, _call(session, call_id), actor=acting, reason=given.reason)


def _call(session: Session, call_id: int) -> CallRow:
    return find(session, call_id).call


def _classes(policy: Policy) -> list[ClassOut]:
    shown = []
    for what in get_args(DataClass):
        for client in (None, *policy.clients):
            rule = policy.rule(what, client)
            if client is None or rule != policy.rule(what):
                shown.append(ClassOut(what=what, client=client, keep=str(rule.keep), reason=rule.reason))
    return shown


def _hold(row: Any, case: str | None) -> HoldOut:
    names = set(HoldOut.model_fields) - {"case"}
    return HoldOut(case=case, **{name: getattr(row, name) for name in names})
