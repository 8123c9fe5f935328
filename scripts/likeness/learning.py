"""Learning one weight for each bank and gram, and scoring what was held out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from qc.likeness.bank import Bank
from qc.likeness.features import fold, grams, rarities, weigh
from scripts.likeness.data import CallTurn, Wording, side_of

Floats = NDArray[np.float64]
RARE = 2  # a gram that fewer texts have says nothing of others
STRENGTH = 5.0  # C of the regression
OF_OTHERS = 0.3  # how much a line of another bank counts as a negative: some belong to both
ORDINARY = 0.5  # how much a turn of a call counts that belongs to none
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A text to learn from: the banks it belongs to, those it does not, and whose words it is."""

    text: str
    belongs: frozenset[str]
    not_in: frozenset[str]
    side: str
    weight: float = 1.0


def lines_of(banks: Iterable[Bank], wordings: Iterable[Wording]) -> list[Line]:
    """The lines of the banks, and the wordings for those banks."""
    lines = []
    names = set()
    for bank in banks:
        names.add(bank.name)
        for example in bank.examples:
            lines.append(_line(bank.name, fold(example.text), example.positive))
    lines += [_line(said.bank, said.text, said.positive) for said in wordings if said.bank in names]
    return lines


def _line(bank: str, text: str, positive: bool) -> Line:
    mine = frozenset((bank,))
    return Line(text, mine if positive else frozenset(), frozenset() if positive else mine, side_of(bank))


def lines_of_calls(turns: Iterable[CallTurn], names: Sequence[str]) -> list[Line]:
    """The turns of labelled calls as lines: what the labels leave open is in neither set."""
    return [
        Line(
            turn.text,
            frozenset(name for name in names if turn.belongs(name)),
            frozenset(
                name for name in names if turn.belongs(name) is False and side_of(name) == turn.speaker
            ),
            turn.speaker,
            ORDINARY if not turn.labels else 1.0,
        )
        for turn in turns
        if turn.text
    ]


def design(texts: Sequence[str], rarity: dict[str, float]) -> csr_matrix:
    """The weighted grams of the texts as a sparse matrix."""
    column = {gram: at for at, gram in enumerate(rarity)}
    starts, columns, values = [0], [], []
    for text in texts:
        vector = weigh(grams(text), rarity)
        columns += [column[gram] for gram in vector]
        values += vector.values()
        starts.append(len(columns))
    return csr_matrix((values, columns, starts), shape=(len(texts), len(rarity)))


def fit(lines: Sequence[Line], names: Sequence[str], matrix: csr_matrix) -> tuple[Floats, Floats]:
    """The weights (grams, banks) and offsets of one-against-rest logistic regression."""
    weights = np.zeros((matrix.shape[1], len(names)))
    offsets = np.zeros(len(names))
    for at, name in enumerate(names):
        use, belongs, counts = _targets(lines, name)
        model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0, max_iter=200)
        model.fit(matrix[use], belongs, sample_weight=counts)
        weights[:, at], offsets[at] = model.coef_[0], model.intercept_[0]
    return weights, offsets


def _targets(lines: Sequence[Line], name: str) -> tuple[NDArray[np.int64], NDArray[np.bool_], Floats]:
    """Which lines teach about a bank, whether they belong to it, and how much each counts."""
    rows, belongs, counts = [], [], []
    for row, line in enumerate(lines):
        if name in line.belongs or name in line.not_in:
            rows.append(row)
            belongs.append(name in line.belongs)
            counts.append(line.weight)
        elif line.belongs and line.side == side_of(name) and line.weight == 1.0:
            rows.append(row)
            belongs.append(False)
            counts.append(OF_OTHERS)
    return np.array(rows), np.array(belongs), np.array(counts)


def folds_of(turns: Sequence[CallTurn]) -> list[set[str]]:
    """The calls in FOLDS parts, by turns in the order of their names."""
    calls = sorted({turn.call for turn in turns})
    return [set(calls[first::FOLDS]) for first in range(FOLDS)]


def held_out_scores(lines: Sequence[Line], turns: Sequence[CallTurn], names: Sequence[str]) -> Floats:
    """The score of every turn for every bank, by models that saw nothing of its call."""
    scores = np.zeros((len(turns), len(names)))
    for part in folds_of(turns):
        seen = [turn for turn in turns if turn.call not in part]
        taught = [*lines, *lines_of_calls(seen, names)]
        rarity = rarities((line.text for line in taught), RARE)
        weights, offsets = fit(taught, names, design([line.text for line in taught], rarity))
        rows = [row for row, turn in enumerate(turns) if turn.call in part]
        matrix = design([turns[row].text for row in rows], rarity)
        scores[rows] = matrix @ weights + offsets
    return scores
