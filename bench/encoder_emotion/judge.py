"""A small classifier, the scores it gives to what it has not met, and how well scores separate."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from pipeline.voice_evaluation.figures import auc

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]
Names = NDArray[np.str_]

# Set before any test was looked at closely: a few hundred clips bear no more.
COMPONENTS = 32
PENALTY = 0.1
_ITERATIONS = 1000


class Trained(NamedTuple):
    """A classifier whose scores have mean 0 and standard deviation 1 on what it was trained on."""

    model: Pipeline
    mean: float
    spread: float

    def scores(self, values: Values) -> Values:
        """One score for each row: the more, the more positive."""
        return np.asarray((self.model.decision_function(values) - self.mean) / self.spread, dtype=np.float64)


def train(values: Values, positive: Flags) -> Trained:
    """Logistic regression on principal components of the values, shape (clips, features)."""
    components = min(COMPONENTS, values.shape[1], len(values) - 1)
    model = make_pipeline(
        StandardScaler(),
        PCA(components, whiten=True, svd_solver="randomized", random_state=0),
        LogisticRegression(C=PENALTY, class_weight="balanced", max_iter=_ITERATIONS),
    ).fit(values, positive)
    known = model.decision_function(values)
    return Trained(model, float(known.mean()), float(known.std()) or 1.0)


def held_out(values: Values, positive: Flags, groups: Names, texts: Names | None = None) -> Values:
    """The score of every clip by a classifier that has not met its group, nor its text if texts are given."""
    scores = np.zeros(len(values))
    texts = np.full(len(values), "") if texts is None else texts
    for group in np.unique(groups):
        for text in np.unique(texts[groups == group]):
            test = (groups == group) & (texts == text)
            training = (groups != group) & ((texts != text) | (text == ""))
            scores[test] = train(values[training], positive[training]).scores(values[test])
    return scores


def relative(values: Values, speakers: Names) -> Values:
    """Values less the mean of all clips of the same speaker: no label is used."""
    centred = values.copy()
    for speaker in np.unique(speakers):
        own = speakers == speaker
        centred[own] -= values[own].mean(axis=0)
    return centred


def area(scores: Values, positive: Flags) -> float:
    """Area under the curve: how often a positive lies above a negative; NaN without either."""
    found = auc(scores[positive].tolist(), scores[~positive].tolist())
    return float("nan") if found is None else found


def interval(
    statistic: Callable[[NDArray[np.int_]], float], groups: Names, draws: int, seed: int = 0
) -> tuple[float, float]:
    """95 % bootstrap interval of a statistic of places of clips: whole groups are drawn, with replacement."""
    rng = np.random.default_rng(seed)
    names = np.unique(groups)
    places = [np.flatnonzero(groups == name) for name in names]
    found = [
        statistic(np.concatenate([places[each] for each in rng.integers(0, len(names), len(names))]))
        for _ in range(draws)
    ]
    low, high = np.nanpercentile(found, [2.5, 97.5])
    return float(low), float(high)
