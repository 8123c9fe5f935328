"""The turns of one call, scored together for all banks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from qc.likeness.features import Rows, Values
from qc.likeness.model import BankModel, Model, Scores, shipped_model
from qc.likeness.nearest import Neighbour, bank_examples


@dataclass(frozen=True, slots=True)
class ScoredTurns:
    """Scores (turns, banks) of the normalised texts of a call, and what rules asked of them so far."""

    model: Model
    texts: tuple[str, ...]
    weighed: Sequence[tuple[Rows, Values]]
    scores: Scores
    _probabilities: dict[str, list[float]] = field(default_factory=dict, compare=False, repr=False)
    _nearest: dict[tuple[int, str], Neighbour] = field(default_factory=dict, compare=False, repr=False)

    def probability(self, at: int, bank: str) -> float:
        """The probability (0..1) that turn `at` belongs to `bank`."""
        known = self._probabilities.get(bank)
        if known is None:
            scores = self.scores[:, self.model.column[bank]].tolist()
            known = self._probabilities[bank] = list(map(self.about(bank).curve.probability, scores))
        return known[at]

    def about(self, bank: str) -> BankModel:
        """What was measured for `bank`."""
        return self.model.banks[bank]

    def nearest(self, at: int, bank: str) -> Neighbour:
        """The example of `bank` that turn `at` is most like."""
        found = self._nearest.get((at, bank))
        if found is None:
            found = self._nearest[at, bank] = bank_examples(bank, True).nearest_to(*self.weighed[at])[0]
        return found


def score_turns(texts: Sequence[str]) -> ScoredTurns:
    """Score the normalised texts of a call; empty ones are like nothing."""
    model = shipped_model()
    weighed = model.vocabulary.weigh_texts(texts)
    return ScoredTurns(model, tuple(texts), weighed, model.scores_of(weighed))
