"""Regular expressions as programs for `qc.matching.machine`: small steps, tried in the order of preference.

What a program matches is what RE2 matches, from the first place on, with the same preference among several
ways. Whatever might be read otherwise has no program and is left to RE2.
"""

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from re import _constants as tokens  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from qc.matching.begins import Begins
from qc.matching.machine import (
    BEGINNING,
    BORDER,
    CHAR,
    CHOOSE,
    ENDING,
    FEW,
    IN,
    JUMP,
    MANY,
    MATCH,
    MOST_GROUPS,
    NOT_IN,
    SAVE,
    SWITCH,
)

# Where Python reads an expression otherwise than RE2 does, or not at all.
_READ_OTHERWISE = re.compile(r"\[\[|\[:|\{,|\\[QECpPzx0-9]|\(\?[^:]")
_DIGITS = (ord("0"), ord("9"))
_LETTERS_AND_DIGITS = tuple((ord(ends[0]), ord(ends[1])) for ends in ("09", "az", "AZ"))
_WITHOUT_CASE = ((0x2E80, 0xA4CF), (0xE000, 0xF8FF))  # Chinese and Japanese characters and signs; private use
MOST_STEPS = 4096
_NO_END = 1 << 20  # of repetitions


@dataclass(slots=True)
class Program:
    """Steps (see `qc.matching.machine`) of (what, first, last, number); the steps at which branches go on;
    ranges of characters. `choices` counts the numbers of steps, and what is saved, which takes as much room;
    `longest` is the most repetitions of one character. The masks have the characters that may come next: what
    a branch may begin with, what may follow a repetition, what the whole may begin with."""

    steps: list[tuple[int, int, int, int]] = field(default_factory=list)
    branches: list[int] = field(default_factory=list)
    ranges: list[tuple[int, int]] = field(default_factory=list)
    choices: int = 0
    longest: int = 1
    step_masks: list[int] = field(default_factory=list)
    branch_masks: list[int] = field(default_factory=list)
    first_mask: int = 0


class _NoProgramError(Exception):
    """The expression is left to RE2."""


def parse(source: str) -> Any:
    """The tree of a regular expression; None where Python may read it otherwise than RE2."""
    if _READ_OTHERWISE.search(source):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return parser.parse(source)
    except (re.error, Warning, RecursionError, OverflowError):
        return None


def program(source: str, *, groups: bool = False) -> Program | None:
    """The program of an expression over normalised text; with `groups` it notes where they are. None where
    there is none that certainly matches the same as RE2."""
    tree = parse(source)
    if tree is None:
        return None
    made = _Maker(groups)
    try:
        made.sequence(tree)
    except (_NoProgramError, RecursionError):
        return None
    return made.whole()


class _Maker:
    def __init__(self, groups: bool) -> None:
        self.made = Program()
        self.groups = groups
        self.switched: dict[int, int] = {}  # the characters of the branches of switches

    def whole(self) -> Program:
        """The program, once all steps are there."""
        made = self.made
        self.step(MATCH)
        begins = Begins(made.steps, made.branches, made.ranges, self.switched)
        made.step_masks = [
            begins.at(at + 2) if step[0] in (MANY, FEW) else 0 for at, step in enumerate(made.steps)
        ]
        made.first_mask = begins.at(0)
        made.branch_masks = [
            self.switched[number] if number in self.switched else begins.at(at)
            for number, at in enumerate(made.branches)
        ]
        return made

    def step(self, what: int, first: int = 0, last: int = 0, number: int = 0) -> int:
        if len(self.made.steps) >= MOST_STEPS:
            raise _NoProgramError
        self.made.steps.append((what, first, last, number))
        return len(self.made.steps) - 1

    def numbered(self, what: int, first: int, last: int = 0) -> int:
        """A step that is not tried twice at a place, or takes as much room."""
        self.made.choices += 1
        return self.step(what, first, last, self.made.choices - 1)

    def sequence(self, nodes: Iterable[tuple[Any, Any]]) -> None:
        for kind, value in nodes:
            self.node(kind, value)

    def node(self, kind: Any, value: Any) -> None:
        if kind in _ONE_CHARACTER:
            self.one(kind, value)
        elif kind is tokens.AT and value in _PLACES:
            self.step(_PLACES[value])
        elif kind is tokens.SUBPATTERN and not (value[1] or value[2]):
            self.group(value[0], value[-1])
        elif kind is tokens.BRANCH:
            self.choice(value[1])
        elif kind in (tokens.MAX_REPEAT, tokens.MIN_REPEAT):
            self.repeat(*value, lazy=kind is tokens.MIN_REPEAT)
        else:
            raise _NoProgramError

    def one(self, kind: Any, value: Any) -> None:
        """One character."""
        if kind is tokens.LITERAL:
            self.step(CHAR, _plain(value))
            return
        members = [(tokens.LITERAL, value)] if kind is tokens.NOT_LITERAL else value
        negated = kind is tokens.NOT_LITERAL or members[0][0] is tokens.NEGATE
        first = len(self.made.ranges)
        self.made.ranges += [_range(*member) for member in members if member[0] is not tokens.NEGATE]
        self.step(NOT_IN if negated else IN, first, len(self.made.ranges))

    def group(self, number: int | None, inner: Any) -> None:
        if number is None or not self.groups:
            self.sequence(inner)
            return
        if number > MOST_GROUPS:
            raise _NoProgramError
        self.numbered(SAVE, 2 * number - 2)
        self.sequence(inner)
        self.numbered(SAVE, 2 * number - 1)

    def choice(self, options: Sequence[Any]) -> None:
        """One of several parts, the first preferred."""
        by_first: dict[int, list[Any]] = {}
        for option in options:
            if not len(option) or option[0][0] is not tokens.LITERAL:
                break
            by_first.setdefault(_plain(option[0][1]), []).append(option[1:])
        else:
            if len(options) > 1:
                self.switch(dict(sorted(by_first.items())))
                return
        if len(options) == 1:
            self.sequence(options[0])
            return
        chosen = self.choose(len(options))
        jumps: list[int] = []
        for number, option in enumerate(options):
            self.branch(chosen, number)
            self.sequence(option)
            jumps.append(self.step(JUMP))
        self.land(jumps)

    def switch(self, by_first: dict[int, list[Any]]) -> None:
        """Parts by the character that they begin with, of which only one can be there."""
        first = len(self.made.branches)
        self.made.branches += [0] * len(by_first)
        self.switched.update(enumerate(by_first, first))
        chosen = self.step(SWITCH, first, first + len(by_first))
        jumps: list[int] = []
        for number, rests in enumerate(by_first.values()):
            self.branch(chosen, number)
            self.choice(rests)
            jumps.append(self.step(JUMP))
        self.land(jumps)

    def land(self, jumps: Sequence[int]) -> None:
        """The next step is where jumps go to."""
        for jump in jumps:
            self.made.steps[jump] = (JUMP, len(self.made.steps), 0, 0)

    def choose(self, options: int) -> int:
        """A choice whose branches are not known yet."""
        first = len(self.made.branches)
        self.made.branches += [0] * options
        return self.numbered(CHOOSE, first, first + options)

    def branch(self, chosen: int, number: int) -> None:
        """The next step is where branch `number` of a choice goes on."""
        self.made.branches[self.made.steps[chosen][1] + number] = len(self.made.steps)

    def repeat(self, fewest: int, most: Any, inner: Any, *, lazy: bool) -> None:
        if len(inner) == 1 and inner[0][0] in _ONE_CHARACTER and (fewest, most) != (0, 1):
            most = _NO_END if most is tokens.MAXREPEAT else int(most)
            self.made.longest = max(self.made.longest, most)
            self.numbered(FEW if lazy else MANY, fewest, most)
            self.one(*inner[0])
            return
        for _ in range(fewest):
            self.sequence(inner)
        if most is tokens.MAXREPEAT:
            self.endless(inner, lazy=lazy)
            return
        more = []
        for _ in range(most - fewest):
            more.append(self.choose(2))
            self.branch(more[-1], int(lazy))
            self.sequence(inner)
        for chosen in more:
            self.branch(chosen, int(not lazy))

    def endless(self, inner: Any, *, lazy: bool) -> None:
        if inner.getwidth()[0] == 0:
            raise _NoProgramError
        again = self.choose(2)
        self.branch(again, int(lazy))
        self.sequence(inner)
        self.step(JUMP, again)
        self.branch(again, int(not lazy))


_ONE_CHARACTER = (tokens.LITERAL, tokens.NOT_LITERAL, tokens.IN)
_PLACES = {tokens.AT_BEGINNING: BEGINNING, tokens.AT_END: ENDING, tokens.AT_BOUNDARY: BORDER}


def _range(kind: Any, value: Any) -> tuple[int, int]:
    if kind is tokens.LITERAL:
        point = _plain(value)
        return point, point
    if kind is tokens.RANGE:
        low, high = value
        if any(first <= low and high <= last for first, last in _LETTERS_AND_DIGITS):
            return _plain(low), _plain(high)
        if any(first <= low and high <= last for first, last in _WITHOUT_CASE):
            return low, high
    if kind is tokens.CATEGORY and value is tokens.CATEGORY_DIGIT:
        return _DIGITS
    raise _NoProgramError


def _plain(point: int) -> int:
    """A character as normalised text has it. Of other letters than ours RE2 knows more forms."""
    char = chr(point)
    if point < 128 or char.lower() == char.upper():
        return ord(char.lower())
    raise _NoProgramError
