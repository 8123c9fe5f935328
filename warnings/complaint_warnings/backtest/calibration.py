"""What a score means as a chance: learned on earlier days, held against later ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression

from complaint_warnings.backtest.ranking import Bools, Floats

BANDS = (0.0, 8.0, 25.0, 50.0, 75.0, 100.0)


@dataclass(frozen=True, slots=True)
class ReliabilityBand:
    """Debtor-days with a score from `low` to below `high` (the last: up to and with 100). `expected` is the
    mean chance learned on the earlier days, `observed` the share that complained in the later ones."""

    low: float
    high: float
    rows: int
    complaints: int
    expected: float
    observed: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far the chances learned on earlier days were right on later ones.

    `brier` is the mean squared error of the chance, `brier_of_rate` that of saying the earlier days' overall
    rate of everybody. `expected_error` is the mean distance of chance and observed share over ten groups of
    like chance (expected calibration error).
    """

    bands: tuple[ReliabilityBand, ...]
    brier: float
    brier_of_rate: float
    expected_error: float


@dataclass(frozen=True, slots=True)
class Chances:
    """Scores and the chance of each: a rising step function."""

    scores: Floats
    chances: Floats

    def of(self, scores: Floats) -> Floats:
        """The chance of each score; between two known ones in proportion."""
        found: Floats = np.interp(scores, self.scores, self.chances)
        return found


def learn_chances(scores: Floats, complained: Bools) -> Chances:
    """The rising function of the score that fits best (isotonic regression)."""
    known, place = np.unique(scores, return_inverse=True)
    rows = np.bincount(place).astype(float)
    shares = np.bincount(place, weights=complained.astype(float)) / rows
    return Chances(known, np.asarray(isotonic_regression(shares, weights=rows).x, dtype=float))


def calibrate(
    earlier: tuple[Floats, Bools], later: tuple[Floats, Bools], *, bands: Sequence[float] = BANDS
) -> Calibration | None:
    """Learn on `earlier` (scores, complained) and look at `later`; None where either has no rows."""
    scores, complained = later
    if not (len(earlier[0]) and len(scores)):
        return None
    chances = learn_chances(*earlier).of(scores)
    happened = complained.astype(float)
    rate = float(np.mean(earlier[1]))
    return Calibration(
        bands=tuple(_bands(scores, chances, complained, bands)),
        brier=float(np.mean((chances - happened) ** 2)),
        brier_of_rate=float(np.mean((rate - happened) ** 2)),
        expected_error=_expected_error(chances, happened),
    )


def _bands(
    scores: Floats, chances: Floats, complained: Bools, limits: Sequence[float]
) -> list[ReliabilityBand]:
    place = np.clip(np.searchsorted(limits, scores, side="right") - 1, 0, len(limits) - 2)
    found = []
    for index in range(len(limits) - 1):
        here = place == index
        rows = int(here.sum())
        if rows:
            observed = float(complained[here].mean())
            expected = float(chances[here].mean())
            many = int(complained[here].sum())
            found.append(ReliabilityBand(limits[index], limits[index + 1], rows, many, expected, observed))
    return found


def _expected_error(chances: Floats, happened: Floats, groups: int = 10) -> float:
    """Rows with the same chance stay together, so groups are of about the same size at best."""
    _known, place = np.unique(chances, return_inverse=True)
    rows = np.bincount(place)
    group = np.minimum((np.cumsum(rows) - rows) * groups // len(chances), groups - 1)[place]
    size = np.bincount(group, minlength=groups)
    gap = np.bincount(group, weights=chances - happened, minlength=groups)
    return float(np.sum(np.abs(gap)) / size.sum())
