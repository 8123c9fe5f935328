"""Normalising all utterances of a call at once: the text of `qc.matching.text.normalise`, but faster.

What each character is and becomes is looked up in a table, and one compiled loop does what the plain
normaliser does. What does not map one character to one (ligatures, characters beyond the basic plane) or
needs a memory (quotation marks) is left to the plain normaliser, utterance by utterance.
"""

from collections.abc import Sequence
from functools import cache, partial
from typing import Final

import numpy as np

from qc.matching import text as plain
from qc.matching.compiled import inner
from qc.matching.machine import Ints, Points
from qc.matching.text import Layout, NormalText, is_chinese

_LETTER, _DROPPED, _END, _DOT, _PAUSE, _COMMA, _COLON, _HYPHEN, _SPACE, _PLAIN = range(1, 11)
_SPECIAL: Final = {".": _DOT, ",": _COMMA, ":": _COLON, "-": _HYPHEN}
# A character in the table, never 0: what it becomes, its class, and flags. Those `_ONCE` (Chinese and no
# numerals) are written twice at most, those `_STAMMERED` once.
_BECOMES, _CLASS_AT, _CLASS = 0xFFFF, 16, 0xF
_DIGIT, _CHINESE, _ONCE, _STAMMERED = 1 << 20, 1 << 21, 1 << 22, 1 << 23
_TABLE_END: Final = 0x10000
_BLANK, _STOP, _ASK, _CALL, _NEW_LINE, _BEYOND = *map(ord, " 。?!\n"), _TABLE_END - 1


@cache
def _table() -> Points:
    table = np.fromiter(map(_entry, map(chr, range(_TABLE_END))), np.uint32, _TABLE_END)
    table[_BEYOND] = _PLAIN << _CLASS_AT  # stands for all characters beyond
    return table


def _entry(char: str) -> int:
    fold = plain.fold_letter(char)
    becomes = ord(plain.ENDS.get(char, fold[:1] or char))
    entry = min(becomes, _BEYOND) | _class_of(char, fold) << _CLASS_AT
    if becomes >= _BEYOND:
        return _PLAIN << _CLASS_AT
    once = is_chinese(char) and char not in plain.NUMERALS
    entry |= _DIGIT * char.isdigit() | _CHINESE * is_chinese(char)
    return entry | _ONCE * once | _STAMMERED * (char in plain.STAMMERED)


def _class_of(char: str, fold: str) -> int:
    if char in plain.QUOTES_OPEN | plain.QUOTES_CLOSE:
        return _PLAIN
    if char in plain.ENDS:
        return _END
    if char in plain.PAUSES or char in _SPECIAL:
        return _SPECIAL.get(char, _PAUSE)
    if char.isspace():
        return _SPACE
    if char in plain.FILLERS | plain.BRACKETS or plain.is_surrogate(char):
        return _DROPPED
    return _LETTER if len(fold) == 1 else _PLAIN


@inner
def is_end(point: int) -> bool:
    """Whether a character ends a sentence."""
    return point in (_STOP, _ASK, _CALL)


@inner
def stays(table: Points, point: int, first: int, count: int, out: Points) -> bool:
    """Whether a letter is written after those of the same text, from `first` to `count`: not if stammered."""
    about = table[point]
    if count == first or out[count - 1] != point or not about & _ONCE:
        return True
    return not (about & _STAMMERED or (count - first > 1 and out[count - 2] == point))


@inner
def is_spaced(table: Points, first: int, count: int, out: Points, following: np.uint32) -> bool:
    """Whether a space is written before a character (its entry; 0 where the text ends)."""
    if count == first or following == 0:
        return False
    last = out[count - 1]
    return not (last == _BLANK or is_end(last) or table[last] & _CHINESE or following & _CHINESE)


@inner
def place_of_end(first: int, count: int, out: Points) -> int:
    """Where a sentence end is written: in place of a space; -1 after another end."""
    if count > first and out[count - 1] == _BLANK:
        count -= 1
    return -1 if count > first and is_end(out[count - 1]) else count


@inner
def write(
    table: Points, raw: Points, begin: int, end: int, out: Points, origin: Ints, first: int,
    breaks: Ints, first_break: int,
) -> tuple[int, int]:  # fmt: skip
    """Write the normalised text of `raw[begin:end]` from `first` on, where each character comes from, and
    where pauses are. Returns where text and pauses end; -1 where the plain normaliser has to do it."""
    count, pauses = first, first_break
    before = np.uint32(0)
    for place in range(begin, end):
        about = table[raw[place]]
        following = table[raw[place + 1]] if place + 1 < end else np.uint32(0)
        kind, becomes, inside = about >> _CLASS_AT & _CLASS, about & _BECOMES, before & following & _DIGIT
        at = -1
        if kind == _PLAIN:
            return -1, first_break
        if kind == _LETTER or (inside and kind in (_DOT, _COLON)):
            at = count if stays(table, becomes, first, count, out) else -1
        elif kind in (_END, _DOT):
            at = place_of_end(first, count, out) if not inside else -1
            becomes = becomes if kind == _END else np.uint32(_STOP)
        elif kind == _SPACE or (kind == _HYPHEN and not before & _DIGIT):
            at = count if is_spaced(table, first, count, out, following) else -1
            becomes = np.uint32(_BLANK)
        elif kind == _PAUSE or (not inside and kind in (_COMMA, _COLON)):
            breaks[pauses] = count - first
            pauses += 1
        if at >= 0:
            out[at], origin[at] = becomes, place - begin
            count = at + 1
        before = about
    return count, pauses


@inner
def write_all(
    table: Points, raw: Points, ends: Ints, out: Points, origin: Ints, out_ends: Ints,
    breaks: Ints, break_ends: Ints,
) -> int:  # fmt: skip
    """Write several texts, a line end after each; of those left to the plain normaliser, where the text ends
    is -1. Returns how much is written."""
    begin = count = pauses = 0
    for text in range(ends.size):
        stop, pauses = write(table, raw, begin, ends[text], out, origin, count, breaks, pauses)
        out_ends[text], break_ends[text] = stop, pauses
        count = max(stop, count)
        out[count] = _NEW_LINE
        count += 1
        begin = ends[text] + 1
    return count


class _Batch:
    """Several raw texts, one after the other, with a separator after each."""

    def __init__(self, raws: Sequence[str]) -> None:
        self.raws = raws
        joined = "\n".join(raws) + "\n"
        points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        size, texts = points.size, len(raws)
        ends = np.cumsum(np.fromiter(map(len, raws), np.int32, texts) + 1, dtype=np.int32) - 1
        out, self.origin, self.breaks = (
            np.empty(size, np.uint32),
            np.empty(size, np.int32),
            np.empty(size, np.int32),
        )
        out_ends, break_ends = np.empty(texts, np.int32), np.empty(texts, np.int32)
        count = write_all(
            _table(), np.minimum(points, _BEYOND), ends, out, self.origin, out_ends, self.breaks, break_ends
        )
        self.written = out[:count].tobytes().decode("utf-32-le").split("\n")
        self.ends: list[int] = out_ends.tolist()
        self.break_ends: list[int] = break_ends.tolist()

    def texts(self) -> list[NormalText]:
        return [
            plain.normalise(raw) if end < 0 else NormalText(raw, text, partial(self.layout, at))
            for at, (raw, text, end) in enumerate(zip(self.raws, self.written, self.ends, strict=False))
        ]

    def layout(self, at: int) -> Layout:
        """Where text `at` comes from."""
        end = self.ends[at]
        origin = self.origin[end - len(self.written[at]) : end].tolist()
        breaks = self.breaks[self.break_ends[at - 1] if at else 0 : self.break_ends[at]].tolist()
        return Layout(tuple(origin), tuple(dict.fromkeys(breaks)), ())


def normalise_all(raws: Sequence[str]) -> list[NormalText]:
    """What `normalise` makes of each text."""
    return _Batch(raws).texts() if raws else []
