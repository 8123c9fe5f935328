"""Goes through debtors' histories and notes, day by day, what the score said and what happened after."""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

import numpy as np

from complaint_warnings.backtest.history import DAY, History, Replay
from complaint_warnings.backtest.ranking import Bools, Floats, Ints
from complaint_warnings.scoring.weights import Weights
from complaint_warnings.types import LEVELS, CallEvidence, Level, rank

# Why nothing warned of a complaint that arrived.
Missed = Literal["no_calls", "not_judged", "no_signals", "below_level"]
MISSED: Final[tuple[Missed, ...]] = get_args(Missed)
BASELINES = ("violations", "overdue", "calls")


@dataclass(frozen=True, slots=True)
class Plan:
    """On which days the score is asked, and what counts as an answer.

    `days` are the moments, `horizon` how long after one a complaint counts for it, `delay` how long after
    its beginning a call is known.
    """

    days: tuple[datetime, ...]
    horizon: timedelta
    delay: timedelta


def plan_days(first: datetime, last: datetime, horizon: timedelta, delay: timedelta) -> Plan:
    """Days one horizon apart from `first` on, as long as the whole horizon after them lies before `last`: so
    every complaint counts for one day at most, and no day is judged by complaints not yet known."""
    count = max(0, (last - first) // horizon)
    return Plan(tuple(first + horizon * n for n in range(count)), horizon, delay)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One complaint that arrived: how many days before it each level was first reached (only those that
    were), or why there was no warning."""

    debtor: str
    arrived_at: datetime
    lead_days: dict[Level, float]
    missed: Missed | None


@dataclass(slots=True)
class Observations:
    """One row for each debtor and day on which something was known of the debtor. `debtors` numbers debtors
    from 0; `warned` counts episodes that reached each level within the span of the days, and those of them
    after which a complaint arrived."""

    days: Ints
    debtors: Ints
    complained: Bools
    scores: Floats
    baselines: dict[str, Floats]
    complaints: list[Foreseen]
    warned: dict[Level, tuple[int, int]]
    people: int
    evidence: int
    undated: int


@dataclass(slots=True)
class _Columns:
    days: "array[int]" = field(default_factory=lambda: array("q"))
    debtors: "array[int]" = field(default_factory=lambda: array("q"))
    complained: "array[int]" = field(default_factory=lambda: array("b"))
    scores: "array[float]" = field(default_factory=lambda: array("d"))
    baselines: "dict[str, array[float]]" = field(
        default_factory=lambda: {name: array("d") for name in BASELINES}
    )


def observe(histories: Iterable[History], weights: Weights, plan: Plan) -> Observations:
    """Score every debtor on every day of the plan, from what was known before that day alone."""
    rows, complaints, warned = _Columns(), list[Foreseen](), Counter[tuple[Level, bool]]()
    people = evidence = undated = 0
    for number, history in enumerate(histories):
        replay = Replay(history, weights, plan.delay)
        people, evidence, undated = people + 1, evidence + len(replay.known), undated + replay.undated
        _observe_days(rows, number, history, replay, plan)
        complaints += [_foreseen(history, replay, arrived) for arrived in _within(history.complaints, plan)]
        _count_warned(warned, history, replay, plan)
    return Observations(
        days=np.array(rows.days, dtype=np.int64),
        debtors=np.array(rows.debtors, dtype=np.int64),
        complained=np.array(rows.complained, dtype=np.bool_),
        scores=np.array(rows.scores),
        baselines={name: np.array(column) for name, column in rows.baselines.items()},
        complaints=sorted(complaints, key=lambda each: (each.arrived_at, each.debtor)),
        warned={level: (warned[level, True] + warned[level, False], warned[level, True]) for level in LEVELS},
        people=people,
        evidence=evidence,
        undated=undated,
    )


def _within(moments: Sequence[datetime], plan: Plan) -> list[datetime]:
    if not plan.days:
        return []
    return [each for each in moments if plan.days[0] < each <= plan.days[-1] + plan.horizon]


def _observe_days(rows: _Columns, number: int, history: History, replay: Replay, plan: Plan) -> None:
    violations = _running_violations(replay)
    for index, day in enumerate(plan.days):
        count = replay.count_before(day)
        if count == 0:
            continue
        rating = replay.rating(day)
        rows.days.append(index)
        rows.debtors.append(number)
        rows.complained.append(any(day < arrived <= day + plan.horizon for arrived in history.complaints))
        rows.scores.append(0.0 if rating is None else rating.score)
        rows.baselines["violations"].append(violations[count - 1])
        rows.baselines["overdue"].append(_days_overdue(replay, count, day))
        rows.baselines["calls"].append(count)


def _running_violations(replay: Replay) -> list[int]:
    total, running = 0, []
    for each in replay.known:
        if isinstance(each, CallEvidence):
            total += sum(finding.kind == "violation" for finding in each.findings)
        running.append(total)
    return running


def _days_overdue(replay: Replay, count: int, day: datetime) -> float:
    """Days overdue by the newest call known that tells them, and the days since."""
    for each in reversed(replay.known[:count]):
        if isinstance(each, CallEvidence) and each.started_at is not None:
            overdue = each.record.case.days_overdue
            if overdue is not None:
                return overdue + (day - each.started_at) // DAY
    return 0.0


def _foreseen(history: History, replay: Replay, arrived: datetime) -> Foreseen:
    leads: dict[Level, float] = {}
    signals = False
    for moment, rating in replay.course(arrived):
        signals = signals or any(part.hits for part in rating.parts)
        for level in LEVELS:
            if level not in leads and rank(rating.level) >= rank(level):
                leads[level] = (arrived - moment) / DAY
    missed = None if leads else _why_missed(history, replay, arrived, signals=signals)
    return Foreseen(history.debtor, arrived, leads, missed)


def _why_missed(history: History, replay: Replay, arrived: datetime, *, signals: bool) -> Missed:
    if signals:
        return "below_level"
    if any(moment is None or moment < arrived for moment in history.unjudged):
        return "not_judged"
    return "no_signals" if replay.count_before(arrived) else "no_calls"


def _count_warned(warned: Counter[tuple[Level, bool]], history: History, replay: Replay, plan: Plan) -> None:
    if not plan.days:
        return
    last = plan.days[-1] + plan.horizon
    for closing, course in replay.episodes():
        reached: dict[Level, datetime] = {}
        for moment, rating in course:
            for level in LEVELS[: rank(rating.level)]:
                reached.setdefault(level, moment)
        for level, moment in reached.items():
            if plan.days[0] <= moment <= last:
                end = min(last, closing) if closing else last
                came = any(moment < arrived <= end for arrived in history.complaints)
                warned[level, came] += 1
