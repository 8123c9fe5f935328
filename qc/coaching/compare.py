"""Whether something got better: two shares held against each other. Pure."""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

from qc.verdicts.decision import wilson

Change = Literal["better", "worse", "unclear", "too_few"]


@dataclass(frozen=True, slots=True)
class Share:
    """Of so many calls, those with the violation; the interval (95 %) is Wilson's."""

    calls: int
    violating: int

    @property
    def value(self) -> float | None:
        """The share; None of nothing."""
        return self.violating / self.calls if self.calls else None

    @property
    def interval(self) -> tuple[float, float]:
        """Low and high."""
        return wilson(self.violating, self.calls)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Before and after. `difference` is after less before (below 0: fewer violations), with Newcombe's
    interval (95 %); it is `better` or `worse` only where the interval leaves no doubt, and `too_few` where
    one side has no calls."""

    before: Share
    after: Share
    difference: float | None
    low: float | None
    high: float | None
    change: Change


def compare(before: Share, after: Share) -> Comparison:
    """Hold the share after against the one before."""
    if before.value is None or after.value is None:
        return Comparison(before, after, None, None, None, "too_few")
    difference = after.value - before.value
    (low_1, high_1), (low_2, high_2) = before.interval, after.interval
    low = difference - sqrt((after.value - low_2) ** 2 + (high_1 - before.value) ** 2)
    high = difference + sqrt((high_2 - after.value) ** 2 + (before.value - low_1) ** 2)
    change: Change = "better" if high < 0 else "worse" if low > 0 else "unclear"
    return Comparison(before, after, difference, low, high, change)
