"""What may come next at each step of a program, so that hopeless ways are not tried at all."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_

from qc.matching.machine import CHAR, CHOOSE, FEW, IN, JUMP, MANY, MATCH, NOT_IN, SWITCH, mask_of

_ANYTHING = (1 << 64) - 1


class Begins:
    """The masks of the characters that may come at each step, found from the end of a program on.

    Args:
        steps, branches, ranges: of the program (`qc.matching.program.Program`).
        switched: the characters of those branches that belong to switches.
    """

    def __init__(
        self,
        steps: Sequence[tuple[int, int, int, int]],
        branches: Sequence[int],
        ranges: Sequence[tuple[int, int]],
        switched: Mapping[int, int],
    ) -> None:
        self._steps, self._branches, self._ranges, self._switched = steps, branches, ranges, switched
        self._known: dict[int, int] = {}
        for at in reversed(range(len(steps))):
            self.at(at)

    def at(self, at: int) -> int:
        """The mask of a step; all bits where anything may come."""
        if at not in self._known:
            what, first, last, _ = self._steps[at]
            taken = self._taken(what, first, last)
            self._known[at] = _together(map(self.at, self._next(at))) if taken is None else taken
        return self._known[at]

    def _taken(self, what: int, first: int, last: int) -> int | None:
        """What a step takes; None where it takes nothing, or may do so."""
        if what == CHAR:
            return mask_of(first, first)
        if what == IN:
            return _together(mask_of(low, high) for low, high in self._ranges[first:last])
        if what == SWITCH:
            return _together(
                mask_of(char, char) for char in map(self._switched.__getitem__, range(first, last))
            )
        return _ANYTHING if what in (NOT_IN, MATCH) else None

    def _next(self, at: int) -> Sequence[int]:
        """The steps that may be next after one that takes nothing, or before its repetitions."""
        what, first, last, _ = self._steps[at]
        if what == CHOOSE:
            return self._branches[first:last]
        if what in (MANY, FEW):
            return (at + 1, at + 2) if first == 0 else (at + 1,)
        return (first,) if what == JUMP else (at + 1,)


def _together(masks: Iterable[int]) -> int:
    return reduce(or_, masks, 0)
