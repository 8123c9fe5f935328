"""Reviewers: what they are able to do, what they have in hand, and giving out tickets."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from api import reviewers as shown
from api.http.deps import Caller, Reader
from pipeline.reviewing import give_out
from qc.assigning.reviewers import Profile, reviewers, set_reviewer
from store.clock import Clock
from store.database import SessionFactory, transaction

router = APIRouter(tags=["reviewers"])

_PROFILE: dict[str, Any] = {
    "languages": ["zh"], "seniority": 2, "capacity": 20, "conflicts": {"A2107": "亲属"}
}  # fmt: skip


class ReviewerList(BaseModel):
    """All reviewers, by id."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [shown.REVIEWER]}]})

    items: list[shown.ReviewerOut]


class ProfileIn(BaseModel):
    """What a reviewer is able to do. Empty languages or products: all."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_PROFILE]})

    languages: list[Annotated[str, Field(max_length=20)]] = Field(default=[], max_length=50)
    products: list[Annotated[str, Field(max_length=200)]] = Field(default=[], max_length=200)
    seniority: int = Field(default=1, ge=1, le=3)
    capacity: int = Field(default=20, ge=1, le=1000)
    conflicts: dict[str, str] = Field(
        default={},
        max_length=500,
        description="collectors and teams whose calls they may not review, and why",
    )
    away: StrictBool = Field(default=False, description="what they have goes to others")


class Given(BaseModel):
    """Seats of tickets, and who got them."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"taken": 1, "items": [shown.GIVEN]}]})

    taken: int = Field(description="seats taken from people who are away")
    items: list[shown.GivenOut]


@router.get("/reviewers", summary="Who reviews, and what they have in hand")
def all_reviewers(session: Reader) -> ReviewerList:
    """By id."""
    return ReviewerList(items=[shown.reviewer_out(each) for each in reviewers(session)])


@router.post("/reviewers/{person}", summary="Say what a reviewer is able to do")
def put_reviewer(
    request: Request,
    caller: Caller,
    person: Annotated[str, Path(max_length=100, description="the person's id")],
    profile: ProfileIn,
) -> shown.ReviewerOut:
    """Replaces what was said before."""
    sessions: SessionFactory = request.app.state.sessions
    clock: Clock = request.app.state.clock
    wanted = Profile(
        languages=tuple(profile.languages),
        products=tuple(profile.products),
        seniority=profile.seniority,
        capacity=profile.capacity,
        conflicts=profile.conflicts,
        away=profile.away,
    )
    with transaction(sessions) as session:
        set_reviewer(session, clock, person, wanted, by=caller.id)
        return next(shown.reviewer_out(each) for each in reviewers(session) if each.id == person)


@router.post("/assignments", summary="Give out the tickets that nobody has")
def assignments(request: Request, caller: Caller) -> Given:
    """First takes the tickets of who is away. A running installation does both by itself."""
    sessions: SessionFactory = request.app.state.sessions
    clock: Clock = request.app.state.clock
    within_team = request.app.state.settings.review_within_team
    with transaction(sessions) as session:
        taken, given = give_out(session, clock, within_team=within_team, by=caller.id)
        return Given(taken=len(taken), items=[shown.given_out(each) for each in given])
