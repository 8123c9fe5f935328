"""How words sound, for comparing what a recogniser wrote with other characters."""

import re

from pypinyin import lazy_pinyin

_SYLLABLE = re.compile(r"[a-z0-9']+")


def syllables(text: str) -> list[str]:
    """Pinyin of Chinese characters without tones, and Latin words as they are, in small letters."""
    return [part for piece in lazy_pinyin(text) for part in _SYLLABLE.findall(piece.lower())]
