"""The turns of one call, scored together for all banks."""

from collections.abc import Sequence
from dataclasses import dataclass

from qc.likeness.model import BankModel, Model, Scores, shipped_model
from qc.likeness.nearest import Neighbour, bank_examples


@dataclass(frozen=True, slots=True)
class ScoredTurns:
    """Scores (turns, banks) of the normalised texts of a call."""

    model: Model
    texts: tuple[str, ...]
    scores: Scores

    def probability(self, at: int, bank: str) -> float:
        """The probability (0..1) that turn `at` belongs to `bank`."""
        return self.about(bank).curve.probability(float(self.scores[at, self.model.column[bank]]))

    def about(self, bank: str) -> BankModel:
        """What was measured for `bank`."""
        return self.model.banks[bank]

    def nearest(self, at: int, bank: str) -> Neighbour:
        """The example of `bank` that turn `at` is most like."""
        return bank_examples(bank, True).nearest(self.texts[at])[0]


def score_turns(texts: Sequence[str]) -> ScoredTurns:
    """Score the normalised texts of a call; empty ones are like nothing."""
    model = shipped_model()
    return ScoredTurns(model, tuple(texts), model.scores(texts))
