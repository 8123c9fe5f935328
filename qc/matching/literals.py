"""Text that every match of a pattern must contain: what lets one pass over a call skip nearly all patterns.

A pattern's literals come in groups: every match contains at least one literal of each group. Repetitions,
gaps and classes of many characters have none and only separate what stands around them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import prod
from re import _constants as tokens  # type: ignore[attr-defined]
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qc.matching.program import parse
from qc.matching.text import is_chinese

MOST_LITERALS = 128  # of a group; more of them say little
MOST_CHARACTERS = 24  # of a class, where it is taken letter by letter
LONGEST_LITERAL = 24
# Characters by how often people say them.
_COMMONEST = frozenset("我的你是")
_COMMON = frozenset(
    "不您了一这个就好有那打还说人上们行没天在信再下要给话么号吗到千能跟都来月先别去他也用事会见三电点以得看二吧里公把五钱对着请银两子明"
)
_DIGITS = str.maketrans("零〇一幺二两三四五六七八九", "0011223456789")
LAST_POINT = 0xFFFF  # of the basic plane; stands for all characters beyond
_FOLDED = np.arange(LAST_POINT + 1, dtype=np.uint32)
_FOLDED[list(_DIGITS)] = list(_DIGITS.values())

Group = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a part: groups of literals, what it begins and ends with, and, where it is `whole`,
    that it is exactly one of the texts it begins with."""

    first: Group
    last: Group
    groups: tuple[Group, ...] = ()
    whole: bool = False


# ^ and $ as in a text that has a line end before and after each utterance.
_LINE_ENDS = {tokens.AT_BEGINNING: "\n", tokens.AT_END: "\n"}
_BLANK: Group = frozenset({""})
_UNKNOWN = _Known(_BLANK, _BLANK)


def literals(source: str) -> tuple[Group, ...]:
    """The groups of a regular expression over normalised text, the most telling first, digits as
    `fold_digits` writes them; none where nothing can be said."""
    tree = parse(source)
    return () if tree is None else _best_first(_groups(_nodes(tree)))


def fold_digits(text: str) -> str:
    """The text with numbers as they are written in digits: 一二三七八 as 12378, character for character."""
    return text.translate(_DIGITS)


def fold_points(points: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The same for characters given by their code points; all beyond the basic plane become its last."""
    return _FOLDED.take(points, mode="clip")


def rarest(literal: str) -> str:
    """The character of a literal that people say least often."""
    return min(literal, key=_share)


def chance(group: Iterable[str]) -> float:
    """About how often a place in a text has one of the literals."""
    return sum(prod(map(_share, literal)) for literal in group)


@cache
def _share(char: str) -> float:
    if char == "\n":
        return 0.5  # its places are few, but every utterance has them
    if char in _COMMONEST:
        return 0.025
    if char in _COMMON:
        return 0.008
    return 0.0015 if is_chinese(char) else 0.06


def _text(texts: Iterable[str]) -> _Known:
    exact = frozenset(texts)
    return _Known(exact, exact, (), whole=True)


def _telling(group: Group) -> list[Group]:
    """The group without literals that begin or end with another of it; none if any text has it."""
    if not group or "" in group:
        return []
    return [
        frozenset(
            literal
            for literal in group
            if not any(literal[:at] in group or literal[at:] in group for at in range(1, len(literal)))
        )
    ]


def _groups(known: _Known) -> list[Group]:
    more = [known.first] if known.whole else [known.first, known.last]
    return [*known.groups, *(group for each in more for group in _telling(each))]


def _best_first(groups: Iterable[Group]) -> tuple[Group, ...]:
    return tuple(sorted(dict.fromkeys(groups), key=lambda group: (chance(group), sorted(group))))


def _joined(parts: Iterable[_Known]) -> _Known:
    """Parts one after the other: texts grow as long as all of them can be said."""
    groups: list[Group] = []
    first: Group | None = None
    run = _BLANK
    for part in parts:
        grown = _crossed(run, part.first)
        groups += part.groups
        if part.whole and grown is not None:
            run = grown
            continue
        if grown is None:
            first = run if first is None else first
            groups += [*_telling(run), *_telling(part.first)]
        else:
            first = grown if first is None else first
            groups += _telling(grown)
        run = part.last
    if first is None:
        return _text(run)
    return _Known(first, run, tuple(groups))


def _crossed(one: Group, other: Group) -> Group | None:
    if len(one) * len(other) > MOST_LITERALS:
        return None
    grown = frozenset((before + after).replace("\n\n", "\n") for before, after in product(one, other))
    return grown if max(map(len, grown)) <= LONGEST_LITERAL else None


def _one_of(options: Sequence[_Known]) -> _Known:
    first = frozenset[str]().union(*(option.first for option in options))
    last = frozenset[str]().union(*(option.last for option in options))
    if len(first) > MOST_LITERALS or len(last) > MOST_LITERALS:
        first = last = _BLANK
    elif all(option.whole for option in options):
        return _text(first)
    best = [_best_first(_groups(option))[:1] for option in options]
    groups = _telling(frozenset[str]().union(*(group for (group,) in best))) if all(best) else []
    return _Known(first, last, tuple(groups))


def _nodes(nodes: Iterable[tuple[Any, Any]]) -> _Known:
    return _joined(_node(kind, value) for kind, value in nodes)


def _node(kind: Any, value: Any) -> _Known:
    if kind in (tokens.LITERAL, tokens.AT):
        return _text([_folded(value) if kind is tokens.LITERAL else _LINE_ENDS.get(value, "")])
    if kind is tokens.IN:
        return _class(value)
    if kind is tokens.SUBPATTERN:
        return _nodes(value[-1])
    if kind is tokens.BRANCH:
        return _one_of([_nodes(option) for option in value[1]])
    if kind in (tokens.MAX_REPEAT, tokens.MIN_REPEAT):
        return _repeated(*value)
    return _UNKNOWN


def _folded(point: int) -> str:
    return fold_digits(chr(point).lower())


def _class(members: Sequence[tuple[Any, Any]]) -> _Known:
    if len(members) > MOST_CHARACTERS or any(kind is not tokens.LITERAL for kind, _ in members):
        return _UNKNOWN
    return _text(_folded(value) for _, value in members)


def _repeated(fewest: int, most: int, inner: Iterable[tuple[Any, Any]]) -> _Known:
    once = _nodes(inner)
    if fewest == 0:
        return _one_of([once, _text([""])]) if most == 1 else _UNKNOWN
    return once if most == 1 else _Known(once.first, once.last, once.groups)
