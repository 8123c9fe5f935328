"""Where the words of a Chinese text begin and end, by a dictionary."""

from functools import cache
from typing import Final, NamedTuple

from rjieba import Jieba

_NAMES: Final = frozenset({"nr", "nrt", "nrfg"})


class Token(NamedTuple):
    """One word; `name` where the dictionary knows it as the name of a person."""

    start: int
    end: int
    kind: str

    @property
    def name(self) -> bool:
        """Whether the dictionary has it as a name."""
        return self.kind in _NAMES


@cache
def _dictionary() -> Jieba:
    return Jieba()


class Words:
    """The words of one text."""

    def __init__(self, text: str) -> None:
        self._at: list[Token] = []
        start = 0
        for word, kind in _dictionary().tag(text, False):
            token = Token(start, start + len(word), kind)
            self._at.extend([token] * len(word))
            start = token.end

    def at(self, place: int) -> Token:
        """The word that the character at `place` belongs to."""
        return self._at[place]

    def breaks(self, place: int) -> bool:
        """Whether a word ends where `place` is, or the text does."""
        return place <= 0 or place >= len(self._at) or self._at[place].start == place
