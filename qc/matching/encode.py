"""Programs as words for `qc.matching.machine`: each step with all that it needs beside it."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from qc.matching.machine import CHOOSE, FEW, IN, JUMP, MANY, NOT_IN, SWITCH, pair, word
from qc.matching.program import Program


def encode(made: Program) -> list[int]:
    """The words of a program. Steps that go on elsewhere say at which word of the program."""
    sizes = [_size(what, last - first) for what, first, last, _ in made.steps]
    places = [0, *accumulate(sizes)]
    targets = [places[_past_jumps(made, at)] for at in range(len(made.steps))]
    return [each for at in range(len(made.steps)) for each in _words(made, at, targets)]


def signed(mask: int) -> int:
    """64 bits as a number with a sign."""
    return mask - (1 << 64) if mask >> 63 else mask


def _size(what: int, operands: int) -> int:
    if what in (IN, NOT_IN, SWITCH):
        return 1 + operands
    if what == CHOOSE:
        return 1 + 2 * operands
    return 2 if what in (MANY, FEW) else 1


def _past_jumps(made: Program, at: int) -> int:
    """The step that is done after jumps."""
    while made.steps[at][0] == JUMP:
        at = made.steps[at][1]
    return at


def _words(made: Program, at: int, targets: Sequence[int]) -> Iterator[int]:
    what, first, last, number = made.steps[at]
    if what in (IN, NOT_IN):
        yield word(what, last - first)
        yield from (pair(low, high) for low, high in made.ranges[first:last])
    elif what in (CHOOSE, SWITCH):
        yield word(what, last - first, 0, number)
        for mask, branch in zip(made.branch_masks[first:last], made.branches[first:last], strict=True):
            if what == SWITCH:  # the character of the branch stands in the place of a mask
                yield pair(mask, targets[branch])
            else:
                yield signed(mask)
                yield targets[branch]
    elif what == JUMP:
        yield word(JUMP, targets[at])
    else:
        yield word(what, first, last, number)
        if what in (MANY, FEW):
            yield signed(made.step_masks[at])
