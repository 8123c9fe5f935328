"""How far ways to say a phrase are from what was heard: many of them at once.

The same as `qc.matching.spellings.near`, which compares one way with one place.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qc.matching.compiled import inner
from qc.matching.machine import Ints
from qc.matching.readings import BREAK, DISTANCES, FAR
from qc.matching.spellings import Row

COLUMNS = 16  # syllables of a row that are compared
UNKNOWN = -1  # by how many letters a longer row is off
MARGIN = COLUMNS + 8  # around a text, so that no row goes beyond
_UPPER, _LOWER = 12, (1 << 12) - 1  # bits of letters and of syllables
# How far another place it begins, and how many syllables more it has: as it is, one lost, one too many.
_WAYS = ((0, 0), (0, -1), (1, -1), (0, 1), (-1, 1))


class Rows:
    """Rows, as far as they are compared, side by side."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.kinds = np.zeros((len(rows), COLUMNS), np.uint16)
        for number, row in enumerate(rows):
            compared = row.kinds[:COLUMNS]
            self.kinds[number, : len(compared)] = compared
        self.sizes = np.array([min(len(row.kinds), COLUMNS) for row in rows], np.int16)
        self.differences = np.array([row.differences for row in rows], np.int16)
        self.in_part = np.array([len(row.kinds) > COLUMNS for row in rows], np.bool_)
        self.one_off = np.array([row.one_off for row in rows], np.bool_)
        self.budgets = np.where(self.one_off, FAR - 1, np.array([row.budget for row in rows], np.int16))

    def anywhere(self, numbers: Sequence[int], kinds: Sequence[int]) -> Ints:
        """Where some of the rows may be within their tolerance, by the kinds of sound of an utterance."""
        text = np.full(len(kinds) + 2 * MARGIN, BREAK, np.uint16)
        text[MARGIN : MARGIN + len(kinds)] = kinds
        begins = np.arange(MARGIN - 1, MARGIN + len(kinds) + 1)
        return self.within(text, (np.array(numbers, np.int64)[:, None] << 32 | begins).ravel())

    def within(self, text: NDArray[np.uint16], pairs: NDArray[np.int64]) -> Ints:
        """Of pairs of a row (in the upper half) and the place in the text where it would begin, those within
        the row's tolerance: row, beginning, how many syllables more than its own it has, and by how many
        letters it is off. Pairs in order; what is there twice counts once."""
        found = np.empty((5 * pairs.size, 4), np.int32)
        size = within(
            text, pairs, *DISTANCES.tables(), self.kinds, self.sizes, self.budgets, self.differences,
            self.one_off, self.in_part, np.zeros((3, COLUMNS + 1), np.int64), np.zeros(5, np.int64), found,
        )  # fmt: skip
        return found[:size]


@inner
def compare(
    text: NDArray[np.uint16], begin: int, distances: NDArray[np.uint8], letters_said: NDArray[np.uint8],
    kinds: NDArray[np.uint16], size: int, one_off: bool, costs: NDArray[np.int64],
) -> None:  # fmt: skip
    """Write what the first 0, 1, 2 … syllables of a row at `begin` cost: letters in the upper bits
    and syllables in the lower ones, added up at once. With `one_off`, half of a syllable must be right."""
    for column in range(size):
        wanted, said = kinds[column], text[begin + column]
        off = np.int64(distances[wanted, said])
        if one_off and off > max(letters_said[wanted], letters_said[said]) // 2:
            off = np.int64(FAR)
        cost = (off << _UPPER) + (off > 0)
        costs[column + 1] = costs[column] + cost


@inner
def least(one: int, other: int, budget: int, most: int) -> int:
    """The smaller of two costs that are within a tolerance; `other` may be none, below 0."""
    return one if fits(one, budget, most) and (other < 0 or one < other) else other


@inner
def lost_or_added(
    text: NDArray[np.uint16], begin: int, letters_said: NDArray[np.uint8], kinds: NDArray[np.uint16],
    size: int, exact: bool, budget: int, most: int, costs: NDArray[np.int64], way: int,
) -> tuple[int, int]:  # fmt: skip
    """The least cost of a row of which one syllable was lost, or one added: up to it the row stands where
    `way` says (0 or 1), after it one place before, or after. Below 0 where neither is within the tolerance.
    Of rows that are compared in part, what was added may cost one letter."""
    lost = added = -1
    fewer, more = 1 + way, 1 - way
    for column in range(size + 1):
        if column < size:
            cost = costs[fewer, column] + costs[way, size] - costs[way, column + 1]
            lost = least(cost + (np.int64(letters_said[kinds[column]]) << _UPPER) + 1, lost, budget, most)
        letters_more = np.int64(letters_said[text[begin - way + column]]) if exact else np.int64(1)
        cost = costs[more, column] + costs[2 - way, size] - costs[2 - way, column]
        added = least(cost + (letters_more << _UPPER) + 1, added, budget, most)
    return lost, added


@inner
def within(
    text: NDArray[np.uint16], pairs: NDArray[np.int64], distances: NDArray[np.uint8],
    letters_said: NDArray[np.uint8], kinds: NDArray[np.uint16], sizes: NDArray[np.int16],
    budgets: NDArray[np.int16], differences: NDArray[np.int16], one_off: NDArray[np.bool_],
    in_part: NDArray[np.bool_], costs: NDArray[np.int64], ways: NDArray[np.int64], found: Ints,
) -> int:  # fmt: skip
    """Of rows that would begin there, write those within their tolerance: with as many syllables, one lost
    (the rest stands one place before) or one too many (one place after). Returns how many there are."""
    count, before = 0, np.int64(-1)
    for pair in pairs:
        if pair == before:
            continue
        before = pair
        row, begin = pair >> 32, pair & 0xFFFFFFFF
        size, budget, most = sizes[row], budgets[row], differences[row]
        # Rows of which only one syllable may differ stand where they are.
        for shift in range(1, 2) if one_off[row] else range(3):
            compare(
                text, begin + shift - 1, distances, letters_said, kinds[row], size, one_off[row], costs[shift]
            )
        ways[:] = -1
        ways[0] = least(costs[1, size], -1, budget, most)
        if not one_off[row]:
            for way in range(2):
                ways[1 + way], ways[3 + way] = lost_or_added(
                    text, begin, letters_said, kinds[row], size, not in_part[row], budget, most, costs, way
                )
        for way in range(5):
            if ways[way] >= 0:
                shifted, extra = _WAYS[way]
                found[count, 0], found[count, 1], found[count, 2] = row, begin + shifted - MARGIN, extra
                found[count, 3] = UNKNOWN if in_part[row] else ways[way] >> _UPPER
                count += 1
    return count


@inner
def fits(cost: int, budget: int, most: int) -> bool:
    """Whether letters and syllables are within a tolerance."""
    return cost >> _UPPER <= budget and cost & _LOWER <= most
