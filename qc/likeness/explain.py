"""Why a text is like a bank, or not: the examples nearest to it, and what weighed most."""

from dataclasses import dataclass

from qc.likeness.features import fold, grams, shown
from qc.likeness.model import shipped_model
from qc.likeness.nearest import Neighbour, bank_examples
from store.errors import NotFoundError

NEAREST, HEAVIEST = 3, 8


@dataclass(frozen=True, slots=True)
class Weight:
    """A gram of the text (sounds in slashes) and how much it spoke for the bank, negative: against it."""

    gram: str
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the model makes of one text for one bank.

    `probability` is calibrated (0..1); `reported` and `certain` say what a rule without `at_least` would make
    of it in a well-heard turn. `positives` and `negatives` are the nearest examples, the nearest first.
    """

    bank: str
    text: str
    score: float
    probability: float
    reported: bool
    certain: bool
    positives: tuple[Neighbour, ...]
    negatives: tuple[Neighbour, ...]
    weights: tuple[Weight, ...]


def explain(text: str, bank: str, language: str = "zh") -> Explanation:
    """Explain the likeness of `text`, one turn as it was written, to a shipped bank.

    Raises:
        NotFoundError: there is no such bank.
    """
    model = shipped_model(language)
    if bank not in model.banks:
        raise NotFoundError(
            f"there is no trained bank {bank!r}",
            code="likeness.bank_unknown",
            mend=f"Use one of {', '.join(model.names)}.",
        )
    about = model.banks[bank]
    folded = fold(text)
    score = float(model.scores([folded])[0, model.column[bank]])
    probability = about.curve.probability(score)
    return Explanation(
        bank=bank,
        text=text,
        score=round(score, 4),
        probability=round(probability, 4),
        reported=probability >= about.report_at,
        certain=about.certain_at is not None and probability >= about.certain_at,
        positives=bank_examples(bank, True, language).nearest(folded, NEAREST),
        negatives=bank_examples(bank, False, language).nearest(folded, NEAREST),
        weights=_heaviest(folded, bank, language),
    )


def _heaviest(folded: str, bank: str, language: str) -> tuple[Weight, ...]:
    model = shipped_model(language)
    counts = grams(folded)
    rows, values = model.vocabulary.weigh(counts)
    known = [shown(gram) for gram in counts if gram in model.vocabulary.row]
    spoken = zip(known, values * model.weights(rows, bank), strict=True)
    weights = [Weight(gram, round(float(weight), 4)) for gram, weight in spoken if gram]
    return tuple(sorted(weights, key=lambda one: (-abs(one.weight), one.gram))[:HEAVIEST])
