"""Text as the rules read it: simplified characters, half-width letters and digits."""

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

# Kept as they are: full-width punctuation is right in Chinese text, and sentence ends are read from it.
_CHINESE_PUNCTUATION = frozenset("，。！？；：、（）“”‘’《》—…")


# 著 is 著 (famous, to write) or 着 (going on); OpenCC leaves it, the recogniser mostly means the latter.
_GOING_ON = re.compile(r"(?<![显卓名原巨土论编拙专])著(?![名作者述称])")


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


def simplify(text: str) -> str:
    """Fold traditional to simplified characters and full-width letters to half-width ones.

    Chinese punctuation, and numbers in characters or digits, stay as they are. Runs of white space
    become one space. Folding twice changes nothing.
    """
    folded = "".join(
        char if char in _CHINESE_PUNCTUATION else unicodedata.normalize("NFKC", char) for char in text
    )
    simplified = _GOING_ON.sub("着", _converter().convert(folded)).replace("妳", "你")
    return " ".join(simplified.split())
