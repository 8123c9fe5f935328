"""Scorecards, and trying out what ratings come to."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from api import scorecards as shown
from api.http.deps import Caller, Reader
from api.http.described import Described
from api.http.etags import names_version, require_newest, tag
from api.http.problems import Problem
from qc.sampling.models import ScorecardRow
from qc.sampling.scorecards import Card, Rating, add_card, cards, load_card, read_card, score_card
from qc.sampling.versions import newest
from store.clock import Clock
from store.database import SessionFactory, transaction

router = APIRouter(tags=["scorecards"])

CardName = Annotated[str, Path(max_length=60, description="of a card", examples=["standard"])]
_REFUSALS: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "Conflict: somebody added a version just now"},
    412: {"model": Problem, "description": "Precondition Failed: another version is the newest by now"},
}
Version = Annotated[int | None, Query(ge=0, lt=2**31, description="default: the newest")]


class CardList(BaseModel):
    """The newest version of every card."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [shown.CARD]}]})

    items: list[shown.CardOut]


@router.get("/scorecards", summary="Scorecards")
def all_cards(session: Reader) -> CardList:
    """The newest version of each, by name."""
    return CardList(items=[shown.card_out(card, version) for card, version in cards(session)])


@router.get("/scorecards/{name}", summary="One scorecard")
def one_card(session: Reader, response: Response, name: CardName, version: Version = None) -> shown.CardOut:
    """Its newest version, or the one that a review began with."""
    card, found = load_card(session, name, version)
    response.headers["ETag"] = tag(found)
    return shown.card_out(card, found)


@router.post(
    "/scorecards",
    summary="Add a scorecard, or its next version",
    responses=_REFUSALS,
    dependencies=[Depends(names_version)],
)
def new_card(
    request: Request,
    response: Response,
    caller: Caller,
    document: Annotated[dict[str, Any], Described(Card), Body(examples=[shown.DOCUMENT])],
) -> shown.CardOut:
    """Reviews go on with the version that they began with. With `If-Match` it follows the version that was
    read, and no other."""
    sessions: SessionFactory = request.app.state.sessions
    clock: Clock = request.app.state.clock
    card = read_card(document)
    with transaction(sessions) as session:
        require_newest(request, newest(session, ScorecardRow, card.name, lock=True))
        row, _ = add_card(session, clock, card, by=caller.id)
        response.headers["ETag"] = tag(row.version)
        return shown.card_out(card, row.version)


@router.post("/scorecards/{name}/score", summary="What ratings come to; nothing is kept")
def score(
    session: Reader,
    name: CardName,
    ratings: Annotated[dict[str, Rating], Body(examples=[{"respectful": 1, "solution": "n/a"}])],
    version: Version = None,
) -> shown.CardScoreOut:
    """The weight of what does not apply goes to the other items."""
    card, _ = load_card(session, name, version)
    return shown.score_out(score_card(card, ratings))
