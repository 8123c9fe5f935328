"""Running programs (`qc.matching.program`) over the utterances of a call, all candidates at once.

A program is tried from one place after the other, the preferred way first. No choice is tried twice at a
place, so that the time is in proportion to the program and to the text. Arrays go from function to function
one by one: a tuple of them would cost more than most steps.
"""

from functools import reduce
from operator import or_
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qc.matching.compiled import inner

Ints = NDArray[np.int32]
Masks = NDArray[np.uint64]
Points = NDArray[np.uint32]

# What a step does, and its operands `first` and `last`.
CHAR = 0  # take the character `first`
IN = 1  # take one of the ranges `first` to `last`
NOT_IN = 2  # take one that is in none of them
MANY = 3  # take the next step, which takes one character, `first` to `last` times, rather more often
FEW = 4  # the same, rather less often
CHOOSE = 5  # go on at one of the branches `first` to `last`, in this order
SWITCH = 6  # take one character, and go on at that of the branches `first` to `last` that is for it
JUMP = 7  # go on at `first`
SAVE = 8  # note the place as number `first`
BEGINNING = 9  # only at the beginning of the text
ENDING = 10  # only at its end
BORDER = 11  # only at the border of an English word
MATCH = 12
STEPS = 13

ALL = np.uint64(2**64 - 1)
MOST_GROUPS = 6  # of a program
PLACES = 2 * MOST_GROUPS
_TABLE_END = 0x10000
# A bit for each character; several characters share one.
_MASKS: Masks = np.uint64(1) << (
    (np.arange(_TABLE_END, dtype=np.uint64) * np.uint64(0x9E3779B1) >> np.uint64(26)) % np.uint64(64)
)
_BITS: list[int] = _MASKS.tolist()


class Code(NamedTuple):
    """Programs: steps of (what, first, last, number), the steps at which branches go on, and ranges of
    characters. The masks have the characters that may follow a repetition, and those that a branch may begin
    with; the branches of a `SWITCH` are in order of their characters, which stand in the place of masks."""

    steps: Ints
    branches: Ints
    ranges: Ints
    step_masks: Masks
    branch_masks: Masks


class Lines(NamedTuple):
    """The utterances of a call as one text, the masks of its characters, and where each begins and ends."""

    text: Points
    masks: Masks
    begins: Ints
    ends: Ints


def masks_of(points: NDArray[Any]) -> Masks:
    """The bit of each character."""
    masks: Masks = _MASKS[np.minimum(points, _TABLE_END - 1)]
    return masks


def mask_of(low: int, high: int) -> int:
    """The bits of a range of characters."""
    return reduce(or_, (_BITS[min(point, _TABLE_END - 1)] for point in range(low, min(high, low + 640) + 1)))


@inner
def is_word(point: int) -> bool:
    """Whether it is a letter, digit or underscore of English."""
    return 97 <= point <= 122 or 48 <= point <= 57 or 65 <= point <= 90 or point == 95


@inner
def may_follow(wanted: np.uint64, here: np.uint64) -> bool:
    """Whether what may follow can begin with the character here (0 at the end of the text)."""
    return bool(wanted == ALL or wanted & here != 0)


@inner
def takes(steps: Ints, ranges: Ints, at: int, text: Points, place: int, begin: int, end: int) -> int:
    """How many characters a step takes; -1 where it does not allow to go on."""
    what, first, last = steps[at, 0], steps[at, 1], steps[at, 2]
    if what <= NOT_IN:
        if place >= end:
            return -1
        point = np.int32(text[place])
        if what == CHAR:
            return 1 if point == first else -1
        inside = False
        for number in range(first, last):
            if ranges[number, 0] <= point <= ranges[number, 1]:
                inside = True
                break
        return 1 if inside == (what == IN) else -1
    if what == BORDER:
        before = place > begin and is_word(text[place - 1])
        after = place < end and is_word(text[place])
        return 0 if before != after else -1
    return 0 if place == (begin if what == BEGINNING else end) else -1


@inner
def branch_for(masks: Masks, first: int, last: int, point: np.uint64) -> int:
    """The branch of a switch that is for a character; -1 where none is."""
    while first + 1 < last:
        middle = (first + last) // 2
        if masks[middle] <= point:
            first = middle
        else:
            last = middle
    return first if masks[first] == point else -1


@inner
def go_on(
    steps: Ints, branches: Ints, ranges: Ints, branch_masks: Masks, at: int,
    text: Points, begin: int, end: int, place: int,
) -> tuple[int, int]:  # fmt: skip
    """The step and the place after a step that leaves no choice; step -1 where it does not allow to go on."""
    what, first = steps[at, 0], steps[at, 1]
    if what == JUMP:
        return first, place
    if what == SWITCH:
        branch = branch_for(branch_masks, first, steps[at, 2], np.uint64(text[place])) if place < end else -1
        return (branches[branch] if branch >= 0 else -1), place + 1
    taken = takes(steps, ranges, at, text, place, begin, end)
    return (at + 1 if taken >= 0 else -1), place + taken


@inner
def note(
    steps: Ints, ranges: Ints, at: int, text: Points, begin: int, end: int, place: int, stack: Ints, top: int
) -> int:
    """Put what a step leaves to choose on the stack, unless there is nothing. Returns its new height."""
    what, low, high, reach = steps[at, 0], steps[at, 1], steps[at, 2], place
    if what != CHOOSE:
        low, high = place + low, min(place + high, end)
        most = high if what == MANY else low
        while reach < most and takes(steps, ranges, at + 1, text, reach, begin, end) == 1:
            reach += 1
        if reach < low:
            return top
    stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3] = at, low, high, reach
    return top + 1


@inner
def resume(
    steps: Ints, branches: Ints, ranges: Ints, step_masks: Masks, branch_masks: Masks,
    text: Points, masks: Masks, begin: int, end: int, stack: Ints, top: int, saved: Ints,
) -> tuple[int, int, int]:  # fmt: skip
    """The next step and place to try, and the height of the stack then; step -1 where nothing is left."""
    while top > 0:
        last_row = top - 1
        at, first = stack[last_row, 0], stack[last_row, 1]
        last, place = stack[last_row, 2], stack[last_row, 3]
        here = masks[place] if place < end else np.uint64(0)
        what = steps[at, 0]
        if what == CHOOSE:
            while first < last and not may_follow(branch_masks[first], here):
                first += 1
            stack[last_row, 1] = first + 1
            if first + 1 >= last:
                top -= 1
            if first < last:
                return branches[first], place, top
        elif what == SAVE:
            saved[first] = last
            top -= 1
        else:
            if what == MANY:
                stack[last_row, 3] = place - 1
                more = place > first
            else:
                stack[last_row, 3] = place + 1
                more = place < last and takes(steps, ranges, at + 1, text, place, begin, end) == 1
            if not more:
                top -= 1
            if may_follow(step_masks[at], here):
                return at + 2, place, top
    return -1, 0, 0


@inner
def match_at(
    steps: Ints, branches: Ints, ranges: Ints, step_masks: Masks, branch_masks: Masks, at: int,
    text: Points, masks: Masks, begin: int, end: int, place: int,
    seen: Ints, mark: int, stack: Ints, saved: Ints,
) -> int:  # fmt: skip
    """Where the match of a program from a place on ends; -1 where there is none. `seen` has `mark` for each
    choice at each place that was tried. The stack has what else may be tried: (step, from, to, place)."""
    top = 0
    while at >= 0:
        what = steps[at, 0]
        if what == MATCH:
            return place
        if what == SAVE:
            number = steps[at, 1]
            stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3] = at, number, saved[number], place
            saved[number] = place
            top += 1
            at += 1
            continue
        if what == CHAR:  # by far the most frequent
            same = place < end and np.int32(text[place]) == steps[at, 1]
            at, place = (at + 1, place + 1) if same else (-1, place)
        elif MANY <= what <= CHOOSE:
            slot = steps[at, 3] * (end - begin + 1) + place - begin
            if seen[slot] != mark:
                seen[slot] = mark
                top = note(steps, ranges, at, text, begin, end, place, stack, top)
            at = -1
        else:
            at, place = go_on(steps, branches, ranges, branch_masks, at, text, begin, end, place)
        if at < 0:
            at, place, top = resume(
                steps, branches, ranges, step_masks, branch_masks,
                text, masks, begin, end, stack, top, saved,
            )  # fmt: skip
    return -1


@inner
def run(
    code: Code, starts: Ints, first_masks: Masks, lines: Lines,
    programs: Ints, at_lines: Ints, most: int, seen: Ints, stack: Ints, found: Ints, saved: Ints,
) -> int:  # fmt: skip
    """Write all matches that are not empty, the first `most` of each pair of a program and a line, as rows:
    program, line, begin and end in the line, begin and end of each group (-1 where there is none).

    Returns:
        how many there are; those beyond the length of `found` are not written.
    """
    steps, branches, ranges, step_masks, branch_masks = code
    text, masks, begins, ends = lines
    saved[:] = -1
    count, mark = 0, 0
    for pair in range(programs.size):
        begin, end = begins[at_lines[pair]] + 0, ends[at_lines[pair]] + 0
        start, wanted = starts[programs[pair]], first_masks[programs[pair]]
        place, matches = begin, 0
        mark += 1
        while place <= end and matches < most:
            stop = -1
            if may_follow(wanted, masks[place] if place < end else np.uint64(0)):
                stop = match_at(
                    steps, branches, ranges, step_masks, branch_masks, start + 0,
                    text, masks, begin, end, place, seen, mark, stack, saved,
                )  # fmt: skip
            if stop > place:
                if count < len(found):
                    found[count, 0], found[count, 1] = programs[pair], at_lines[pair]
                    found[count, 2], found[count, 3] = place - begin, stop - begin
                    for number in range(PLACES):
                        found[count, 4 + number] = max(saved[number] - begin, -1)
                count += 1
                matches += 1
            if stop >= 0:
                mark += 1
                saved[:] = -1
            place = max(stop, place + 1)
    return count
