"""Which patterns may match in which utterance: one pass over a call for text that a match must contain.

A pattern has groups of literals, of each of which every match contains one (`qc.matching.literals`). The
first group is looked for; of the others, two characters of a literal must stand in the same utterance.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate, chain

import numpy as np

from qc.matching.compiled import compiled, inner
from qc.matching.grams import LONGEST, Bits, Grams, Keys, grams, look_up, marked, spans
from qc.matching.literals import LAST_POINT, Group, rarest
from qc.matching.machine import Ints, Points, Words

MOST_GROUPS = 4  # groups of literals asked for: a fifth seldom leaves out more
# Of the set of what an utterance has: words, and bits (two to the power of it) of a word. A bit may stand for
# several things.
_WORDS, _WORD_BITS = 512, 6
_IN_WORD = (1 << _WORD_BITS) - 1
_SPREAD = 0x9E3779B1


class Finder:
    """Patterns, given by numbers, by the literals that they need.

    Args:
        needs: the groups of each pattern; a pattern without any may match everywhere.
    """

    def __init__(self, needs: Iterable[tuple[int, Sequence[Group]]]) -> None:
        users: dict[str, list[int]] = {}
        wanted: dict[int, list[int]] = {}
        always: list[int] = []
        for number, groups in needs:
            if not groups:
                always.append(number)
                continue
            for literal in sorted({literal[:LONGEST] for literal in groups[0]}):
                users.setdefault(literal, []).append(number)
            wanted[number] = _wanted(groups[1:MOST_GROUPS])
        self._grams: Grams = grams(spans(users))
        at = dict(zip(wanted, accumulate(map(len, wanted.values()), initial=0), strict=False))
        self._users = np.array([user << 32 | at[user] for each in users.values() for user in each], np.int64)
        self._wanted = np.array([*chain.from_iterable(wanted.values())], np.int32)
        self._always = np.array(always, np.int64)
        self._patterns = max(wanted, default=-1) + 1

    def find(self, points: Points, begins: Ints, ends: Ints) -> Words:
        """Pairs of a pattern, in the upper half, and a line; in order, without repetition. `points` are the
        lines with an end of line before and after each."""
        found = candidates(*self._grams, points, begins, ends, self._users, self._wanted, self._patterns)
        everywhere = self._always[:, None] << 32 | np.arange(begins.size)
        found = np.concatenate((found, everywhere.ravel()))
        found.sort()
        return found


def _wanted(groups: Iterable[Group]) -> list[int]:
    """How many groups there are; of each how many bits it has, and the bits."""
    bits = [sorted(set(map(_bit, group))) for group in groups]
    return [len(bits), *chain.from_iterable((len(each), *each) for each in bits)]


def _bit(literal: str) -> int:
    """The bit of two characters of a literal, one of them what people say least often, or of its one."""
    at = max(literal.index(rarest(literal)) - 1, 0)
    first, *second = (min(ord(char), LAST_POINT) for char in literal[at : at + 2])
    return int(bit_of(first, second[0] if second else 0))


@compiled
def candidates(
    single: Bits, words: Keys, slots: Keys, shift: np.uint64, points: Points, begins: Ints, ends: Ints,
    users: Words, wanted: Ints, patterns: int,
) -> Words:  # fmt: skip
    """Pairs of patterns and lines, of which the line has a literal of the pattern and two characters of one
    of each other group."""
    found = np.empty(16 * begins.size + 64, np.int64)
    last_line, present = np.full(patterns, -1, np.int32), np.zeros(_WORDS, np.uint64)
    room = LONGEST * (np.max(ends - begins) + 2) + 1
    keys, here = np.empty(room, np.uint64), np.empty(room, np.int64)
    count = 0
    for line in range(begins.size):
        begin, end = begins[line] - 1, ends[line] + 1
        known = 0
        for place in range(begin, end):
            known = marked(single, words, points, place, end, keys, known)
        known = look_up(slots, shift, keys[:known], here)
        if known == 0:
            continue
        gather(points, begin, end, present)
        touch(users, here, known)
        for span in here[:known]:
            first, last = span >> 32, span & 0xFFFFFFFF
            while count + last - first > found.size:
                found = np.concatenate((found, np.empty_like(found)))
            count = name(users, first, last, line, last_line, present, wanted, found, count)
    return found[:count]


@inner
def touch(users: Words, spans: Words, size: int) -> None:
    """Read where each span begins, so that the processor fetches all of them from memory together."""
    touched = np.int64(0)
    for span in spans[:size]:
        touched ^= users[span >> 32]
    spans[size] = touched


@inner
def gather(points: Points, begin: int, end: int, present: Keys) -> None:
    """Write the set of all characters, and of all two in a row, of a line."""
    present[:] = 0
    for place in range(begin, end):
        add(present, bit_of(points[place], 0))
        add(present, bit_of(points[place], points[place + 1] if place + 1 < end else 0))


@inner
def name(
    users: Words, first: int, last: int, line: int, last_line: Ints, present: Keys, wanted: Ints,
    found: Words, count: int,
) -> int:  # fmt: skip
    """Add the patterns `users[first:last]` of a literal of the line, unless they are there or something else
    that they need is not. Returns how many there are then."""
    for user in range(first, last):
        pattern = users[user] >> 32
        if last_line[pattern] != line and has_all(present, wanted, users[user] & 0xFFFFFFFF):
            last_line[pattern] = line
            found[count] = pattern << 32 | line
            count += 1
    return count


@inner
def bit_of(first: int, second: int) -> np.int64:
    """The bit of a character (`second` 0), or of two in a row."""
    hashed = np.uint32(np.uint32(first) * np.uint32(_SPREAD)) ^ np.uint32(second)
    return np.int64(np.uint32(hashed * np.uint32(_SPREAD)) >> np.uint32(17))


@inner
def add(present: Keys, bit: np.int64) -> None:
    """Add a bit to a set."""
    present[bit >> _WORD_BITS] |= np.uint64(1) << np.uint64(bit & _IN_WORD)


@inner
def has_all(present: Keys, wanted: Ints, at: int) -> bool:
    """Whether a set has something of each group: at a place there is their number, then of each group how
    many bits it has, and the bits."""
    first = at + 1
    for _ in range(wanted[at]):
        last = first + 1 + wanted[first]
        has = False
        for bit in wanted[first + 1 : last]:
            if present[bit >> _WORD_BITS] >> np.uint64(bit & _IN_WORD) & np.uint64(1):
                has = True
                break
        if not has:
            return False
        first = last
    return True
