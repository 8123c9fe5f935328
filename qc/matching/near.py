"""Which phrases may sound nearly alike where: one look-up of syllable triples over a whole call.

A phrase of six to nine syllables with at most two of them changed, lost or added still has three of its
syllables at one of a few distances from each other, and so has one of five with one changed. These triples
are looked up for every place of the call at once; what has one, and enough other syllables near, is a
candidate.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qc.matching.readings import FIRST_CODE, family
from qc.matching.spellings import LONG_SYLLABLES, SHORT_SYLLABLES, Row

Shape = tuple[int, int]  # how far the second and the third syllable stand behind the first
Key = tuple[Shape, tuple[int, int, int]]  # a shape, and which syllables of the phrase stand there
_ROW, _NEXT, _GAPPED, _WIDE, _LATE = (1, 2), (1, 3), (2, 3), (4, 5), (3, 4)
SHAPES: tuple[Shape, ...] = (_ROW, _NEXT, _GAPPED, _WIDE, _LATE)

# One of five syllables changed.
KEYS_OF_FIVE: tuple[Key, ...] = ((_ROW, (0, 1, 2)), (_ROW, (2, 3, 4)), (_NEXT, (0, 1, 3)))
# One of five changed, lost or added.
KEYS_OF_HALF: tuple[Key, ...] = (*KEYS_OF_FIVE, (_ROW, (0, 1, 3)))
# Two of six changed, one of them perhaps lost or added.
KEYS_OF_SIX: tuple[Key, ...] = (
    *((_ROW, triple) for triple in ((0, 1, 2), (2, 3, 4), (3, 4, 5), (0, 1, 3), (2, 4, 5), (2, 3, 5))),
    *((_NEXT, triple) for triple in ((0, 1, 3), (2, 3, 5), (0, 1, 2), (0, 2, 4), (0, 1, 4))),
    (_GAPPED, (3, 4, 5)), (_WIDE, (0, 4, 5)), (_LATE, (1, 4, 5)),
)  # fmt: skip

_COLUMNS = 16  # syllables of a row that are compared
_MARGIN = _COLUMNS + 8
_NONE_IN_TEXT, _NONE_IN_ROW = 0x1FFE, 0x1FFF  # unlike each other and all families
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_MOST_BITS = 27

Place = tuple[int, int]  # number of the row, place in the text


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows by keys: `rows[starts[k]:starts[k+1]]` have key `keys[k]`, and begin `offsets` before it."""

    keys: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    offsets: NDArray[np.int8]


class NearIndex:
    """Rows that may be looked for in a text all at once."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.families = np.full((len(rows), _COLUMNS), _NONE_IN_ROW, np.uint16)
        for number, row in enumerate(rows):
            codes = [ord(family(char)) - FIRST_CODE for char in row.text[:_COLUMNS]]
            self.families[number, : len(codes)] = codes
        sizes = np.array([min(len(row.kinds), _COLUMNS) for row in rows], np.int16)
        differences = np.array([row.differences for row in rows], np.int16)
        self.needed = sizes - differences
        self.aligned = np.array([row.one_off for row in rows], np.bool_)
        self.table = self._build(rows)
        bits = min(max(16, int(self.table.keys.size * 16).bit_length()), _MOST_BITS)
        self.shift = np.uint64(64 - bits)
        self.known = np.zeros(1 << bits, np.bool_)
        self.known[self._hashes(self.table.keys)] = True

    def _hashes(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        return ((keys * _SPREAD) >> self.shift).astype(np.int64)

    def _build(self, rows: Sequence[Row]) -> _Table:
        """The keys of all rows; rows of the same length have the same ones."""
        found: list[tuple[NDArray[np.uint64], NDArray[np.int32], int]] = []
        by_size: dict[int, list[int]] = {}
        for number, row in enumerate(rows):
            by_size.setdefault(len(row.kinds), []).append(number)
        for size, members in by_size.items():
            numbers = np.array(members, np.int32)
            for shape, triple in keys_of(size):
                first, second, third = self.families[numbers][:, list(triple)].astype(np.uint64).T
                found.append((_key(SHAPES.index(shape), first, second, third), numbers, triple[0]))
        if not found:
            empty = np.zeros(0, np.int32)
            return _Table(np.zeros(0, np.uint64), np.zeros(1, np.int64), empty, empty.astype(np.int8))
        keys = np.concatenate([key for key, _, _ in found])
        numbers = np.concatenate([number for _, number, _ in found])
        offsets = np.concatenate([np.full(key.size, offset, np.int8) for key, _, offset in found])
        order = np.argsort(keys, kind="stable")
        unique, starts = np.unique(keys[order], return_index=True)
        return _Table(unique, np.append(starts, keys.size), numbers[order], offsets[order])

    def places(self, families: NDArray[np.uint16]) -> list[Place]:
        """Rows and the places where they may begin, one syllable more or less, in a text given by the codes
        of its families."""
        if not self.table.keys.size:
            return []
        text = np.full(families.size + 2 * _MARGIN, _NONE_IN_TEXT, np.uint16)
        inside = families >= FIRST_CODE
        text[_MARGIN : _MARGIN + families.size][inside] = families[inside] - FIRST_CODE
        numbers, begins = self._with_key(text)
        if not numbers.size:
            return []
        pairs = np.unique(numbers << 32 | begins)
        numbers, begins = pairs >> 32, pairs & 0xFFFFFFFF
        kept = self._enough(text, numbers, begins)
        return list(zip(numbers[kept].tolist(), (begins[kept] - _MARGIN).tolist(), strict=True))

    def _with_key(self, text: NDArray[np.uint16]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows that have a key of the text, and where they would begin."""
        wide = text.astype(np.uint64)
        size = wide.size - 5
        keys = np.concatenate(
            [
                _key(number, wide[:size], wide[second : size + second], wide[third : size + third])
                for number, (second, third) in enumerate(SHAPES)
            ]
        )
        hit = np.flatnonzero(self.known[self._hashes(keys)])
        table = self.table
        slot = np.searchsorted(table.keys, keys[hit])
        slot[slot == table.keys.size] = 0
        same = table.keys[slot] == keys[hit]
        hit, slot = hit[same], slot[same]
        counts = table.starts[slot + 1] - table.starts[slot]
        entries = np.repeat(table.starts[slot] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        begins = np.repeat(hit % size, counts) - table.offsets[entries]
        return table.rows[entries].astype(np.int64), begins.astype(np.int64)

    def _enough(
        self, text: NDArray[np.uint16], numbers: NDArray[np.int64], begins: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Whether enough of the syllables are where they should be, or one place before or after."""
        wanted = self.families[numbers]
        window = text[begins[:, None] + np.arange(-1, _COLUMNS + 1)]
        here = wanted == window[:, 1:-1]
        about = here | (wanted == window[:, :-2]) | (wanted == window[:, 2:])
        counted = np.where(self.aligned[numbers], here.sum(axis=1), about.sum(axis=1))
        enough: NDArray[np.bool_] = counted >= self.needed[numbers]
        return enough


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
    shape: int, first: NDArray[np.uint64], second: NDArray[np.uint64], third: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    low = first << np.uint64(26) | second << np.uint64(13) | third
    return low | np.uint64(shape << 40)
