"""What held-out calls say about each bank: its curve, and from where on it is reported and certain."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from qc.likeness.calibration import Curve, best_f, fit_curve, precise_from
from scripts.likeness.data import CallTurn, side_of
from scripts.likeness.learning import Floats, Line

Flags = NDArray[np.bool_]

FEW = 4  # positives below which a bank has no threshold of its own
CAUTION = 0.7  # beta of the F measure: a false alarm costs more than a miss that the phrases may still catch
HARD_PRECISION = 0.85  # reported only where so many of the lines of the bank itself, held out, are right
UNTOLD = 0.7  # from this probability a bank is reported whose calls are too few to choose
LEANING = 2.0
AT_LEAST, AT_MOST = 0.4, 0.9  # nothing less likely is ever reported, and anything more likely is


@dataclass(frozen=True, slots=True)
class Measure:
    """How a bank did on calls never trained on."""

    bank: str
    positives: int
    average_precision: float | None
    own_average_precision: float
    curve: Curve
    report_at: float
    certain_at: float | None
    precision: float | None
    recall: float | None

    def stored(self) -> dict[str, object]:
        """As it stands in the model."""
        kept = asdict(self)
        kept.pop("bank")
        return {**kept, "curve": [self.curve.slope, self.curve.offset]}


def measure_all(
    lines: Sequence[Line], turns: Sequence[CallTurn], names: Sequence[str], scores: tuple[Floats, Floats]
) -> list[Measure]:
    """Every bank measured by the held-out `scores` of lines and turns: the curves are those of the turns, and
    lean on the one that fits all banks together."""
    told = {
        name: _told(lines, turns, name, (scores[0][:, at], scores[1][:, at])) for at, name in enumerate(names)
    }
    together = fit_curve(
        np.concatenate([score for score, _ in told.values()]),
        np.concatenate([belongs for _, belongs in told.values()]),
    )
    return [
        _measure(name, told[name], _own(lines, name, scores[0][:, at]), together)
        for at, name in enumerate(names)
    ]


def _own(lines: Sequence[Line], name: str, scores: Floats) -> list[tuple[float, bool]]:
    """The scores of the lines of a bank itself, which are as hard as people could think of."""
    return [
        (float(score), name in line.belongs)
        for line, score in zip(lines, scores, strict=True)
        if not line.of_call and (name in line.belongs or name in line.not_in)
    ]


def _told(
    lines: Sequence[Line], turns: Sequence[CallTurn], name: str, scores: tuple[Floats, Floats]
) -> tuple[Floats, Flags]:
    """Scores of turns of calls and of ordinary lines, and which of them belong."""
    rows = [
        row
        for row, turn in enumerate(turns)
        if turn.speaker == side_of(name) and turn.text and turn.belongs(name) is not None
    ]
    ordinary = [row for row, line in enumerate(lines) if line.of_call and name in line.not_in]
    belongs = [bool(turns[row].belongs(name)) for row in rows] + [False] * len(ordinary)
    return np.concatenate([scores[1][rows], scores[0][ordinary]]), np.array(belongs, dtype=bool)


def _measure(
    name: str, told: tuple[Floats, Flags], own: Sequence[tuple[float, bool]], together: Curve
) -> Measure:
    scores, belongs = told
    if not len(scores):  # no call says: the lines of the bank have to
        scores, belongs = np.array([score for score, _ in own]), np.array([right for _, right in own])
    curve = fit_curve(scores, belongs, prior=together, strength=LEANING)
    ranked = list(zip(scores.tolist(), belongs.tolist(), strict=True))
    positives = int(belongs.sum())
    best = best_f(ranked, positives, CAUTION) if positives >= FEW else None
    hard = precise_from(own, HARD_PRECISION)
    wanted = [curve.probability(score) for score in (best, hard) if score is not None]
    report = min(max(*wanted, AT_LEAST), AT_MOST) if wanted else UNTOLD
    sure = [precise_from(ranked) if len(told[0]) else None, precise_from(own)]
    hits = np.array([curve.probability(score) >= report for score in scores], dtype=bool)
    right = int((hits & belongs).sum())
    return Measure(
        bank=name,
        positives=positives,
        average_precision=float(average_precision_score(belongs, scores)) if positives else None,
        own_average_precision=_average_precision(own),
        curve=curve,
        report_at=round(report, 4),
        certain_at=None if None in sure else round(max(*map(curve.probability, sure), report), 4),
        precision=right / int(hits.sum()) if hits.any() else None,
        recall=right / positives if positives else None,
    )


def _average_precision(ranked: Sequence[tuple[float, bool]]) -> float:
    return float(average_precision_score([right for _, right in ranked], [score for score, _ in ranked]))
