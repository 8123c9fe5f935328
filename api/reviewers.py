"""Reviewers and assignment as people are shown them, on the command line and over HTTP alike."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.words import Words
from qc.assigning.choose import Given, Reviewer, Why

WHY: dict[Why, Words] = {
    "collector": Words("本人的通话", "their own call"),
    "superior": Words("坐席的上级", "above the collector"),
    "same_team": Words("同一团队", "of the same team"),
    "conflict": Words("已申报的回避", "a stated conflict"),
    "language": Words("语言不符", "does not speak the language"),
    "product": Words("产品不符", "does not know the product"),
    "seniority": Words("级别不足", "not senior enough"),
    "full": Words("已满", "has enough"),
    "away": Words("不在岗", "away"),
    "other_seat": Words("已是另一位复核人", "has the other seat"),
    "sat_before": Words("曾被指派", "had it before"),
    "second_again": Words("上次已任复核", "was the second one last time"),
    "no_role": Words("无质检角色", "has no reviewing role"),
}
REVIEWER: dict[str, Any] = {
    "id": "wang",
    "team": "QC",
    "languages": ["zh"],
    "products": [],
    "seniority": 2,
    "capacity": 20,
    "conflicts": ["A2107"],
    "load": 7,
    "away": False,
}
GIVEN: dict[str, Any] = {
    "ticket_id": 9, "seat": "first", "person": None, "refused": {"full": 2, "superior": 1}
}  # fmt: skip


class ReviewerOut(BaseModel):
    """A reviewer and what they have in hand. No languages or products: all."""

    model_config = ConfigDict(json_schema_extra={"examples": [REVIEWER]})

    id: str
    team: str | None
    languages: list[str]
    products: list[str]
    seniority: int = Field(description="1 to 3")
    capacity: int = Field(description="so many tickets at most at a time")
    conflicts: list[str] = Field(description="collectors and teams whose calls they may not review")
    load: int
    away: bool


class GivenOut(BaseModel):
    """A seat of a ticket and who got it; nobody: what kept how many from it."""

    model_config = ConfigDict(json_schema_extra={"examples": [GIVEN]})

    ticket_id: int
    seat: str
    person: str | None
    refused: dict[str, int]


def reviewer_out(each: Reviewer) -> ReviewerOut:
    """A reviewer."""
    return ReviewerOut(
        id=each.id,
        team=each.team,
        languages=sorted(each.languages),
        products=sorted(each.products),
        seniority=each.seniority,
        capacity=each.capacity,
        conflicts=sorted(each.conflicts),
        load=each.load,
        away=each.away,
    )


def given_out(each: Given) -> GivenOut:
    """A seat and who got it."""
    return GivenOut(
        ticket_id=each.task.ticket_id, seat=each.task.seat, person=each.person, refused=dict(each.refused)
    )
