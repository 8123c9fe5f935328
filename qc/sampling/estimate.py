"""What a sample proves about the calls it was drawn from. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from qc.verdicts.decision import wilson


@dataclass(frozen=True, slots=True)
class Seen:
    """A stratum of a draw as far as people have reviewed it: calls in all, drawn, reviewed, and those of the
    reviewed in which a person found a violation."""

    name: str
    population: int
    drawn: int
    reviewed: int
    violating: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share of calls with a violation, with its interval (95 %). None where nothing was reviewed.

    `population` are the calls that the share speaks of, `left_out` those of strata of which nothing was
    reviewed: nothing is said of them.
    """

    share: float | None
    low: float
    high: float
    population: int
    reviewed: int
    left_out: int

    @property
    def calls(self) -> float | None:
        """About how many calls of the population that is."""
        return None if self.share is None else self.share * self.population


def estimate(strata: Sequence[Seen]) -> Estimate:
    """The share over all strata, each weighted by its calls.

    With one stratum the interval is Wilson's. With several, it is Wilson's at the weighted share for the
    number of calls that a simple sample of the same exactness would have (Kish's effective size: weights
    that differ make a sample worth less). No correction is made for small populations, so the interval is
    rather too wide."""
    seen = [each for each in strata if each.reviewed]
    left_out = sum(each.population for each in strata if not each.reviewed)
    population = sum(each.population for each in seen)
    reviewed = sum(each.reviewed for each in seen)
    if not population:
        return Estimate(None, 0.0, 1.0, 0, 0, left_out)
    weights = [each.population / population for each in seen]
    share = sum(weight * each.violating / each.reviewed for weight, each in zip(weights, seen, strict=True))
    effective = 1 / sum(weight**2 / each.reviewed for weight, each in zip(weights, seen, strict=True))
    low, high = wilson(share * effective, effective)
    return Estimate(share, low, high, population, reviewed, left_out)
