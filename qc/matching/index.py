"""All patterns of all rules at once: which of them match in which utterance of a call, and where.

One pass over the call's letters and one over its sounds look for text that a match must contain
(`qc.matching.finder`, `qc.matching.near`). What they leave out cannot match; what they name is tried in
earnest, all of it together (`qc.matching.programs`), so that the result is the same as if every pattern were
tried everywhere by itself.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qc.matching.finder import Finder
from qc.matching.found import Found
from qc.matching.literals import Group, fold_points, literals
from qc.matching.machine import Ints, Lines, Points, Words
from qc.matching.near import NearIndex
from qc.matching.programs import Programs
from qc.matching.readings import CODES, FAMILIES, family
from qc.matching.runs import runs
from qc.matching.sound import Places
from qc.matching.spellings import SHORTEST_RUN, Row
from qc.matching.text import NormalText
from qc.matching.words import ClientPattern, WordPattern

Pattern = WordPattern | ClientPattern


class Candidates:
    """Where the patterns of an index match in one call: by `letters`, by sound (`exact`), and where they may
    sound nearly alike (`near`: way to say it, beginning, syllables more, letters off). `sounds` are the codes
    of the sounds of each utterance."""

    def __init__(
        self, index: "PatternIndex", letters: Found, exact: Found, near: Found, sounds: Lines | None
    ) -> None:
        self._index = index
        self.letters, self.exact, self.near = letters, exact, near
        self._sounds = sounds

    @cached_property
    def live(self) -> frozenset[Pattern]:
        """The patterns that may match in the call."""
        numbers = self.letters.patterns | self.exact.patterns | self.near.patterns
        return frozenset((*map(self._index.pattern, numbers), *self._index.unknown))

    def knows(self, pattern: Pattern) -> bool:
        """Whether the index has the pattern. Others may match anywhere."""
        return pattern in self._index.known

    def utterances(self, pattern: Pattern) -> Set[int]:
        """The utterances in which a known pattern may match."""
        if isinstance(pattern, ClientPattern):
            return frozenset()
        number = self._index.known[pattern]
        return frozenset().union(
            *(found.utterances(number) for found in (self.letters, self.exact, self.near))
        )

    def by_letters(self, pattern: WordPattern, at: int) -> list[list[int]] | None:
        """Where a known pattern is written in an utterance; None where RE2 has to tell."""
        return self.letters.places(self._index.known[pattern], at)

    def exactly(self, pattern: WordPattern, at: int) -> list[list[int]] | None:
        """Where an utterance sounds exactly like a known pattern; None where RE2 has to tell."""
        return self.exact.places(self._index.known[pattern], at)

    def nearly(self, pattern: WordPattern, at: int) -> Places:
        """Which ways to say a known pattern sound nearly alike in an utterance, and where."""
        places = self.near.places(self._index.known[pattern], at) or ()
        return [(self._index.row(row), start, more, off) for row, start, more, off in places]

    def coded(self, at: int) -> str | None:
        """The sounds of an utterance; None where they were not asked for."""
        if self._sounds is None:
            return None
        text, begins, ends = self._sounds
        return text[begins[at] : ends[at]].tobytes().decode("utf-32-le")

    def heard(self) -> Iterator[tuple[WordPattern, int]]:
        """Pairs of a pattern and an utterance that may sound like it, but do not have it by letters."""
        heard = {*self.exact.pairs.tolist(), *self.near.pairs.tolist()}
        heard.update(number << 32 | at for number, at in self.exact.left)
        heard.difference_update(number << 32 | at for number, at in self.letters.left)
        pairs = np.array(sorted(heard), np.int64)
        pairs = pairs[~_among(pairs, self.letters.pairs)]
        return ((self._index.pattern(pair >> 32), pair & 0xFFFFFFFF) for pair in pairs.tolist())

    def left(self) -> Iterator[tuple[WordPattern, int]]:
        """Pairs of a pattern and an utterance of which RE2 has to tell by letters whether they match."""
        return ((self._index.pattern(number), at) for number, at in sorted(self.letters.left))


class PatternIndex:
    """Patterns prepared for looking for all of them at once. What is costly is worked out when needed."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        every = tuple(dict.fromkeys(patterns))
        self._patterns = [pattern for pattern in every if isinstance(pattern, WordPattern)]
        self.known = {pattern: number for number, pattern in enumerate(self._patterns)}
        self.unknown = frozenset(every) - self.known.keys()
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
    def _rows(self) -> list[Row]:
        return [row for pattern in self._patterns if pattern.by_sound for row in pattern.sound().rows]

    @cached_property
    def _pattern_of_row(self) -> Ints:
        ways = [len(pattern.sound().rows) if pattern.by_sound else 0 for pattern in self._patterns]
        return np.repeat(np.arange(len(ways), dtype=np.int32), ways)

    @cached_property
    def _nearly(self) -> NearIndex:
        return NearIndex(self._rows)

    def look(self, texts: Sequence[NormalText], *, by_sound: bool) -> Candidates:
        """Where the patterns match in the utterances of a call; by sound only if asked for."""
        if not texts:
            return Candidates(self, Found(), Found(), Found(), None)
        whole = "\n".join(
            ("", *(text.text for text in texts), "")
        )  # with a line end around each, for ^ and $
        points = np.frombuffer(whole.encode("utf-32-le"), np.uint32)
        line_ends = np.flatnonzero(points == ord("\n")).astype(np.int32)
        lines = Lines(points, line_ends[:-1] + 1, line_ends[1:])
        letters = _places(self._written, self._by_letters, lines, fold_points(points))
        if not by_sound:
            return Candidates(self, letters, Found(), Found(), None)
        codes, families = CODES.of(points), FAMILIES.of(points)
        heard = lines._replace(text=codes.astype(np.uint32))
        exact = _places(self._heard, self._by_sound, heard, families.astype(np.uint32))
        near = self._near(self._nearly.places(codes, families), lines)
        return Candidates(self, letters, exact, near, heard)

    def _near(self, places: Ints, lines: Lines) -> Found:
        """Places (way to say a pattern, beginning, syllables more, letters off) by pattern and utterance."""
        rows = np.empty((len(places), 6), np.int32)
        rows[:, 2:] = places
        rows[:, 0] = self._pattern_of_row[rows[:, 2]]
        rows[:, 1] = np.searchsorted(lines.ends, rows[:, 3], side="right")
        rows[:, 3] -= lines.begins[rows[:, 1]]
        return Found(rows)

    def pattern(self, number: int) -> WordPattern:
        """One of the patterns, by its number."""
        return self._patterns[number]

    def row(self, number: int) -> Row:
        """A way to say one of the patterns, by its number."""
        return self._rows[number]


def _places(programs: Programs, finder: Finder, lines: Lines, looked_at: Points) -> Found:
    """The matches of the patterns that a finder names."""
    return Found(*programs.matches(finder.find(looked_at, lines.begins, lines.ends), lines))


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


def _among(some: Words, every: Words) -> NDArray[np.bool_]:
    """Which of some numbers are among others, which are in order."""
    if not every.size:
        return np.zeros(some.size, np.bool_)
    known: NDArray[np.bool_] = every[np.minimum(np.searchsorted(every, some), every.size - 1)] == some
    return known
