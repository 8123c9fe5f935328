"""The examples that a text is most like."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from qc.likeness.bank import shipped_banks
from qc.likeness.features import Vector, fold, grams, weigh
from qc.likeness.model import shipped_model


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An example and how like it is: the cosine (0..1) of the weighted grams."""

    text: str
    likeness: float


class Examples:
    """Texts made ready for comparison."""

    def __init__(self, texts: Sequence[str], language: str = "zh") -> None:
        self._rarity = shipped_model(language).rarity
        self._texts = tuple(texts)
        self._vectors = tuple(weigh(grams(fold(text)), self._rarity) for text in texts)

    def nearest(self, text: str, number: int = 1) -> tuple[Neighbour, ...]:
        """The examples most like normalised `text`, the nearest first; the earlier of two that are alike."""
        mine = weigh(grams(text), self._rarity)
        found = [
            Neighbour(example, round(cosine(mine, vector), 6))
            for example, vector in zip(self._texts, self._vectors, strict=True)
        ]
        return tuple(sorted(found, key=lambda neighbour: -neighbour.likeness)[:number])


def cosine(one: Vector, other: Vector) -> float:
    """The likeness of two vectors of length 1."""
    if len(other) < len(one):
        one, other = other, one
    return sum(value * other[gram] for gram, value in one.items() if gram in other)


@lru_cache(maxsize=128)
def bank_examples(bank: str, positive: bool, language: str = "zh") -> Examples:
    """The positives, or the negatives, of a shipped bank."""
    chosen = shipped_banks(language)[bank]
    return Examples(chosen.positives if positive else chosen.negatives, language)
