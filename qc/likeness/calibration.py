"""From scores to probabilities, and from probabilities to decisions. Pure functions of what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

SURE_PRECISION = 0.95
ENOUGH = 8  # so many right hits above a threshold before its precision is believed
_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Curve:
    """A logistic curve: probability = 1 / (1 + exp(-(slope × score + offset)))."""

    slope: float
    offset: float

    def probability(self, score: float) -> float:
        """The probability (0..1) that a text with `score` belongs."""
        logit = self.slope * score + self.offset
        return 1 / (1 + exp(-logit)) if logit > -700 else 0.0

    def score(self, probability: float) -> float:
        """The score at which the curve reaches `probability`."""
        return (log(probability / (1 - probability)) - self.offset) / self.slope


def fit_curve(
    scores: NDArray[np.float64],
    belongs: NDArray[np.bool_],
    weights: NDArray[np.float64] | None = None,
    prior: Curve | None = None,
    strength: float = 1.0,
) -> Curve:
    """Platt's curve by Newton's method, drawn towards `prior` where there is little to learn from.

    Args:
        scores: one for each text.
        belongs: whether it belongs.
        weights: how much each text counts; 1 by default.
        prior: the curve to stay near.
        strength: how strongly (the weight of the squared distance from `prior`).
    """
    start = prior or Curve(1.0, 0.0)
    centre = np.array([start.slope, start.offset])
    beta = centre.copy()
    design = np.column_stack([scores, np.ones_like(scores)])
    weight = np.ones_like(scores) if weights is None else weights
    for _ in range(_ROUNDS):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        gradient = design.T @ (weight * (p - belongs)) + strength * (beta - centre)
        hessian = (design * (weight * p * (1 - p))[:, None]).T @ design + strength * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        beta = beta - step
        if np.abs(step).max() < 1e-9:
            break
    return Curve(max(float(beta[0]), 1e-3), float(beta[1]))


def precise_from(
    ranked: Sequence[tuple[float, bool]], precision: float = SURE_PRECISION, enough: int = ENOUGH
) -> float | None:
    """The lowest score from which on the hits reach `precision` with `enough` right ones; None if never.

    Args:
        ranked: (score, right) of each possible hit, in any order.
        precision: the share of right hits wanted.
        enough: the right hits needed to believe it.
    """
    best: float | None = None
    right = 0
    ordered = sorted(ranked, key=lambda pair: -pair[0])
    for count, (score, is_right) in enumerate(ordered, 1):
        right += is_right
        last_of_tie = count == len(ordered) or ordered[count][0] < score
        if last_of_tie and right >= enough and right / count >= precision:
            best = score
    return best


def best_f(ranked: Sequence[tuple[float, bool]], present: int, beta: float = 1.0) -> float | None:
    """The lowest score of the best F-beta; None where nothing is right. `present`: what should be hit."""
    best: tuple[float, float] | None = None
    right = 0
    ordered = sorted(ranked, key=lambda pair: -pair[0])
    for count, (score, is_right) in enumerate(ordered, 1):
        right += is_right
        if count < len(ordered) and ordered[count][0] == score:
            continue
        if right:
            precision, recall = right / count, right / max(present, 1)
            value = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
            if best is None or value > best[0]:
                best = (value, score)
    return best[1] if best else None
