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

from qc.matching.compare import COLUMNS, MARGIN, Rows
from qc.matching.compiled import inner
from qc.matching.machine import Ints
from qc.matching.readings import BREAK, FIRST_CODE, KINDS_AT_MOST, family
from qc.matching.spellings import LONG_SYLLABLES, SHORT_SYLLABLES, Row

Shape = tuple[int, int]  # how far the second and the third syllable stand behind the first
Key = tuple[Shape, tuple[int, int, int]]  # a shape, and which syllables of the phrase stand there
_ROW, _NEXT, _GAPPED, _WIDE = (1, 2), (1, 3), (2, 3), (3, 4)
SHAPES: tuple[Shape, ...] = (_ROW, _NEXT, _GAPPED, _WIDE)
_SECOND, _THIRD = np.array(SHAPES, np.int64).T.copy()

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

_FAMILY_BITS = 10
_NONE_IN_TEXT, _NONE_IN_ROW = KINDS_AT_MOST, KINDS_AT_MOST + 1  # unlike each other and all families
_SPREAD = np.uint32(0x9E3779B1)
_KEY_BITS, _MOST_BITS = 32, 27


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
        self.rows = Rows(rows)
        self.families = np.full((len(rows), COLUMNS), _NONE_IN_ROW, np.uint16)
        for number, row in enumerate(rows):
            codes = [ord(family(char)) - FIRST_CODE for char in row.text[:COLUMNS]]
            self.families[number, : len(codes)] = codes
        self.table = self._build(rows)
        bits = min(max(16, int(self.table.keys.size * 16).bit_length()), _MOST_BITS)
        self.shift = np.uint32(_KEY_BITS - bits)
        known = np.zeros(1 << bits, np.bool_)
        known[((self.table.keys * _SPREAD) >> self.shift).astype(np.int64)] = True
        self.known = np.packbits(known, bitorder="little")  # small enough to stay in the cache

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

    def places(self, codes: NDArray[np.uint16], families: NDArray[np.uint16]) -> Ints:
        """Rows that may sound nearly alike, in a text given by the codes of its sounds and their families."""
        table = self.table
        if not table.keys.size:
            return np.zeros((0, 4), np.int32)
        pairs = np.empty(4 * codes.size, np.int64)
        while True:
            size = with_key(
                _inner(families, _NONE_IN_TEXT),
                table.keys, table.starts, table.rows, table.offsets, self.known, self.shift,
                self.families, self.rows.sizes, self.rows.differences, pairs,
            )  # fmt: skip
            if size <= pairs.size:
                break
            pairs = np.empty(size, np.int64)
        return self.rows.within(_inner(codes, BREAK), np.unique(pairs[:size]))


@inner
def with_key(
    text: NDArray[np.uint16],
    keys: NDArray[np.uint32], starts: NDArray[np.int64], rows: NDArray[np.int32], offsets: NDArray[np.int8],
    known: NDArray[np.uint8], shift: np.uint32,
    families: NDArray[np.uint16], sizes: NDArray[np.int16], differences: NDArray[np.int16],
    found: NDArray[np.int64],
) -> int:  # fmt: skip
    """Write the rows that have a key of the text and enough other syllables near it, and where they would
    begin: both in one number, the row in the upper half.

    Returns:
        how many there are; those beyond the length of `found` are not written.
    """
    count = 0
    for place in range(MARGIN - 1, text.size - MARGIN):
        for shape in range(_SECOND.size):
            second, third = _SECOND[shape], _THIRD[shape]
            key = np.uint32(
                np.uint32(text[place]) << np.uint32(2 * _FAMILY_BITS)
                | np.uint32(text[place + second]) << np.uint32(_FAMILY_BITS)
                | np.uint32(text[place + third])
                | np.uint32(shape << 3 * _FAMILY_BITS)
            )
            hashed = np.uint32(key * _SPREAD) >> shift
            if not known[hashed >> 3] >> (hashed & 7) & 1:
                continue
            slot = np.searchsorted(keys, key)
            if slot == keys.size or keys[slot] != key:
                continue
            for entry in range(starts[slot], starts[slot + 1]):
                row, begin = np.int64(rows[entry]), place - offsets[entry]
                if about(text, begin, families[row]) >= sizes[row] - differences[row]:
                    if count < found.size:
                        found[count] = row << 32 | begin
                    count += 1
    return count


@inner
def about(text: NDArray[np.uint16], begin: int, wanted: NDArray[np.uint16]) -> int:
    """How many syllables of a row are where they should be, or one place before or after."""
    count = 0
    for column in range(COLUMNS):
        at, syllable = begin + column, wanted[column]
        count += text[at] == syllable or text[at - 1] == syllable or text[at + 1] == syllable
    return count


def _inner(codes: NDArray[np.uint16], outside: int) -> NDArray[np.uint16]:
    """Codes as numbers from 0, with a margin; `outside` stands for what is no sound."""
    text = np.full(codes.size + 2 * MARGIN, outside, np.uint16)
    inside = codes >= FIRST_CODE
    text[MARGIN : MARGIN + codes.size][inside] = codes[inside] - FIRST_CODE
    return text


def keys_of(size: int) -> tuple[Key, ...]:
    """The keys of a row of so many syllables: whatever its tolerance allows leaves at least one of them."""
    if size <= SHORT_SYLLABLES:
        return KEYS_OF_FIVE
    if size < LONG_SYLLABLES:
        return KEYS_OF_SIX
    behind = min(size, COLUMNS) - SHORT_SYLLABLES
    second = ((shape, (a + behind, b + behind, c + behind)) for shape, (a, b, c) in KEYS_OF_HALF)
    return (*KEYS_OF_HALF, *second)


def _key(
    shape: int, first: NDArray[np.uint32], second: NDArray[np.uint32], third: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    low = first << np.uint32(2 * _FAMILY_BITS) | second << np.uint32(_FAMILY_BITS) | third
    return low | np.uint32(shape << 3 * _FAMILY_BITS)
