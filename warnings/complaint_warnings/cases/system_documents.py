"""What Diting itself writes down with the events that it adds to a case."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from complaint_warnings.cases.complaint_documents import ComplaintReceived
from complaint_warnings.cases.documents import Document, Short
from complaint_warnings.cases.types import Complexity
from complaint_warnings.types import Level


class MergedFrom(Document):
    """Another case goes on in this one."""

    case: Annotated[int, Field(ge=1)]
    number: Short
    level: Level
    flags: tuple[Short, ...] = ()
    collector_id: Short | None = None
    concerned: tuple[str, ...] = Field(default=(), description="all collectors whom it is about")
    brought_by: tuple[str, ...] = Field(default=(), description="who reported any of it")
    highest: Level | None = Field(default=None, description="the highest level of its last round")
    reviewed: bool | None = Field(default=None, description="false: a report that nobody signed")
    received: tuple[ComplaintReceived, ...] = Field(default=(), description="its complaints")
    arrived_at: AwareDatetime | None = Field(default=None, description="when the first of them arrived")


class Evidence(Document):
    """What the warning says now. Fields that are None are as before."""

    warning_id: int | None = None
    call_id: int | None = None
    item: Short | None = None
    score: float | None = None
    level: Level | None = None
    model: Short | None = None
    flags: tuple[Short, ...] = ()
    self_harm: bool = Field(default=False, description="spoken of in this very call or item")
    concerned: tuple[str, ...] = Field(default=(), description="collectors whom the evidence is about")
    brought_by: tuple[str, ...] = Field(default=(), description="who reported it")
    first_seen_at: AwareDatetime | None = None
    debtor_name: str | None = None
    contact: str | None = None
    amount_due: str | None = None
    currency: str | None = None


class LevelRaised(Document):
    """The warning reached a higher level."""

    level: Level
    score: float | None = None


class ClockTold(Document):
    """What the clocks say of a deadline."""

    kind: Short
    due: AwareDatetime
    words: dict[str, str] = Field(default_factory=dict)
    details: dict[str, Any] = Field(default_factory=dict)


class Opened(Document):
    """How a case began: the line of the ledger as it was entered."""

    number: Short
    kind: Literal["warning", "complaint"]
    debtor_key: str
    warning_id: int | None
    level: Level
    source: Short
    complexity: Complexity
    first_seen_at: datetime | None
    debtor_name: str | None
    contact: str | None
    amount_due: str | None
    currency: str | None
    client: str | None
    collector_id: str | None
    team: str | None
    advice: dict[str, Any]
    flags: tuple[str, ...] = ()
    concerned: tuple[str, ...] = ()
    brought_by: tuple[str, ...] = ()
    details: dict[str, Any] = Field(default_factory=dict)


class Again(Document):
    """The handling begins again, because of what the event `because_of` brought."""

    because_of: Annotated[int, Field(ge=1)]
    action: Short
