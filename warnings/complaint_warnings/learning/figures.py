"""The figures of a month. Pure: typed rows in, counts out; nothing is estimated.

A complaint counts in the month in which it arrived, its handling in the month in which it was closed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from complaint_warnings.learning.types import DIMENSIONS, CaseStory, Rate

# A complaint of the same debtor within this time after closing shows that the first was not settled.
REPEAT_WITHIN: Final = timedelta(days=30)
SATISFIED_FROM: Final = 4


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to, not with, `end`; both aware."""

    start: datetime
    end: datetime

    def holds(self, moment: datetime | None) -> bool:
        """Whether the moment is known and lies in the span."""
        return moment is not None and self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The customers' last marks. `answered` counts those asked who gave one; `mean` is None without any."""

    answered: Rate
    satisfied: Rate
    mean: float | None
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a span of time shows. `causes` maps each dimension to its causes, most frequent first."""

    complaints: int
    closed: int
    open_at_end: int
    one_time: Rate
    repeats: Rate
    answered_in_time: Rate
    settled_in_time: Rate
    median_days_to_close: float | None
    satisfaction: Satisfaction
    attributed: Rate
    causes: dict[str, tuple[tuple[str, int], ...]]


def figures(stories: Sequence[CaseStory], span: Span) -> Figures:
    """The figures of the complaints among the cases.

    Args:
        stories: all cases of all times; repeats of earlier ones are found among them.
        span: the time asked for.
    """
    complaints = [story for story in stories if story.complained_at is not None]
    arrived = [story for story in complaints if span.holds(story.complained_at)]
    closed = [story for story in complaints if span.holds(story.closed_at)]
    repeated = _repeated(complaints)
    days = [_days_to_close(story) for story in closed]
    return Figures(
        complaints=sum(span.holds(moment) for story in complaints for moment in story.arrivals),
        closed=len(closed),
        open_at_end=sum(_open_at(story, span.end) for story in complaints),
        one_time=_rate(
            [story for story in closed if story.ended_as is None],
            lambda story: settled_at_once(story) and story.number not in repeated,
        ),
        repeats=_rate(closed, lambda story: story.number in repeated),
        answered_in_time=_in_time(arrived, lambda story: (story.answered_at, story.answer_due), span.end),
        settled_in_time=_in_time(arrived, lambda story: (story.settled_at, story.settle_due), span.end),
        median_days_to_close=median(days) if days else None,
        satisfaction=satisfaction(closed),
        attributed=_rate(closed, lambda story: bool(story.causes)),
        causes={dimension: _causes(closed, dimension) for dimension in DIMENSIONS},
    )


def figures_by(
    stories: Sequence[CaseStory], span: Span, key: Callable[[CaseStory], str | None]
) -> dict[str, Figures]:
    """The figures of each value of `key` (team, collector, creditor, channel …), by name; a case for which
    it is not known counts under the empty name, so that the parts add up to the whole."""
    names = sorted({key(story) or "" for story in stories})
    return {name: figures([story for story in stories if (key(story) or "") == name], span) for name in names}


def settled_at_once(story: CaseStory) -> bool:
    """Whether the case was settled with one answer: never reopened, no mark below satisfied, and the people
    who evaluated it do not say otherwise."""
    satisfied = all(mark >= SATISFIED_FROM for mark in story.ratings)
    return satisfied and not story.reopened and story.at_once is not False


def satisfaction(stories: Iterable[CaseStory]) -> Satisfaction:
    """The last marks of the customers who were asked."""
    asked = [story for story in stories if story.asked or story.ratings]
    marks = [story.ratings[-1] for story in asked if story.ratings]
    counted = Counter(marks)
    return Satisfaction(
        answered=Rate(len(marks), len(asked)),
        satisfied=Rate(sum(mark >= SATISFIED_FROM for mark in marks), len(marks)),
        mean=sum(marks) / len(marks) if marks else None,
        marks=tuple((mark, counted[mark]) for mark in range(1, 6)),
    )


def _repeated(complaints: Iterable[CaseStory]) -> frozenset[str]:
    """The cases in which, or soon after which, the same debtor complained again."""
    by_debtor: dict[str, list[CaseStory]] = {}
    for story in complaints:
        by_debtor.setdefault(story.debtor_key, []).append(story)
    return frozenset(
        earlier.number
        for own in by_debtor.values()
        for earlier in own
        for later in own
        if len(earlier.arrivals) > 1 or (earlier is not later and _follows(earlier, later))
    )


def _follows(earlier: CaseStory, later: CaseStory) -> bool:
    if earlier.closed_at is None or later.complained_at is None:
        return False
    return timedelta(0) <= later.complained_at - earlier.closed_at <= REPEAT_WITHIN


def _open_at(story: CaseStory, moment: datetime) -> bool:
    if story.complained_at is None or story.complained_at >= moment:
        return False
    return story.closed_at is None or story.closed_at >= moment


def _days_to_close(story: CaseStory) -> float:
    if story.closed_at is None or story.complained_at is None:
        raise ValueError(f"case {story.number} is not a closed complaint")
    return (story.closed_at - story.complained_at) / timedelta(days=1)


def _in_time(
    stories: Iterable[CaseStory],
    times: Callable[[CaseStory], tuple[datetime | None, datetime | None]],
    now: datetime,
) -> Rate:
    """How many were done by their deadline. What is neither done nor due yet is not counted."""
    kept = missed = 0
    for done, due in map(times, stories):
        if due is None:
            continue
        if done is not None and done <= due:
            kept += 1
        elif done is not None or due < now:
            missed += 1
    return Rate(kept, kept + missed)


def _rate(stories: Sequence[CaseStory], holds: Callable[[CaseStory], bool]) -> Rate:
    return Rate(sum(map(holds, stories)), len(stories))


def _causes(stories: Iterable[CaseStory], dimension: str) -> tuple[tuple[str, int], ...]:
    counted = Counter(
        cause.kind for story in stories for cause in set(story.causes) if cause.dimension == dimension
    )
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
