"""Looking for patterns in the utterances of one call: by letters, else by sound where that is allowed."""

from collections.abc import Callable, Collection, Container, Iterator, Sequence
from functools import cached_property

from qc.matching.index import Candidates, Pattern, PatternIndex
from qc.matching.sound import Heard
from qc.matching.text import NormalText
from qc.matching.words import WordMatch, WordPattern


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

    def everything(self) -> Iterator[tuple[WordPattern, int, list[WordMatch]]]:
        """All matches of all patterns of the index in all utterances."""
        known = self._known
        if known is None:
            return
        written: set[tuple[WordPattern, int]] = set()
        for pattern, places in known.letters.items():
            for at in places:
                found = pattern.letters(self.texts[at].text, self._encoded[at])
                if found:
                    written.add((pattern, at))
                    yield pattern, at, found
        for pattern in {*known.exact, *known.near}:
            for at in {*known.exact.get(pattern, ()), *known.near.get(pattern, ())}:
                if (pattern, at) not in written and (found := self._by_sound(pattern, at, known)):
                    yield pattern, at, found

    def _match(
        self, pattern: WordPattern, at: int, known: Candidates | None, loosely: bool
    ) -> list[WordMatch]:
        if known is None or known.by_letters(pattern, at):
            found = pattern.letters(self.texts[at].text, self._encoded[at])
            if found:
                return found
        if not pattern.by_sound or not self.recognised:
            return []
        return self._by_sound(pattern, at, known, loosely)

    def _by_sound(
        self, pattern: WordPattern, at: int, known: Candidates | None, loosely: bool = False
    ) -> list[WordMatch]:
        heard = self._heard_in(at)
        exactly = known is None or (known.exactly(pattern, at) and pattern.sound().may_be(heard))
        places = None if known is None or loosely else known.nearly(pattern, at)
        if not exactly and places is not None and not places:
            return []
        match = pattern.sounds_like(
            heard,
            lambda start, end: self.confidence(at, (start, end)),
            loosely=loosely,
            exactly=exactly,
            places=places,
        )
        return [match] if match else []

    @cached_property
    def _encoded(self) -> list[bytes]:
        return [text.text.encode() for text in self.texts]

    def _heard_in(self, at: int) -> Heard:
        if at not in self._heard:
            coded = self._known.coded[at] if self._known is not None and self._known.coded else None
            self._heard[at] = Heard(self.texts[at].text, coded)
        return self._heard[at]
