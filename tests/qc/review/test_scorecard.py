"""A plan's scorecard: nothing is shared before it is whole, and what it comes to is on record."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy.orm import Session

from qc.models import TicketRow
from qc.review.loading import load
from qc.review.service import possible_now
from qc.sampling.plan import read_plan
from qc.sampling.scorecards import add_card, read_card
from qc.sampling.service import add_plan
from store.database import reading, transaction
from store.errors import DitingError
from store.people import find_actor
from tests.qc.review.conftest import House

CARD: dict[str, Any] = {
    "name": "house",
    "title": {"zh": "评分表", "en": "Card"},
    "sections": [
        {
            "id": "all",
            "title": {"zh": "全部", "en": "All"},
            "items": [
                {"id": "polite", "title": {"zh": "礼貌", "en": "Polite"}, "weight": 60, "critical": True},
                {"id": "help", "title": {"zh": "帮助", "en": "Helps"}, "weight": 40, "not_applicable": True},
            ],
        }
    ],
}
PLAN = {
    "name": "weekly",
    "title": {"zh": "每周", "en": "Weekly"},
    "size": {"number": 1},
    "random": {"size": {"number": 1}},
    "scorecard": "house",
}


def put_card(session: Session, house: House, *more: dict[str, Any]) -> None:
    section = CARD["sections"][0]
    card = CARD | {"sections": [section | {"items": [*section["items"], *more]}]}
    add_card(session, house.clock, read_card(card), by="lead")


@pytest.fixture
def drawn(house: House) -> House:
    """The ticket was drawn by a plan with a scorecard."""
    with transaction(house.sessions) as session:
        put_card(session, house)
        add_plan(session, house.clock, read_plan(PLAN), by="lead")
        session.get_one(TicketRow, house.ticket).plan = "weekly@1"
    return house


def missing(house: House, who: str, action: str) -> Mapping[str, tuple[str, ...]]:
    """What each guard of an action misses."""
    with reading(house.sessions) as session:
        found = possible_now(load(session, house.ticket), find_actor(session, who), house.clock.now())
    (one,) = [each for each in found if each.line.action == action]
    return {guard.name: refusal.missing for guard, refusal in one.guards if refusal is not None}


def refused(house: House, who: str, action: str, **details: Any) -> str:
    with pytest.raises(DitingError) as raised:
        house.do(who, action, **details)
    return raised.value.code


def test_nothing_is_shared_before_every_item_is_rated(drawn: House) -> None:
    drawn.do("ann", "take")
    threat, slow, _ = drawn.findings
    assert missing(drawn, "ann", "share") == {
        "all_decided": (f"finding {threat}", f"finding {slow}"),
        "all_rated": ("polite", "help"),
    }
    drawn.review("ann", "false", "false")
    assert refused(drawn, "ann", "share") == "ticket.unrated"
    drawn.do("ann", "rate", item="polite", rating=0)
    assert missing(drawn, "ann", "share") == {"all_rated": ("help",)}
    drawn.do("ann", "rate", item="help", rating="n/a")
    loaded = drawn.do("ann", "share")
    # A critical item fails the whole card; the score by the findings is another thing.
    assert loaded.events[-1].details["scorecard"] == {
        "card": "house@1", "points": 0, "passed": False, "failed": ["polite"],
    }  # fmt: skip
    assert loaded.events[-1].details["result"] == {"score": 100, "band": "clean"}


def test_another_card_does_not_take_its_place(drawn: House) -> None:
    drawn.do("ann", "take")
    drawn.review("ann", "false", "false")
    drawn.do("ann", "rate", card="standard", item="closing", rating=1)
    assert refused(drawn, "ann", "share") == "ticket.unrated"


def test_a_review_goes_on_with_the_version_that_it_began_with(drawn: House) -> None:
    drawn.do("ann", "take")
    drawn.review("ann", "false", "false")
    drawn.do("ann", "rate", item="polite", rating=1)
    with transaction(drawn.sessions) as session:
        put_card(session, drawn, {"id": "new", "title": {"zh": "新", "en": "New"}, "weight": 1})
    assert missing(drawn, "ann", "share") == {"all_rated": ("help",)}
    drawn.do("ann", "rate", item="help", rating=1)
    assert drawn.do("ann", "share").events[-1].details["scorecard"]["points"] == 100


def test_each_of_two_reviewers_rates_the_card(drawn: House) -> None:
    drawn.do("lead", "assign", reviewer="ann", second_reviewer="bo")
    drawn.do("ann", "take")
    for who in ("ann", "bo"):
        drawn.review(who, "true", "true")
        assert refused(drawn, who, "complete") == "ticket.unrated"
        drawn.do(who, "rate", ratings={"polite": 1, "help": 1})
        drawn.do(who, "complete")
    assert drawn.do("ann", "share").row.state == "shared"


def test_a_plan_names_a_card_that_is_there(house: House) -> None:
    with pytest.raises(DitingError) as raised, transaction(house.sessions) as session:
        add_plan(session, house.clock, read_plan(PLAN), by="lead")
    assert raised.value.code == "scorecard.unknown"
