"""How well an order of debtors puts those who will complain first: AUC, precision and recall at k."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class AtK:
    """Of the `k` debtors put first on each day: the share that complains, and what share of all who complain
    that is. `lift` is the precision over that of an order by chance."""

    precision: float
    recall: float
    lift: float


class Ranking:
    """Debtors put in order on each of several days, the highest value first.

    Debtors are only compared with others of the same day. Where values are equal the order among them is
    left open: every figure is its expectation over all orders, so that nothing is won by luck of the sort.

    Args:
        values: (rows,) what the order is by, higher first.
        days: (rows,) number of the day of each row.
        complained: (rows,) whether a complaint arrived within the horizon after that day.
    """

    def __init__(self, values: Floats, days: Ints, complained: Bools) -> None:
        order = np.lexsort((-values, days))
        ranked, on = values[order], days[order]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (ranked[1:] != ranked[:-1]) | (on[1:] != on[:-1])
        self._block = np.empty(len(order), dtype=np.int64)
        self._block[order] = np.cumsum(new) - 1
        self._complained = complained
        block_day = on[new]
        first = np.ones(len(block_day), dtype=bool)
        first[1:] = block_day[1:] != block_day[:-1]
        self._day = np.cumsum(first) - 1  # of each block, counted from 0
        self._starts = np.flatnonzero(first)

    def auc(self, counts: Floats | None = None) -> float:
        """The chance that of two debtors of one day, one who complains and one who does not, the first has
        the higher value; a half for equal ones. NaN where there are no such pairs. `counts` tells how often
        each row counts (for the bootstrap)."""
        return self.measure((), counts)[0]

    def at(self, k: float, counts: Floats | None = None) -> AtK:
        """The first `k` debtors of each day; below 1 `k` is a share of the day's debtors."""
        return self.measure((k,), counts)[1][0]

    def measure(self, ks: Sequence[float], counts: Floats | None = None) -> tuple[float, list[AtK]]:
        """`auc`, and `at` for each of `ks`."""
        with_complaint, everybody = self._sums(counts)
        return self._auc(with_complaint, everybody), [self._at(k, with_complaint, everybody) for k in ks]

    def _auc(self, with_complaint: Floats, everybody: Floats) -> float:
        without = everybody - with_complaint
        pairs = float(np.sum(self._of_day(with_complaint) * self._of_day(without)))
        if pairs == 0:
            return float("nan")
        ahead = self._before(with_complaint) + with_complaint / 2
        return float(np.sum(without * ahead)) / pairs

    def _at(self, k: float, with_complaint: Floats, everybody: Floats) -> AtK:
        of_day = self._of_day(everybody)
        room = (of_day * k if k < 1 else np.minimum(of_day, k))[self._day]
        taken = np.clip(room - self._before(everybody), 0, everybody)
        share = np.divide(taken, everybody, out=np.zeros_like(taken), where=everybody > 0)
        found, looked_at = float(np.sum(with_complaint * share)), float(np.sum(taken))
        complaints, rows = float(np.sum(with_complaint)), float(np.sum(everybody))
        if not (looked_at and complaints):
            return AtK(float("nan"), float("nan"), float("nan"))
        precision = found / looked_at
        return AtK(precision, found / complaints, precision * rows / complaints)

    def _sums(self, counts: Floats | None) -> tuple[Floats, Floats]:
        blocks = len(self._day)
        weighed = self._complained.astype(float) if counts is None else self._complained * counts
        with_complaint: Floats = np.bincount(self._block, weights=weighed, minlength=blocks).astype(float)
        everybody: Floats = np.bincount(self._block, weights=counts, minlength=blocks).astype(float)
        return with_complaint, everybody

    def _of_day(self, of_block: Floats) -> Floats:
        totals: Floats = np.add.reduceat(of_block, self._starts) if len(of_block) else of_block
        return totals

    def _before(self, of_block: Floats) -> Floats:
        """The sum over the blocks of the same day that come earlier."""
        so_far = np.cumsum(of_block) - of_block
        before: Floats = so_far - so_far[self._starts][self._day]
        return before


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and the span in which 95 of 100 resampled portfolios have it."""

    value: float
    low: float
    high: float


def resampled_counts(debtors: Ints, times: int, seed: int) -> Sequence[Floats]:
    """How often each row counts in each of `times` resampled portfolios. Whole debtors are drawn, since the
    days of one debtor are no independent observations. `debtors` numbers them from 0."""
    many = int(debtors.max()) + 1 if len(debtors) else 0
    chance = np.random.default_rng(seed)
    drawn = (np.bincount(chance.integers(0, many, many), minlength=many) for _ in range(times if many else 0))
    return [each[debtors].astype(float) for each in drawn]


def interval(value: float, resampled: Sequence[float]) -> Interval:
    """`value` with the 2.5th and 97.5th percentile of its resampled ones (itself, where there are none)."""
    usable = [each for each in resampled if not np.isnan(each)]
    if not usable:
        return Interval(value, value, value)
    low, high = np.percentile(usable, [2.5, 97.5])
    return Interval(value, float(low), float(high))
