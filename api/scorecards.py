"""Scorecards as people are shown them, on the command line and over HTTP alike."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from qc.sampling.scorecards import Card, CardScore, Rating

DOCUMENT: dict[str, Any] = {
    "name": "short",
    "title": {"zh": "简表", "en": "Short card"},
    "critical_cap": 0,
    "pass_mark": 80,
    "sections": [
        {
            "id": "conduct",
            "title": {"zh": "言行", "en": "Conduct"},
            "items": [
                {
                    "id": "respectful",
                    "title": {"zh": "尊重", "en": "Respectful"},
                    "weight": 60,
                    "critical": True,
                },
                {
                    "id": "solution",
                    "title": {"zh": "提出方案", "en": "Offers a way"},
                    "weight": 40,
                    "best": 2,
                    "not_applicable": True,
                },
            ],
        }
    ],
}
CARD: dict[str, Any] = {"name": "short", "version": 1, "document": DOCUMENT}
SCORE: dict[str, Any] = {
    "points": 100.0,
    "uncapped": 100.0,
    "passed": True,
    "failed": [],
    "items": [
        {"id": "respectful", "rating": 1, "weight": 100.0, "points": 100.0, "failed": False},
        {"id": "solution", "rating": "n/a", "weight": None, "points": None, "failed": False},
    ],
}


class CardOut(BaseModel):
    """A scorecard on record; version 0 is the one that comes with Diting."""

    model_config = ConfigDict(json_schema_extra={"examples": [CARD]})

    name: str
    version: int
    document: dict[str, Any] = Field(description="the card (docs/sampling.md)")


class CardItem(BaseModel):
    """What one item brought."""

    id: str
    rating: Rating
    weight: float | None = Field(description="its share in percent, what does not apply left out")
    points: float | None
    failed: bool = Field(description="a critical item that failed")


class CardScoreOut(BaseModel):
    """What a card came to."""

    model_config = ConfigDict(json_schema_extra={"examples": [SCORE]})

    points: float = Field(description="0 to 100")
    uncapped: float = Field(description="before failed critical items were looked at")
    passed: bool
    failed: list[str]
    items: list[CardItem]


def card_out(card: Card, version: int) -> CardOut:
    """A card."""
    return CardOut(name=card.name, version=version, document=card.document())


def score_out(made: CardScore) -> CardScoreOut:
    """What a card came to."""
    return CardScoreOut(
        points=made.points,
        uncapped=made.uncapped,
        passed=made.passed,
        failed=list(made.failed),
        items=[
            CardItem(
                id=each.id, rating=each.rating, weight=each.weight, points=each.points, failed=each.failed
            )
            for each in made.items
        ],
    )
