"""All patterns of all rules at once: which of them may match in which utterance of a call.

One pass over the call's letters and one over its sounds look for text that a match must contain
(`qc.matching.literals`, `qc.matching.near`). What they leave out cannot match; what they name is tried in
earnest by the pattern itself, so that the result is the same as if every pattern were tried everywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from types import MappingProxyType
from typing import Any

import numpy as np
from daachorse import CharwiseDoubleArrayAhoCorasick

from qc.matching.literals import Group, fold_digits, literals, rarest
from qc.matching.near import NearIndex, Place
from qc.matching.readings import CODES, FAMILIES, family
from qc.matching.runs import runs
from qc.matching.sound import Places
from qc.matching.spellings import SHORTEST_RUN, Row
from qc.matching.text import NormalText
from qc.matching.words import ClientPattern, WordPattern

MOST_GROUPS = 4  # groups of literals asked for: a fifth seldom leaves out more

Pattern = WordPattern | ClientPattern
_User = tuple[WordPattern, tuple[frozenset[str], ...]]
_NOWHERE: Mapping[int, Any] = MappingProxyType({})


class Candidates:
    """Where the patterns of an index may match in one call. `coded` are the sounds of its utterances."""

    def __init__(
        self,
        index: "PatternIndex",
        letters: Mapping[WordPattern, list[int]],
        exact: Mapping[WordPattern, list[int]],
        near: Mapping[WordPattern, Mapping[int, list[Place]]],
        coded: Sequence[str],
    ) -> None:
        self.coded = coded
        self._index = index
        self.letters, self.exact, self.near = letters, exact, near
        self.live: frozenset[Pattern] = frozenset((*letters, *exact, *near, *index.unknown))

    def knows(self, pattern: Pattern) -> bool:
        """Whether the index has the pattern. Others may match anywhere."""
        return pattern in self._index.known

    def utterances(self, pattern: Pattern) -> set[int]:
        """The utterances in which a known pattern may match."""
        if isinstance(pattern, ClientPattern):
            return set()
        return {
            *self.letters.get(pattern, ()),
            *self.exact.get(pattern, ()),
            *self.near.get(pattern, ()),
        }

    def by_letters(self, pattern: WordPattern, at: int) -> bool:
        """Whether the letters of a known pattern may stand in an utterance."""
        return at in self.letters.get(pattern, ())

    def exactly(self, pattern: WordPattern, at: int) -> bool:
        """Whether an utterance may sound exactly like a known pattern."""
        return at in self.exact.get(pattern, ())

    def nearly(self, pattern: WordPattern, at: int) -> Places:
        """Which ways to say a known pattern may sound nearly alike in an utterance, and where."""
        return [
            (self._index.row(place.row), place.start, place.more)
            for place in self.near.get(pattern, _NOWHERE).get(at, ())
        ]


class _Finder:
    """Patterns by literals that they need, and by characters that must stand in the same utterance."""

    def __init__(self, needs: Iterable[tuple[WordPattern, Sequence[Group]]]) -> None:
        users: dict[str, list[_User]] = {}
        self.always: list[WordPattern] = []
        for pattern, groups in needs:
            if not groups:
                self.always.append(pattern)
                continue
            others = tuple(frozenset(map(rarest, group)) for group in groups[1:MOST_GROUPS])
            for literal in groups[0]:
                users.setdefault(literal, []).append((pattern, others))
        self.users = list(users.values())
        self.automaton = CharwiseDoubleArrayAhoCorasick(list(users)) if users else None

    def find(self, whole: str, ends: Sequence[int]) -> dict[WordPattern, list[int]]:
        """The utterances that have what each pattern needs; `ends` are the places after each line."""
        found: dict[WordPattern, list[int]] = {pattern: list(range(len(ends))) for pattern in self.always}
        if self.automaton is None:
            return found
        lines = whole.split("\n")[1:]
        at, end_of_line, chars = -1, -1, set[str]()
        for _, end, number in self.automaton.find_overlapping(whole):
            while end > end_of_line:
                at += 1
                end_of_line = ends[at]
                chars = {"\n", *lines[at]}
            for pattern, others in self.users[number]:
                for other in others:
                    if other.isdisjoint(chars):
                        break
                else:
                    places = found.setdefault(pattern, [])
                    if not places or places[-1] != at:
                        places.append(at)
        return found


class PatternIndex:
    """Patterns prepared for looking for all of them at once. What is costly is worked out when needed."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        every = tuple(dict.fromkeys(patterns))
        self._patterns = [pattern for pattern in every if isinstance(pattern, WordPattern)]
        self.known = frozenset(self._patterns)
        self.unknown = frozenset(every) - self.known

    @cached_property
    def _needs(self) -> list[tuple[WordPattern, tuple[Group, ...]]]:
        return [(pattern, literals(pattern.expression)) for pattern in self._patterns]

    @cached_property
    def _by_letters(self) -> _Finder:
        return _Finder(self._needs)

    @cached_property
    def _by_sound(self) -> _Finder:
        return _Finder(
            (pattern, needed)
            for pattern, groups in self._needs
            if pattern.by_sound and (needed := _heard_groups(pattern, groups)) is not None
        )

    @cached_property
    def _rows(self) -> list[tuple[WordPattern, Row]]:
        return [
            (pattern, row) for pattern in self._patterns if pattern.by_sound for row in pattern.sound().rows
        ]

    @cached_property
    def _nearly(self) -> NearIndex:
        return NearIndex([row for _, row in self._rows])

    def look(self, texts: Sequence[NormalText], *, by_sound: bool) -> Candidates:
        """Where the patterns may match in the utterances of a call; by sound only if asked for."""
        if not texts:
            return Candidates(self, {}, {}, {}, ())
        lines = [text.text for text in texts]
        whole = "\n".join(("", *lines, ""))  # with a line end before and after each, for ^ and $
        ends = list(accumulate((len(line) + 1 for line in lines), initial=1))
        starts = ends[:-1]
        del ends[0]
        letters = self._by_letters.find(fold_digits(whole), ends)
        if not by_sound:
            return Candidates(self, letters, {}, {}, ())
        points = np.frombuffer(whole.encode("utf-32-le"), np.uint32)
        codes, families = CODES.of(points), FAMILIES.of(points)
        exact = self._by_sound.find(families.tobytes().decode("utf-16-le"), ends)
        near = self._near(self._nearly.places(codes, families), starts, ends)
        return Candidates(self, letters, exact, near, codes.tobytes().decode("utf-16-le").split("\n")[1:-1])

    def _near(
        self, places: Sequence[Place], starts: Sequence[int], ends: Sequence[int]
    ) -> dict[WordPattern, dict[int, list[Place]]]:
        found: dict[WordPattern, dict[int, list[Place]]] = {}
        lines = np.searchsorted(ends, [place.start for place in places], side="right").tolist()
        for place, at in zip(places, lines, strict=True):
            here = place._replace(start=place.start - starts[at])
            found.setdefault(self._rows[place.row][0], {}).setdefault(at, []).append(here)
        return found

    def row(self, number: int) -> Row:
        """A way to say one of the patterns, by its number."""
        return self._rows[number][1]


def _heard_groups(pattern: WordPattern, groups: Sequence[Group]) -> list[Group] | None:
    """What must sound exactly so: one of the runs that are long enough to be believed, and the literals.
    None where no run is: then the phrase is never found by sound."""
    heard = sorted(map(_sounds, groups), key=_chance)
    if pattern.phrase is None or pattern.phrase.fixed < SHORTEST_RUN:
        return heard
    between = runs(pattern.phrase.tree)
    if between is None:
        return heard
    return [_sounds(between), *heard] if between else None


def _chance(group: Group) -> tuple[float, list[str]]:
    return sum(0.01 ** len(literal) for literal in group), sorted(group)


def _sounds(group: Iterable[str]) -> Group:
    return frozenset("".join(map(family, literal)) for literal in group)
