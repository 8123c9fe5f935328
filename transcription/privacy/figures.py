"""Figures read out one by one, written or in words, Chinese or English: where they stand, what they are."""

import re
from typing import Final, NamedTuple

_VALUES: Final = {
    **{char: str(value) for value, char in enumerate("零一二三四五六七八九")},
    **{char: str(value) for value, char in enumerate("0123456789")},
    **{char: str(value) for value, char in enumerate("０１２３４５６７８９")},
    **{"〇": "0", "洞": "0", "两": "2", "幺": "1", "拐": "7", "勾": "9"},
    **{"zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5"},
    **{"six": "6", "seven": "7", "eight": "8", "nine": "9"},
}
_CHARS: Final = "0-9０-９零〇一二三四五六七八九两幺洞拐勾"
_ENGLISH: Final = "zero|oh|one|two|three|four|five|six|seven|eight|nine"
_FIGURE: Final = rf"(?:[{_CHARS}]|\b(?:{_ENGLISH})\b)"
# 三个八, double four: one figure, several times.
_REPEATED: Final = rf"(?:[二两三四五六2-6]个(?={_FIGURE})|\b(?:double|triple) )"
_PAUSE: Final = (
    r"(?:[ \t\-—–，、,。.…~·()（）]{1,3}|[，、,。…]?(?:呃|嗯|啊|哦|然后|再|杠|转|uh|um)[，、,。…]*\s?)"
)
ROW: Final = re.compile(
    rf"(?<![A-Za-z0-9])[+＋]?{_REPEATED}?{_FIGURE}(?:{_PAUSE}{{0,2}}{_REPEATED}?{_FIGURE})*", re.IGNORECASE
)
_PART: Final = re.compile(
    rf"(?P<times>[二两三四五六2-6])个(?={_FIGURE})|(?P<word>double|triple) |(?P<figure>{_FIGURE})",
    re.IGNORECASE,
)
_TIMES: Final = {"double": 2, "triple": 3}


class Row(NamedTuple):
    """Figures in a row; `start:end` are characters of the text, `digits` what was said."""

    start: int
    end: int
    digits: str


def rows(text: str) -> list[Row]:
    """All rows of figures in a text, of any length."""
    return [Row(match.start(), match.end(), read(match.group())) for match in ROW.finditer(text)]


def read(said: str) -> str:
    """The figures of a row as digits: `幺三八，三个零` is `138000`."""
    digits, times = "", 1
    for part in _PART.finditer(said):
        if part["times"]:
            times = int(_VALUES[part["times"]])
        elif part["word"]:
            times = _TIMES[part["word"].lower()]
        else:
            digits, times = digits + _VALUES[part["figure"].lower()] * times, 1
    return digits


_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_ID_LENGTH: Final = 18


def is_id_card(number: str) -> bool:
    """Whether the check digit of a Chinese identity card number is right (GB 11643).

    >>> is_id_card("11010519491231002X")
    True
    """
    if len(number) != _ID_LENGTH or not number[:-1].isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECKS[total % 11] == number[-1].upper()


def is_bank_card(number: str) -> bool:
    """Whether the check digit of a bank card number is right (Luhn, ISO/IEC 7812-1).

    >>> is_bank_card("4111111111111111")
    True
    """
    if not 13 <= len(number) <= 19 or not number.isdigit():
        return False
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
