"""What the API answers with. Kept apart from the tables: columns may change, these may not."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.http import examples


def _example(value: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [value]})


class Person(BaseModel):
    """A collector or a debtor; telephone numbers are partly masked."""

    id: str | None = None
    name: str | None = None
    team: str | None = None
    number: str | None = Field(default=None, description="partly masked")
    relation: str | None = None


class ScoreOut(BaseModel):
    """The machine's score. For an unjudged call it is the best that can still come out."""

    total: int = Field(ge=0, le=100)
    band: Literal["clean", "minor", "major", "critical"] | None = Field(
        description="null when nothing was found but not everything could be judged"
    )
    at_most: bool = Field(description="true when part of the call could not be judged")


class FindingOut(BaseModel):
    """One rule that fired, with its evidence."""

    model_config = _example(examples.FINDING)

    id: int
    call_id: int
    rule: str = Field(description="rule id and version")
    category: str
    kind: Literal["violation", "signal"]
    speaker: str | None
    utterances: list[int]
    start: float | None = Field(description="seconds in the recording")
    end: float | None
    heard: str
    matched: str
    how: str
    confidence: float
    status: Literal["certain", "unsure"]
    severity: str
    points: int
    why: dict[str, str] = Field(description="one sentence per language")
    cite: list[str]
    attributes: dict[str, str]


class TicketOut(BaseModel):
    """A quality-control ticket."""

    model_config = _example(examples.TICKET)

    id: int
    call_id: int
    call: str = Field(description="source/external_id")
    priority: Literal["urgent", "high", "normal", "low"]
    state: str
    reasons: list[str]
    opened_at: datetime


class IndicatorOut(BaseModel):
    """One reason for points."""

    name: str
    points: float
    floor: Literal["low", "medium", "high"] | None = Field(description="the level it forces at least")
    because: dict[str, str]


class WarningOut(BaseModel):
    """A complaint warning: one debtor, one episode."""

    model_config = _example(examples.WARNING)

    id: int
    debtor: str | None
    contact: str | None = Field(description="partly masked")
    amount_owed: str | None
    currency: str | None
    source: str
    time: datetime | None = Field(description="start of the call that first reached a level")
    level: Literal["low", "medium", "high"]
    score: float
    state: str
    model: str
    advice: dict[str, str]
    calls: list[str]
    indicators: list[IndicatorOut]


class CallOut(BaseModel):
    """One call in a list."""

    model_config = _example(examples.CALL)

    id: int
    source: str
    external_id: str
    state: str = Field(description="received, transcribed, heard, inspected, assessed, unjudged or failed")
    reasons: list[str] = Field(description="why it is unjudged or failed, as `code: sentence`")
    started_at: datetime | None
    duration_s: float
    direction: str | None
    agent: Person
    customer: Person
    client: str | None
    score: ScoreOut | None = Field(description="null until the call is inspected")
    findings: dict[str, int] = Field(description="findings by category")
    unsure: int = Field(description="findings that wait for a person")
    ticket: Literal["urgent", "high", "normal", "low"] | None
    warning: Literal["low", "medium", "high"] | None


class CallDetail(CallOut):
    """One call with everything known about it, in the shape of the result file (docs/formats.md)."""

    model_config = _example(examples.CALL_DETAIL)

    result: dict[str, Any] | None = Field(description="the result file; null until the call is inspected")


class CallPage(BaseModel):
    """Calls, newest first."""

    items: list[CallOut]
    next: str | None = Field(description="cursor of the next page, null at the end", examples=["MTc"])


class FindingPage(BaseModel):
    """Findings, newest first."""

    items: list[FindingOut]
    next: str | None = Field(description="cursor of the next page, null at the end", examples=["MTc"])


class TicketPage(BaseModel):
    """Tickets, newest first."""

    items: list[TicketOut]
    next: str | None = Field(description="cursor of the next page, null at the end", examples=["MTc"])


class WarningPage(BaseModel):
    """Warnings, newest first."""

    items: list[WarningOut]
    next: str | None = Field(description="cursor of the next page, null at the end", examples=["MTc"])


class Health(BaseModel):
    """Whether this installation can work."""

    model_config = _example(examples.HEALTH)

    status: Literal["ok", "degraded"]
    version: str
    database: str = Field(description="`ok`, or what is wrong with it")
    model: str = Field(description="`ok`, or what is wrong with the speech model")
