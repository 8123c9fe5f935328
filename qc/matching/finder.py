"""Which patterns may match in which utterances: one pass over a call for text that a match must contain.

A pattern has groups of literals, of each of which every match contains one (`qc.matching.literals`). The
first group is looked for; of the others, one character of a literal must stand in the same utterance.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from daachorse import CharwiseDoubleArrayAhoCorasick
from numpy.typing import NDArray

from qc.matching.compiled import compiled
from qc.matching.literals import Group, rarest
from qc.matching.machine import Ints, Points

MOST_GROUPS = 4  # groups of literals asked for: a fifth seldom leaves out more
_WORDS, _WORD_BITS = (
    16,
    64,
)  # of the set of the characters of an utterance: a bit may stand for several of them
_BITS = _WORDS * _WORD_BITS


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
            for literal in groups[0]:
                users.setdefault(literal, []).append(len(numbers))
            numbers.append(number)
            others.append(groups[1:MOST_GROUPS])
        self._numbers = np.array(numbers, np.int32)
        self._always = np.array(always, np.int32)
        self._users = _joined(users.values())
        wanted = [
            sorted({ord(rarest(literal)) % _BITS for literal in group})
            for groups in others
            for group in groups
        ]
        self._groups = _joined(wanted)
        self._groups_of = np.cumsum([0, *(len(groups) for groups in others)], dtype=np.int32)
        self._automaton = CharwiseDoubleArrayAhoCorasick(list(users)) if users else None

    def find(self, points: Points, begins: Ints, ends: Ints) -> tuple[Ints, Ints]:
        """Pairs of patterns and lines: numbers and lines, without repetition. `points` are the lines with an
        end of line before and after each."""
        lines = np.arange(ends.size, dtype=np.int32)
        everywhere = np.repeat(self._always, lines.size), np.tile(lines, self._always.size)
        if self._automaton is None:
            return everywhere
        hits = self._automaton.find_overlapping(points.tobytes().decode("utf-32-le"))
        placed = np.fromiter(chain.from_iterable(hits), np.int32, 3 * len(hits)).reshape(-1, 3)
        pairs = candidates(
            placed, points, begins, ends,
            *self._users, self._groups_of, *self._groups, self._numbers.size,
        )  # fmt: skip
        return (
            np.concatenate((everywhere[0], self._numbers[pairs[:, 0]])),
            np.concatenate((everywhere[1], pairs[:, 1])),
        )


def _joined(lists: Iterable[Sequence[int]]) -> tuple[Ints, Ints]:
    """Lists one after the other, and where each begins."""
    every = list(lists)
    return np.cumsum([0, *map(len, every)], dtype=np.int32), np.array([*chain.from_iterable(every)], np.int32)


@compiled
def candidates(
    hits: Ints, points: Points, begins: Ints, ends: Ints,
    first_user: Ints, users: Ints, first_group: Ints, first_wanted: Ints, wanted: Ints, patterns: int,
) -> Ints:  # fmt: skip
    """Pairs of patterns and lines, of which the line has a literal of the pattern and a character of each
    other group."""
    found = np.empty((len(hits) + 64, 2), np.int32)
    last_line = np.full(patterns, -1, np.int32)
    present = np.zeros(_WORDS, np.uint64)
    count, line, looked_at = 0, 0, -1
    for hit in range(len(hits)):
        while hits[hit, 1] > ends[line] + 1:
            line += 1
        if line != looked_at:
            looked_at = line
            present[:] = 0
            present[0] = 1 << 10  # an end of line
            for place in range(begins[line], ends[line]):
                bit = points[place] % _BITS
                present[bit // _WORD_BITS] |= np.uint64(1) << np.uint64(bit % _WORD_BITS)
        literal = hits[hit, 2]
        for user in range(first_user[literal], first_user[literal + 1]):
            pattern = users[user]
            if last_line[pattern] == line:
                continue
            if has_all(present, first_group[pattern], first_group[pattern + 1], first_wanted, wanted):
                last_line[pattern] = line
                if count == len(found):
                    found = np.concatenate((found, np.empty_like(found)))
                found[count, 0], found[count, 1] = pattern, line
                count += 1
    return found[:count]


@compiled
def has_all(present: NDArray[np.uint64], first: int, last: int, first_wanted: Ints, wanted: Ints) -> bool:
    """Whether a set of characters has one of each group."""
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
