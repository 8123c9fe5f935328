"""Many texts at once, by their first characters, in tables for machine code: which of them begin where?

Of a text up to four characters count: few places in speech have four characters of a phrase by chance. The
tables are asked in the order of their size: a bit for each single character, one word of bits for the first
two characters of longer texts, and a slot only where those bits say that there may be one. What is asked at
every place stays in the cache of the processor that way.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qc.matching.compiled import compiled, inner
from qc.matching.machine import Ints, Points, Words

LONGEST = 4  # characters of a text that are looked for
Keys = NDArray[np.uint64]
Bits = NDArray[np.uint8]
_TABLE_END = 0x10000
_POINT_BITS = 16
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_FEWEST_BITS = 6  # of the number of slots
# Two to the power of it: slots for a text, texts for a word of bits.
_ROOM, _SHARED = 1, 2


class Grams(NamedTuple):
    """Beginnings of texts. `single` has a bit for each character that is one of them; `words` has bits for
    longer ones, in the word that their first two characters tell. `slots` are rows of a beginning, 0 where a
    slot is free, and the span that it stands for; which slot is told by the bits from `shift` on."""

    single: Bits
    words: Keys
    slots: Keys
    shift: np.uint64


def grams(spans: Mapping[str, tuple[int, int]]) -> Grams:
    """Tables of beginnings, and of the span that each of them stands for."""
    bits = max(len(spans).bit_length(), _FEWEST_BITS)
    made = Grams(
        np.zeros(_TABLE_END // 8, np.uint8),
        np.zeros(1 << bits - _SHARED, np.uint64),
        np.zeros((1 << bits + _ROOM, 2), np.uint64),
        np.uint64(64 - bits - _ROOM),
    )
    values = np.array([first << 32 | last for first, last in spans.values()], np.uint64)
    fill(*made, _points("".join(spans)), np.fromiter(map(len, spans), np.int32, len(spans)), values)
    return made


def spans(lists: Mapping[str, Sequence[object]]) -> dict[str, tuple[int, int]]:
    """From where on, and up to which, each of several lists stands, if they stand one after the other."""
    ends = [*accumulate(map(len, lists.values()), initial=0)]
    return dict(zip(lists, pairwise(ends), strict=True))


def _points(text: str) -> Points:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@inner
def grown(key: np.uint64, point: np.uint32) -> np.uint64:
    """The key of a beginning with one more character. All characters beyond the basic plane are the same."""
    return key << np.uint64(_POINT_BITS) | np.uint64(min(point, np.uint32(_TABLE_END - 1)))


@inner
def word_of(words: Keys, two: np.uint64) -> np.int64:
    """The word that two characters tell."""
    return np.int64((two * _SPREAD) >> np.uint64(32)) & (words.size - 1)


@inner
def bit_of_key(key: np.uint64) -> np.uint64:
    """The bit of a beginning in its word."""
    return np.uint64(1) << ((key * _SPREAD) >> np.uint64(58))


@inner
def slot_of(slots: Keys, shift: np.uint64, key: np.uint64) -> np.int64:
    """The slot of a beginning, or the free one where it would be."""
    slot = np.int64((key * _SPREAD) >> shift)
    while slots[slot, 0] != key and slots[slot, 0] != 0:
        slot = (slot + 1) & (len(slots) - 1)
    return slot


@inner
def fill(
    single: Bits, words: Keys, slots: Keys, shift: np.uint64, points: Points, sizes: Ints, values: Keys
) -> None:
    """Write beginnings, one after the other in `points`, into tables."""
    place = 0
    for number in range(sizes.size):
        key = two = np.uint64(0)
        for at in range(sizes[number]):
            key = grown(key, points[place + at])
            two = key if at == 1 else two
        if sizes[number] == 1:
            single[key >> np.uint64(3)] |= np.uint8(1 << (key & np.uint64(7)))
        else:
            words[word_of(words, two)] |= bit_of_key(key)
        slot = slot_of(slots, shift, key)
        slots[slot, 0], slots[slot, 1] = key, values[number]
        place += sizes[number]


@inner
def marked(
    single: Bits, words: Keys, points: Points, place: int, end: int, keys: Keys, count: int
) -> int:  # fmt: skip
    """Add the keys of the beginnings that may stand at a place, as the bits say. Returns how many there are
    then; one more than those is written."""
    key = grown(np.uint64(0), points[place])
    keys[count] = key
    count += single[key >> np.uint64(3)] >> np.uint8(key & np.uint64(7)) & 1
    if place + 1 < end:
        key = grown(key, points[place + 1])
        word = words[word_of(words, key)]
        if word != 0:
            keys[count] = key
            count += word & bit_of_key(key) != 0
            for at in range(place + 2, min(place + LONGEST, end)):
                key = grown(key, points[at])
                keys[count] = key
                count += word & bit_of_key(key) != 0
    return count


@inner
def look_up(slots: Keys, shift: np.uint64, keys: Keys, found: Words) -> int:
    """Write what keys stand for: from where on in the upper half, and up to where. Returns how many
    there are.

    All slots are read once before any of them is looked at: the processor fetches them from memory together,
    where it would wait for each if what it does next depended on it.
    """
    touched = np.uint64(0)
    for key in keys:
        touched ^= slots[np.int64((key * _SPREAD) >> shift), 0]
    found[0] = touched
    count = 0
    for key in keys:
        slot = slot_of(slots, shift, key)
        found[count] = slots[slot, 1]
        count += slots[slot, 0] == key
    return count


class Texts(NamedTuple):
    """Texts of any length: their beginnings, which stand for the rests that make whole texts of them, and
    those rests, one after the other, with their ends."""

    beginnings: Grams
    ends: Ints
    rests: Points


def texts(every: Iterable[str]) -> Texts:
    """Tables of texts."""
    rests: dict[str, list[str]] = {}
    for text in sorted(set(every), key=len):
        rests.setdefault(text[:LONGEST], []).append(text[LONGEST:])
    flat = [rest for each in rests.values() for rest in each]
    ends = np.array([*accumulate(map(len, flat), initial=0)], np.int32)
    return Texts(grams(spans(rests)), ends, _points("".join(flat)))


@inner
def goes_on(points: Points, place: int, rests: Points, first: int, last: int) -> bool:
    """Whether a text goes on with a rest, which may be none."""
    while first < last and place < points.size and points[place] == rests[first]:
        first, place = first + 1, place + 1
    return first == last


@compiled
def places(
    single: Bits, words: Keys, slots: Keys, shift: np.uint64, ends: Ints, rests: Points, points: Points
) -> Ints:
    """The same for tables one by one."""
    found, keys = np.empty(points.size, np.int32), np.empty(LONGEST + 1, np.uint64)
    here = np.empty(LONGEST + 1, np.int64)
    count = 0
    for place in range(points.size):
        marks = marked(single, words, points, place, points.size, keys, 0)
        if marks == 0:
            continue
        known = False
        size = look_up(slots, shift, keys[:marks], here)
        for span in here[:size]:
            for rest in range(span >> 32, span & 0xFFFFFFFF):
                known = known or goes_on(points, place + LONGEST, rests, ends[rest], ends[rest + 1])
        if known:
            found[count] = place
            count += 1
    return found[:count]


def begins(tables: Texts, points: Points) -> Ints:
    """The places at which at least one of the texts begins."""
    return places(*tables.beginnings, tables.ends, tables.rests, points)
