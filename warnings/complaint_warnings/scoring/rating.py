"""The numbers of the score: indicators to points, points to a level. Nothing is put into words here."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from complaint_warnings.scoring.indicators import CaseFact, Hit
from complaint_warnings.scoring.weights import IndicatorWeight, Weights
from complaint_warnings.types import LEVELS, Level, rank

SECONDS_A_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Part:
    """The points of one indicator. `full` is before its group was limited, `points` what it adds to the
    score, rounded to one decimal. `hits` it rests on are empty where it comes from the case system; then
    `value` tells the fact. `age_days` is the age of the youngest hit."""

    name: str
    full: float
    points: float
    floor: Level | None
    hits: tuple[Hit, ...] = ()
    age_days: int = 0
    value: str = ""

    @property
    def limited(self) -> bool:
        """Whether its group left it less than its own points."""
        return round(self.full, 1) > self.points


@dataclass(frozen=True, slots=True)
class Rating:
    """`score` 0..100 is the sum of the parts' points; `level` None where nothing reaches one. The gravest
    part comes first."""

    score: float
    level: Level | None
    parts: tuple[Part, ...]


def rate(found: Sequence[Hit], facts: Sequence[CaseFact], weights: Weights, as_of: datetime | None) -> Rating:
    """Weigh hits and facts of the case as of a moment; without one nothing fades."""
    by_group: dict[str, list[Part]] = {name: [] for name in weights.groups}
    by_name: dict[str, list[Hit]] = defaultdict(list)
    for hit in found:
        by_name[hit.name].append(hit)
    for name, some in by_name.items():
        by_group[weights.indicators[name].group].append(_weigh(name, some, weights, as_of))
    by_group["case"] += [Part(fact.name, fact.points, fact.points, None, value=fact.value) for fact in facts]
    parts = _limit_groups(by_group, weights, has_signal=bool(found))
    score = min(100.0, round(sum(part.points for part in parts), 1))
    return Rating(score, _level(score, parts, weights), parts)


def _weigh(name: str, some: Sequence[Hit], weights: Weights, as_of: datetime | None) -> Part:
    weight = weights.indicators[name]
    best: dict[str, float] = {}
    highest, youngest, forced = 1.0, float("inf"), False
    for hit in some:
        factor = weights.emotion.factor(hit.heard_in, hit.trend) if hit.heard_in or hit.trend else 1.0
        age = _age_days(hit, as_of)
        counts = hit.certain or weight.hard
        points = (
            weight.points * hit.count * (1.0 if counts else weights.unsure) * _faded(age, weight) * factor
        )
        best[hit.of.reference] = max(points, best.get(hit.of.reference, 0.0))
        highest, youngest = max(highest, factor), min(youngest, age)
        forced = forced or (counts and age <= weights.floor_days)
    full = min(weight.most * highest, sum(best.values()))
    return Part(name, full, full, weight.floor if forced else None, tuple(some), round(youngest))


def _age_days(hit: Hit, as_of: datetime | None) -> float:
    """Age of the call or item; 0 where it is unknown or in the future, so that it counts in full."""
    if as_of is None or hit.of.moment is None:
        return 0.0
    return max(0.0, (as_of - hit.of.moment).total_seconds() / SECONDS_A_DAY)


def _faded(age_days: float, weight: IndicatorWeight) -> float:
    fraction: float = 0.5 ** (age_days / weight.half_life_days)
    return fraction


def _limit_groups(by_group: dict[str, list[Part]], weights: Weights, *, has_signal: bool) -> tuple[Part, ...]:
    """Apply each group's limits; heaviest first, so the reading order is the order of weight."""
    limited = []
    for name, members in by_group.items():
        group = weights.groups[name]
        room = group.cap
        if not has_signal and group.cap_without_signal is not None:
            room = min(room, group.cap_without_signal)
        for place, part in enumerate(sorted(members, key=lambda p: (-p.full, p.name))):
            points = min(room, part.full * (1.0 if place == 0 else group.further))
            room -= points
            limited.append(
                Part(part.name, part.full, round(points, 1), part.floor, part.hits, part.age_days, part.value)
            )
    return tuple(sorted(limited, key=lambda p: (-rank(p.floor), -p.points, p.name)))


def _level(score: float, parts: Sequence[Part], weights: Weights) -> Level | None:
    thresholds = {
        "low": weights.thresholds.low,
        "medium": weights.thresholds.medium,
        "high": weights.thresholds.high,
    }
    reached = [level for level in LEVELS if score >= thresholds[level]]
    reached += [part.floor for part in parts if part.floor is not None]
    return max(reached, key=rank, default=None)
