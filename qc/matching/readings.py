"""How each character may sound: folded Mandarin syllables, all readings of a character that has several.

A character is looked up by itself, never in its context: a recogniser writes 还 for huán and for hái, and the
neighbours that would tell them apart may be wrong too. Characters with the same readings are one *kind* of
sound, a small number. Two kinds are alike when they share a reading, so polyphones cost nothing extra. Digits
sound as they are read (1 is yī or yāo), Latin letters as Mandarin speakers name them.
"""

from collections.abc import Callable, Iterable
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from pypinyin import Style, pinyin
from rapidfuzz.distance import Levenshtein

from qc.matching.syllables import fold
from qc.matching.text import is_chinese

# Everyday readings beside the one that stands first in the dictionary. Rare ones (万 mò) would only join
# words that nobody confuses.
_OTHER_READINGS = {
    "行": "hang", "长": "chang zhang", "重": "zhong chong", "还": "huan", "了": "liao", "得": "dei",
    "地": "di", "着": "zhao zhuo", "都": "du", "会": "kuai", "大": "dai", "单": "shan", "查": "zha",
    "仇": "qiu", "区": "ou", "差": "chai", "车": "ju", "参": "shen cen", "曾": "zeng", "吓": "he",
    "谁": "shei", "那": "nei", "哪": "nei", "这": "zhei", "没": "mo", "给": "ji", "血": "xie",
    "薄": "bo", "露": "lou", "落": "la lao", "率": "shuai", "熟": "shou", "剥": "bao", "削": "xiao",
    "藏": "zang", "折": "she", "择": "zhai", "粘": "nian", "模": "mu", "便": "pian", "卡": "qia",
    "壳": "qiao", "校": "jiao", "系": "ji", "省": "xing", "降": "xiang", "朝": "zhao", "弹": "tan",
    "俩": "liang", "乐": "yue", "觉": "jiao", "角": "jue", "传": "zhuan", "调": "diao tiao",
    "度": "duo", "恶": "wu", "盛": "cheng", "阿": "e", "塞": "se", "否": "pi", "埋": "man", "泊": "po",
    "堡": "pu", "伺": "ci", "钥": "yue", "咳": "hai", "抹": "ma", "迫": "pai", "圈": "juan",
    "屏": "bing", "攒": "zan", "解": "xie", "任": "ren", "色": "shai", "厦": "xia", "晕": "yun",
    "称": "chen", "栅": "zha", "幺": "yao", "贾": "jia", "茄": "jia", "扒": "pa", "仔": "zai zi",
    "脉": "mo",
}  # fmt: skip
_DIGITS = {
    "0": "ling dong", "1": "yi yao", "2": "er liang", "3": "san", "4": "si", "5": "wu", "6": "liu",
    "7": "qi guai", "8": "ba", "9": "jiu gou", "〇": "ling",
}  # fmt: skip
# The names of letters that are one syllable long; the others sound like nothing else.
_LETTERS = {
    "a": "ei ai", "b": "bi", "c": "xi", "d": "di", "e": "yi", "g": "ji", "i": "ai", "j": "jie",
    "k": "kei kai ke", "n": "en", "o": "ou", "p": "pi", "q": "qiu kou", "r": "a", "t": "ti", "u": "you",
    "v": "wei", "y": "wai", "z": "zei",
}  # fmt: skip
_LONGER_NAMES = "fhlmswx"
_TABLE_END = 0x10000
KINDS_AT_MOST = 1020  # there are some four hundred syllables, and a hundred sets of them
FAR = 99  # letters between what is never alike
FIRST_CODE = 0xE000  # private use: one character for each kind of sound, so that RE2 can run over sounds
BREAKS = frozenset("。?!\n")  # ends of sentences and of utterances have no sound; they stay what they are

_kinds: dict[frozenset[str], int] = {}
_members: list[frozenset[str]] = []


def _kind(readings: Iterable[str]) -> int:
    members = frozenset(readings)
    if members not in _kinds:
        _kinds[members] = len(_members)
        _members.append(members)
    return _kinds[members]


def _folded(text: str) -> frozenset[str]:
    return frozenset(map(fold, text.split()))


_OTHER = _kind(["*"])  # signs, and characters that no dictionary has
BREAK = _kind(["|"])
_SPECIAL = {
    **{char: _folded(names) for char, names in (*_DIGITS.items(), *_LETTERS.items())},
    **{char: frozenset({char}) for char in _LONGER_NAMES},
}


@cache
def _dictionary(char: str) -> tuple[str, ...]:
    """The readings of a Chinese character with tones, the first the most usual."""
    found = pinyin(char, style=Style.TONE3, heteronym=True, neutral_tone_with_five=True)
    return tuple(reading for reading in found[0] if reading[-1:].isdigit())


def _read(char: str) -> frozenset[str]:
    first = frozenset(fold(reading[:-1]) for reading in _dictionary(char)[:1])
    return first | _folded(_OTHER_READINGS.get(char, ""))


# Kinds of several readings are all known from here on; those of one are met as they come.
_SHARED = tuple({_kind(readings): None for readings in (*_SPECIAL.values(), *map(_read, _OTHER_READINGS))})


@lru_cache(maxsize=_TABLE_END)
def kind(char: str) -> int:
    """The kind of sound of a character of normalised text."""
    if char in BREAKS:
        return BREAK
    if char in _SPECIAL:
        return _kind(_SPECIAL[char])
    readings = _read(char) if is_chinese(char) else frozenset[str]()
    return _kind(readings) if readings else _OTHER


@cache
def tones(char: str) -> frozenset[str]:
    """The tones (1–5) that a Chinese character may have in the readings that count; empty for others."""
    if not is_chinese(char):
        return frozenset()
    readings = _read(char)
    return frozenset(reading[-1] for reading in _dictionary(char) if fold(reading[:-1]) in readings)


@cache
def apart(one: int, other: int) -> int:
    """How many letters tell two kinds of sound apart: 0 when they share a reading. Breaks are unlike all."""
    if BREAK in (one, other):
        return FAR
    if not _members[one].isdisjoint(_members[other]):
        return 0
    return min(int(Levenshtein.distance(here, there)) for here in _members[one] for there in _members[other])


@cache
def letters(one: int) -> int:
    """The fewest letters of a kind of sound."""
    return min(map(len, _members[one]))


def is_break(one: int) -> bool:
    """Whether it is no sound but the end of a sentence."""
    return one == BREAK


def code(char: str) -> str:
    """One private-use character for the sound of a character; breaks stay."""
    return char if char in BREAKS else chr(FIRST_CODE + kind(char))


def kind_of_code(coded: str) -> int:
    """The kind of sound that a character of `code` stands for."""
    return BREAK if coded in BREAKS else ord(coded) - FIRST_CODE


@cache
def kinds_alike(one: int) -> tuple[int, ...]:
    """All kinds of sound that share a reading with one, in order."""
    readings = [_kind([reading]) for reading in _members[one]]
    return tuple(sorted({one, *readings, *(other for other in _SHARED if apart(one, other) == 0)}))


def codes_alike(char: str) -> str:
    """The codes of all kinds of sound that are alike to that of a character."""
    return "".join(chr(FIRST_CODE + other) for other in kinds_alike(kind(char)))


@cache
def _families() -> dict[str, str]:
    """For each reading of a polyphone the first of all readings that polyphones join to it."""
    root: dict[str, str] = {}

    def find(reading: str) -> str:
        while root.setdefault(reading, reading) != reading:
            reading = root[reading]
        return reading

    for shared in _SHARED:
        first, *rest = sorted(_members[shared])
        for reading in rest:
            low, high = sorted((find(first), find(reading)))
            root[high] = low
    return {reading: find(reading) for reading in root}


@lru_cache(maxsize=_TABLE_END)
def family(char: str) -> str:
    """One private-use character for all kinds of sound that polyphones join: equal wherever two characters
    are alike, so that text can be searched for families first. Breaks stay."""
    if char in BREAKS:
        return char
    member = min(_members[kind(char)])
    return chr(FIRST_CODE + _kind([_families().get(member, member)]))


class _Table:
    """A code for each character, worked out when the character is first seen."""

    def __init__(self, code_of: Callable[[str], str]) -> None:
        self._code_of = code_of
        self._codes: NDArray[np.uint16] = np.zeros(_TABLE_END, np.uint16)

    def of(self, points: NDArray[np.uint32]) -> NDArray[np.uint16]:
        """The codes of characters given by their code points."""
        known = self._codes.take(points, mode="clip")
        if known.all():
            return known
        for place in np.flatnonzero(known == 0):
            point = int(points[place])
            known[place] = ord(self._code_of(chr(point)))
            if point < _TABLE_END - 1:
                self._codes[point] = known[place]
        return known


CODES, FAMILIES = _Table(code), _Table(family)


class _Distances:
    """`apart` for all pairs of kinds met so far, and their `letters` (a break has too many), as tables."""

    def __init__(self) -> None:
        self._known = 0
        self._apart: NDArray[np.uint8] = np.full((KINDS_AT_MOST, KINDS_AT_MOST), FAR, np.uint8)
        self._letters: NDArray[np.uint8] = np.full(KINDS_AT_MOST, FAR, np.uint8)

    def tables(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """By two kinds, and by one."""
        for one in range(self._known, len(_members)):
            off = [apart(one, other) for other in range(one + 1)]
            self._apart[one, : one + 1] = self._apart[: one + 1, one] = off
            self._letters[one] = FAR if one == BREAK else letters(one)
        self._known = len(_members)
        return self._apart, self._letters


DISTANCES = _Distances()
