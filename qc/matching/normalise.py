"""Normalising all utterances of a call at once: the text of `qc.matching.text.normalise`, but faster.

Character classes are looked up and compared in arrays over the whole call. What does not map one character
to one (ligatures, characters beyond the basic plane) or needs a memory (quotation marks) is left to the plain
normaliser, utterance by utterance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qc.matching import text as plain
from qc.matching.text import Layout, NormalText, is_chinese

_Points = NDArray[np.uint32]
_Places = NDArray[np.intp]
_Flags = NDArray[np.bool_]

_LETTER, _DROPPED, _END, _DOT, _PAUSE, _COMMA, _COLON, _HYPHEN, _SPACE, _SEPARATOR, _PLAIN = range(11)
_SPECIAL: Final = {".": _DOT, ",": _COMMA, ":": _COLON, "-": _HYPHEN}
_TABLE_END: Final = 0x10000
_NEW_LINE: Final = ord("\n")


@dataclass(frozen=True, slots=True)
class _Tables:
    """For each character of the basic plane: its class, what it becomes, and what it is. Characters `once`
    (Chinese and no numerals) are written twice at most, those `stammered` once."""

    classes: NDArray[np.uint8]
    folded: _Points
    digit: _Flags
    chinese: _Flags
    once: _Flags
    stammered: _Flags


@cache
def _tables() -> _Tables:
    chars = [chr(point) for point in range(_TABLE_END)]
    folds = [plain.fold_letter(char) for char in chars]
    classes = np.array([_class_of(char, fold) for char, fold in zip(chars, folds, strict=True)], np.uint8)
    classes[-1] = _PLAIN  # stands for all characters beyond
    becomes = [plain.ENDS.get(char, fold[:1] or char) for char, fold in zip(chars, folds, strict=True)]
    return _Tables(
        classes,
        np.array(list(map(ord, becomes)), np.uint32),
        np.array([char.isdigit() for char in chars]),
        np.array([is_chinese(char) for char in chars]),
        np.array([is_chinese(char) and char not in plain.NUMERALS for char in chars]),
        np.array([char in plain.STAMMERED for char in chars]),
    )


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


class _Batch:
    """Several raw texts, one after the other, with a separator after each."""

    def __init__(self, raws: Sequence[str]) -> None:
        self.tables = _tables()
        self.raws = raws
        joined = "\n".join(raws) + "\n"
        points: _Points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        points = np.minimum(points, _TABLE_END - 1)
        self.ends = np.cumsum(np.fromiter(map(len, raws), np.intp, len(raws)) + 1) - 1
        self.classes = self.tables.classes[points]
        self.classes[self.ends] = _SEPARATOR
        digit = self.tables.digit[points]
        self.after_digit = np.concatenate(([False], digit[:-1]))
        self.inside_number = self.after_digit & np.concatenate((digit[1:], [False]))
        self.by_hand = self.classes == _PLAIN
        self.places, self.out = self._letters(points)
        self._insert_spaces(self.tables.chinese[points])

    def _letters(self, points: _Points) -> tuple[_Places, _Points]:
        """Letters and sentence ends that stay, as places in the batch and what they become."""
        classes, inside = self.classes, self.inside_number
        ends = ((classes == _END) | (classes == _DOT)) & ~inside
        letters = (classes == _LETTER) | (((classes == _DOT) | (classes == _COLON)) & inside)
        places = np.flatnonzero(letters | ends | (classes == _SEPARATOR))
        end = ends[places]
        first = np.concatenate(([True], ~(end[1:] & end[:-1])))
        places, end = places[first], end[first]
        out = self.tables.folded[points[places]]
        out[end & (out == ord("."))] = ord("。")
        out[classes[places] == _SEPARATOR] = _NEW_LINE
        again = np.concatenate(([False], out[1:] == out[:-1])) & self.tables.once[out]
        thrice = again & np.concatenate(([False], again[:-1]))
        stays = ~(thrice | (again & self.tables.stammered[out]))
        return places[stays], out[stays]

    def _insert_spaces(self, chinese: _Flags) -> None:
        """Spaces between characters that are not Chinese, one at a time, none before a sentence end."""
        spaces = np.flatnonzero((self.classes == _SPACE) | ((self.classes == _HYPHEN) & ~self.after_digit))
        spaces = spaces[~chinese[spaces + 1] & (self.classes[spaces + 1] != _SEPARATOR)]
        after = np.searchsorted(self.places, spaces) - 1
        spaces, after = spaces[after >= 0], after[after >= 0]
        if not spaces.size:
            return
        before = self.out[after]
        wanted = ~(_is_end(before) | (before == _NEW_LINE) | self.tables.chinese[before])
        wanted &= np.concatenate(([True], after[1:] != after[:-1]))
        spaces, after = spaces[wanted], after[wanted]
        taken_back = _is_end(self.out[after + 1])
        self.by_hand[spaces[taken_back]] = True
        spaces = spaces[~taken_back]
        places = np.concatenate((self.places, spaces))
        order = np.argsort(places, kind="stable")
        self.out = np.concatenate((self.out, np.full(spaces.size, ord(" "), np.uint32)))[order]
        self.places = places[order]

    def texts(self) -> list[NormalText]:
        written = self.out.tobytes().decode("utf-32-le").split("\n")
        by_hand = set(np.searchsorted(self.ends, np.flatnonzero(self.by_hand)).tolist())
        return [
            plain.normalise(raw) if at in by_hand else NormalText(raw, text, _LayoutOf(self, at))
            for at, (raw, text) in enumerate(zip(self.raws, written[:-1], strict=True))
        ]

    def layout(self, at: int) -> Layout:
        """Where text `at` comes from."""
        start = int(self.ends[at - 1]) + 1 if at else 0
        end = int(self.ends[at])
        first, last = np.searchsorted(self.places, (start, end))
        classes, inside = self.classes[start:end], self.inside_number[start:end]
        pauses = (classes == _PAUSE) | (((classes == _COMMA) | (classes == _COLON)) & ~inside)
        breaks = np.searchsorted(self.places, np.flatnonzero(pauses) + start) - first
        origin = self.places[first:last] - start
        return Layout(tuple(origin.tolist()), tuple(dict.fromkeys(breaks.tolist())), ())


@dataclass(frozen=True, slots=True)
class _LayoutOf:
    """The layout of one text of a batch, for when it is asked for."""

    batch: _Batch
    at: int

    def __call__(self) -> Layout:
        return self.batch.layout(self.at)


def _is_end(points: _Points) -> _Flags:
    ends: _Flags = (points == ord("。")) | (points == ord("?")) | (points == ord("!"))
    return ends


def normalise_all(raws: Sequence[str]) -> list[NormalText]:
    """What `normalise` makes of each text."""
    return _Batch(raws).texts() if raws else []
