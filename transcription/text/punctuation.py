"""Punctuation and spaces of recognised text. What the recogniser wrote stays; only what is plainly missing or
too much is mended. Doing it twice changes nothing."""

import re

_HAN = "㐀-䶿一-鿿"
_MARKS = "，。！？；：、（）“”‘’《》—…"
# Between Chinese characters, and on either side of a Chinese mark, a space separates nothing.
_NEEDLESS_SPACE = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])|\s+(?=[{_MARKS}])|(?<=[{_MARKS}])\s+")
# After a Chinese character a mark is a Chinese one; in figures and English words it stays.
_NARROW_MARK = re.compile(rf"(?<=[{_HAN}])[,?!;:]")
_WIDE = str.maketrans(",?!;:", "，？！；：")
_NARROW = str.maketrans("，？！；：", ",?!;:")
_ENDED = re.compile(r"[。．.！!？?；;…~～—\-:：][”’\"'」』）)》]*$")
_PAUSES_AT_END = re.compile(r"[，、,\s]+$")
# 还在上班呢, 忙着呢 and 好吧, 你看着办吧 ask nothing.
_CHINESE_QUESTION = re.compile(r"吗$|(?<!着)呢$|(?:是|您|对|知道|清楚|明白|收到|方便|可以)[^，。！？；]*吧$")
_CHINESE_STATEMENT = re.compile(
    r"(?:^|[，。！？；])[^，。！？；]*(?:[还正]在|还没)[^，。！？；什哪谁怎几]*呢$|(?:好|行|算了|可以)吧$"
)
_ENGLISH_QUESTION = re.compile(
    r"(?:^|[.!?,] )(?:who|what|when|where|why|how|which|whose|is|are|was|were|do|does|did|can|could"
    r"|will|would|should|shall|may|isn't|aren't|don't you|doesn't|didn't|can't|couldn't|won't|wouldn't)"
    r" (?:i|you|we|he|she|it|they|the|this|that|there|your|my|mr|ms|is|are|was|were|do|did|much|many|about)\b"
    r"[^.!?]*$",
    re.IGNORECASE,
)


def close_up(text: str) -> str:
    """The text with Chinese marks after Chinese characters, and without spaces that separate nothing: none
    between Chinese characters, while those around English words stay."""
    widened = _NARROW_MARK.sub(lambda found: found.group().translate(_WIDE), text)
    return _NEEDLESS_SPACE.sub("", widened).strip()


def as_recognised(text: str) -> str:
    """The text with the marks that recognisers write in Mandarin, to be weighed by them."""
    return text.translate(_NARROW)


def punctuate(text: str, language: str) -> str:
    """The text closed up and ended: by the recogniser's own mark, or by the one that the last words ask for.

    Text without a letter or figure is returned closed up and without a mark.
    """
    closed = close_up(text)
    if not any(char.isalnum() for char in closed) or _ENDED.search(closed):
        return closed
    closed = _PAUSES_AT_END.sub("", closed)
    if language == "en":
        return closed + ("?" if _ENGLISH_QUESTION.search(closed) else ".")
    asks = _CHINESE_QUESTION.search(closed) and not _CHINESE_STATEMENT.search(closed)
    return closed + ("？" if asks else "。")
