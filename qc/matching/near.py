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
_BITS_A_KEY, _FEWEST_BITS = 4, 8  # two to the power of it: nearly all that is no key is known by one bit
# Of an entry: the row, whether none of its syllables may be lost or added, how many may differ, how many are
# compared, and the offset.
_ROW_AT, _STILL_AT, _MISSING_AT, _SIZE_AT, _PART = 32, 24, 16, 8, (1 << 8) - 1
_LOWER = (1 << 32) - 1
# The byte of each family, of which eight are compared at once; several share one.
_TOGETHER = 8
_BYTES: Bits = (1 + np.arange(KINDS_AT_MOST + 2) % 254).astype(np.uint8)
_BYTES[[_NONE_IN_TEXT, _NONE_IN_ROW]] = 0, 255
_EACH_LOWER, _EACH_ONE = np.uint64(0x7F7F7F7F7F7F7F7F), np.uint64(0x0101010101010101)


class NearIndex:
    """Rows that may be looked for in a text all at once.

    Rows stand as entries under their keys: which row, how many syllables may differ, how many are compared,
    how far before the key it begins, and a byte for each family of its first sounds, so that most that are
    too far off are left without looking at the row itself.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = Rows(rows)
        keys, entries = self._entries(rows)
        order = np.argsort(keys, kind="stable")
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
        families = np.full((len(rows), COLUMNS), _NONE_IN_ROW, np.uint16)
        for number, row in enumerate(rows):
            codes = [ord(family(char)) - FIRST_CODE for char in row.text[:COLUMNS]]
            families[number, : len(codes)] = codes
        firsts = np.ascontiguousarray(_BYTES[families[:, :_TOGETHER]]).view("<i8").ravel()
        for size in {len(row.kinds) for row in rows}:
            numbers = np.array([at for at, row in enumerate(rows) if len(row.kinds) == size], np.int64)
            about_rows = numbers << _ROW_AT | self.rows.one_off[numbers].astype(np.int64) << _STILL_AT
            about_rows |= self.rows.differences[numbers].astype(np.int64) << _MISSING_AT
            for shape, triple in keys_of(size):
                keys.append(_keys(SHAPES.index(shape), families[numbers][:, list(triple)].astype(np.uint64)))
                what = about_rows | min(size, COLUMNS) << _SIZE_AT | triple[0]
                entries.append(np.column_stack((what, firsts[numbers])))
        return np.concatenate(keys), np.concatenate(entries)

    def places(self, codes: NDArray[np.uint16], families: NDArray[np.uint16]) -> Ints:
        """Rows that may sound nearly alike, in a text given by the codes of its sounds and their families."""
        text = _inner(families, _NONE_IN_TEXT)
        spans = np.empty((_SECOND.size * text.size, 2), np.uint64)
        spans = spans[: with_key(text, self.slots, self.shift, self.known, spans)]
        firsts, found = np.empty(text.size, np.uint64), np.empty(4 * codes.size, np.int64)
        while True:
            size = near(text, _BYTES, firsts, spans, self.entries, found)
            if size < found.size:
                break
            found = np.empty(size + 1, np.int64)
        found = found[:size]
        found.sort()
        return self.rows.within(_inner(codes, BREAK), found)


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
    text: NDArray[np.uint16], slots: Keys, shift: np.uint64, known: Bits, spans: Keys,
) -> int:  # fmt: skip
    """Write the spans of entries that have a key of the text, and the places of their keys. Returns how many
    there are.

    Each step is done for all keys before the next one: the processor fetches what many of them need from
    memory at once, where it would wait for each if one depended on the one before.
    """
    keys = 0
    for place in range(MARGIN - 1, text.size - MARGIN):
        for shape in range(_SECOND.size):
            key = key_at(text, place, shape)
            byte, bit = bit_of_key(shift, key)
            spans[keys, 0], spans[keys, 1] = key, np.uint64(place)
            keys += known[byte] & bit != 0
    touched = np.uint64(0)
    for number in range(keys):
        touched ^= slots[np.int64((spans[number, 0] * _SPREAD) >> shift), 0]
    spans[keys, 0] = touched
    count = 0
    for number in range(keys):
        key, place = spans[number, 0], spans[number, 1]
        slot = slot_of(slots, shift, key)
        spans[count, 0], spans[count, 1] = slots[slot, 1], place
        count += slots[slot, 0] == key
    return count


@inner
def near(
    text: NDArray[np.uint16], bytes_: Bits, firsts: Keys, spans: Keys, entries: Words, found: Words,
) -> int:  # fmt: skip
    """Write the rows of spans of entries of which enough first syllables may be near their places, and where
    they would begin: both in one number, the row in the upper half; some twice. `firsts` is room for the
    bytes of the eight syllables from each place on.

    Returns:
        how many there are; not all are written unless they are fewer than `found` has room for.
    """
    here = np.uint64(0)
    for place in range(text.size - 1, -1, -1):
        here = here << np.uint64(8) | np.uint64(bytes_[text[place]])
        firsts[place] = here
    touched = np.int64(0)
    for number in range(len(spans)):
        touched ^= entries[spans[number, 0] >> np.uint64(32), 0]
    found[0] = touched
    count, last_one = 0, found.size - 1
    for number in range(len(spans)):
        first, last = spans[number, 0] >> np.uint64(32), spans[number, 0] & np.uint64(_LOWER)
        at = np.int64(spans[number, 1])
        for entry in range(first, last):
            what = entries[entry, 0]
            begin = at - (what & _PART)
            fewest = min(what >> _SIZE_AT & _PART, _TOGETHER) - (what >> _MISSING_AT & _PART)
            found[min(count, last_one)] = what >> _ROW_AT << _ROW_AT | begin
            still = what >> _STILL_AT & 1 != 0
            count += int(alike(firsts, begin, np.uint64(entries[entry, 1]), still) >= fewest)
    return count


@inner
def alike(firsts: Keys, begin: int, wanted: np.uint64, still: bool) -> np.int64:
    """How many of eight bytes are where they should be or, unless the row stands `still`, rather all one
    place before or after: no way to lose or add a syllable leaves some before and others after."""
    here = same(firsts[begin], wanted)
    if still:
        return bits(here)
    return max(bits(here | same(firsts[begin - 1], wanted)), bits(here | same(firsts[begin + 1], wanted)))


@inner
def same(one: np.uint64, other: np.uint64) -> np.uint64:
    """The highest bit of each byte that is the same in both."""
    differ = one ^ other
    return ~(((differ & _EACH_LOWER) + _EACH_LOWER) | differ | _EACH_LOWER)


@inner
def bits(marks: np.uint64) -> np.int64:
    """How many bytes have their highest bit, if no other bit is set."""
    return np.int64((marks >> np.uint64(7)) * _EACH_ONE >> np.uint64(56))


def _inner(codes: NDArray[np.uint16], outside: int) -> NDArray[np.uint16]:
    """Codes as numbers from 0, with a margin; `outside` stands for what is no sound."""
    text = np.full(codes.size + 2 * MARGIN, outside, np.uint16)
    numbers = codes - np.uint16(FIRST_CODE)  # what stands before the first code becomes more than all kinds
    text[MARGIN : MARGIN + codes.size] = np.where(numbers < KINDS_AT_MOST, numbers, np.uint16(outside))
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
