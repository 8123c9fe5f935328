"""The audit log, for who must be able to look at it: its entries, and whether its chain is whole."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, select

from api.http.deps import PageAsked, Reader
from api.http.moments import Moment
from api.http.paging import cut, narrowed
from api.masking import masked_details
from store import audit
from store.audit import AuditEntry

router = APIRouter(tags=["audit"])

_ENTRY: Final[dict[str, Any]] = {
    "seq": 412, "at": "2026-06-01T02:30:00Z", "actor": "api:li.na", "action": "person.changed",
    "subject": "person:wang", "details": {"team": "质检二组"}, "hash": "9b1e…",
}  # fmt: skip
_BREAK: Final[dict[str, Any]] = {
    "seq": 118, "kind": "altered", "message": "entry 118 is not what was written",
}  # fmt: skip
# An answer takes about a second for as many on a small machine.
_PART: Final = 10_000
_PART_MAX: Final = 50_000
_SHOWN: Final = 100
Text = Annotated[str | None, Query(max_length=400)]


class EntryOut(BaseModel):
    """One thing that happened; personal data in `details` is partly hidden."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ENTRY]}, from_attributes=True)

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: dict[str, Any]
    hash: str = Field(description="SHA-256 over what was written and the hash of the entry before")


class EntryPage(BaseModel):
    """Entries of the audit log, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_ENTRY], "next": "NDEy"}]})

    items: list[EntryOut]
    next: str | None


class BreakOut(BaseModel):
    """One place where the chain does not hold."""

    model_config = ConfigDict(json_schema_extra={"examples": [_BREAK]}, from_attributes=True)

    seq: int
    kind: Literal["altered", "missing", "relinked", "head"]
    message: str


class VerificationOut(BaseModel):
    """What was found in one part of the chain. All parts to the end, each whole: the log is whole."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"whole": True, "checked": 412, "last": 412, "next": None, "found": 0, "breaks": []}]
        }
    )

    whole: bool = Field(description="whether this part holds")
    checked: int = Field(description="entries looked at")
    last: int = Field(description="the last of them")
    next: int | None = Field(description="what `after` is for the next part; null at the end")
    found: int = Field(description="how many places do not hold")
    breaks: list[BreakOut] = Field(description=f"the first {_SHOWN} of them")


@router.get("/audit", summary="Who did what, newest first")
def entries(
    session: Reader,
    page: PageAsked,
    actor: Annotated[Text, Query(description="who, as in the answers")] = None,
    action: Annotated[Text, Query(description="what; `person.*` for all that begin so")] = None,
    subject: Annotated[Text, Query(description="what it was done to, as in the answers")] = None,
    since: Annotated[Moment | None, Query(description="not before this time")] = None,
    until: Annotated[Moment | None, Query(description="before this time")] = None,
) -> EntryPage:
    """The audit log 审计日志. Nobody changes or deletes an entry."""
    conditions = narrowed(page.before, AuditEntry.seq, {AuditEntry.actor: actor, AuditEntry.subject: subject})
    conditions += [*_done(action)]
    if since is not None:
        conditions.append(AuditEntry.at >= since)
    if until is not None:
        conditions.append(AuditEntry.at < until)
    query = select(AuditEntry).where(*conditions).order_by(AuditEntry.seq.desc())
    rows = list(session.scalars(query.limit(page.limit + 1)))
    following = cut([row.seq for row in rows], page.limit)
    return EntryPage(items=[_shown(row) for row in rows[: page.limit]], next=following)


@router.get("/audit/verification", summary="Whether the audit log is whole")
def verification(
    session: Reader,
    after: Annotated[int, Query(ge=0, lt=2**31, description="`next` of the part before")] = 0,
    limit: Annotated[int, Query(ge=1, le=_PART_MAX, description="entries at most")] = _PART,
) -> VerificationOut:
    """Checks the chain from its beginning, a part in each answer: ask again with `next` until it is null.
    Entries that were altered, removed or put in another order are found, also at the end."""
    part = audit.verify_part(session, after=after, limit=limit)
    return VerificationOut(
        whole=not part.breaks,
        checked=part.checked,
        last=part.last,
        next=part.last if part.more else None,
        found=len(part.breaks),
        breaks=[BreakOut.model_validate(each) for each in part.breaks[:_SHOWN]],
    )


def _done(action: str | None) -> list[ColumnElement[bool]]:
    if action is None:
        return []
    if action.endswith(".*"):
        return [AuditEntry.action.startswith(action.removesuffix("*"), autoescape=True)]
    return [AuditEntry.action == action]


def _shown(row: AuditEntry) -> EntryOut:
    entry = EntryOut.model_validate(row)
    return entry.model_copy(update={"details": masked_details(entry.details)})
