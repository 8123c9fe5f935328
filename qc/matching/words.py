"""Words: a set of phrases and regular expressions looked for in one utterance."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any, NamedTuple

import re2

from qc.findings import How
from qc.language.phrase import Phrase
from qc.matching.patterns import MOST_MATCHES, OPTIONS, WITHOUT_GROUPS, characters, spans
from qc.matching.sound import Heard, Places, SoundMatch, SoundPhrase, best, compile_sound
from qc.matching.spellings import LOOSE, SHORT_SYLLABLES, SHORTEST_RUN, STRICT
from qc.matching.text import fold_text

# Where the recogniser is sure of every word, those words were said, not others that sound like them.
DOUBTED_SHORT, DOUBTED_LONG = 0.8, 0.9
SURE_OF_ALL, TONES_ALIKE = 0.95, 0.5
FEW_SYLLABLES = 4  # so few are believed only where they sound exactly so and a word was doubted
ENOUGH_WRITTEN = 4  # characters written as the phrase writes them, beside which fewer syllables may differ
_CLIENTS_KEPT = 64


class WordMatch(NamedTuple):
    """A match in normalised text. `matched` are the words, … for what stood in gaps. By sound, `likeness` is
    below 1 where syllables differ, and `syllables` and the longest `run` of them say how long the phrase is.
    `gap_ends`: where its filled gaps end."""

    start: int
    end: int
    how: How
    matched: str
    likeness: float = 1.0
    syllables: int = 0
    run: int = 0
    gap_ends: tuple[int, ...] = ()


class WordPattern:
    """One phrase or regular expression. Phrases and their sounds are compiled when they are first tried: in
    most calls, most never are."""

    def __init__(
        self, source: str, pattern: Any, phrase: Phrase | None, by_sound: bool, not_heard: tuple[str, ...]
    ) -> None:
        if pattern is None and phrase is None:
            raise TypeError("a pattern is a phrase or a regular expression")
        self.source = source
        self._pattern = pattern
        self.phrase = phrase
        self.by_sound = by_sound and phrase is not None
        self.not_heard = tuple(map(fold_text, not_heard))
        self.expression: str = phrase.pattern if phrase is not None else pattern.pattern
        self._loose: SoundPhrase | None = None
        self._strict: SoundPhrase | None = None

    @property
    def pattern(self) -> Any:
        """The compiled expression."""
        if self._pattern is None:
            self._pattern = re2.compile(self.expression, WITHOUT_GROUPS)
        return self._pattern

    @cached_property
    def gaps(self) -> bool:
        """Whether it is a phrase with gaps, which are the groups of its expression."""
        return self.phrase is not None and self.phrase.gaps

    @cached_property
    def _with_gaps(self) -> Any:
        """The expression that tells where the gaps of a phrase are; None where it has none."""
        return re2.compile(self.pattern.pattern, OPTIONS) if self.gaps else None

    @property
    def key(self) -> object:
        """Equal for patterns that match the same and say so in the same words."""
        return self.source, self.expression, self.by_sound, self.not_heard

    def for_client(self, _names: tuple[str, ...]) -> "WordPattern":
        """The pattern for a call about the claims of a client: itself, as it names none."""
        return self

    def sound(self, *, loosely: bool = False) -> SoundPhrase:
        """The phrase by its sounds; `loosely` with more tolerance."""
        if self.phrase is None:
            raise TypeError("a regular expression has no sound")
        if loosely:
            self._loose = self._loose or compile_sound(self.phrase, LOOSE)
            return self._loose
        self._strict = self._strict or compile_sound(self.phrase, STRICT)
        return self._strict

    def letters(self, text: str, encoded: bytes | None = None) -> list[WordMatch]:
        """All matches letter for letter; `encoded` is the text as UTF-8, on which RE2 works."""
        encoded = text.encode() if encoded is None else encoded
        found = spans(self.pattern, encoded)
        if not found:
            return []
        if self._with_gaps is not None:
            return [
                _gap_match(text, match.span(), [match.span(group) for group in range(1, match.re.groups + 1)])
                for match in islice(self._with_gaps.finditer(text), MOST_MATCHES)
            ]
        return [self._plain_match(text, *characters(encoded, *span)) for span in found]

    def written(self, text: str, places: Iterable[Sequence[int]]) -> list[WordMatch]:
        """The matches whose places are known: begin and end of the match, and of each group where the phrase
        has gaps."""
        if not self.gaps:
            return [self._plain_match(text, place[0], place[1]) for place in places]
        return [
            _gap_match(text, (begin, end), list(zip(groups[::2], groups[1::2], strict=True)))
            for begin, end, *groups in places
        ]

    def _plain_match(self, text: str, start: int, end: int) -> WordMatch:
        return WordMatch(start, end, "regex" if self.phrase is None else "letters", text[start:end])

    def sounds_like(
        self,
        heard: Heard,
        confidence: Callable[[int, int], float],
        *,
        loosely: bool = False,
        exact: Iterable[Sequence[int]] | None = None,
        places: Places | None = None,
    ) -> WordMatch | None:
        """The best match by sound that can be believed, unless the words there are known to mean something
        else.

        Args:
            heard: the utterance.
            confidence: the recogniser's least confidence (0..1) in the words of a span.
            loosely: whether more may differ than proves anything.
            exact: where the phrase stands syllable for syllable, if that is known.
            places: where a way to say it may begin, if that is known.
        """
        credible = (
            match
            for match in self.sound(loosely=loosely).find(heard, exact=exact, places=places)
            if not self._innocent(match, heard.text) and _credible(match, heard.text, confidence, loosely)
        )
        match = best(credible, heard.text)
        if match is None:
            return None
        return WordMatch(
            match.start, match.end, "sound", match.spelled,
            match.likeness, match.syllables, match.run, match.gap_ends,
        )  # fmt: skip

    def _innocent(self, match: SoundMatch, text: str) -> bool:
        words = text[match.start : match.end]
        around = text[max(match.start - 4, 0) : match.end + 4]
        return any(
            innocent in words or (innocent in around and words in innocent) for innocent in self.not_heard
        )


class ClientPattern:
    """A phrase with the name of the client in it, which every call gives anew."""

    def __init__(self, build: Callable[[tuple[str, ...]], WordPattern]) -> None:
        self._build = lru_cache(maxsize=_CLIENTS_KEPT)(build)

    @property
    def key(self) -> object:
        """Equal to its own alone: each call decides what it matches."""
        return id(self)

    def for_client(self, names: tuple[str, ...]) -> WordPattern | None:
        """The phrase with these names of the client; None where the call names none."""
        return self._build(names) if names else None


def _gap_match(text: str, span: tuple[int, int], groups: Iterable[tuple[int, int]]) -> WordMatch:
    gaps = [(start, end) for start, end in groups if end > start]
    words, place = "", span[0]
    for start, end in gaps:
        words += text[place:start] + "…"
        place = end
    words += text[place : span[1]]
    return WordMatch(*span, "letters", words, gap_ends=tuple(end for _, end in gaps))


def _credible(match: SoundMatch, text: str, confidence: Callable[[int, int], float], loosely: bool) -> bool:
    """Whether the sounds are enough, and the recogniser doubted its words where they must be doubted."""
    if len(match.pieces) > 1:
        misheard = match.misheard_run(text)
        written = sum(
            piece.end - piece.start for piece in match.pieces if text[piece.start : piece.end] == piece.text
        )
        if misheard < SHORTEST_RUN and written < ENOUGH_WRITTEN:
            return False
    if match.likeness == 1 and match.syllables > FEW_SYLLABLES:
        # Sure of all words, and most tones others: then other words were said that sound the same.
        sure = confidence(match.start, match.end) >= SURE_OF_ALL
        return not sure or match.tones_alike(text) >= TONES_ALIKE
    short = match.syllables <= SHORT_SYLLABLES and not loosely
    return confidence(match.start, match.end) < (DOUBTED_SHORT if short else DOUBTED_LONG)
