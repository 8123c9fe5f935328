"""Names that are known to be somebody's: where they, their parts and what sounds the same stand in a text."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Final

from pypinyin import lazy_pinyin
from pypinyin.constants import PINYIN_DICT

from transcription.privacy import english
from transcription.privacy.types import Found

_CHINESE_NAME: Final = re.compile(r"[一-鿿]{2,6}")
_HEARD_ALIKE: Final = 3
_NICKNAME: Final = 3
_CAPITAL: Final = re.compile(r"\b[A-Z][a-z]{2,}\b")


def find(text: str, known: Iterable[str]) -> list[Found]:
    """Where known names stand."""
    found = []
    for name in known:
        chinese = _CHINESE_NAME.fullmatch(name) is not None
        spans = _chinese(text, name) if chinese else [each.span() for each in _written(name).finditer(text)]
        found += [Found("name", *span) for span in spans]
        if " " in name or name.isascii():
            found += _nicknames(text, name)
    return found


def _chinese(text: str, name: str) -> Iterator[tuple[int, int]]:
    """The name, what sounds the same (李建过 for 李建国), and the name without the family's."""
    yield from _places(text, name)
    if len(name) >= _HEARD_ALIKE:
        yield from _places(text.translate(_same_sound()), name.translate(_same_sound()))
        yield from _places(text, name[-2:])


def _places(text: str, said: str) -> Iterator[tuple[int, int]]:
    start = text.find(said)
    while start >= 0:
        yield start, start + len(said)
        start = text.find(said, start + len(said))


@cache
def _same_sound() -> Mapping[int, int]:
    """For each common character one that stands for all of its syllable, whatever its tone."""
    common = [chr(code) for code in PINYIN_DICT if 0x4E00 <= code <= 0x9FA5]
    first: dict[str, int] = {}
    return {
        ord(char): first.setdefault(sound, ord(char))
        for char, sound in zip(common, lazy_pinyin(common), strict=True)
    }


@lru_cache(maxsize=1024)
def _written(name: str) -> re.Pattern[str]:
    if not name.isascii():
        return re.compile(re.escape(name))
    parts = {name, *(part for part in name.split() if len(part) > 2)}
    said = "|".join(sorted(map(re.escape, parts), key=len, reverse=True))
    return re.compile(rf"\b(?:{said})\b", re.IGNORECASE)


def _nicknames(text: str, name: str) -> list[Found]:
    """Toby for Tobias: capital letters that begin the same way."""
    beginnings = {part[:_NICKNAME] for part in name.split() if len(part) > _NICKNAME}
    return [
        Found("name", *match.span(), sure=False)
        for match in _CAPITAL.finditer(text)
        if match.group()[:_NICKNAME] in beginnings and not english.is_other_word(match.group())
    ]
