"""What the API answers with for the page on which a call is reviewed."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.http import examples
from api.http import schemas_tickets as tickets
from api.http.schemas import CallDetail, FindingOut
from api.http.schemas_feedback import CLAUSE, ClauseOut
from api.scorecards import CARD, CardOut

_FINDING: dict[str, Any] = examples.FINDING | {
    "title": {"zh": "以工作单位相威胁", "en": "Threat against the debtor's job"},
    "clauses": [CLAUSE],
    "better": {"zh": "只说明事实与还款方式。", "en": "State the facts and the ways to pay."},
}
REVIEW: dict[str, Any] = {
    "call": examples.CALL_DETAIL,
    "findings": [_FINDING],
    "ticket": tickets.DETAIL,
    "actions": [tickets.ACTION],
    "scorecard": CARD,
    "people": {"qc1": "王质检"},
    "queue": {"before": 16, "after": 19},
}


class ReviewFinding(FindingOut):
    """A finding with what its rule says beside it."""

    title: dict[str, str] = Field(description="of the rule; of the category where the rule is not on record")
    clauses: list[ClauseOut]
    better: dict[str, str] = Field(description="what to say instead; empty where the rule says nothing")


class Queue(BaseModel):
    """The calls beside this one among the caller's own tickets that are not settled, newest first: those to
    review, of a collector those to answer."""

    before: int | None = Field(description="call id of the newer ticket")
    after: int | None = Field(description="call id of the older ticket")


class ReviewOut(BaseModel):
    """All that the review page shows but for the sound: `/audio` and `/peaks`."""

    model_config = ConfigDict(json_schema_extra={"examples": [REVIEW]})

    call: CallDetail
    findings: list[ReviewFinding]
    ticket: tickets.TicketDetail | None = Field(description="null: there is none, or the caller sees none")
    actions: list[tickets.TicketActionOut] = Field(description="what the caller may do with the ticket now")
    scorecard: CardOut | None = Field(
        description="in the version that the caller's review began with, else the newest one of the plan"
    )
    people: dict[str, str] = Field(description="the names of those whose ids stand in the ticket")
    queue: Queue
