"""Mandarin syllables, folded so that what the telephone and regional speech confuse is the same.

Tones are dropped; zh/z, ch/c, sh/s, l/n, r/l, h/f and the endings -ng/-n after a, e, i are not told apart.
"""

import re
from functools import lru_cache
from typing import Any

from pypinyin import Style, lazy_pinyin

from qc.matching.text import is_chinese

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"), ("hu", "f"), ("h", "h"))
_ENDING = re.compile(r"(?<=[aei])ng$")
_DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))


def fold(syllable: str) -> str:
    """The folded form of a toneless pinyin syllable.

    >>> fold("zhang"), fold("lin"), fold("ning"), fold("hui")
    ('zan', 'lin', 'lin', 'fei')
    """
    folded = _ENDING.sub("n", syllable)
    if folded in ("hui", "hun"):
        return folded.replace("hu", "fe")
    for initial, replacement in _INITIALS:
        if folded.startswith(initial):
            rest = folded[len(initial) :]
            if initial == "hu":
                return "fu" if not rest else "f" + rest
            return replacement + rest
    return folded


def _one_by_one(run: str) -> Any:
    """What is no Chinese stands for itself, one sound a character (pypinyin accepts a list here)."""
    return list(run)


@lru_cache(maxsize=65536)
def syllables(text: str) -> tuple[str, ...]:
    """One folded syllable for each character of `text`; digits are read, others stand for themselves."""
    read = "".join(_DIGITS.get(char, char) for char in text)
    if not any(map(is_chinese, read)):
        return tuple(read)
    spoken = lazy_pinyin(read, style=Style.NORMAL, errors=_one_by_one)
    if len(spoken) != len(read):  # a character outside the dictionary: read one by one
        spoken = [lazy_pinyin(char, style=Style.NORMAL, errors="default")[0] for char in read]
    return tuple(fold(sound) if is_chinese(char) else sound for char, sound in zip(read, spoken, strict=True))


def spoken(text: str) -> str:
    """The pinyin of a text with its tones, for people to read: 还钱 is hái qián."""
    return " ".join(lazy_pinyin(text, style=Style.TONE))
