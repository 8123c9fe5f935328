"""What would be otherwise under other weights: every stored episode scored twice, nothing written."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from complaint_warnings.scoring.score import assess_episode
from complaint_warnings.scoring.weights import Weights
from complaint_warnings.types import Evidence, Language, Level, WarningAssessment, rank


@dataclass(frozen=True, slots=True)
class StoredEpisode:
    """What is kept of one episode. `warning` is None while the debtor has none; `open` is False once a person
    closed it."""

    debtor: str
    warning: int | None
    open: bool
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One indicator whose points differ; `because` explains the points after, or those that are gone."""

    indicator: str
    before: float
    after: float
    because: str


@dataclass(frozen=True, slots=True)
class Difference:
    """An episode that the other weights score otherwise. A level is None where there would be no warning."""

    debtor: str
    warning: int | None
    open: bool
    level_before: Level | None
    level_after: Level | None
    score_before: float
    score_after: float
    changes: tuple[Change, ...]

    @property
    def moved(self) -> int:
        """By how many levels it would rise (above 0) or fall."""
        return rank(self.level_after) - rank(self.level_before)


@dataclass(frozen=True, slots=True)
class Simulation:
    """Everything that would be otherwise. `moves` counts episodes by level before and after; `raised` and
    `lowered` debtors with an episode whose level would rise or fall, `rescored` those of whom only points
    change. `differences` are the gravest first, at most as many as asked for; `complete` is False where the
    population was longer than what was looked at."""

    model_before: str
    model_after: str
    episodes: int
    debtors: int
    moves: dict[tuple[Level | None, Level | None], int]
    raised: int
    lowered: int
    rescored: int
    differences: tuple[Difference, ...]
    complete: bool


def simulate(
    population: Iterable[StoredEpisode],
    before: Weights,
    after: Weights,
    *,
    language: Language | None = None,
    show: int = 100,
    at_most: int | None = None,
) -> Simulation:
    """Score the population under both weights.

    Args:
        population: the episodes; read once, one by one.
        before: the weights in use. What was stored under still older ones does not matter.
        after: the weights tried.
        language: of the explanations; default: that of each episode's newest call.
        show: how many differences to keep.
        at_most: how many episodes to look at; all by default.
    """
    moves: Counter[tuple[Level | None, Level | None]] = Counter()
    debtors: set[str] = set()
    groups: dict[str, set[str]] = {"raised": set(), "lowered": set(), "rescored": set()}
    kept: list[Difference] = []
    complete, episodes = True, 0
    for stored in population:
        if at_most is not None and episodes >= at_most:
            complete = False
            break
        episodes += 1
        debtors.add(stored.debtor)
        found = difference(stored, before, after, language)
        moves[found.level_before, found.level_after] += 1
        if found.changes or found.moved:
            name = "raised" if found.moved > 0 else "lowered" if found.moved < 0 else "rescored"
            groups[name].add(stored.debtor)
            kept.append(found)
            if len(kept) > 2 * show:
                kept = _gravest(kept, show)
    return Simulation(
        model_before=before.model,
        model_after=after.model,
        episodes=episodes,
        debtors=len(debtors),
        moves=dict(moves),
        raised=len(groups["raised"]),
        lowered=len(groups["lowered"]),
        rescored=len(groups["rescored"] - groups["raised"] - groups["lowered"]),
        differences=tuple(_gravest(kept, show)),
        complete=complete,
    )


def difference(
    stored: StoredEpisode, before: Weights, after: Weights, language: Language | None = None
) -> Difference:
    """One episode under both weights."""
    old = assess_episode(stored.evidence, before, language)
    new = assess_episode(stored.evidence, after, language)
    a, b = old.assessment if old else None, new.assessment if new else None
    return Difference(
        debtor=stored.debtor,
        warning=stored.warning,
        open=stored.open,
        level_before=a.level if a else None,
        level_after=b.level if b else None,
        score_before=a.score if a else 0.0,
        score_after=b.score if b else 0.0,
        changes=_changes(a, b),
    )


def _changes(before: WarningAssessment | None, after: WarningAssessment | None) -> tuple[Change, ...]:
    old = {each.name: each for each in (before.indicators if before else ())}
    new = {each.name: each for each in (after.indicators if after else ())}
    found = []
    for name in dict.fromkeys((*new, *old)):
        was, now = old.get(name), new.get(name)
        points = (was.points if was else 0.0, now.points if now else 0.0)
        said = now or was
        if said is not None and (points[0] != points[1] or (was is None) != (now is None)):
            found.append(Change(name, *points, said.because))
    return tuple(sorted(found, key=lambda each: (-abs(each.after - each.before), each.indicator)))


def _gravest(kept: Sequence[Difference], show: int) -> list[Difference]:
    """Moves of levels first, the farther the earlier; then by how far the score moves."""
    return sorted(
        kept,
        key=lambda d: (-abs(d.moved), -rank(d.level_after), -abs(d.score_after - d.score_before), d.debtor),
    )[:show]
