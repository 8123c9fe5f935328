"""Text as it is matched, with the way back to the text as it was written.

Recognisers write little or other punctuation than people do, so pauses must not matter: commas and the
like are dropped (their places are kept as clause breaks), sentence ends become one of `。`, `?`, `!`, spaces
between Chinese characters vanish, letters are lower case. Characters that people stammer on are written
once, others at most twice in a row.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

ENDS = {
    "。": "。", "．": "。", "｡": "。", ";": "。", "；": "。", "\n": "。",
    "?": "?", "？": "?", "!": "!", "！": "!",
}  # fmt: skip
SENTENCE_ENDS = frozenset("。?!")
PAUSES = frozenset(",，、:：…—–~～·-")
QUOTES_OPEN = frozenset('“「『《"')
QUOTES_CLOSE = frozenset('”」』》"')
BRACKETS = frozenset("()（）[]【】〈〉<>")
FILLERS = frozenset("呃")
STAMMERED = frozenset("我你您他她它这那就是不的有要")
NUMERALS = frozenset("零〇一二三四五六七八九十百千万亿两幺0123456789")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where normalised text comes from. `origin[i]` is the index in the raw text of character i, `breaks` are
    the places before which a pause was written, `quoted` are spans that stood in quotation marks."""

    origin: tuple[int, ...]
    breaks: tuple[int, ...]
    quoted: tuple[tuple[int, int], ...]


class NormalText:
    """Normalised text, with the way back to the text as it was written, worked out when first asked for."""

    __slots__ = ("_find_layout", "_layout", "raw", "text")

    def __init__(self, raw: str, text: str, find_layout: Callable[[], Layout]) -> None:
        self.raw = raw
        self.text = text
        self._find_layout = find_layout
        self._layout: Layout | None = None

    @property
    def layout(self) -> Layout:
        """Where the text comes from."""
        if self._layout is None:
            self._layout = self._find_layout()
        return self._layout

    @property
    def origin(self) -> tuple[int, ...]:
        """The index in `raw` of each character."""
        return self.layout.origin

    @property
    def breaks(self) -> tuple[int, ...]:
        """The places before which a pause was written."""
        return self.layout.breaks

    @property
    def quoted(self) -> tuple[tuple[int, int], ...]:
        """The spans that stood in quotation marks."""
        return self.layout.quoted

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


def is_surrogate(char: str) -> bool:
    """Whether `char` is half of a character, which nothing can be done with."""
    return "\ud800" <= char <= "\udfff"


def fold_letter(char: str) -> str:
    """What a letter becomes: lower case, of ordinary width."""
    return unicodedata.normalize("NFKC", char).lower().replace("’", "'")


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
        layout = Layout(tuple(self.origin), tuple(dict.fromkeys(self.breaks)), tuple(self.quoted))
        return NormalText(self.raw, "".join(self.out), lambda: layout)

    def _take(self, index: int, char: str) -> None:
        if char in QUOTES_OPEN | QUOTES_CLOSE:
            self._quote(char)
        elif char in ENDS:
            if not self._inside_number(index):
                self._put(index, ENDS[char])
        elif char == "." and not self._inside_number(index):
            self._put(index, "。")
        elif char in PAUSES:
            self._pause(index, char)
        elif char.isspace():
            self._space(index)
        elif char in FILLERS or char in BRACKETS or is_surrogate(char):
            pass
        else:
            for folded in fold_letter(char):
                self._letter(index, folded)

    def _inside_number(self, index: int) -> bool:
        before, after = self.raw[index - 1 : index], self.raw[index + 1 : index + 2]
        return before.isdigit() and after.isdigit()

    def _quote(self, char: str) -> None:
        if self.quotes and char in QUOTES_CLOSE:
            self.quoted.append((self.quotes.pop(), len(self.out)))
        elif char in QUOTES_OPEN:
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
        if is_chinese(char) and char not in NUMERALS and self.out and self.out[-1] == char:
            thrice = len(self.out) > 1 and self.out[-2] == char
            if char in STAMMERED or thrice:
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
