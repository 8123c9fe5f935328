"""How a warning stands on a day on which nothing new was heard. The stored score stays as of its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from complaint_warnings.scoring.indicators import case_facts, hits
from complaint_warnings.scoring.rating import rate
from complaint_warnings.scoring.score import assess_episode, explained, last_moment
from complaint_warnings.scoring.weights import Weights
from complaint_warnings.types import Evidence, Indicator, Language, Level, WarningAssessment


@dataclass(frozen=True, slots=True)
class Standing:
    """A warning then and now.

    `then` is as of the newest evidence, which is what is stored; its level holds until a person closes the
    warning. `score` and `indicators` are as of the day asked, faded by then; `level_by_points` is what they
    alone would reach. `quiet_days` have passed since the newest evidence, None where no time is known.
    """

    then: WarningAssessment
    score: float
    level_by_points: Level | None
    indicators: tuple[Indicator, ...]
    quiet_days: float | None


def standing(
    evidence: Sequence[Evidence], weights: Weights, as_of: datetime, language: Language | None = None
) -> Standing | None:
    """How the episode stands at `as_of`, by what had happened; None where it never reached a level."""
    known = [each for each in evidence if each.moment is None or each.moment <= as_of]
    episode = assess_episode(known, weights, language)
    if episode is None:
        return None
    rating = rate(hits(known), case_facts(known, weights), weights, as_of)
    newest = last_moment(known)
    words = language or known[-1].language
    return Standing(
        then=episode.assessment,
        score=rating.score,
        level_by_points=rating.level,
        indicators=tuple(explained(part, weights, words) for part in rating.parts),
        quiet_days=None if newest is None else (as_of - newest).total_seconds() / 86_400,
    )
