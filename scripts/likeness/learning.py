"""Learning one weight for each bank and gram, and scoring what was held out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from qc.likeness.bank import Bank
from qc.likeness.features import Vocabulary, fold, grams, rarities
from scripts.likeness.data import CallTurn, Wording, kind_of, side_of

Floats = NDArray[np.float64]
RARE = 2  # a gram that fewer texts have says nothing of others
STRENGTH = 5.0  # C of the regression
OF_OTHERS = 0.3  # how much a line of another bank counts as a negative: some belong to both
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A text to learn from: the banks it belongs to, those it does not, and whose words it is. Of a turn
    `of_call` all is known that is to be known; a line of one bank may belong to another: nobody checked."""

    text: str
    belongs: frozenset[str]
    not_in: frozenset[str]
    side: str
    of_call: bool = False


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


def ordinary_lines(texts: Iterable[str], names: Sequence[str]) -> list[Line]:
    """Lines of agents that belong to no violation. Who they really are is not known of them."""
    innocent = frozenset(name for name in names if kind_of(name) == "violation" and name != "impersonation")
    return [Line(text, frozenset(), innocent, "agent", of_call=True) for text in texts]


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
            of_call=True,
        )
        for turn in turns
        if turn.text
    ]


@cache
def counted(text: str) -> Mapping[str, int]:
    """The grams of a text, counted once."""
    return grams(text)


def rarities_of(lines: Iterable[Line]) -> dict[str, float]:
    """The rarity of the grams that the lines have."""
    return rarities((counted(line.text) for line in lines), RARE)


def design(lines: Iterable[Line | CallTurn], rarity: Mapping[str, float]) -> csr_matrix:
    """The weighted grams of the texts as a sparse matrix."""
    vocabulary = Vocabulary(rarity)
    weighed = [vocabulary.weigh(counted(line.text)) for line in lines]
    starts = np.cumsum([0, *(len(rows) for rows, _ in weighed)])
    columns = np.concatenate([rows for rows, _ in weighed])
    values = np.concatenate([values for _, values in weighed])
    return csr_matrix((values, columns, starts), shape=(len(weighed), len(vocabulary)))


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
            counts.append(1.0)
        elif line.belongs and not line.of_call and line.side == side_of(name):
            rows.append(row)
            belongs.append(False)
            counts.append(OF_OTHERS)
    return np.array(rows), np.array(belongs), np.array(counts)


def held_out_scores(
    lines: Sequence[Line], turns: Sequence[CallTurn], names: Sequence[str]
) -> tuple[Floats, Floats]:
    """The scores of every line and of every turn for every bank, by models that saw neither the line nor
    anything of the call."""
    of_lines, of_turns = np.zeros((len(lines), len(names))), np.zeros((len(turns), len(names)))
    calls = {call: at % FOLDS for at, call in enumerate(sorted({turn.call for turn in turns}))}
    for part in range(FOLDS):
        held_lines = [row for row in range(len(lines)) if row % FOLDS == part]
        held_turns = [row for row, turn in enumerate(turns) if calls[turn.call] == part]
        taught = [line for row, line in enumerate(lines) if row % FOLDS != part]
        taught += lines_of_calls((turn for turn in turns if calls[turn.call] != part), names)
        rarity = rarities_of(taught)
        weights, offsets = fit(taught, names, design(taught, rarity))
        of_lines[held_lines] = design((lines[row] for row in held_lines), rarity) @ weights + offsets
        of_turns[held_turns] = design((turns[row] for row in held_turns), rarity) @ weights + offsets
    return of_lines, of_turns
