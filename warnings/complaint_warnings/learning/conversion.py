"""Warnings that became complaints, and complaints that nobody was warned of. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final, Literal

from complaint_warnings.learning.figures import Span
from complaint_warnings.learning.types import CaseStory, Rate

# Why nothing warned of a complaint. `late`: a warning came, but not before the complaint.
Missed = Literal["no_calls", "not_judged", "no_signals", "late"]
MISSED: Final[tuple[Missed, ...]] = ("no_calls", "not_judged", "no_signals", "late")


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard of a debtor before a complaint: calls, and how many of them could be judged."""

    calls: int
    judged: int


@dataclass(frozen=True, slots=True)
class MissedComplaint:
    """A complaint without a warning before it."""

    number: str
    complained_at: datetime
    why: Missed


@dataclass(frozen=True, slots=True)
class Conversion:
    """`converted`: of the warnings opened in the span, how many became complaints. `foreseen`: of the
    complaints that arrived in it, how many had a warning before; `lead_days` the median time between."""

    converted: Rate
    by_level: dict[str, Rate]
    by_source: dict[str, Rate]
    foreseen: Rate
    lead_days: float | None
    missed: tuple[MissedComplaint, ...]


def conversion(stories: Sequence[CaseStory], span: Span, heard: Callable[[CaseStory], Heard]) -> Conversion:
    """How warnings and complaints met.

    Args:
        stories: all cases.
        span: warnings opened and complaints arrived in it count.
        heard: what was heard of the case's debtor before the complaint.
    """
    warnings = [s for s in stories if s.warned_at is not None and span.holds(s.warned_at)]
    arrived = [s for s in stories if span.holds(s.complained_at)]
    foreseen = [lead for story in arrived if (lead := lead_of(story)) is not None]
    return Conversion(
        converted=_became(warnings),
        by_level=_split(warnings, lambda story: story.level),
        by_source=_split(warnings, lambda story: story.source),
        foreseen=Rate(len(foreseen), len(arrived)),
        lead_days=median(lead / timedelta(days=1) for lead in foreseen) if foreseen else None,
        missed=tuple(_missed(story, heard(story)) for story in arrived if lead_of(story) is None),
    )


def lead_of(story: CaseStory) -> timedelta | None:
    """How long before the complaint the warning was open; None without a complaint or a warning before it."""
    if story.complained_at is None or story.warned_at is None or story.warned_at >= story.complained_at:
        return None
    return story.complained_at - story.warned_at


def _missed(story: CaseStory, heard: Heard) -> MissedComplaint:
    if story.complained_at is None:
        raise ValueError(f"case {story.number} is no complaint")
    return MissedComplaint(story.number, story.complained_at, _why(story, heard))


def _why(story: CaseStory, heard: Heard) -> Missed:
    if story.warned_at is not None:
        return "late"
    if heard.calls == 0:
        return "no_calls"
    return "no_signals" if heard.judged == heard.calls else "not_judged"


def _became(warnings: Iterable[CaseStory]) -> Rate:
    leads = [lead_of(story) is not None for story in warnings]
    return Rate(sum(leads), len(leads))


def _split(warnings: Sequence[CaseStory], key: Callable[[CaseStory], str]) -> dict[str, Rate]:
    return {
        name: _became(story for story in warnings if key(story) == name)
        for name in sorted({key(story) for story in warnings})
    }
