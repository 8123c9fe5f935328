"""What the API tells a collector of a review."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from qc.review.types import Rating

_SCORE: dict[str, Any] = {"score": 60, "band": "critical", "veto": None}
CLAUSE: dict[str, Any] = {
    "source": "cn.ban.abuse",
    "title": {
        "zh": "《金融机构个人消费类贷款催收工作指引（试行）》（中国银行业协会，2026）",
        "en": "China Banking Association, guide to collecting consumer loans (trial, 2026)",
    },
    "article": "",
    "quote": "采用恐吓、辱骂等不当手段",
    "binding": {"zh": "部门规章，不得", "en": "ministry rule, must not"},
}
FEEDBACK: dict[str, Any] = {
    "ticket": 9,
    "state": "final",
    "words": "请注意用语",
    "score": _SCORE,
    "scorecard": {
        "title": {"zh": "标准催收通话评分表", "en": "Standard card for collection calls"},
        "points": 90.0,
        "passed": True,
        "items": [
            {"title": {"zh": "尊重", "en": "Respectful"}, "rating": 1.0, "best": 1, "failed": False},
            {
                "title": {"zh": "受理异议", "en": "Takes up disputes"},
                "rating": "n/a",
                "best": 2,
                "failed": False,
            },
        ],
    },
    "appeal_until": "2026-03-16T15:40:00+00:00",
    "points": [
        {
            "finding": 41,
            "missed": None,
            "category": "threat",
            "title": {"zh": "恐吓威胁", "en": "threat"},
            "clip": {"start": 28.2, "end": 37.0, "audio": "/api/v1/calls/17/audio#t=28.2,37"},
            "heard": "让你在公司抬不起头",
            "why": {"zh": "以工作单位相威胁", "en": "Threat against the debtor's job"},
            "clauses": [CLAUSE],
            "better": {"zh": "只说明事实与还款方式。", "en": "State the facts and the ways to pay."},
        }
    ],
    "appeal": {
        "grounds": [{"finding": 41, "missed": None, "reason": "是客户先说的"}],
        "rulings": [{"finding": 41, "missed": None, "ruling": "upheld", "reason": "录音属实"}],
    },
}


class ClauseOut(BaseModel):
    """What a rule rests on."""

    source: str
    title: dict[str, str] = Field(description="what people call the source; its id where nobody said")
    article: str
    quote: str
    binding: dict[str, str] | None = Field(
        description="the kind of text, and what it says of the matter, by language"
    )


class ScoreTold(BaseModel):
    """The score that stands now."""

    score: int
    band: str | None
    veto: str | None = Field(description="the rule that alone sets the score to 0")


class ItemTold(BaseModel):
    """One line of the scorecard."""

    title: dict[str, str]
    rating: Rating = Field(description="0 to `best`, or `n/a`")
    best: int
    failed: bool = Field(description="a critical item that failed: it fails the whole card")


class CardTold(BaseModel):
    """The scorecard as the reviewer rated it."""

    title: dict[str, str]
    points: float = Field(description="0 to 100")
    passed: bool
    items: list[ItemTold]


class ClipOut(BaseModel):
    """A part of the recording, in seconds, and where it is heard."""

    start: float
    end: float
    audio: str


class PointOut(BaseModel):
    """One thing that stands against the collector: a finding of the machine, or a missed one that a person
    added. Texts are by language."""

    finding: int | None
    missed: int | None
    category: str
    title: dict[str, str]
    clip: ClipOut | None
    heard: str = Field(description="empty where a person added it")
    why: dict[str, str]
    clauses: list[ClauseOut]
    better: dict[str, str] = Field(description="what to say instead")


class GroundTold(BaseModel):
    """What was appealed, and why."""

    finding: int | None
    missed: int | None
    reason: str


class RulingTold(GroundTold):
    """The answer to one ground."""

    ruling: Literal["upheld", "overturned"]


class AppealTold(BaseModel):
    """What was appealed, and the answers; none before they are given."""

    grounds: list[GroundTold]
    rulings: list[RulingTold]


class FeedbackOut(BaseModel):
    """What the collector is told, in plain words: what was said, the clause, what to say instead."""

    model_config = ConfigDict(json_schema_extra={"examples": [FEEDBACK]})

    ticket: int
    state: str
    words: str | None
    score: ScoreTold | None
    scorecard: CardTold | None = Field(
        description="null before the result is shared, or where the review has no whole one"
    )
    appeal_until: datetime | None
    points: list[PointOut] = Field(description="in order of time; empty before the result is shared")
    appeal: AppealTold | None
