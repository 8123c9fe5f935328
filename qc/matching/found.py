"""Where patterns match, or may match, in the utterances of a call: rows of numbers, read when asked for."""

from collections.abc import Collection, Set
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qc.matching.machine import Ints

NO_ROWS: Ints = np.zeros((0, 2), np.int32)


class Found:
    """Places by the numbers of patterns and utterances.

    Args:
        rows: pattern, utterance, and what is known of the place.
        left: pairs of a pattern and an utterance of which something else has to tell.
    """

    def __init__(self, rows: Ints = NO_ROWS, left: Collection[tuple[int, int]] = ()) -> None:
        self.rows = rows
        self.left = frozenset(left)

    @cached_property
    def _places(self) -> dict[int, dict[int, list[list[int]]]]:
        places: dict[int, dict[int, list[list[int]]]] = {}
        for number, at, *place in self.rows.tolist():
            places.setdefault(number, {}).setdefault(at, []).append(place)
        return places

    @property
    def patterns(self) -> Set[int]:
        """The patterns that have a place, or are left."""
        return self._places.keys() | {number for number, _ in self.left}

    @property
    def pairs(self) -> NDArray[np.int64]:
        """The pattern, in the upper half, and the utterance of each row."""
        return self.rows[:, 0].astype(np.int64) << 32 | self.rows[:, 1]

    def utterances(self, pattern: int) -> Set[int]:
        """The utterances in which a pattern has a place, or is left."""
        left = {at for number, at in self.left if number == pattern} if self.left else set()
        return self._places.get(pattern, {}).keys() | left

    def places(self, pattern: int, at: int) -> list[list[int]] | None:
        """What is known of each place of a pattern in an utterance; None where it is left."""
        if self.left and (pattern, at) in self.left:
            return None
        return self._places.get(pattern, {}).get(at, [])
