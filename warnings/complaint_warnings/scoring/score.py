"""The warning score: indicators to points, points to a level. Pure; the caller says what day it is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from complaint_warnings.scoring.explanation import explain
from complaint_warnings.scoring.indicators import CaseFact, Hit, case_facts, hits, in_order
from complaint_warnings.scoring.weights import IndicatorWeight, Weights
from complaint_warnings.scoring.wording import first_advice, remark, sentence
from complaint_warnings.types import (
    LEVELS,
    CallEvidence,
    Indicator,
    Language,
    Level,
    WarningAssessment,
    rank,
)

SECONDS_A_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Episode:
    """A debtor's episode as its calls tell it.

    `assessment` is the state at the last call; its level is the highest the episode ever reached.
    `first_call` is the call with which the first level was reached.
    """

    assessment: WarningAssessment
    first_call: CallEvidence


@dataclass(frozen=True, slots=True)
class _Part:
    """One indicator before its group is limited."""

    name: str
    group: str
    points: float
    floor: Level | None
    value: str = ""
    remarks: tuple[str, ...] = ()


def last_moment(evidence: Sequence[CallEvidence]) -> datetime | None:
    """When the newest call began; None where no call has a time."""
    return max((e.started_at for e in evidence if e.started_at is not None), default=None)


def assess(
    evidence: Sequence[CallEvidence],
    weights: Weights,
    as_of: datetime | None = None,
    language: Language | None = None,
) -> WarningAssessment | None:
    """Score one debtor's episode.

    Args:
        evidence: the calls of the episode, in any order; the order does not matter.
        weights: the weights file.
        as_of: the day for which the score is wanted, aware; default: the day of the newest call.
        language: of the explanations; default: that of the newest call.

    Returns:
        The assessment, or None where neither the score nor a trigger reaches a level.
    """
    if not evidence:
        return None
    moment = as_of or last_moment(evidence)
    words = language or in_order(evidence)[-1].language
    found = hits(evidence)
    parts = [
        *_call_parts(found, weights, moment, words),
        *(_case_part(fact) for fact in case_facts(evidence, weights)),
    ]
    indicators = _limit_groups(parts, weights, words, has_signal=bool(found))
    score = min(100.0, round(sum(i.points for i in indicators), 1))
    level = _level(score, indicators, weights)
    if level is None:
        return None
    advice = first_advice([i.name for i in indicators], level, words)
    return WarningAssessment(score, level, weights.model, tuple(indicators), advice)


def assess_episode(
    evidence: Sequence[CallEvidence], weights: Weights, language: Language | None = None
) -> Episode | None:
    """Score an open episode as of its newest call, holding the highest level it ever reached.

    A level is not lowered by time or by a later, calmer call: only a person closes or lowers a warning.
    The result depends on the set of calls alone, not on the order in which they came to be known.
    """
    ordered = in_order(evidence)
    first: CallEvidence | None = None
    peak: tuple[Level, CallEvidence] | None = None
    for count in range(1, len(ordered) + 1):
        now = assess(ordered[:count], weights, language=language)
        if now is None:
            continue
        call = ordered[count - 1]
        first = first or call
        if peak is None or rank(now.level) > rank(peak[0]):
            peak = (now.level, call)
    if first is None or peak is None:
        return None
    return Episode(
        _hold(assess(ordered, weights, language=language), peak, ordered, weights, language), first
    )


def _hold(
    now: WarningAssessment | None,
    peak: tuple[Level, CallEvidence],
    ordered: Sequence[CallEvidence],
    weights: Weights,
    language: Language | None,
) -> WarningAssessment:
    level, call = peak
    if now is not None and rank(now.level) >= rank(level):
        return now
    words = language or ordered[-1].language
    day = call.started_at.date().isoformat() if call.started_at else call.call
    held = Indicator("level_held", 0.0, sentence("level_held", words, day), level)
    base = now or WarningAssessment(0.0, level, weights.model, (), "")
    indicators = (*base.indicators, held)
    advice = first_advice([i.name for i in indicators], level, words)
    return replace(base, level=level, indicators=indicators, advice=advice)


def _call_parts(
    found: Sequence[Hit], weights: Weights, as_of: datetime | None, language: Language
) -> list[_Part]:
    by_name: dict[str, list[Hit]] = defaultdict(list)
    for hit in found:
        by_name[hit.name].append(hit)
    return [_call_part(name, some, weights, as_of, language) for name, some in by_name.items()]


def _call_part(
    name: str, some: Sequence[Hit], weights: Weights, as_of: datetime | None, language: Language
) -> _Part:
    weight = weights.indicators[name]
    best: dict[str, float] = {}
    factors = [weights.emotion.factor(hit.heard_in, hit.trend) for hit in some]
    for hit, factor in zip(some, factors, strict=True):
        points = weight.points * hit.count * _certainty(hit, weight, weights) * _faded(hit, weight, as_of)
        points *= factor
        best[hit.call.call] = max(points, best.get(hit.call.call, 0.0))
    ages = [_age_days(hit, as_of) for hit in some]
    forced = any(
        (hit.certain or weight.hard) and age <= weights.floor_days
        for hit, age in zip(some, ages, strict=True)
    )
    return _Part(
        name=name,
        group=weight.group,
        points=min(weight.most * max(1.0, *factors), sum(best.values())),
        floor=weight.floor if forced else None,
        remarks=explain(
            name, some, hard=weight.hard, age_days=round(min(ages)), language=language, by=weights.emotion
        ),
    )


def _certainty(hit: Hit, weight: IndicatorWeight, weights: Weights) -> float:
    return 1.0 if hit.certain or weight.hard else weights.unsure


def _age_days(hit: Hit, as_of: datetime | None) -> float:
    """Age of the call; 0 where it is unknown or in the future, so that it counts in full."""
    if as_of is None or hit.call.started_at is None:
        return 0.0
    return max(0.0, (as_of - hit.call.started_at).total_seconds() / SECONDS_A_DAY)


def _faded(hit: Hit, weight: IndicatorWeight, as_of: datetime | None) -> float:
    fraction: float = 0.5 ** (_age_days(hit, as_of) / weight.half_life_days)
    return fraction


def _case_part(fact: CaseFact) -> _Part:
    return _Part(fact.name, "case", fact.points, None, fact.value)


def _limit_groups(
    parts: Sequence[_Part], weights: Weights, language: Language, *, has_signal: bool
) -> list[Indicator]:
    """Apply each group's limits; heaviest first, so the reading order is the order of weight."""
    indicators = []
    for name, group in weights.groups.items():
        cap = group.cap
        if not has_signal and group.cap_without_signal is not None:
            cap = min(cap, group.cap_without_signal)
        room = cap
        members = sorted((p for p in parts if p.group == name), key=lambda p: (-p.points, p.name))
        for place, part in enumerate(members):
            points = min(room, part.points * (1.0 if place == 0 else group.further))
            room -= points
            limited = round(part.points, 1) > round(points, 1)
            remarks = [*part.remarks, remark("group_limit", language)] if limited else part.remarks
            because = sentence(part.name, language, part.value, remarks)
            indicators.append(Indicator(part.name, round(points, 1), because, part.floor))
    return sorted(indicators, key=lambda i: (-rank(i.floor), -i.points, i.name))


def _level(score: float, indicators: Sequence[Indicator], weights: Weights) -> Level | None:
    thresholds = {
        "low": weights.thresholds.low,
        "medium": weights.thresholds.medium,
        "high": weights.thresholds.high,
    }
    reached = [level for level in LEVELS if score >= thresholds[level]]
    reached += [i.floor for i in indicators if i.floor is not None]
    return max(reached, key=rank, default=None)
