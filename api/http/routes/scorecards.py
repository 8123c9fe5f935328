"""Scorecards, and trying out what ratings come to."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request
from pydantic import BaseModel, ConfigDict

from api import scorecards as shown
from api.http.deps import Caller, Reader
from api.http.described import Described
from qc.sampling.scorecards import Card, Rating, add_card, cards, load_card, read_card, score_card
from store.clock import Clock
from store.database import SessionFactory, transaction

router = APIRouter(tags=["scorecards"])

CardName = Annotated[str, Path(max_length=60, description="of a card", examples=["standard"])]
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
def one_card(session: Reader, name: CardName, version: Version = None) -> shown.CardOut:
    """Its newest version, or the one that a review began with."""
    return shown.card_out(*load_card(session, name, version))


@router.post("/scorecards", summary="Add a scorecard, or its next version")
def new_card(
    request: Request,
    caller: Caller,
    document: Annotated[dict[str, Any], Described(Card), Body(examples=[shown.DOCUMENT])],
) -> shown.CardOut:
    """Reviews go on with the version that they began with."""
    sessions: SessionFactory = request.app.state.sessions
    clock: Clock = request.app.state.clock
    card = read_card(document)
    with transaction(sessions) as session:
        row, _ = add_card(session, clock, card, by=caller.id)
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
