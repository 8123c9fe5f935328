"""What the API answers with about quality-control tickets, and what it takes."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.http import examples

VERDICT: dict[str, Any] = {
    "finding": 41, "missed": None, "verdict": "true", "by": "ann", "comment": None,
}  # fmt: skip
SCORE: dict[str, Any] = {"score": 60, "band": "critical", "veto": None}
DETAIL: dict[str, Any] = examples.TICKET | {
    "state": "shared",
    "round": 1,
    "blind": False,
    "words": "请注意用语",
    "scorecard": "standard",
    "machine": SCORE,
    "findings": [
        {
            "id": 41, "rule": "cn.threat.employer@3", "category": "threat", "kind": "violation",
            "status": "certain", "severity": "critical", "start": 31.2, "end": 35.0,
            "heard": "让你在公司抬不起头",
            "why": {"zh": "以工作单位相威胁", "en": "Threat against the debtor's job"},
        }
    ],
    "reviews": [
        {
            "stage": "first", "reviewer": "ann", "done": True, "decisions": [VERDICT], "missed": [],
            "card": "standard@0", "ratings": {"closing": 1.0}, "scorecard": None,
        }
    ],
    "adjudicated": [],
    "human": SCORE | {"verdicts": [VERDICT]},
    "appeal": None,
    "final": None,
}  # fmt: skip
EVENT: dict[str, Any] = {
    "seq": 3,
    "at": "2026-03-13T15:40:00+00:00",
    "actor": "ann",
    "action": "decide",
    "from_state": "draft",
    "to_state": "draft",
    "details": {"finding": 41, "missed": None, "verdict": "true", "comment": None},
    "sha256": "9f" * 32,
}
REFUSAL: dict[str, Any] = {
    "code": "ticket.undecided",
    "message": "there is no verdict on finding 41",
    "mend": "Decide on each first.",
    "missing": ["finding 41"],
}
ACTION: dict[str, Any] = {
    "action": "share",
    "zh": "反馈给催收员",
    "en": "share with the collector",
    "to_state": "shared",
    "document": {"properties": {"words": {"type": "string"}}},
    "refusal": REFUSAL,
    "guards": [
        {
            "name": "all_decided",
            "zh": "每条违规发现均已判定",
            "en": "every finding against the collector has a verdict",
            "refusal": REFUSAL,
        }
    ],
}


def _example(value: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [value]})


class TicketDetail(BaseModel):
    """A ticket with the machine's result, people's and the final one beside each other. Of the reviews it
    holds what the caller may see."""

    model_config = _example(DETAIL)

    id: int
    call_id: int
    call: str = Field(description="source/external_id")
    priority: Literal["urgent", "high", "normal", "low"]
    state: str
    version: int = Field(description="name it when you act: a ticket that changed meanwhile is not acted on")
    reasons: list[str]
    opened_at: datetime
    collector_id: str | None
    team: str | None
    assigned_to: str | None
    second_reviewer: str | None
    plan: str | None = Field(description="the sampling plan that drew the call")
    shared_at: datetime | None
    appeal_until: datetime | None
    final_at: datetime | None
    final_score: int | None
    final_band: str | None
    round: int = Field(description="1, and one more with each reopening")
    blind: bool = Field(description="two people review and do not see each other's words yet")
    words: str | None = Field(description="the reviewer's word to the collector")
    scorecard: str | None = Field(
        description="the one that the plan asks for: every item must be rated before the result is shared"
    )
    machine: dict[str, Any] | None = Field(
        description="score, band, veto; null: the call was never inspected"
    )
    findings: list[dict[str, Any]] = Field(description="of the machine; nothing people do changes them")
    reviews: list[dict[str, Any]]
    adjudicated: list[dict[str, Any]]
    human: dict[str, Any] | None = Field(description="score and verdicts of people, before any appeal")
    appeal: dict[str, Any] | None
    final: dict[str, Any] | None = Field(description="score and verdicts that count")


class TicketEventOut(BaseModel):
    """One thing that happened to a ticket."""

    model_config = _example(EVENT)

    seq: int
    at: datetime
    actor: str | None = Field(description="null where the caller is not told who judged")
    action: str
    from_state: str
    to_state: str
    details: dict[str, Any]
    sha256: str = Field(description="hash of the event, which the audit chain holds")


class TicketRefusal(BaseModel):
    """What stands in the way of an action."""

    code: str
    message: str
    mend: str
    missing: list[str] = Field(description="what is not done yet: `finding 41`, items of the scorecard")


class TicketGuard(BaseModel):
    """A condition of an action, and what it refuses; null where it holds."""

    name: str
    zh: str
    en: str
    refusal: TicketRefusal | None


class TicketActionOut(BaseModel):
    """Something that the caller's roles may do with the ticket in its present state."""

    model_config = _example(ACTION)

    action: str
    zh: str
    en: str
    to_state: str
    document: dict[str, Any] = Field(description="JSON schema of the action's document")
    refusal: TicketRefusal | None = Field(description="by the first guard that does not hold")
    guards: list[TicketGuard]


class TicketAct(BaseModel):
    """What to do: the document of the action, and the version of the ticket that was seen."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"version": 3, "document": {"finding": 41, "verdict": "true"}}]},
    )

    version: int | None = Field(
        default=None, ge=1, lt=2**31, description="refuse if the ticket has changed since"
    )
    document: dict[str, Any] = Field(default_factory=dict, description="its fields: docs/tickets.md")
