"""Text cut into what is searched for, the same for every database.

Chinese is not written with spaces, so each pair of neighbouring characters is a word of the index: one and
two characters are then found as exactly as long phrases. Latin words and short numbers are words as they
stand.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from opencc import OpenCC

VERSION: Final = 1
WORD_MAX: Final = 40
# Stands for a number that is not searched for; no query can hold it.
HIDDEN: Final = "#"

_CJK: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
_CHINESE: Final = re.compile(f"[{_CJK}]")
_DIGIT: Final = "0-9零〇一二三四五六七八九幺"
# A number of seven digits or more is somebody's: of a telephone, a card, an account.
_PARTS: Final = re.compile(
    rf"(?P<number>[{_DIGIT}](?:[ \-，、]?[{_DIGIT}]){{6,}})|(?P<one>[{_CJK}])|(?P<word>[^\W_{_CJK}]+)"
)
_LONG_NUMBER: Final = re.compile(r"\d{7}")


class Unit(NamedTuple):
    """One character of Chinese, or one word: `start:end` of the text."""

    text: str
    start: int
    end: int
    chinese: bool


class Token(NamedTuple):
    """A word of the index that is looked for; with `prefix`, every word that begins so."""

    text: str
    prefix: bool = False


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


class _Folded(dict[int, str]):
    """By character: half-width, lower case, simplified; as one character, so that places in the text hold."""

    def __missing__(self, code: int) -> str:
        char = self[code] = _folded(chr(code))
        return char


def _folded(char: str) -> str:
    for made in (unicodedata.normalize("NFKC", char), char):
        lower = made.lower()
        if len(lower) == 1:
            simple = str(_converter().convert(lower)) if _CHINESE.fullmatch(lower) else lower
            return "你" if simple == "妳" else simple if len(simple) == 1 else lower
    return char


_FOLDED: Final = _Folded()


def fold(text: str) -> str:
    """The text as it is compared: as long as it was."""
    return text.translate(_FOLDED)


def units(text: str) -> list[Unit]:
    """The characters and words of a text, in order; punctuation and spaces only part words."""
    found = []
    for match in _PARTS.finditer(fold(text)):
        kind, said = match.lastgroup, match.group()[:WORD_MAX]
        if kind == "number" or _LONG_NUMBER.search(said):
            said = HIDDEN
        found.append(Unit(said, match.start(), match.end(), kind == "one"))
    return found


def plain(parts: list[Unit]) -> str:
    """The text without punctuation: Chinese as it is, words between blanks. Phrases are compared in it."""
    return "".join(part.text if part.chinese else f" {part.text} " for part in parts)


def index_words(parts: list[Unit]) -> list[str]:
    """The words under which a text is found: pairs of characters, the last one of a run alone, and words."""
    words = []
    for place, part in enumerate(parts):
        following = parts[place + 1] if place + 1 < len(parts) else None
        pair = part.chinese and following is not None and following.chinese
        if part.text != HIDDEN:
            words.append(part.text + following.text if pair and following is not None else part.text)
    return words


def query_words(parts: list[Unit]) -> tuple[Token, ...]:
    """The words that a text with this phrase in it has: a single character begins one of them."""
    words = []
    for place, part in enumerate(parts):
        before = place > 0 and parts[place - 1].chinese
        following = parts[place + 1] if place + 1 < len(parts) else None
        if not part.chinese:
            words.append(Token(part.text))
        elif following is not None and following.chinese:
            words.append(Token(part.text + following.text))
        elif not before:
            words.append(Token(part.text, prefix=True))
    return tuple(dict.fromkeys(words))
