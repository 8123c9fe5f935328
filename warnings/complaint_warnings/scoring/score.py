"""The warning score, explained. Pure; the caller says what day it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from complaint_warnings.scoring.explanation import explain
from complaint_warnings.scoring.indicators import case_facts, facts_after, hits, hits_by_call, in_order
from complaint_warnings.scoring.rating import Part, Rating, rate
from complaint_warnings.scoring.weights import Weights
from complaint_warnings.scoring.wording import first_advice, remark, sentence
from complaint_warnings.types import Evidence, Indicator, Language, Level, WarningAssessment, rank


@dataclass(frozen=True, slots=True)
class Episode:
    """A debtor's episode as its calls and items tell it.

    `assessment` is the state at the last of them; its level is the highest the episode ever reached.
    `first` is the call or item with which the first level was reached.
    """

    assessment: WarningAssessment
    first: Evidence


def last_moment(evidence: Sequence[Evidence]) -> datetime | None:
    """When the newest call began or item happened; None where nothing has a time."""
    return max((e.moment for e in evidence if e.moment is not None), default=None)


def assess(
    evidence: Sequence[Evidence],
    weights: Weights,
    as_of: datetime | None = None,
    language: Language | None = None,
) -> WarningAssessment | None:
    """Score one debtor's episode.

    Args:
        evidence: the calls and items of the episode, in any order; the order does not matter.
        weights: the weights file.
        as_of: the day for which the score is wanted, aware; default: the day of the newest call.
        language: of the explanations; default: that of the newest call.

    Returns:
        The assessment, or None where neither the score nor a trigger reaches a level.
    """
    if not evidence:
        return None
    moment = as_of or last_moment(evidence)
    rating = rate(hits(evidence), case_facts(evidence, weights), weights, moment)
    return _explained(rating, weights, language or in_order(evidence)[-1].language)


def assess_episode(
    evidence: Sequence[Evidence], weights: Weights, language: Language | None = None
) -> Episode | None:
    """Score an open episode as of its newest call, holding the highest level it ever reached.

    A level is not lowered by time or by a later, calmer call: only a person closes or lowers a warning.
    The result depends on the set of calls alone, not on the order in which they came to be known.
    """
    return next(iter(assess_episode_in((language,), evidence, weights)), None)


def assess_episode_in(
    languages: Sequence[Language | None], evidence: Sequence[Evidence], weights: Weights
) -> tuple[Episode, ...]:
    """The same explained in several languages, weighed once; nothing where no level was ever reached."""
    ordered = in_order(evidence)
    ratings = course(ordered, weights)
    first: Evidence | None = None
    peak: tuple[Level, Evidence] | None = None
    for call, rating in zip(ordered, ratings, strict=True):
        if rating.level is None:
            continue
        first = first or call
        if peak is None or rank(rating.level) > rank(peak[0]):
            peak = (rating.level, call)
    if first is None or peak is None:
        return ()
    held = []
    for language in languages:
        words = language or ordered[-1].language
        held.append(_hold(_explained(ratings[-1], weights, words), peak, weights, words))
    return tuple(Episode(assessment, first) for assessment in held)


def course(ordered: Sequence[Evidence], weights: Weights) -> list[Rating]:
    """The rating after each of the calls, from it and those before it, as of the newest of them."""
    found = hits_by_call(ordered)
    ratings, known = [], []
    for count, added in enumerate(found, start=1):
        known += added
        so_far = ordered[:count]
        ratings.append(rate(known, facts_after(so_far, weights), weights, last_moment(so_far)))
    return ratings


def _hold(
    now: WarningAssessment | None, peak: tuple[Level, Evidence], weights: Weights, words: Language
) -> WarningAssessment:
    level, call = peak
    if now is not None and rank(now.level) >= rank(level):
        return now
    day = call.moment.date().isoformat() if call.moment else call.reference
    held = Indicator("level_held", 0.0, sentence("level_held", words, day), level)
    base = now or WarningAssessment(0.0, level, weights.model, (), "")
    indicators = (*base.indicators, held)
    advice = first_advice([i.name for i in indicators], level, words)
    return replace(base, level=level, indicators=indicators, advice=advice)


def _explained(rating: Rating, weights: Weights, words: Language) -> WarningAssessment | None:
    if rating.level is None:
        return None
    indicators = tuple(explained(part, weights, words) for part in rating.parts)
    advice = first_advice([i.name for i in indicators], rating.level, words)
    return WarningAssessment(rating.score, rating.level, weights.model, indicators, advice)


def explained(part: Part, weights: Weights, words: Language) -> Indicator:
    """The points of one indicator with the sentence why."""
    remarks: tuple[str, ...] = ()
    if part.hits:
        hard = weights.indicators[part.name].hard
        remarks = explain(
            part.name, part.hits, hard=hard, age_days=part.age_days, language=words, by=weights.emotion
        )
    if part.limited:
        remarks = (*remarks, remark("group_limit", words))
    return Indicator(part.name, part.points, sentence(part.name, words, part.value, remarks), part.floor)
