"""Where patterns match, or may match, in the utterances of a call: rows of numbers, read when asked for."""

from collections.abc import Collection, Set
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qc.matching.machine import Ints

NO_ROWS: Ints = np.zeros((0, 2), np.int32)


class Found:
    """Places by the numbers of patterns and utterances.

    Args:
        rows: pattern, utterance, and what is known of the place; in order of patterns and utterances.
        left: pairs of a pattern and an utterance of which something else has to tell.
    """

    def __init__(self, rows: Ints = NO_ROWS, left: Collection[tuple[int, int]] = ()) -> None:
        self.rows = rows
        self.left = frozenset(left)
        self._by_utterance: dict[int, dict[int, list[list[int]]]] = {}

    @cached_property
    def _spans(self) -> dict[int, tuple[int, int]]:
        """From which row on, and up to which, are those of each pattern."""
        numbers = self.rows[:, 0]
        begins = np.flatnonzero(np.diff(numbers, prepend=-1))
        spans = pairwise((*begins.tolist(), len(numbers)))
        return dict(zip(numbers[begins].tolist(), spans, strict=True))

    @property
    def patterns(self) -> Set[int]:
        """The patterns that have a place, or are left."""
        return self._spans.keys() | {number for number, _ in self.left}

    @property
    def pairs(self) -> NDArray[np.int64]:
        """The pattern, in the upper half, and the utterance of each row."""
        return self.rows[:, 0].astype(np.int64) << 32 | self.rows[:, 1]

    def utterances(self, pattern: int) -> Set[int]:
        """The utterances in which a pattern has a place, or is left."""
        left = {at for number, at in self.left if number == pattern} if self.left else set()
        return self._of(pattern).keys() | left

    def places(self, pattern: int, at: int) -> list[list[int]] | None:
        """What is known of each place of a pattern in an utterance; None where it is left."""
        if self.left and (pattern, at) in self.left:
            return None
        return self._of(pattern).get(at, [])

    def _of(self, pattern: int) -> dict[int, list[list[int]]]:
        if pattern not in self._by_utterance:
            by_utterance: dict[int, list[list[int]]] = {}
            for _, at, *place in self.rows[slice(*self._spans.get(pattern, (0, 0)))].tolist():
                by_utterance.setdefault(at, []).append(place)
            self._by_utterance[pattern] = by_utterance
        return self._by_utterance[pattern]
