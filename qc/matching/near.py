"""Which phrases may sound nearly alike where: one look-up of syllable triples over a whole call.

A phrase of six to nine syllables with at most two of them changed, lost or added still has three of its
syllables at one of a few distances from each other, and so has one of five with one changed. These triples
are looked up for every place of the call at once; what has one, and enough other syllables near, is a
candidate.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qc.matching.compare import COLUMNS, MARGIN, Rows
from qc.matching.compiled import inner
from qc.matching.grams import Bits, Keys, slot_of
from qc.matching.machine import Ints, Words
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
_KEY = 1 << 32  # so that no key is 0, which is a free slot
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_BITS_A_KEY, _FEWEST_BITS = (
    4,
    8,
)  # two to the power of the first: nearly all that is no key is known by one bit
# Of an entry: the row, how many syllables may differ, and (its shape) how many are compared and the offset.
_ROW_AT, _MISSING_AT, _SIZE_AT, _PART, _SHAPE = 32, 16, 8, (1 << 8) - 1, (1 << 16) - 1
_LOWER = (1 << 32) - 1
# The bit of each family; several share one.
_MASKS: Words = np.int64(1) << (np.arange(KINDS_AT_MOST + 2) * 0x9E3779B1 >> 20) % 64
_MASKS[[_NONE_IN_TEXT, _NONE_IN_ROW]] = 0


class NearIndex:
    """Rows that may be looked for in a text all at once.

    Rows stand as entries under their keys: which row, how many syllables may differ, how many are compared,
    how far before the key it begins, and a bit for each family of its sounds, so that most that are too far
    off are left without looking at the row itself.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = Rows(rows)
        self.families = np.full((len(rows), COLUMNS), _NONE_IN_ROW, np.uint16)
        for number, row in enumerate(rows):
            codes = [ord(family(char)) - FIRST_CODE for char in row.text[:COLUMNS]]
            self.families[number, : len(codes)] = codes
        keys, entries = self._entries(rows)
        order = np.lexsort((entries[:, 0] & _SHAPE, keys))  # those alike in size and offset
        self.entries = entries[order]
        unique, starts = np.unique(keys[order], return_index=True)
        spans = np.append(starts, keys.size).astype(np.uint64)
        bits = max(unique.size.bit_length(), _FEWEST_BITS)
        self.slots, self.shift = np.zeros((2 << bits, 2), np.uint64), np.uint64(63 - bits)
        self.known = np.zeros(1 << bits + _BITS_A_KEY - 3, np.uint8)
        fill(self.slots, self.shift, self.known, unique, spans[:-1] << np.uint64(32) | spans[1:])

    def _entries(self, rows: Sequence[Row]) -> tuple[Keys, Words]:
        """The keys of all rows, and the entries; rows of the same length have the same shapes of keys."""
        keys: list[Keys] = [np.zeros(0, np.uint64)]
        entries: list[Words] = [np.zeros((0, 2), np.int64)]
        masks = np.bitwise_or.reduce(_MASKS[self.families], axis=1, initial=0)
        for size in {len(row.kinds) for row in rows}:
            numbers = np.array([at for at, row in enumerate(rows) if len(row.kinds) == size], np.int64)
            about_rows = numbers << _ROW_AT | self.rows.differences[numbers].astype(np.int64) << _MISSING_AT
            for shape, triple in keys_of(size):
                keys.append(
                    _keys(SHAPES.index(shape), self.families[numbers][:, list(triple)].astype(np.uint64))
                )
                what = about_rows | min(size, COLUMNS) << _SIZE_AT | triple[0]
                entries.append(np.column_stack((what, masks[numbers])))
        return np.concatenate(keys), np.concatenate(entries)

    def places(self, codes: NDArray[np.uint16], families: NDArray[np.uint16]) -> Ints:
        """Rows that may sound nearly alike, in a text given by the codes of its sounds and their families."""
        text, found = _inner(families, _NONE_IN_TEXT), np.empty(4 * codes.size, np.int64)
        while True:
            size = with_key(
                text, _MASKS[text], self.slots, self.shift, self.known, self.entries, self.families, found
            )
            if size <= found.size:
                break
            found = np.empty(size, np.int64)
        return self.rows.within(_inner(codes, BREAK), np.unique(found[:size]))


def _keys(shape: int, families: NDArray[np.uint64]) -> Keys:
    """The keys of rows of three families, as `key_at` finds them in a text."""
    first, second, third = families.T
    two = first << np.uint64(2 * _FAMILY_BITS) | second << np.uint64(_FAMILY_BITS)
    keys: Keys = two | third | np.uint64(_KEY | shape << 3 * _FAMILY_BITS)
    return keys


@inner
def key_at(text: NDArray[np.uint16], place: int, shape: int) -> np.uint64:
    """The key of the triple of a shape that begins at a place."""
    first, second = np.uint64(text[place]), np.uint64(text[place + _SECOND[shape]])
    two = first << np.uint64(2 * _FAMILY_BITS) | second << np.uint64(_FAMILY_BITS)
    return two | np.uint64(text[place + _THIRD[shape]]) | np.uint64(_KEY | shape << 3 * _FAMILY_BITS)


@inner
def bit_of_key(shift: np.uint64, key: np.uint64) -> tuple[np.int64, np.uint8]:
    """Where the bit of a key is: the byte, and the bit in it."""
    bit = (key * _SPREAD) >> (shift - np.uint64(_BITS_A_KEY - 1))
    return np.int64(bit >> np.uint64(3)), np.uint8(1 << (bit & np.uint64(7)))


@inner
def fill(slots: Keys, shift: np.uint64, known: Bits, keys: Keys, spans: Keys) -> None:
    """Write keys, all different, and the spans that they stand for."""
    for number in range(keys.size):
        slot = slot_of(slots, shift, keys[number])
        slots[slot, 0], slots[slot, 1] = keys[number], spans[number]
        byte, bit = bit_of_key(shift, keys[number])
        known[byte] |= bit


@inner
def with_key(
    text: NDArray[np.uint16], bits: Words, slots: Keys, shift: np.uint64, known: Bits,
    entries: Words, families: NDArray[np.uint16], found: Words,
) -> int:  # fmt: skip
    """Write the rows that have a key of the text and enough other syllables near it, and where they would
    begin: both in one number, the row in the upper half. `bits` has the bit of each syllable of the text.

    Returns:
        how many there are; those beyond the length of `found` are not written.
    """
    count = 0
    for place in range(MARGIN - 1, text.size - MARGIN):
        for shape in range(_SECOND.size):
            key = key_at(text, place, shape)
            byte, bit = bit_of_key(shift, key)
            if known[byte] & bit == 0:
                continue
            slot = slot_of(slots, shift, key)
            if slots[slot, 0] == key:
                first, last = slots[slot, 1] >> np.uint64(32), slots[slot, 1] & np.uint64(_LOWER)
                count = add_near(text, bits, place, entries, first, last, families, found, count)
    return count


@inner
def add_near(
    text: NDArray[np.uint16], bits: Words, place: int, entries: Words, first: int, last: int,
    families: NDArray[np.uint16], found: Words, count: int,
) -> int:  # fmt: skip
    """Add the rows of entries that have enough syllables near a place. Returns how many there are then."""
    before, here = -1, np.int64(0)
    for entry in range(first, last):
        what = entries[entry, 0]
        offset, size, most = what & _PART, what >> _SIZE_AT & _PART, what >> _MISSING_AT & _PART
        begin = place - offset
        if what & _SHAPE != before:  # entries with the same size and offset stand together
            before = what & _SHAPE
            here = np.int64(0)
            for at in range(begin - 1, begin + size + 1):
                here |= bits[at]
        if at_most(entries[entry, 1] & ~here, most):
            row = what >> _ROW_AT
            if about(text, begin, families[row]) >= size - most:
                if count < found.size:
                    found[count] = row << 32 | begin
                count += 1
    return count


@inner
def at_most(mask: np.int64, most: int) -> bool:
    """Whether a mask has no more bits than that."""
    for _ in range(most):
        mask &= mask - 1  # without its lowest bit
    return bool(mask == 0)


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
