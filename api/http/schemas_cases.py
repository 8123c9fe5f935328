"""What the API answers with about cases, and what it takes."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

CASE: dict[str, Any] = {
    "id": 12,
    "number": "W-2026-000012",
    "kind": "warning",
    "state": "reviewed",
    "version": 2,
    "level": "high",
    "source": "call",
    "complexity": "general",
    "warning_id": 4,
    "first_seen_at": "2026-03-13T14:41:00+00:00",
    "opened_at": "2026-03-13T15:02:11+00:00",
    "updated_at": "2026-03-13T15:40:00+00:00",
    "closed_at": None,
    "debtor_name": "孟晓蕾",
    "contact": "+86154****1011",
    "amount_due": "8450.00",
    "currency": "CNY",
    "client": "示例银行",
    "collector_id": "A-7",
    "team": "一组",
    "advice": {"zh": "立即由投诉专员跟进。", "en": "Hand over to a complaint officer at once."},
    "reporter_id": "system",
    "reviewer_id": "wang",
    "handler_id": None,
    "result": None,
}
EVENT: dict[str, Any] = {
    "seq": 2,
    "at": "2026-03-13T15:40:00+00:00",
    "actor": "wang",
    "action": "sign",
    "from_state": "reported",
    "to_state": "reviewed",
    "details": {"truth": "confirmed", "accurate": True, "level": None, "comment": None},
    "sha256": "9f" * 32,
}
REFUSAL: dict[str, Any] = {
    "code": "case.not_in_team",
    "message": "li is not in the team (chen, wang)",
    "mend": "A member does it, or the team is formed again with you.",
}
ACTION: dict[str, Any] = {
    "action": "collect",
    "zh": "投诉防控汇总",
    "en": "take over",
    "to_state": "collected",
    "document": {"properties": {"complexity": {"enum": ["general", "complex"]}}},
    "refusal": None,
}


def _example(value: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [value]})


class CaseOut(BaseModel):
    """A line of the ledger; the telephone number is partly masked."""

    model_config = _example(CASE)

    id: int
    number: str
    kind: str
    state: str
    version: int = Field(description="name it when you act: a case that changed meanwhile is not acted on")
    level: str
    source: str
    complexity: str
    warning_id: int | None
    first_seen_at: datetime | None
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    debtor_name: str | None
    contact: str | None
    amount_due: str | None
    currency: str | None
    client: str | None
    collector_id: str | None
    team: str | None
    advice: dict[str, Any]
    reporter_id: str
    reviewer_id: str | None
    handler_id: str | None
    result: str | None


class CaseDetail(CaseOut):
    """A case with its handling and its clocks."""

    model_config = _example(CASE | {"handling": {"round": 1, "flags": ["self_harm"]}, "clocks": []})

    handling: dict[str, Any] = Field(
        description="review, team, plan, contacts, reliefs, tracking, evaluation …"
    )
    clocks: list[dict[str, Any]]


class CasePage(BaseModel):
    """Cases, newest first."""

    items: list[CaseOut]
    next: str | None = Field(description="the cursor of the next page; null at the end")


class EventOut(BaseModel):
    """One thing that happened to a case."""

    model_config = _example(EVENT)

    seq: int
    at: datetime
    actor: str
    action: str
    from_state: str | None
    to_state: str
    details: dict[str, Any]
    sha256: str = Field(description="hash of the event, which the audit chain holds")


class RefusalOut(BaseModel):
    """What stands in the way of an action."""

    code: str
    message: str
    mend: str


class ActionOut(BaseModel):
    """Something that the caller's roles may do with the case in its present state."""

    model_config = _example(ACTION)

    action: str
    zh: str
    en: str
    to_state: str
    document: dict[str, Any] = Field(description="JSON schema of the action's document")
    refusal: RefusalOut | None


class Act(BaseModel):
    """What to do: the document of the action, and the version of the case that was seen."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"version": 1, "document": {"truth": "confirmed", "accurate": True}}]
        },
    )

    version: int | None = Field(default=None, ge=1, description="refuse if the case has changed since")
    document: dict[str, Any] = Field(default_factory=dict, description="its fields: docs/cases.md")
