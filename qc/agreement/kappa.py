"""Cohen's kappa 一致性系数: how far two people agree beyond what chance would give. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

Weighting = Literal["none", "linear", "quadratic"]
Standing = Literal["known", "too_few", "one_answer"]
# So few double reviews prove nothing: the interval would span from poor to perfect.
LEAST: Final = 20
_Z: Final = 1.96


@dataclass(frozen=True, slots=True)
class Kappa:
    """`value` with its interval (95 %), and `observed` (plain share of agreement, weighted where asked).

    Both are None unless `standing` is `known`: `too_few` pairs, or both people always gave `one_answer`, of
    which chance alone would make full agreement.
    """

    pairs: int
    observed: float | None
    value: float | None
    low: float | None
    high: float | None
    standing: Standing


def kappa(table: Sequence[Sequence[int]], *, weighting: Weighting = "none", least: int = LEAST) -> Kappa:
    """Kappa of a square table of counts: row by what the first person said, column by what the second did.

    The standard error is that of Fleiss, Cohen and Everitt (1969), for weighted kappa too.

    Args:
        weighting: how much answers apart still agree, by their distance in the order of the table.
        least: so many pairs there must be.

    Raises:
        ValueError: the table is not square.
    """
    size = len(table)
    if any(len(row) != size for row in table):
        raise ValueError("the table is not square")
    count = sum(map(sum, table))
    if count < least or count == 0:
        return Kappa(count, None, None, None, None, "too_few")
    share = [[cell / count for cell in row] for row in table]
    weights = [[_weight(i, j, size, weighting) for j in range(size)] for i in range(size)]
    rows = [sum(row) for row in share]
    columns = [sum(row[j] for row in share) for j in range(size)]
    cells = [(i, j) for i in range(size) for j in range(size)]
    observed = sum(weights[i][j] * share[i][j] for i, j in cells)
    expected = sum(weights[i][j] * rows[i] * columns[j] for i, j in cells)
    if expected >= 1 - 1e-12:
        return Kappa(count, observed, None, None, None, "one_answer")
    value = (observed - expected) / (1 - expected)
    of_row = [sum(columns[j] * weights[i][j] for j in range(size)) for i in range(size)]
    of_column = [sum(rows[i] * weights[i][j] for i in range(size)) for j in range(size)]
    spread = sum(
        share[i][j] * (weights[i][j] - (of_row[i] + of_column[j]) * (1 - value)) ** 2 for i, j in cells
    )
    variance = (spread - (value - expected * (1 - value)) ** 2) / (count * (1 - expected) ** 2)
    error = sqrt(max(variance, 0.0))
    return Kappa(count, observed, value, max(value - _Z * error, -1.0), min(value + _Z * error, 1.0), "known")


def _weight(i: int, j: int, size: int, weighting: Weighting) -> float:
    if weighting == "none" or size < 2:
        return float(i == j)
    distance = abs(i - j) / (size - 1)
    return 1 - (distance if weighting == "linear" else distance**2)


def cross_table(pairs: Sequence[tuple[str, str]], answers: Sequence[str]) -> list[list[int]]:
    """The counts of pairs of answers, in the order of `answers`."""
    place = {answer: index for index, answer in enumerate(answers)}
    table = [[0] * len(answers) for _ in answers]
    for first, second in pairs:
        table[place[first]][place[second]] += 1
    return table
