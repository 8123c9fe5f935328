"""The figures of a back-test: the score beside the orders that need no score."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

import numpy as np

from complaint_warnings.backtest.calibration import Calibration, calibrate
from complaint_warnings.backtest.observe import MISSED, Foreseen, Missed, Observations, Plan
from complaint_warnings.backtest.ranking import AtK, Floats, Interval, Ranking, interval, resampled_counts
from complaint_warnings.types import LEVELS, Level

SHARES = (0.01, 0.05)
SEED = 20260101


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """How well one order does. `at` is by k (a share below 1, else a number of debtors a day); `precision`
    has the intervals of the precisions in `at`."""

    auc: Interval
    at: dict[float, AtK]
    precision: dict[float, Interval]


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The days of one month, as `YYYY-MM`. `auc_of` is of the score and of each baseline."""

    month: str
    rows: int
    complaints: int
    auc_of: dict[str, float]
    precision_of: dict[str, float]


@dataclass(frozen=True, slots=True)
class LevelFigures:
    """Warnings that reached a level: `warned` of them, `followed` by a complaint while open; `foreseen`
    complaints had one before, with the quartiles of how many days."""

    warned: int
    followed: int
    foreseen: int
    lead_days: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class Figures:
    """A whole back-test. `gain_auc` and `gain_precision` are what the score has over the best baseline
    (perhaps two different ones); the precision is that of one debtor in a hundred."""

    score: OrderFigures
    baselines: dict[str, OrderFigures]
    gain_auc: Interval
    gain_precision: Interval
    months: tuple[MonthFigures, ...]
    levels: dict[Level, LevelFigures]
    calibration: Calibration | None
    missed: dict[Missed, int]
    complaints: int


def figures(seen: Observations, plan: Plan, *, zone: tzinfo, capacity: int, resamples: int = 200) -> Figures:
    """Everything that can be said of the observations.

    Args:
        seen: the rows of `observe`.
        plan: the plan that they were made by.
        zone: in which a day belongs to a month.
        capacity: how many debtors people can look at on each day of the plan.
        resamples: of the bootstrap; 0 leaves the intervals out.
    """
    orders: dict[str, Floats] = {"score": seen.scores, **seen.baselines}
    ks = (*SHARES, float(capacity))
    rankings = {name: Ranking(by, seen.days, seen.complained) for name, by in orders.items()}
    measured = {name: ranking.measure(ks) for name, ranking in rankings.items()}
    again = [
        {name: ranking.measure(ks, counts) for name, ranking in rankings.items()}
        for counts in resampled_counts(seen.debtors, resamples, SEED)
    ]
    of = {name: _of_order(name, ks, measured, again) for name in orders}
    return Figures(
        score=of.pop("score"),
        baselines=of,
        gain_auc=_gain(measured, again, lambda each: each[0]),
        gain_precision=_gain(measured, again, lambda each: each[1][0].precision),
        months=tuple(_months(seen, plan, orders, zone)),
        levels={level: _level(level, seen) for level in LEVELS},
        calibration=_calibration(seen, plan),
        missed={why: sum(each.missed == why for each in seen.complaints) for why in MISSED},
        complaints=len(seen.complaints),
    )


_Measured = tuple[float, list[AtK]]


def _of_order(
    name: str,
    ks: Sequence[float],
    measured: dict[str, _Measured],
    again: Sequence[dict[str, _Measured]],
) -> OrderFigures:
    auc, at = measured[name]
    resampled = [each[name] for each in again]
    return OrderFigures(
        auc=interval(auc, [each[0] for each in resampled]),
        at=dict(zip(ks, at, strict=True)),
        precision={
            k: interval(at[place].precision, [each[1][place].precision for each in resampled])
            for place, k in enumerate(ks)
        },
    )


def _gain(
    measured: dict[str, _Measured],
    again: Sequence[dict[str, _Measured]],
    figure: Callable[[_Measured], float],
) -> Interval:
    def of(one: dict[str, _Measured]) -> float:
        others = [figure(each) for name, each in one.items() if name != "score"]
        return figure(one["score"]) - max(others)

    return interval(of(measured), [of(one) for one in again])


def _months(seen: Observations, plan: Plan, orders: dict[str, Floats], zone: tzinfo) -> list[MonthFigures]:
    month_of = [day.astimezone(zone).strftime("%Y-%m") for day in plan.days]
    found = []
    for month in sorted(set(month_of)):
        days = [index for index, name in enumerate(month_of) if name == month]
        here = np.isin(seen.days, days)
        if not here.any():
            continue
        complained = seen.complained[here]
        measured = {
            name: Ranking(by[here], seen.days[here], complained).measure(SHARES[:1])
            for name, by in orders.items()
        }
        found.append(
            MonthFigures(
                month,
                int(here.sum()),
                int(complained.sum()),
                {name: each[0] for name, each in measured.items()},
                {name: each[1][0].precision for name, each in measured.items()},
            )
        )
    return found


def _level(level: Level, seen: Observations) -> LevelFigures:
    leads = [each.lead_days[level] for each in seen.complaints if level in each.lead_days]
    quartiles = np.percentile(leads, [25, 50, 75]).tolist() if leads else None
    warned, followed = seen.warned[level]
    return LevelFigures(warned, followed, len(leads), tuple(quartiles) if quartiles else None)


def _calibration(seen: Observations, plan: Plan) -> Calibration | None:
    """The first half of the days teaches what a score means, the second half shows whether it still does."""
    early = seen.days < len(plan.days) / 2
    return calibrate(
        (seen.scores[early], seen.complained[early]), (seen.scores[~early], seen.complained[~early])
    )


def missed_list(seen: Observations) -> list[Foreseen]:
    """The complaints that nothing warned of, in order of arrival."""
    return [each for each in seen.complaints if each.missed is not None]
