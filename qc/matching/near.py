"""Which phrases may sound nearly alike where: one look-up of syllable triples over a whole call.

A phrase of six to nine syllables with at most two of them changed, lost or added still has three of its
syllables at one of a few distances from each other, and so has one of five with one changed. These triples
are looked up for every place of the call at once; what has one, and enough other syllables near, is a
candidate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qc.matching.readings import BREAK, DISTANCES, FAR, FIRST_CODE, KINDS_AT_MOST, family, letters
from qc.matching.spellings import LONG_SYLLABLES, SHORT_SYLLABLES, Row

Shape = tuple[int, int]  # how far the second and the third syllable stand behind the first
Key = tuple[Shape, tuple[int, int, int]]  # a shape, and which syllables of the phrase stand there
_ROW, _NEXT, _GAPPED, _WIDE = (1, 2), (1, 3), (2, 3), (3, 4)
SHAPES: tuple[Shape, ...] = (_ROW, _NEXT, _GAPPED, _WIDE)

# One of five syllables changed.
KEYS_OF_FIVE: tuple[Key, ...] = ((_ROW, (0, 1, 2)), (_ROW, (2, 3, 4)), (_NEXT, (0, 1, 3)))
# One of five changed, lost or added.
KEYS_OF_HALF: tuple[Key, ...] = (*KEYS_OF_FIVE, (_ROW, (0, 1, 3)))
# Two of six changed, one of them perhaps lost or added.
KEYS_OF_SIX: tuple[Key, ...] = (
    *((_ROW, triple) for triple in ((0, 1, 2), (1, 2, 3), (3, 4, 5), (0, 1, 3), (0, 2, 3), (2, 4, 5))),
    *((_NEXT, triple) for triple in ((0, 1, 3), (0, 1, 2), (0, 1, 4))),
    *((_GAPPED, triple) for triple in ((0, 2, 3), (2, 4, 5))),
    (_WIDE, (1, 4, 5)),
)  # fmt: skip

_COLUMNS = 16  # syllables of a row that are compared
_MARGIN = _COLUMNS + 8
_FAMILY_BITS = 10
_NONE_IN_TEXT, _NONE_IN_ROW = KINDS_AT_MOST, KINDS_AT_MOST + 1  # unlike each other and all families
_SPREAD = np.uint32(0x9E3779B1)
_KEY_BITS, _MOST_BITS = 32, 27
_UPPER, _LOWER = 12, (1 << 12) - 1


class Place(NamedTuple):
    """Where a row may be: its number, where it begins, and how many syllables more than its own it has."""

    row: int
    start: int
    more: int


_REACH = max(far for _, far in SHAPES)


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows by keys: `rows[starts[k]:starts[k+1]]` have key `keys[k]`, and begin `offsets` before it."""

    keys: NDArray[np.uint32]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    offsets: NDArray[np.int8]


class NearIndex:
    """Rows that may be looked for in a text all at once."""

    def __init__(self, rows: Sequence[Row]) -> None:
        shape = (len(rows), _COLUMNS)
        self.families = np.full(shape, _NONE_IN_ROW, np.uint16)
        self.kinds, self.letters = np.zeros(shape, np.uint16), np.zeros(shape, np.int16)
        for number, row in enumerate(rows):
            codes = [ord(family(char)) - FIRST_CODE for char in row.text[:_COLUMNS]]
            self.families[number, : len(codes)] = codes
            self.kinds[number, : len(codes)] = row.kinds[:_COLUMNS]
            self.letters[number, : len(codes)] = list(map(letters, row.kinds[:_COLUMNS]))
        self.sizes = np.array([min(len(row.kinds), _COLUMNS) for row in rows], np.int16)
        self.differences = np.array([row.differences for row in rows], np.int16)
        self.one_off = np.array([row.one_off for row in rows], np.bool_)
        self.budgets = np.where(self.one_off, FAR - 1, np.array([row.budget for row in rows], np.int16))
        self.table = self._build(rows)
        bits = min(max(16, int(self.table.keys.size * 16).bit_length()), _MOST_BITS)
        self.shift = np.uint32(_KEY_BITS - bits)
        self.known = np.zeros(1 << bits, np.bool_)
        self.known[self._hashes(self.table.keys)] = True

    def _hashes(self, keys: NDArray[np.uint32]) -> NDArray[np.int64]:
        return ((keys * _SPREAD) >> self.shift).astype(np.int64)

    def _build(self, rows: Sequence[Row]) -> _Table:
        """The keys of all rows; rows of the same length have the same ones."""
        found: list[tuple[NDArray[np.uint32], NDArray[np.int32], int]] = []
        by_size: dict[int, list[int]] = {}
        for number, row in enumerate(rows):
            by_size.setdefault(len(row.kinds), []).append(number)
        for size, members in by_size.items():
            numbers = np.array(members, np.int32)
            for shape, triple in keys_of(size):
                first, second, third = self.families[numbers][:, list(triple)].astype(np.uint32).T
                found.append((_key(SHAPES.index(shape), first, second, third), numbers, triple[0]))
        if not found:
            empty = np.zeros(0, np.int32)
            return _Table(np.zeros(0, np.uint32), np.zeros(1, np.int64), empty, empty.astype(np.int8))
        keys = np.concatenate([key for key, _, _ in found])
        numbers = np.concatenate([number for _, number, _ in found])
        offsets = np.concatenate([np.full(key.size, offset, np.int8) for key, _, offset in found])
        order = np.argsort(keys, kind="stable")
        unique, starts = np.unique(keys[order], return_index=True)
        return _Table(unique, np.append(starts, keys.size), numbers[order], offsets[order])

    def places(self, codes: NDArray[np.uint16], families: NDArray[np.uint16]) -> list[Place]:
        """Rows that may sound nearly alike, in a text given by the codes of its sounds and their families."""
        if not self.table.keys.size:
            return []
        numbers, begins = self._with_key(_inner(families, _NONE_IN_TEXT))
        near = self._enough(_inner(families, _NONE_IN_TEXT), numbers, begins)
        pairs = np.unique(numbers[near].astype(np.int64) << 32 | begins[near])
        if not pairs.size:
            return []
        return self._within(_inner(codes, BREAK), pairs >> 32, pairs & 0xFFFFFFFF)

    def _with_key(self, text: NDArray[np.uint16]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Rows that have a key of the text, and where they would begin."""
        wide = text.astype(np.uint32)
        size = wide.size - _REACH
        keys = np.concatenate(
            [
                _key(number, wide[:size], wide[second : size + second], wide[third : size + third])
                for number, (second, third) in enumerate(SHAPES)
            ]
        )
        hit = np.flatnonzero(self.known.take(self._hashes(keys)))
        table = self.table
        slot = np.searchsorted(table.keys, keys[hit])
        slot[slot == table.keys.size] = 0
        same = table.keys[slot] == keys[hit]
        hit, slot = hit[same], slot[same]
        counts = table.starts[slot + 1] - table.starts[slot]
        entries = np.repeat(table.starts[slot] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        begins = np.repeat(hit % size, counts) - table.offsets[entries]
        return table.rows[entries], begins

    def _enough(
        self, text: NDArray[np.uint16], numbers: NDArray[np.int32], begins: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Whether enough of the syllables are where they should be, or one place before or after."""
        wanted = self.families[numbers]
        window = text[begins[:, None] + np.arange(-1, _COLUMNS + 1)]
        about = (wanted == window[:, 1:-1]) | (wanted == window[:, :-2]) | (wanted == window[:, 2:])
        enough: NDArray[np.bool_] = about.sum(axis=1) >= (self.sizes - self.differences)[numbers]
        return enough

    def _within(
        self, text: NDArray[np.uint16], numbers: NDArray[np.int64], begins: NDArray[np.int64]
    ) -> list[Place]:
        """Of rows that would begin there, those within their tolerance: with as many syllables, one lost (the
        rest stands one place before) or one too many (one place after)."""
        wanted = self.kinds[numbers]
        heard = text[begins[:, None] + np.arange(-1, _COLUMNS + 1)]
        heard = np.stack((heard[:, :-2], heard[:, 1:-1], heard[:, 2:]))
        off = DISTANCES.table()[wanted, heard].astype(np.int16)
        off[:, np.arange(_COLUMNS) >= self.sizes[numbers, None]] = 0
        # Letters in the upper bits and syllables in the lower ones are added up at once.
        costs = np.zeros((3, numbers.size, _COLUMNS + 1), np.int32)
        ((off.astype(np.int32) << _UPPER) + (off > 0)).cumsum(axis=2, out=costs[:, :, 1:])
        rest = costs[:, :, -1:] - costs
        lost = (self.letters[numbers].astype(np.int32) << _UPPER) + 1
        added = np.int32((1 << _UPPER) + 1)
        budgets, most = self.budgets[numbers].astype(np.int32), self.differences[numbers].astype(np.int32)

        def fits(cost: NDArray[np.int32]) -> Any:
            return ((cost >> _UPPER <= budgets[:, None]) & (cost & _LOWER <= most[:, None])).any(axis=-1)

        whole = fits(costs[1, :, -1:])
        fewer = fits(costs[1:, :, :-1] + lost + rest[:-1, :, 1:]) & ~self.one_off[numbers]
        more = fits(costs[1::-1] + added + rest[:0:-1]) & ~self.one_off[numbers]
        found = ((whole, 0, 0), (fewer[0], 0, -1), (fewer[1], 1, -1), (more[0], 0, 1), (more[1], -1, 1))
        return [
            Place(number, begin + shift - _MARGIN, extra)
            for where, shift, extra in found
            for number, begin in zip(numbers[where].tolist(), begins[where].tolist(), strict=True)
        ]


def _inner(codes: NDArray[np.uint16], outside: int) -> NDArray[np.uint16]:
    """Codes as numbers from 0, with a margin; `outside` stands for what is no sound."""
    text = np.full(codes.size + 2 * _MARGIN, outside, np.uint16)
    inside = codes >= FIRST_CODE
    text[_MARGIN : _MARGIN + codes.size][inside] = codes[inside] - FIRST_CODE
    return text


def keys_of(size: int) -> tuple[Key, ...]:
    """The keys of a row of so many syllables: whatever its tolerance allows leaves at least one of them."""
    if size <= SHORT_SYLLABLES:
        return KEYS_OF_FIVE
    if size < LONG_SYLLABLES:
        return KEYS_OF_SIX
    behind = min(size, _COLUMNS) - SHORT_SYLLABLES
    second = ((shape, (a + behind, b + behind, c + behind)) for shape, (a, b, c) in KEYS_OF_HALF)
    return (*KEYS_OF_HALF, *second)


def _key(
    shape: int, first: NDArray[np.uint32], second: NDArray[np.uint32], third: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    low = first << np.uint32(2 * _FAMILY_BITS) | second << np.uint32(_FAMILY_BITS) | third
    return low | np.uint32(shape << 3 * _FAMILY_BITS)
