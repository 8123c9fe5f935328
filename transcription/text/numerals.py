"""Numerals as people say them, Chinese and English: the value of words that are already known to be one."""

from decimal import Decimal, InvalidOperation
from functools import lru_cache

import cn2an

ZH_DIGITS = "零〇一二两三四五六七八九"
ZH_UNITS = "十百千万亿"
# Digits read out one by one, as in telephone numbers.
ZH_READ_OUT = {
    "零": "0", "〇": "0", "一": "1", "幺": "1", "二": "2", "两": "2", "三": "3", "四": "4", "五": "5",
    "六": "6", "七": "7", "八": "8", "九": "9",
}  # fmt: skip

EN_SMALL = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
EN_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
EN_READ_OUT = {"oh": "0", "o": "0"} | {word: str(value) for word, value in EN_SMALL.items() if value < 10}
_EN_LARGE = {"thousand": 1_000, "million": 1_000_000}
_EN_UNITS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
EN_ORDINALS = (
    *_EN_UNITS,
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
    *("eighteenth", "nineteenth", "twentieth"),
    *(f"twenty {unit}" for unit in _EN_UNITS),
    *("thirtieth", "thirty first"),
)


@lru_cache(maxsize=4096)
def chinese_number(text: str) -> Decimal | None:
    """The value of a numeral such as 四百三十八, 一千二 or 1万; None when it is none."""
    try:
        return Decimal(str(cn2an.cn2an(text, "smart")))
    except (ValueError, InvalidOperation, KeyError):  # the library looks some malformed numerals up in vain
        return None


def chinese_digits(text: str) -> str:
    """Digits read out one by one (幺三八零) or written, as figures."""
    return "".join(ZH_READ_OUT.get(char, char) for char in text)


def english_number(text: str) -> Decimal | None:
    """The value of `two hundred and fifty`; None when the words are no number."""
    total, current, seen = 0, 0, False
    for word in text.replace("-", " ").split():
        if word in EN_SMALL or word in EN_TENS:
            current += EN_SMALL.get(word, 0) + EN_TENS.get(word, 0)
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word in _EN_LARGE:
            total, current = total + max(current, 1) * _EN_LARGE[word], 0
        elif word not in ("and", "a"):
            return None
        seen = seen or word not in ("and", "a")
    return Decimal(total + current) if seen else None


def english_ordinal(text: str) -> int:
    """The value of `fifteenth`, `twenty-first` or `15th` (1..31).

    Raises:
        ValueError: the text is none of these.
    """
    plain = text.replace("-", " ")
    return EN_ORDINALS.index(plain) + 1 if plain[0].isalpha() else int(plain.rstrip("sthndr"))
