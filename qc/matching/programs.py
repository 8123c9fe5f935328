"""The programs of many expressions, made when first needed, and run over the utterances of a call."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qc.matching.machine import (
    CHOOSE,
    IN,
    JUMP,
    NOT_IN,
    PLACES,
    STEPS,
    SWITCH,
    Code,
    Ints,
    Lines,
    Masks,
    run,
)
from qc.matching.patterns import MOST_MATCHES
from qc.matching.program import program

MOST_WORK = 1 << 18  # choices times places times repetitions: beyond, RE2 takes less time and room
_NOT_MADE, _NONE = -1, -2


class Matches(NamedTuple):
    """Rows of (number of the expression, line, begin, end, begin and end of each group…), in order of both;
    places are counted from the beginning of the line, and -1 where there is no group. `left` are pairs of
    expressions and lines that are left to RE2."""

    rows: Ints
    left: list[tuple[int, int]]


class _Pool:
    """Rows that are added to from time to time."""

    def __init__(self, *shape: int, kind: type = np.int32) -> None:
        self.rows: NDArray[Any] = np.zeros((1024, *shape), kind)
        self.size = 0

    def add(self, more: NDArray[Any]) -> None:
        size = self.size + len(more)
        while size > len(self.rows):
            self.rows = np.concatenate((self.rows, np.zeros_like(self.rows)))
        self.rows[self.size : size] = more
        self.size = size


class Programs:
    """Programs by the numbers of their expressions.

    Args:
        size: how many expressions there are.
        expression_of: an expression, and whether the places of its groups are told, by its number.
    """

    def __init__(self, size: int, expression_of: Callable[[int], tuple[str, bool]]) -> None:
        self._expression_of = expression_of
        self._steps, self._branches, self._ranges = _Pool(4), _Pool(), _Pool(2)
        self._step_masks, self._branch_masks = _Pool(kind=np.uint64), _Pool(kind=np.uint64)
        self._starts: Ints = np.full(size, _NOT_MADE, np.int32)
        self._choices: NDArray[np.int64] = np.zeros(size, np.int64)
        self._longest: NDArray[np.int64] = np.zeros(size, np.int64)
        self._first_masks: Masks = np.zeros(size, np.uint64)

    def prepare(self, numbers: Iterable[int]) -> None:
        """Make the programs of expressions."""
        for number in numbers:
            if self._starts[number] == _NOT_MADE:
                self._make(number)

    def matches(self, numbers: Ints, at: Ints, lines: Lines) -> Matches:
        """All matches of expressions in lines, in order of both: what is in the cache is used again."""
        order = np.argsort(numbers.astype(np.int64) * lines.ends.size + at)
        numbers, at = numbers[order], at[order]
        self.prepare(np.unique(numbers[self._starts[numbers] == _NOT_MADE]).tolist())
        width = (lines.ends - lines.begins + 1)[at]
        states = self._choices[numbers] * width
        by_hand = states * np.minimum(self._longest[numbers], width) > MOST_WORK
        by_hand |= self._starts[numbers] == _NONE
        left: list[tuple[int, int]] = []
        if by_hand.any():
            left = list(zip(numbers[by_hand].tolist(), at[by_hand].tolist(), strict=True))
            numbers, at, states = numbers[~by_hand], at[~by_hand], states[~by_hand]
        return Matches(self._run(numbers, at, lines, int(states.max(initial=0))), left)

    def _run(self, numbers: Ints, at: Ints, lines: Lines, states: int) -> Ints:
        code = Code(
            self._steps.rows, self._branches.rows, self._ranges.rows,
            self._step_masks.rows, self._branch_masks.rows,
        )  # fmt: skip
        seen, stack = np.zeros(states, np.int32), np.empty((states, 4), np.int32)
        size = 2 * numbers.size
        while True:
            found = np.empty((size, 4 + PLACES), np.int32)
            size = run(
                code,
                self._starts,
                self._first_masks,
                lines,
                numbers,
                at,
                MOST_MATCHES,
                seen,
                stack,
                found,
                np.empty(PLACES, np.int32),
            )
            if size <= len(found):
                return found[:size]
            seen[:] = 0

    def _make(self, number: int) -> None:
        expression, groups = self._expression_of(number)
        made = program(expression, groups=groups)
        if made is None:
            self._starts[number] = _NONE
            return
        steps = np.array(made.steps, np.int32)
        bases = np.zeros((STEPS, 2), np.int32)
        bases[[IN, NOT_IN]] = self._ranges.size
        bases[[CHOOSE, SWITCH]] = self._branches.size
        bases[JUMP, 0] = self._steps.size
        steps[:, 1:3] += bases[steps[:, 0]]
        self._starts[number] = self._steps.size
        self._choices[number], self._longest[number] = made.choices, made.longest
        self._first_masks[number] = made.first_mask
        self._branches.add(np.array(made.branches, np.int32) + self._steps.size)
        self._branch_masks.add(np.array(made.branch_masks, np.uint64))
        self._steps.add(steps)
        self._step_masks.add(np.array(made.step_masks, np.uint64))
        self._ranges.add(np.array(made.ranges, np.int32).reshape(-1, 2))
