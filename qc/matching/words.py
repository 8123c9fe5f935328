"""Words: a set of phrases and regular expressions looked for in one utterance."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import re2

from qc.language.phrase import Phrase
from qc.matching.patterns import OPTIONS
from qc.matching.sound import SHORT_SYLLABLES, Heard, SoundMatch, SoundPhrase, compile_sound, gap_ends
from qc.matching.text import fold_text

SURE_RUN = 4  # syllables in a row that must sound exactly right for certainty
SURE_LIKENESS, SURE_SYLLABLES = 0.9, 7  # or so alike, in a phrase so long
# Where the recogniser is sure of every word, those words were said, not others that sound like them.
DOUBTED_SHORT, DOUBTED_LONG = 0.8, 0.9


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A match in normalised text. `likeness` is 1 for letters. `gap_ends`: where its filled gaps end."""

    start: int
    end: int
    how: str
    matched: str
    likeness: float = 1.0
    sure: bool = True
    gap_ends: tuple[int, ...] = ()


class WordPattern:
    """One phrase or regular expression, compiled. Its sounds are worked out when first needed."""

    def __init__(
        self, source: str, pattern: Any, phrase: Phrase | None, by_sound: bool, not_heard: tuple[str, ...]
    ) -> None:
        self.source = source
        self.pattern = pattern
        self.phrase = phrase
        self.by_sound = by_sound and phrase is not None
        self.not_heard = tuple(map(fold_text, not_heard))
        self._by_line = pattern if phrase is not None else re2.compile(f"(?m){pattern.pattern}", OPTIONS)
        self._sound: SoundPhrase | None = None

    @property
    def sound(self) -> SoundPhrase:
        """The phrase by its sounds."""
        if self._sound is None:
            if self.phrase is None:
                raise TypeError("a regular expression has no sound")
            self._sound = compile_sound(self.phrase)
        return self._sound

    def may_occur(self, whole: str, encoded: bytes) -> bool:
        """Whether the letters occur anywhere in a call; `whole` is all its text, one utterance a line."""
        if self.phrase is not None:
            return any(literal in whole for literal in self.phrase.required)
        return self._by_line.search(encoded) is not None

    def letters(self, text: str) -> list[WordMatch]:
        """All matches letter for letter."""
        how = "regex" if self.phrase is None else "letters"
        return [
            WordMatch(
                match.start(), match.end(), how, self.source, gap_ends=gap_ends(match) if self.phrase else ()
            )
            for match in self.pattern.finditer(text)
            if match.end() > match.start()
        ]

    def sounds_like(
        self, heard: Heard, exactly: bool, confidence: Callable[[int, int], float]
    ) -> WordMatch | None:
        """The best match by sound, unless the words there are known to mean something else.

        Args:
            heard: the utterance.
            exactly: whether the call has the phrase somewhere syllable for syllable.
            confidence: the recogniser's least confidence (0..1) in the words of a span.
        """
        match = self.sound.find(heard, exactly)
        if match is None or (match.likeness < 1 and not self._doubtful(match, confidence)):
            return None
        words = heard.text[match.start : match.end]
        around = heard.text[max(match.start - 4, 0) : match.end + 4]
        if any(
            innocent in words or (innocent in around and words in innocent) for innocent in self.not_heard
        ):
            return None
        exact = match.likeness == 1 and match.run >= SURE_RUN
        sure = exact or (match.likeness >= SURE_LIKENESS and match.syllables >= SURE_SYLLABLES)
        return WordMatch(match.start, match.end, "sound", self.source, match.likeness, sure, match.gap_ends)

    @staticmethod
    def _doubtful(match: SoundMatch, confidence: Callable[[int, int], float]) -> bool:
        limit = DOUBTED_SHORT if match.syllables <= SHORT_SYLLABLES else DOUBTED_LONG
        return confidence(match.start, match.end) < limit
