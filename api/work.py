"""How the work stands, as people are shown it over HTTP."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.masking import mask_text
from api.rule_shapes import BothLanguages
from ingest.models import CallRow
from pipeline import overview
from pipeline.doctor.types import Finding, Verdict
from pipeline.lanes import Lane, Order
from pipeline.models import WorkRow
from pipeline.states import Stage, State

_QUEUE: Final[dict[str, Any]] = {
    "stage": "transcribe",
    "lane": "live",
    "waiting": 214,
    "later": 2,
    "oldest_at": "2026-03-13T14:30:00Z",
    "oldest_seconds": 660.0,
}
WORK: Final[dict[str, Any]] = {
    "states": {
        "received": 214, "transcribed": 0, "heard": 3, "inspected": 0, "assessed": 40817, "unjudged": 12,
        "failed": 3,
    },
    "queues": [_QUEUE],
    "in_hand": {"worker-1": 4},
    "failed": [{"code": "audio.damaged", "count": 3, "oldest_at": "2026-03-11T08:00:00Z"}],
    "backfill_begins": True,
}  # fmt: skip
FAILED: Final[dict[str, Any]] = {
    "call_id": 17,
    "call": "central-recorder/S003",
    "stage": "transcribe",
    "code": "audio.damaged",
    "message": "the recording cannot be decoded",
    "failed_at": "2026-03-11T08:00:00Z",
}
_CHECK: Final[dict[str, Any]] = {
    "check": "disk",
    "verdict": "ok",
    "said": {"zh": "/var/lib/diting 剩余 212.4 GiB", "en": "212.4 GiB are left at /var/lib/diting"},
    "mend": None,
    "code": None,
}
HEALTH: Final[dict[str, Any]] = {
    "verdict": "ok", "version": "0.1.0", "execution": "embedded", "at": "2026-03-13T14:41:00Z",
    "checks": [_CHECK],
}  # fmt: skip


class QueueOut(BaseModel):
    """Calls of one lane that wait for one stage."""

    stage: Stage
    lane: Lane
    waiting: int
    later: int = Field(description="of them, those that wait for a later attempt")
    oldest_at: datetime = Field(description="when the oldest was taken in")
    oldest_seconds: float


class FailedCode(BaseModel):
    """Calls that gave up with the same error."""

    code: str
    count: int
    oldest_at: datetime


class WorkOut(BaseModel):
    """How the work stands."""

    model_config = ConfigDict(json_schema_extra={"examples": [WORK]})

    states: dict[State, int]
    queues: list[QueueOut]
    in_hand: dict[str, int] = Field(description="calls that workers have in hand, by machine")
    failed: list[FailedCode]
    backfill_begins: bool = Field(description="whether calls of a back-fill may be begun now")


class FailedCall(BaseModel):
    """A call that gave up."""

    model_config = ConfigDict(json_schema_extra={"examples": [FAILED]})

    call_id: int
    call: str = Field(description="source/external_id")
    stage: Stage = Field(description="in which it gave up")
    code: str | None
    message: str | None = Field(description="numbers partly masked")
    failed_at: datetime


class CheckOut(BaseModel):
    """One thing that was looked at and, unless it is well, what to do."""

    check: str
    verdict: Verdict
    said: BothLanguages
    mend: BothLanguages | None
    code: str | None


class HealthOut(BaseModel):
    """Whether this installation can do its work."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEALTH]})

    verdict: Literal["ok", "warning", "wrong"] = Field(description="the worst of all")
    version: str
    execution: Literal["embedded", "distributed"]
    at: datetime = Field(description="when it was looked at; what was found stands for a minute")
    checks: list[CheckOut]


def work(session: Session, now: datetime, order: Order) -> WorkOut:
    """How the work stands."""
    return WorkOut(
        states=overview.by_state(session),
        queues=[
            QueueOut(
                stage=each.stage,
                lane=each.lane,
                waiting=each.waiting,
                later=each.later,
                oldest_at=each.oldest_at,
                oldest_seconds=max((now - each.oldest_at).total_seconds(), 0.0),
            )
            for each in overview.queues(session, now)
        ],
        in_hand=overview.in_hand(session),
        failed=[
            FailedCode(code=each.code, count=each.count, oldest_at=each.oldest_at)
            for each in overview.failed(session)
        ],
        backfill_begins=order.begins_backfill(now),
    )


def failed_call(row: WorkRow, call: CallRow) -> FailedCall:
    """A call that gave up."""
    return FailedCall(
        call_id=call.id,
        call=f"{call.source}/{call.external_id}",
        stage=overview.gave_up_in(row),
        code=row.error_code,
        message=None if row.error_message is None else mask_text(row.error_message),
        failed_at=row.updated_at,
    )


def check_out(finding: Finding) -> CheckOut:
    """One thing that was looked at."""
    mend = (
        BothLanguages(zh=finding.mend_zh, en=finding.mend_en) if finding.mend_zh or finding.mend_en else None
    )
    return CheckOut(
        check=finding.check,
        verdict=finding.verdict,
        said=BothLanguages(zh=finding.zh, en=finding.en),
        mend=mend,
        code=finding.code,
    )


def worst(findings: tuple[Finding, ...]) -> Verdict:
    """The verdict on all of it."""
    found = {finding.verdict for finding in findings}
    return "wrong" if "wrong" in found else "warning" if "warning" in found else "ok"
