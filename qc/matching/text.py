"""Text as it is matched, with the way back to the text as it was written.

Recognisers write little or other punctuation than people do, so pauses must not matter: commas and the
like are dropped (their places are kept as clause breaks), sentence ends become one of `。`, `?`, `!`, spaces
between Chinese characters vanish, letters are lower case. Characters that people stammer on are written
once, others at most twice in a row.
"""

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

_ENDS = {
    "。": "。", "．": "。", "｡": "。", ";": "。", "；": "。", "\n": "。",
    "?": "?", "？": "?", "!": "!", "！": "!",
}  # fmt: skip
SENTENCE_ENDS = frozenset("。?!")
_PAUSES = frozenset(",，、:：…—–~～·-")
_QUOTES_OPEN = frozenset('“「『《"')
_QUOTES_CLOSE = frozenset('”」』》"')
_BRACKETS = frozenset("()（）[]【】〈〉<>")
_FILLERS = frozenset("呃")
_STAMMERED = frozenset("我你您他她它这那就是不的有要")
_NUMERALS = frozenset("零〇一二三四五六七八九十百千万亿两幺0123456789")


@dataclass(frozen=True, slots=True)
class NormalText:
    """Normalised text. `origin[i]` is the index in `raw` of character i, `breaks` are the places before
    which a pause was written, `quoted` are spans that stood in quotation marks."""

    raw: str
    text: str
    origin: tuple[int, ...]
    breaks: tuple[int, ...]
    quoted: tuple[tuple[int, int], ...]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of `raw` that the span `start:end` of `text` came from."""
        if not self.origin or end <= start:
            return (0, 0)
        return (self.origin[start], self.origin[end - 1] + 1)

    def sentence(self, at: int) -> tuple[int, int]:
        """The span of the sentence around place `at`, its end mark included."""
        start = max((self.text.rfind(end, 0, at) for end in SENTENCE_ENDS), default=-1) + 1
        ends = [place for end in SENTENCE_ENDS if (place := self.text.find(end, at)) >= 0]
        return start, (min(ends) + 1 if ends else len(self.text))

    def clause_start(self, at: int) -> int:
        """Where the clause that contains place `at` begins."""
        start, _ = self.sentence(at)
        index = bisect_left(self.breaks, at + 1) - 1
        return max(start, self.breaks[index]) if index >= 0 else start


def is_chinese(char: str) -> bool:
    """Whether `char` is a Chinese character."""
    return "一" <= char <= "鿿" or "㐀" <= char <= "䶿"


class _Normaliser:
    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.out: list[str] = []
        self.origin: list[int] = []
        self.breaks: list[int] = []
        self.quotes: list[int] = []
        self.quoted: list[tuple[int, int]] = []

    def run(self) -> NormalText:
        for index, char in enumerate(self.raw):
            self._take(index, char)
        return NormalText(
            self.raw,
            "".join(self.out),
            tuple(self.origin),
            tuple(dict.fromkeys(self.breaks)),
            tuple(self.quoted),
        )

    def _take(self, index: int, char: str) -> None:
        if char in _QUOTES_OPEN | _QUOTES_CLOSE:
            self._quote(char)
        elif char in _ENDS:
            if not self._inside_number(index):
                self._put(index, _ENDS[char])
        elif char == "." and not self._inside_number(index):
            self._put(index, "。")
        elif char in _PAUSES:
            self._pause(index, char)
        elif char.isspace():
            self._space(index)
        elif char in _FILLERS or char in _BRACKETS:
            pass
        else:
            for folded in unicodedata.normalize("NFKC", char).lower().replace("’", "'"):
                self._letter(index, folded)

    def _inside_number(self, index: int) -> bool:
        before, after = self.raw[index - 1 : index], self.raw[index + 1 : index + 2]
        return before.isdigit() and after.isdigit()

    def _quote(self, char: str) -> None:
        if self.quotes and char in _QUOTES_CLOSE:
            self.quoted.append((self.quotes.pop(), len(self.out)))
        elif char in _QUOTES_OPEN:
            self.quotes.append(len(self.out))

    def _pause(self, index: int, char: str) -> None:
        if char == "-" or (char in ",:" and self._inside_number(index)):
            if char == ":":
                self._letter(index, char)
            elif char == "-" and not self.raw[index - 1 : index].isdigit():
                self._space(index)
            return
        self.breaks.append(len(self.out))

    def _space(self, index: int) -> None:
        following = self.raw[index + 1 : index + 2]
        last = self.out[-1] if self.out else " "
        if last in " 。?!" or not following or is_chinese(last) or is_chinese(following):
            return
        self._append(index, " ")

    def _put(self, index: int, end: str) -> None:
        if self.out and self.out[-1] == " ":
            self.out.pop()
            self.origin.pop()
        if self.out and self.out[-1] in SENTENCE_ENDS:
            return
        self._append(index, end)

    def _letter(self, index: int, char: str) -> None:
        if is_chinese(char) and char not in _NUMERALS and self.out and self.out[-1] == char:
            thrice = len(self.out) > 1 and self.out[-2] == char
            if char in _STAMMERED or thrice:
                return
        self._append(index, char)

    def _append(self, index: int, char: str) -> None:
        self.out.append(char)
        self.origin.append(index)


@lru_cache(maxsize=4096)
def normalise(raw: str) -> NormalText:
    """Normalise `raw` for matching."""
    return _Normaliser(raw).run()


def fold_text(raw: str) -> str:
    """Only the text of `normalise`."""
    return normalise(raw).text
