"""Words: a set of phrases and regular expressions looked for in one utterance."""

from dataclasses import dataclass
from typing import Any

import re2

from qc.language.phrase import Phrase
from qc.matching.patterns import OPTIONS
from qc.matching.sound import Heard, SoundPhrase, compile_sound, gap_ends
from qc.matching.text import fold_text

ALWAYS_SURE = 0.9  # likeness from which four syllables are enough
LONG_SURE = 0.85  # likeness from which six syllables are enough


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
                *match.span(), how, self.source, gap_ends=() if self.phrase is None else gap_ends(match)
            )
            for match in self.pattern.finditer(text)
            if match.end() > match.start()
        ]

    def sounds_like(self, heard: Heard) -> WordMatch | None:
        """The best match by sound, unless the words there are known to mean something else."""
        match = self.sound.find(heard)
        if match is None:
            return None
        words = heard.text[match.start : match.end]
        around = heard.text[max(match.start - 4, 0) : match.end + 4]
        if any(
            innocent in words or (innocent in around and words in innocent) for innocent in self.not_heard
        ):
            return None
        sure = (match.likeness >= ALWAYS_SURE and match.syllables >= 4) or (
            match.likeness >= LONG_SURE and match.syllables >= 6
        )
        return WordMatch(match.start, match.end, "sound", self.source, match.likeness, sure, match.gap_ends)
