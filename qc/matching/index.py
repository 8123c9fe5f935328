"""All patterns of all rules at once: which of them match in which utterance of a call, and where.

One pass over the call's letters and one over its sounds look for text that a match must contain
(`qc.matching.finder`, `qc.matching.near`). What they leave out cannot match; what they name is tried in
earnest, all of it together (`qc.matching.programs`), so that the result is the same as if every pattern were
tried everywhere by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from qc.matching.finder import Finder
from qc.matching.literals import Group, fold_points, literals
from qc.matching.machine import Lines, Points, masks_of
from qc.matching.near import NearIndex, Place
from qc.matching.programs import Programs
from qc.matching.readings import CODES, FAMILIES, family
from qc.matching.runs import runs
from qc.matching.sound import Places
from qc.matching.spellings import SHORTEST_RUN, Row
from qc.matching.text import NormalText, normalise
from qc.matching.words import ClientPattern, WordPattern

Pattern = WordPattern | ClientPattern
Found = Mapping[WordPattern, Mapping[int, list[list[int]] | None]]
_NOWHERE: Mapping[int, Any] = MappingProxyType({})


class Candidates:
    """Where the patterns of an index match in one call. `letters` and `exact` (by sound) are the places of
    their matches by pattern and utterance, None where RE2 has to tell; `near` are places where they may sound
    nearly alike. `coded` are the sounds of the utterances."""

    def __init__(
        self,
        index: "PatternIndex",
        letters: Found,
        exact: Found,
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

    def by_letters(self, pattern: WordPattern, at: int) -> list[list[int]] | None:
        """Where a known pattern is written in an utterance; None where RE2 has to tell."""
        places: list[list[int]] | None = self.letters.get(pattern, _NOWHERE).get(at, [])
        return places

    def exactly(self, pattern: WordPattern, at: int) -> list[list[int]] | None:
        """Where an utterance sounds exactly like a known pattern; None where RE2 has to tell."""
        places: list[list[int]] | None = self.exact.get(pattern, _NOWHERE).get(at, [])
        return places

    def nearly(self, pattern: WordPattern, at: int) -> Places:
        """Which ways to say a known pattern may sound nearly alike in an utterance, and where."""
        return [
            (self._index.row(place.row), place.start, place.more)
            for place in self.near.get(pattern, _NOWHERE).get(at, ())
        ]


class PatternIndex:
    """Patterns prepared for looking for all of them at once. What is costly is worked out when needed."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        every = tuple(dict.fromkeys(patterns))
        self._patterns = [pattern for pattern in every if isinstance(pattern, WordPattern)]
        self.known = frozenset(self._patterns)
        self.unknown = frozenset(every) - self.known
        self._written = Programs(len(self._patterns), self._expression)
        self._heard = Programs(len(self._patterns), self._sounds_of)

    def _expression(self, number: int) -> tuple[str, bool]:
        pattern = self._patterns[number]
        return pattern.expression, pattern.gaps

    def _sounds_of(self, number: int) -> tuple[str, bool]:
        return self._patterns[number].sound().expression, False

    @cached_property
    def _needs(self) -> list[tuple[Group, ...]]:
        return [literals(pattern.expression) for pattern in self._patterns]

    @cached_property
    def _by_letters(self) -> Finder:
        return Finder(enumerate(self._needs))

    @cached_property
    def _by_sound(self) -> Finder:
        return Finder(
            (number, needed)
            for number, (pattern, groups) in enumerate(zip(self._patterns, self._needs, strict=True))
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

    def prepare(self) -> None:
        """Work out at once what is costly: for a process that will see many calls."""
        self._written.prepare(range(len(self._patterns)))
        self._heard.prepare(number for number, pattern in enumerate(self._patterns) if pattern.by_sound)
        self.look([normalise("准备")], by_sound=True)

    def look(self, texts: Sequence[NormalText], *, by_sound: bool) -> Candidates:
        """Where the patterns match in the utterances of a call; by sound only if asked for."""
        if not texts:
            return Candidates(self, {}, {}, {}, ())
        whole = "\n".join(
            ("", *(text.text for text in texts), "")
        )  # with a line end around each, for ^ and $
        points = np.frombuffer(whole.encode("utf-32-le"), np.uint32)
        line_ends = np.flatnonzero(points == ord("\n")).astype(np.int32)
        lines = Lines(points, masks_of(points), line_ends[:-1] + 1, line_ends[1:])
        letters = self._places(self._written, self._by_letters, lines, fold_points(points))
        if not by_sound:
            return Candidates(self, letters, {}, {}, ())
        codes, families = CODES.of(points), FAMILIES.of(points)
        heard = lines._replace(text=codes.astype(np.uint32), masks=masks_of(codes))
        exact = self._places(self._heard, self._by_sound, heard, families.astype(np.uint32))
        near = self._near(self._nearly.places(codes, families), lines)
        return Candidates(self, letters, exact, near, codes.tobytes().decode("utf-16-le").split("\n")[1:-1])

    def _places(self, programs: Programs, finder: Finder, lines: Lines, looked_at: Points) -> Found:
        """The matches of the patterns that a finder names, by pattern and utterance."""
        found: dict[WordPattern, dict[int, list[list[int]] | None]] = {}
        rows, left = programs.matches(*finder.find(looked_at, lines.begins, lines.ends), lines)
        for number, at, *place in rows.tolist():
            here = found.setdefault(self._patterns[number], {}).setdefault(at, [])
            if here is not None:
                here.append(place)
        for number, at in left:
            found.setdefault(self._patterns[number], {})[at] = None
        return found

    def _near(self, places: Sequence[Place], lines: Lines) -> dict[WordPattern, dict[int, list[Place]]]:
        found: dict[WordPattern, dict[int, list[Place]]] = {}
        at_line = np.searchsorted(lines.ends, [place.start for place in places], side="right").tolist()
        for place, at in zip(places, at_line, strict=True):
            here = place._replace(start=place.start - int(lines.begins[at]))
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
