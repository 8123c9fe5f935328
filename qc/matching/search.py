"""Looking for patterns in the utterances of one call: by letters, else by sound where that is allowed."""

from collections.abc import Callable, Collection, Container, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from qc.matching.found import NO_ROWS
from qc.matching.index import Candidates, Pattern, PatternIndex
from qc.matching.machine import Ints
from qc.matching.sound import Heard
from qc.matching.text import NormalText
from qc.matching.words import WordMatch, WordPattern


class Everything(NamedTuple):
    """All matches in a call: those `written`, as rows (number of the pattern, utterance, begin, end, begin
    and end of each group), and the `others`, by sound or left to RE2, with the pattern and the utterance."""

    written: Ints
    others: list[tuple[WordPattern, int, list[WordMatch]]]


class Search:
    """The utterances of one call, and what was found in them so far.

    Args:
        texts: the utterances.
        recognised: whether a recogniser wrote them, so that what sounds alike may have been said.
        confidence: the recogniser's least confidence (0..1) in the words of a span of an utterance.
        index: patterns that are looked for all at once; all others are tried one by one.
    """

    def __init__(
        self,
        texts: Sequence[NormalText],
        recognised: bool,
        confidence: Callable[[int, tuple[int, int]], float],
        index: PatternIndex | None,
    ) -> None:
        self.texts = texts
        self.recognised = recognised
        self.confidence = confidence
        self._known = index.look(texts, by_sound=recognised) if index is not None else None
        self._found: dict[tuple[WordPattern, int, bool], list[WordMatch]] = {}
        self._heard: dict[int, Heard] = {}

    def live(self, patterns: Collection[Pattern]) -> Collection[Pattern]:
        """Those of the patterns that may match somewhere in the call, in the same order."""
        known = self._known
        return patterns if known is None else [pattern for pattern in patterns if pattern in known.live]

    def never(self, needed: frozenset[Pattern]) -> bool:
        """Whether none of the patterns can match anywhere in the call."""
        return self._known is not None and self._known.live.isdisjoint(needed)

    def places(self, pattern: Pattern, inside: Container[int]) -> Sequence[int]:
        """The utterances of those `inside` in which a pattern may match, in order."""
        if self._known is None or not self._known.knows(pattern):
            return [at for at in range(len(self.texts)) if at in inside]
        return sorted(at for at in self._known.utterances(pattern) if at in inside)

    def matches(self, pattern: WordPattern, at: int, *, loosely: bool = False) -> list[WordMatch]:
        """All matches in utterance `at`: by letters, else the best by sound; `loosely` with a tolerance that
        is good for doubt alone."""
        key = (pattern, at, loosely)
        if key not in self._found:
            known = self._known if self._known is not None and self._known.knows(pattern) else None
            self._found[key] = self._match(pattern, at, known, loosely)
        return self._found[key]

    def everything(self) -> Everything:
        """Where all patterns of the index match in all utterances."""
        known = self._known
        if known is None:
            return Everything(NO_ROWS, [])
        left = ((pattern, at, self._match(pattern, at, known, loosely=False)) for pattern, at in known.left())
        heard = ((pattern, at, self._by_sound(pattern, at, known)) for pattern, at in known.heard())
        return Everything(known.letters.rows, [each for each in chain(left, heard) if each[2]])

    def _match(
        self, pattern: WordPattern, at: int, known: Candidates | None, loosely: bool
    ) -> list[WordMatch]:
        found = self._by_letters(pattern, at, known)
        if found or not pattern.by_sound or not self.recognised:
            return found
        return self._by_sound(pattern, at, known, loosely)

    def _by_letters(self, pattern: WordPattern, at: int, known: Candidates | None) -> list[WordMatch]:
        places = known.by_letters(pattern, at) if known is not None else None
        text = self.texts[at].text
        return pattern.letters(text, self._encoded[at]) if places is None else pattern.written(text, places)

    def _by_sound(
        self, pattern: WordPattern, at: int, known: Candidates | None, loosely: bool = False
    ) -> list[WordMatch]:
        exact = None if known is None else known.exactly(pattern, at)
        places = None if known is None or loosely else known.nearly(pattern, at)
        if not (exact is None or exact or places is None or places):
            return []
        match = pattern.sounds_like(
            self._heard_in(at),
            lambda start, end: self.confidence(at, (start, end)),
            loosely=loosely,
            exact=exact,
            places=places,
        )
        return [match] if match else []

    @cached_property
    def _encoded(self) -> list[bytes]:
        return [text.text.encode() for text in self.texts]

    def _heard_in(self, at: int) -> Heard:
        if at not in self._heard:
            coded = None if self._known is None else self._known.coded(at)
            self._heard[at] = Heard(self.texts[at].text, coded)
        return self._heard[at]
