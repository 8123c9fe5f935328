"""The programs of many expressions, made when first needed, and run over the utterances of a call."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from qc.matching.compiled import inner
from qc.matching.encode import encode, signed
from qc.matching.machine import PLACES, Ints, Lines, Words, run_all
from qc.matching.patterns import MOST_MATCHES
from qc.matching.program import program

MOST_WORK = 1 << 18  # choices times places times repetitions: beyond, RE2 takes less time and room
_NOT_MADE, _NONE = -1, -2  # in the place of where a program begins


class Matches(NamedTuple):
    """Rows of (number of the expression, line, begin, end, begin and end of each group…), in order of both;
    places are counted from the beginning of the line, and -1 where there is no group. `left` are pairs of
    expressions and lines that are left to RE2."""

    rows: Ints
    left: list[tuple[int, int]]


class Programs:
    """Programs by the numbers of their expressions.

    Args:
        size: how many expressions there are.
        expression_of: an expression, and whether the places of its groups are told, by its number.
    """

    def __init__(self, size: int, expression_of: Callable[[int], tuple[str, bool]]) -> None:
        self._expression_of = expression_of
        self._code: Words = np.zeros(1024, np.int64)
        self._size = 0
        # Where a program begins, what it may begin with, its choices, and its most repetitions.
        self._heads: Words = np.full((size, 4), _NOT_MADE, np.int64)
        self._unmade = size

    def prepare(self, numbers: Iterable[int]) -> None:
        """Make the programs of expressions."""
        for number in numbers:
            if self._heads[number, 0] == _NOT_MADE:
                self._make(number)

    def matches(self, pairs: Words, lines: Lines) -> Matches:
        """All matches of expressions in lines, in order of both: what is in the cache is used again.

        Args:
            pairs: the number of an expression, in the upper half, and a line; in order.
            lines: the utterances.
        """
        if self._unmade:
            numbers = pairs >> 32
            self.prepare(numbers[self._heads[numbers, 0] == _NOT_MADE].tolist())
        mine, left = np.empty(pairs.size + 1, np.int64), np.empty_like(pairs)
        ours, others, states = share(
            pairs, self._code, self._heads, lines.begins, lines.ends, MOST_WORK, mine, left
        )
        rows = self._run(mine[:ours], lines, states)
        return Matches(rows, [divmod(pair, 1 << 32) for pair in left[:others].tolist()])

    def _run(self, pairs: Words, lines: Lines, states: int) -> Ints:
        seen, stack = np.zeros(states, np.int32), np.empty((states, 4), np.int64)
        saved = np.empty(PLACES, np.int32)
        size = 2 * pairs.size + lines.text.size  # room for an expression that takes any character
        while True:
            found = np.empty((size, 4 + PLACES), np.int32)
            size = run_all(self._code, self._heads, *lines, pairs, MOST_MATCHES, seen, stack, saved, found)
            if size <= len(found):
                return found[:size]
            seen[:] = 0

    def _make(self, number: int) -> None:
        self._unmade -= 1
        expression, groups = self._expression_of(number)
        made = program(expression, groups=groups)
        if made is None:
            self._heads[number, 0] = _NONE
            return
        words = encode(made)
        begin, self._size = self._size, self._size + len(words)
        while self._size > self._code.size:
            self._code = np.concatenate((self._code, np.zeros_like(self._code)))
        self._code[begin : self._size] = words
        self._heads[number] = begin, signed(made.first_mask), made.choices, made.longest


@inner
def share(
    pairs: Words,
    code: Words,
    heads: Words,
    begins: Ints,
    ends: Ints,
    most_work: int,
    mine: Words,
    left: Words,
) -> tuple[int, int, int]:
    """Share out the pairs of an expression and a line: `mine` are for programs, what is `left` for RE2. The
    beginnings of all programs are read, so that the processor fetches them from memory together.

    Returns:
        how many each has, and the most choices times places of a program and a line.
    """
    ours = others = states = 0
    touched = np.int64(0)
    for pair in pairs:
        number, line = pair >> 32, pair & 0xFFFFFFFF
        width = ends[line] - begins[line] + 1
        needed = heads[number, 2] * width
        if heads[number, 0] < 0 or needed * min(heads[number, 3], width) > most_work:
            left[others] = pair
            others += 1
        else:
            mine[ours] = pair
            ours += 1
            states = max(states, needed)
            touched ^= code[heads[number, 0]]
    mine[ours] = touched
    return ours, others, states
