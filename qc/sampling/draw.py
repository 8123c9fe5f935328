"""Drawing a sample that anybody can draw again: calls in the order of a seeded hash. Pure."""

import hashlib
import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Final, Literal

from qc.sampling.plan import Allocation, Broad, Dimension, Filters, Size
from store.daily import DailyHours

METHOD: Final = "sha256-order@1"
UNJUDGED: Final = "unjudged"
WHOLE: Final = "all"
Flag = Literal["flagged", "clean", "unjudged"]
# Seconds at which the classes of length begin.
_LENGTHS: Final = ((600, "10min+"), (180, "3-10min"), (60, "1-3min"), (0, "0-1min"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A call that may be drawn. `at` is the local time of day at which it began, `new_days` how many days
    before it the collector's first call was; None where unknown. `flag` is `flagged` where a violation was
    found or doubted, `clean` only where all could be judged and nothing was found."""

    call_id: int
    flag: Flag
    seconds: float
    source: str | None = None
    team: str | None = None
    collector: str | None = None
    product: str | None = None
    client: str | None = None
    direction: str | None = None
    at: time | None = None
    band: str | None = None
    rules: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    new_days: int | None = None


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum of a draw: all that could be drawn, and what was, in the order of the draw."""

    name: str
    members: tuple[int, ...]
    drawn: tuple[int, ...]

    @property
    def weight(self) -> float:
        """For how many calls of the population one drawn call stands; 0 where none was drawn."""
        return len(self.members) / len(self.drawn) if self.drawn else 0.0


def fits(filters: Broad, call: Candidate) -> bool:
    """Whether the filters let the call in. What is not known of a call lets it in nowhere where it is
    asked."""
    named = (
        (filters.sources, call.source),
        (filters.teams, call.team),
        (filters.collectors, call.collector),
        (filters.products, call.product),
        (filters.clients, call.client),
    )
    if any(wanted and value not in wanted for wanted, value in named):
        return False
    if filters.direction is not None and call.direction != filters.direction:
        return False
    return _fits_time(filters, call) and (not isinstance(filters, Filters) or _fits_found(filters, call))


def _fits_time(filters: Broad, call: Candidate) -> bool:
    if filters.hours is not None and (call.at is None or not DailyHours.read(filters.hours).hold(call.at)):
        return False
    if filters.min_seconds is not None and call.seconds < filters.min_seconds:
        return False
    if filters.max_seconds is not None and call.seconds >= filters.max_seconds:
        return False
    wanted = filters.new_collector_days
    return wanted is None or (call.new_days is not None and call.new_days < wanted)


def _fits_found(filters: Filters, call: Candidate) -> bool:
    if filters.flagged is not None and filters.flagged is not (call.flag == "flagged"):
        return False
    if filters.bands and call.band not in filters.bands:
        return False
    if filters.categories and call.categories.isdisjoint(filters.categories):
        return False
    if not filters.rules:
        return True
    plain = {rule.partition("@")[0] for rule in call.rules}
    return any(rule in call.rules or rule in plain for rule in filters.rules)


def stratum_of(call: Candidate, by: Sequence[Dimension]) -> str:
    """The name of the call's stratum. Calls that could not be judged are always apart from the others."""
    values = {
        "team": call.team,
        "collector": call.collector,
        "product": call.product,
        "client": call.client,
        "hour": None if call.at is None else f"{call.at.hour:02d}",
        "band": call.band,
        "flag": call.flag,
        "length": next(name for least, name in _LENGTHS if call.seconds >= least),
    }
    if call.flag == UNJUDGED:
        return "|".join([UNJUDGED, *(f"{name}={values[name] or '-'}" for name in by if name not in _FOUND)])
    return "|".join(f"{name}={values[name] or '-'}" for name in by) or WHOLE


_FOUND: Final = frozenset({"band", "flag"})


def hash_order(calls: Iterable[int], seed: str) -> list[int]:
    """The calls in the order of the draw: by the SHA-256 of `seed:number`."""
    return sorted(calls, key=lambda call: hashlib.sha256(f"{seed}:{call}".encode()).digest())


def allocate(populations: Mapping[str, int], total: int, allocation: Allocation) -> dict[str, int]:
    """How many calls of each stratum, `total` in all where there are so many.

    Every stratum gets one call as far as they reach, the largest first, so that none is never looked at.
    `proportional` gives the others by the method of Webster, `equal` gives all the same, and what small
    strata lack to the others.
    """
    given = dict.fromkeys(populations, 0)

    def turn(name: str) -> tuple[float, int, str]:
        """Whose turn is next: the least."""
        size, has = populations[name], given[name]
        if has == 0:
            return -float("inf"), -size, name
        return (has if allocation == "equal" else -size / (2 * has + 1)), -size, name

    waiting = [turn(name) for name, size in populations.items() if size]
    heapq.heapify(waiting)
    for _ in range(min(total, sum(populations.values()))):
        name = waiting[0][2]
        given[name] += 1
        if given[name] < populations[name]:
            heapq.heapreplace(waiting, turn(name))
        else:
            heapq.heappop(waiting)
    return given


def draw(
    calls: Iterable[Candidate],
    *,
    seed: str,
    size: Size,
    by: Sequence[Dimension] = (),
    allocation: Allocation = "proportional",
) -> tuple[Stratum, ...]:
    """Draw from the population `calls`: from each stratum the first ones in the order of the seed.

    The same population, seed, size and strata give the same calls, whoever draws and in whatever order the
    population comes.
    """
    members: dict[str, list[int]] = {}
    for call in calls:
        members.setdefault(stratum_of(call, by), []).append(call.call_id)
    return draw_again(members, seed=seed, size=size, allocation=allocation)


def draw_again(
    members: Mapping[str, Iterable[int]], *, seed: str, size: Size, allocation: Allocation
) -> tuple[Stratum, ...]:
    """The same from a population that is parted already, as it is on record."""
    parted = {name: tuple(sorted(each)) for name, each in sorted(members.items())}
    populations = {name: len(each) for name, each in parted.items()}
    numbers = allocate(populations, size.of(sum(populations.values())), allocation)
    return tuple(
        Stratum(name, each, tuple(hash_order(each, seed)[: numbers[name]])) for name, each in parted.items()
    )


def pack_numbers(numbers: Iterable[int]) -> str:
    """Numbers in few letters: `1-3,7`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in runs)


def unpack_numbers(text: str) -> list[int]:
    """What `pack_numbers` packed."""
    found: list[int] = []
    for part in text.split(",") if text else ():
        low, _, high = part.partition("-")
        found.extend(range(int(low), int(high or low) + 1))
    return found
