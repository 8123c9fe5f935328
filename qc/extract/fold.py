"""Text as the readers of facts see it: one width, lower case, pauses kept."""

import re
import unicodedata
from functools import lru_cache

_PAUSE = re.compile(r"(?<![0-9])[,、]|[,、](?![0-9])|[…—]+|:(?![0-9])|(?<![0-9]):")
_FILLERS = re.compile(r"呃+，?|(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff0-9])|(?<=[0-9]) +(?=[\u4e00-\u9fff])")
_STAMMER = re.compile(r"([我你您他她这那就是])(?:，*\1)+|([\u4e00-\u9fff0-9])，\2(?=[\u4e00-\u9fff])")


@lru_cache(maxsize=4096)
def fold(raw: str) -> str:
    """`raw` in NFKC and lower case; Chinese commas for every pause; without 呃 and words begun twice."""
    text = unicodedata.normalize("NFKC", raw).lower().replace("’", "'")
    text = _PAUSE.sub("，", text) if any("一" <= char <= "鿿" for char in text) else text.replace("…", " ")
    text = _FILLERS.sub("", text)
    return re.sub(r"，{2,}", "，", _STAMMER.sub(r"\1\2", text)).strip()
