"""Logistic regression with coefficients that cannot be negative and are drawn towards given ones.

scikit-learn's has no such bounds; the likelihood is the same one, and minimised by the same method.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from complaint_warnings.backtest.ranking import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class Model:
    """log-odds = `intercept` + x · `coefficients` (+ the offset of the row)."""

    intercept: float
    coefficients: Floats

    def log_odds(self, x: csr_matrix, offset: Floats) -> Floats:
        """Of each row."""
        found: Floats = self.intercept + x @ self.coefficients + offset
        return found


def fit(
    x: csr_matrix,
    complained: Bools,
    offset: Floats,
    *,
    towards: Floats,
    strength: float,
    negative: bool = False,
) -> Model:
    """Minimise the negative log-likelihood plus `strength`/2 times the squared distance of the coefficients
    from `towards`. The intercept is free, so that rare complaints need no reweighting, which would only
    spoil the chances.

    Args:
        x: (rows, features).
        complained: (rows,).
        offset: (rows,) log-odds that are given.
        towards: (features,) where the coefficients go without evidence.
        strength: of the pull; more evidence weighs it up.
        negative: whether coefficients may be below zero.
    """
    happened = complained.astype(float)
    rate = float(np.clip(happened.mean(), 1e-9, 1 - 1e-9))
    start = np.concatenate([[np.log(rate / (1 - rate))], towards])

    def loss(parameters: Floats) -> tuple[float, Floats]:
        odds = parameters[0] + x @ parameters[1:] + offset
        away = parameters[1:] - towards
        value = float(np.sum(np.logaddexp(0, odds) - happened * odds) + strength / 2 * away @ away)
        gap = 1 / (1 + np.exp(-odds)) - happened
        return value, np.concatenate([[gap.sum()], x.T @ gap + strength * away])

    bounds = [(None, None)] + [(None if negative else 0.0, None)] * x.shape[1]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    return Model(float(found.x[0]), np.asarray(found.x[1:], dtype=float))


def log_loss(model: Model, x: csr_matrix, complained: Bools, offset: Floats) -> float:
    """The mean negative log-likelihood of the rows."""
    odds = model.log_odds(x, offset)
    return float(np.mean(np.logaddexp(0, odds) - complained * odds))


def best_strength(
    x: csr_matrix,
    complained: Bools,
    offset: Floats,
    *,
    towards: Floats,
    folds: Ints,
    strengths: Sequence[float],
) -> float:
    """The strength with the least loss on rows left out in turn; `folds` numbers the part that each row is
    left out with, so that rows of one debtor stay together."""

    def loss(strength: float) -> float:
        total = 0.0
        for fold in np.unique(folds):
            out = folds == fold
            model = fit(x[~out], complained[~out], offset[~out], towards=towards, strength=strength)
            total += log_loss(model, x[out], complained[out], offset[out]) * float(out.sum())
        return total

    return min(strengths, key=lambda strength: (loss(strength), -strength))
