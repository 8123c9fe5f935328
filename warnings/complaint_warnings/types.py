"""Values of the warning score."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One reason for points. `floor` is a level the indicator forces at least (hard trigger)."""

    name: str
    points: float
    because: str
    floor: Level | None = None


@dataclass(frozen=True, slots=True)
class WarningAssessment:
    """The explained score of a debtor's episode: `score` is 0..100 and is the sum of the indicators'
    points, capped at 100. `model` is `name@version` of the weights. `advice` is the first advice."""

    score: float
    level: Level
    model: str
    indicators: tuple[Indicator, ...]
    advice: str
