"""Running programs (`qc.matching.program`) over the utterances of a call, all candidates at once.

A program is tried from one place after the other, the preferred way first. No choice is tried twice at a
place, so that the time is in proportion to the program and to the text.

All that a step needs stands beside it (`qc.matching.encode`), as a program that was not run for a while is
no longer in the cache of the processor: fetching it takes as long as running it.
"""

from functools import reduce
from operator import or_
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qc.matching.compiled import inner

Ints = NDArray[np.int32]
Points = NDArray[np.uint32]
Words = NDArray[np.int64]

# What a step does, and its operands `first` and `last`.
CHAR = 0  # take the character `first`
IN = 1  # take one of the `first` ranges
NOT_IN = 2  # take one that is in none of them
MANY = 3  # take the next step, which takes one character, `first` to `last` times, rather more often
FEW = 4  # the same, rather less often
CHOOSE = 5  # go on at one of `first` branches, in this order
SWITCH = 6  # take one character, and go on at that of the `first` branches that is for it
JUMP = 7  # go on at `first`
SAVE = 8  # note the place as number `first`
BEGINNING = 9  # only at the beginning of the text
ENDING = 10  # only at its end
BORDER = 11  # only at the border of an English word
MATCH = 12

# The bits of a word: the step, its number, `first`, `last`.
WHAT_BITS, NUMBER_BITS, FIRST_BITS = 4, 12, 24
_NUMBER_AT, _FIRST_AT, _LAST_AT = WHAT_BITS, WHAT_BITS + NUMBER_BITS, WHAT_BITS + NUMBER_BITS + FIRST_BITS
_WHAT, _NUMBER, _FIRST = (1 << WHAT_BITS) - 1, (1 << NUMBER_BITS) - 1, (1 << FIRST_BITS) - 1
_PAIR_AT, _LOWER = 32, (1 << 32) - 1  # two numbers in one word

ALL = -1
MOST_GROUPS = 6  # of a program
PLACES = 2 * MOST_GROUPS
_TABLE_END = 0x10000
_SPREAD, _SPREAD_AT, _MASK_BITS = 0x9E3779B1, 26, 64


class Lines(NamedTuple):
    """The utterances of a call as one text, and where each begins and ends."""

    text: Points
    begins: Ints
    ends: Ints


def mask_of(low: int, high: int) -> int:
    """The bits of a range of characters: several characters share one."""
    points = range(low, min(high, low + 10 * _MASK_BITS) + 1)
    return reduce(
        or_, (1 << (min(point, _TABLE_END - 1) * _SPREAD >> _SPREAD_AT) % _MASK_BITS for point in points)
    )


def word(what: int, first: int = 0, last: int = 0, number: int = 0) -> int:
    """A step as one word."""
    return what | number << _NUMBER_AT | first << _FIRST_AT | last << _LAST_AT


def pair(upper: int, lower: int) -> int:
    """Two numbers as one word."""
    return upper << _PAIR_AT | lower


@inner
def bit_at(text: Points, place: int, end: int) -> np.int64:
    """The bit of the character here; 0 at the end of the text."""
    if place >= end:
        return np.int64(0)
    point = min(np.int64(text[place]), np.int64(_TABLE_END - 1))
    return np.int64(1) << (point * _SPREAD >> _SPREAD_AT & (_MASK_BITS - 1))


@inner
def is_word(point: int) -> bool:
    """Whether it is a letter, digit or underscore of English."""
    return 97 <= point <= 122 or 48 <= point <= 57 or 65 <= point <= 90 or point == 95


@inner
def may_follow(wanted: np.int64, here: np.int64) -> bool:
    """Whether what may follow can begin with the character here (0 at the end of the text)."""
    return bool(wanted == ALL or wanted & here != 0)


@inner
def takes(code: Words, at: int, text: Points, place: int, end: int) -> bool:
    """Whether a step that takes one character can take that here."""
    if place >= end:
        return False
    what, first, point = code[at] & _WHAT, code[at] >> _FIRST_AT & _FIRST, np.int64(text[place])
    if what == CHAR:
        return bool(point == first)
    for number in range(at + 1, at + 1 + first):
        if code[number] >> _PAIR_AT <= point <= code[number] & _LOWER:
            return bool(what == IN)
    return bool(what == NOT_IN)


@inner
def after(code: Words, at: int) -> int:
    """The step after one that takes one character."""
    return at + 1 + (0 if code[at] & _WHAT == CHAR else code[at] >> _FIRST_AT & _FIRST)


@inner
def is_there(what: int, text: Points, begin: int, end: int, place: int) -> bool:
    """Whether a place is what a step wants it to be."""
    if what == BORDER:
        before = place > begin and is_word(text[place - 1])
        behind = place < end and is_word(text[place])
        return bool(before != behind)
    return bool(place == (begin if what == BEGINNING else end))


@inner
def branch_for(code: Words, at: int, point: np.int64) -> int:
    """Where a switch goes on for a character; -1 where nowhere."""
    first, last = at + 1, at + 1 + (code[at] >> _FIRST_AT & _FIRST)
    while first + 1 < last:
        middle = (first + last) // 2
        if code[middle] >> _PAIR_AT <= point:
            first = middle
        else:
            last = middle
    return code[first] & _LOWER if code[first] >> _PAIR_AT == point else -1


@inner
def go_on(code: Words, base: int, at: int, text: Points, begin: int, end: int, place: int) -> tuple[int, int]:
    """The step and the place after a step that leaves no choice; step -1 where it does not allow to go on."""
    what = code[at] & _WHAT
    if what <= NOT_IN:
        return (after(code, at) if takes(code, at, text, place, end) else -1), place + 1
    if what == JUMP:
        return base + (code[at] >> _FIRST_AT & _FIRST), place
    if what == SWITCH:
        target = branch_for(code, at, np.int64(text[place])) if place < end else -1
        return (base + target if target >= 0 else -1), place + 1
    return (at + 1 if is_there(what, text, begin, end, place) else -1), place


@inner
def note(code: Words, at: int, text: Points, end: int, place: int, stack: Words, top: int) -> int:
    """Put what a step leaves to choose on the stack, unless there is nothing. Returns its new height."""
    what, low, high, reach = code[at] & _WHAT, code[at] >> _FIRST_AT & _FIRST, code[at] >> _LAST_AT, place
    if what == CHOOSE:
        low, high = 0, low
    else:
        low, high = place + low, min(place + high, end)
        most = high if what == MANY else low
        while reach < most and takes(code, at + 2, text, reach, end):
            reach += 1
        if reach < low:
            return top
    stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3] = at, low, high, reach
    return top + 1


@inner
def resume(
    code: Words, base: int, text: Points, end: int, stack: Words, top: int, saved: Ints
) -> tuple[int, int, int]:
    """The next step and place to try, and the height of the stack then; step -1 where nothing is left."""
    while top > 0:
        last_row = top - 1
        at, first = stack[last_row, 0], stack[last_row, 1]
        last, place = stack[last_row, 2], stack[last_row, 3]
        here = bit_at(text, place, end)
        what = code[at] & _WHAT
        if what == CHOOSE:
            while first < last and not may_follow(code[at + 1 + 2 * first], here):
                first += 1
            stack[last_row, 1] = first + 1
            if first + 1 >= last:
                top -= 1
            if first < last:
                return base + code[at + 2 + 2 * first], place, top
        elif what == SAVE:
            saved[first] = last
            top -= 1
        else:
            if what == MANY:
                stack[last_row, 3] = place - 1
                more = place > first
            else:
                stack[last_row, 3] = place + 1
                more = place < last and takes(code, at + 2, text, place, end)
            if not more:
                top -= 1
            if may_follow(code[at + 1], here):
                return after(code, at + 2), place, top
    return -1, 0, 0


@inner
def match_at(
    code: Words, base: int, text: Points, begin: int, end: int, place: int,
    seen: Ints, mark: int, stack: Words, saved: Ints,
) -> int:  # fmt: skip
    """Where the match of a program from a place on ends; -1 where there is none. `seen` has `mark` for each
    choice at each place that was tried. The stack has what else may be tried: (step, from, to, place)."""
    top, at = 0, base
    while at >= 0:
        what = code[at] & _WHAT
        if what == MATCH:
            return place
        if what == SAVE:
            number = code[at] >> _FIRST_AT & _FIRST
            stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3] = at, number, saved[number], place
            saved[number] = place
            top += 1
            at += 1
            continue
        if MANY <= what <= CHOOSE:
            slot = (code[at] >> _NUMBER_AT & _NUMBER) * (end - begin + 1) + place - begin
            if seen[slot] != mark:
                seen[slot] = mark
                top = note(code, at, text, end, place, stack, top)
            at = -1
        else:
            at, place = go_on(code, base, at, text, begin, end, place)
        if at < 0:
            at, place, top = resume(code, base, text, end, stack, top, saved)
    return -1


@inner
def run_all(
    code: Words, heads: Words, text: Points, begins: Ints, ends: Ints, pairs: Words, most: int,
    seen: Ints, stack: Words, saved: Ints, found: Ints,
) -> int:  # fmt: skip
    """Write all matches that are not empty, the first `most` of each pair of a program (in the upper half)
    and a line, as rows: program, line, begin and end in the line, begin and end of each group (-1 where there
    is none). `heads` are where a program begins, and what it may begin with.

    Returns:
        how many there are; those beyond the length of `found` are not written.
    """
    saved[:] = -1
    count, mark = 0, 0
    for each in pairs:
        number, line = each >> _PAIR_AT, each & _LOWER
        begin, end = begins[line] + 0, ends[line] + 0  # in 64 bits, as all other numbers
        base, wanted = heads[number, 0], heads[number, 1]
        last = begin if code[base] & _WHAT == BEGINNING else end
        place, matches = begin, 0
        mark += 1
        while place <= last and matches < most:
            stop = -1
            if may_follow(wanted, bit_at(text, place, end)):
                stop = match_at(code, base, text, begin, end, place, seen, mark, stack, saved)
            if stop > place:
                if count < len(found):
                    found[count, 0], found[count, 1] = number, line
                    found[count, 2], found[count, 3] = place - begin, stop - begin
                    for group in range(PLACES):
                        found[count, 4 + group] = max(saved[group] - begin, -1)
                count += 1
                matches += 1
            if stop >= 0:
                mark += 1
                saved[:] = -1
            place = max(stop, place + 1)
    return count
