"""Which patterns may match in which utterances: one pass over a call for text that a match must contain.

A pattern has groups of literals, of each of which every match contains one (`qc.matching.literals`). The
first group is looked for; of the others, two characters of a literal must stand in the same utterance.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from qc.matching.compiled import compiled, inner
from qc.matching.literals import Group, rarest
from qc.matching.machine import Ints, Points
from qc.matching.trie import Bits, Keys, child, trie

MOST_GROUPS = 4  # groups of literals asked for: a fifth seldom leaves out more
LONGEST = 4  # characters of a literal that are looked for: more seldom leave out more
_WORDS, _WORD_BITS = 512, 64  # of the set of what an utterance has: a bit may stand for several things
_BITS = _WORDS * _WORD_BITS
_SPREAD = 0x9E3779B1


class Finder:
    """Patterns, given by numbers, by the literals that they need.

    Args:
        needs: the groups of each pattern; a pattern without any may match everywhere.
    """

    def __init__(self, needs: Iterable[tuple[int, Sequence[Group]]]) -> None:
        users: dict[str, list[int]] = {}
        others: list[Sequence[Group]] = []
        numbers: list[int] = []
        always: list[int] = []
        for number, groups in needs:
            if not groups:
                always.append(number)
                continue
            for literal in {literal[:LONGEST] for literal in groups[0]}:
                users.setdefault(literal, []).append(len(numbers))
            numbers.append(number)
            others.append(groups[1:MOST_GROUPS])
        self._numbers = np.array(numbers, np.int32)
        self._always = np.array(always, np.int32)
        self._users = _joined(users.values())
        wanted = [sorted(set(map(_bit, group))) for groups in others for group in groups]
        self._groups = _joined(wanted)
        self._groups_of = np.cumsum([0, *(len(groups) for groups in others)], dtype=np.int32)
        self._trie = trie(users)

    def find(self, points: Points, begins: Ints, ends: Ints) -> tuple[Ints, Ints]:
        """Pairs of patterns and lines: numbers and lines, without repetition. `points` are the lines with an
        end of line before and after each."""
        lines = np.arange(ends.size, dtype=np.int32)
        everywhere = np.repeat(self._always, lines.size), np.tile(lines, self._always.size)
        pairs = candidates(
            *self._trie, points, begins, ends,
            *self._users, self._groups_of, *self._groups, self._numbers.size,
        )  # fmt: skip
        return (
            np.concatenate((everywhere[0], self._numbers[pairs[:, 0]])),
            np.concatenate((everywhere[1], pairs[:, 1])),
        )


def _bit(literal: str) -> int:
    """The bit of two characters of a literal, one of them what people say least often, or of its one."""
    at = max(literal.index(rarest(literal)) - 1, 0)
    first, *second = map(ord, literal[at : at + 2])
    return int(bit_of(first, second[0] if second else 0))


def _joined(lists: Iterable[Sequence[int]]) -> tuple[Ints, Ints]:
    """Lists one after the other, and where each begins."""
    every = list(lists)
    return np.cumsum([0, *map(len, every)], dtype=np.int32), np.array([*chain.from_iterable(every)], np.int32)


@compiled
def candidates(
    keys: Keys, literals: Ints, known: Bits, shift: np.uint64, points: Points, begins: Ints, ends: Ints,
    first_user: Ints, users: Ints, first_group: Ints, first_wanted: Ints, wanted: Ints, patterns: int,
) -> Ints:  # fmt: skip
    """Pairs of patterns and lines, of which the line has a literal of the pattern and two characters of one
    of each other group."""
    found = np.empty((16 * begins.size + 64, 2), np.int32)
    last_line = np.full(patterns, -1, np.int32)
    present = np.zeros(_WORDS, np.uint64)
    count = 0
    for line in range(begins.size):
        present[:] = 0
        for place in range(begins[line] - 1, ends[line] + 1):
            add(present, bit_of(points[place], 0))
            add(present, bit_of(points[place], points[place + 1] if place < ends[line] else 0))
        for begin in range(begins[line] - 1, ends[line] + 1):
            node, place = np.int64(keys.size), begin
            while place <= ends[line]:
                node = child(keys, known, shift, node, points[place])
                if node < 0:
                    break
                place += 1
                literal = literals[node]
                if literal < 0:
                    continue
                for user in range(first_user[literal], first_user[literal + 1]):
                    pattern = users[user]
                    if last_line[pattern] != line and has_all(
                        present, first_group[pattern], first_group[pattern + 1], first_wanted, wanted
                    ):
                        last_line[pattern] = line
                        if count == len(found):
                            found = np.concatenate((found, np.empty_like(found)))
                        found[count, 0], found[count, 1] = pattern, line
                        count += 1
    return found[:count]


@inner
def bit_of(first: int, second: int) -> np.int64:
    """The bit of a character (`second` 0), or of two in a row."""
    hashed = np.uint32(np.uint32(first) * np.uint32(_SPREAD)) ^ np.uint32(second)
    return np.int64(np.uint32(hashed * np.uint32(_SPREAD)) >> np.uint32(17))


@inner
def add(present: NDArray[np.uint64], bit: np.int64) -> None:
    """Add a bit to a set."""
    present[bit // _WORD_BITS] |= np.uint64(1) << np.uint64(bit % _WORD_BITS)


@inner
def has_all(present: NDArray[np.uint64], first: int, last: int, first_wanted: Ints, wanted: Ints) -> bool:
    """Whether a set has something of each group."""
    for group in range(first, last):
        has = False
        for at in range(first_wanted[group], first_wanted[group + 1]):
            bit = wanted[at]
            if (present[bit // _WORD_BITS] >> np.uint64(bit % _WORD_BITS)) & np.uint64(1):
                has = True
                break
        if not has:
            return False
    return True
