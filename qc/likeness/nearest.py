"""The examples that a text is most like."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from qc.likeness.bank import shipped_banks
from qc.likeness.features import Rows, Values, fold
from qc.likeness.model import shipped_model


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An example and how like it is: the cosine (0..1) of the weighted grams."""

    text: str
    likeness: float


class Examples:
    """Texts made ready for comparison: for each gram, the examples that have it."""

    def __init__(self, texts: Sequence[str], language: str = "zh") -> None:
        self._vocabulary = shipped_model(language).vocabulary
        self._texts = tuple(texts)
        weighed = self._vocabulary.weigh_texts([fold(text) for text in texts])
        rows = np.concatenate([rows for rows, _ in weighed])
        self._values = np.concatenate([values for _, values in weighed])
        self._owner = np.repeat(np.arange(len(weighed)), [len(rows) for rows, _ in weighed])
        self._places = np.argsort(rows, kind="stable")
        self._rows = rows[self._places]

    def nearest(self, text: str, number: int = 1) -> tuple[Neighbour, ...]:
        """The examples most like normalised `text`, the nearest first; the earlier of two that are alike."""
        ((rows, values),) = self._vocabulary.weigh_texts([text])
        return self.nearest_to(rows, values, number)

    def nearest_to(self, rows: Rows, values: Values, number: int = 1) -> tuple[Neighbour, ...]:
        """The same for a text that the vocabulary of the model has weighed."""
        likeness = self._cosines(rows, values)
        if number == 1:  # the usual question
            ordered = [int(likeness.argmax())] if len(likeness) else []
        else:
            ordered = np.argsort(-likeness, kind="stable")[:number].tolist()
        return tuple(Neighbour(self._texts[at], float(likeness[at])) for at in ordered)

    def _cosines(self, rows: Rows, values: Values) -> Values:
        first, last = np.searchsorted(self._rows, rows), np.searchsorted(self._rows, rows, side="right")
        shared = last - first  # how many of the examples have each gram
        skipped = np.cumsum(shared) - shared
        places = self._places[np.arange(shared.sum()) + np.repeat(first - skipped, shared)]
        products = np.repeat(values, shared) * self._values[places]
        # Added up in the order of each example, so that a sum does not depend on how the grams are found.
        order = np.argsort(places)
        sums = np.bincount(self._owner[places[order]], weights=products[order], minlength=len(self._texts))
        return np.asarray(sums, dtype=np.float64).round(6)


@lru_cache(maxsize=128)
def bank_examples(bank: str, positive: bool, language: str = "zh") -> Examples:
    """The positives, or the negatives, of a shipped bank."""
    chosen = shipped_banks(language)[bank]
    return Examples(chosen.positives if positive else chosen.negatives, language)
