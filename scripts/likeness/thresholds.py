"""What held-out calls say about each bank: its curve, and from where on it is reported and certain."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from sklearn.metrics import average_precision_score

from qc.likeness.calibration import Curve, best_f, fit_curve, precise_from
from scripts.likeness.data import CallTurn, side_of
from scripts.likeness.learning import Floats

FEW = 4  # positives below which a bank has no threshold of its own
CAUTION = 0.5  # beta of the F measure: a false alarm costs more than a miss that the phrases may still catch
AT_LEAST = 0.3  # nothing less likely is ever reported


@dataclass(frozen=True, slots=True)
class Measure:
    """How a bank did on calls never trained on."""

    bank: str
    positives: int
    average_precision: float | None
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


def measure_all(turns: Sequence[CallTurn], names: Sequence[str], scores: Floats) -> list[Measure]:
    """Every bank measured: the curves lean on the one that fits all banks together."""
    told = {name: _told(turns, name, scores[:, at]) for at, name in enumerate(names)}
    together = fit_curve(
        np.concatenate([score for score, _ in told.values()]),
        np.concatenate([belongs for _, belongs in told.values()]),
    )
    return [_measure(name, *told[name], together) for name in names]


def _told(turns: Sequence[CallTurn], name: str, scores: Floats) -> tuple[Floats, np.ndarray]:
    rows = [
        row
        for row, turn in enumerate(turns)
        if turn.speaker == side_of(name) and turn.text and turn.belongs(name) is not None
    ]
    return scores[rows], np.array([bool(turns[row].belongs(name)) for row in rows], dtype=bool)


def _measure(name: str, scores: Floats, belongs: np.ndarray, together: Curve) -> Measure:
    curve = fit_curve(scores, belongs, prior=together, strength=2.0)
    ranked = list(zip(scores.tolist(), belongs.tolist(), strict=True))
    positives = int(belongs.sum())
    best = best_f(ranked, positives, CAUTION) if positives >= FEW else None
    report = max(curve.probability(best), AT_LEAST) if best is not None else 0.5
    sure = precise_from(ranked)
    hits = np.array([curve.probability(score) >= report for score in scores])
    right = int((hits & belongs).sum())
    return Measure(
        bank=name,
        positives=positives,
        average_precision=float(average_precision_score(belongs, scores)) if positives else None,
        curve=curve,
        report_at=round(report, 4),
        certain_at=None if sure is None else round(max(curve.probability(sure), report), 4),
        precision=right / int(hits.sum()) if hits.any() else None,
        recall=right / positives if positives else None,
    )
