"""Amounts of money said aloud, in figures or numerals."""

import re
from decimal import Decimal, InvalidOperation

import cn2an

CENT = Decimal("0.01")
_ZH_DIGITS = "零〇一二两三四五六七八九"
_ZH_NUMBER = rf"[{_ZH_DIGITS}十百千万]+"
_PAYING = r"(?:还|交|付|打|转|存|凑|给|缴|结)(?:你们?|您|他们|清|掉|上|个|最多|先|至少)*"
_AFTER_TENTHS = rf"(?![{_ZH_DIGITS}\d十天号月个百千])"
_ZH_AMOUNT = re.compile(
    rf"(?P<paying>{_PAYING})?(?P<number>\d+(?:\.\d+)?[百千万]?|{_ZH_NUMBER})"
    # 四百三十八块六, 2340.5元
    rf"(?:(?P<unit>块钱?|元)(?:零?(?P<tenths>[{_ZH_DIGITS}\d])(?:毛|角)?{_AFTER_TENTHS})?"
    # 先还五百, 转2340: without a unit only after a word of paying, and no date or count
    r"|(?![\d.]*[天号月个期年次]))"
)
# Meant as money without a unit: two figures, or a numeral of a hundred and more.
_ROUND = re.compile(r"\d{2}|.[百千万]")

_EN_SMALL = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_EN_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_EN_WORD = "|".join(
    (*sorted((*_EN_SMALL, *_EN_TENS), key=len, reverse=True), "hundred", "thousand", "and", "a")
)
_EN_AMOUNT = re.compile(
    r"\$ ?(?P<figures>\d+(?:\.\d+)?)"
    rf"|(?P<count>\d+(?:\.\d+)?|\b(?:{_EN_WORD})(?: (?:{_EN_WORD}))*)[ -](?:dollars?|bucks)\b"
)


def chinese_number(text: str) -> Decimal | None:
    """The value of a numeral such as 四百三十八, 一千二 or 1万; None when it is none."""
    try:
        return Decimal(str(cn2an.cn2an(text, "smart")))
    except (ValueError, InvalidOperation, KeyError):  # the library looks some malformed numerals up in vain
        return None


def find_amounts(text: str, language: str) -> list[Decimal]:
    """All amounts in normalised `text`, in order, each with two decimals."""
    found = _ZH_AMOUNT.finditer(text) if language != "en" else _EN_AMOUNT.finditer(text)
    values = [(_chinese if language != "en" else _english)(match) for match in found]
    return [value.quantize(CENT) for value in values if value is not None and value > 0]


def _chinese(match: re.Match[str]) -> Decimal | None:
    meant = match["unit"] or (match["paying"] and _ROUND.search(match["number"]))
    value = chinese_number(match["number"]) if meant else None
    if value is not None and match["tenths"]:
        value += (chinese_number(match["tenths"]) or Decimal(0)) / 10
    return value


def _english(match: re.Match[str]) -> Decimal | None:
    figures = match["figures"] or match["count"]
    if figures[0].isdigit():
        return Decimal(figures)
    return english_number(figures)


def english_number(text: str) -> Decimal | None:
    """The value of `two hundred and fifty`; None when the words are no number."""
    total, current, seen = 0, 0, False
    for word in text.replace("-", " ").split():
        if word in _EN_SMALL or word in _EN_TENS:
            current += _EN_SMALL.get(word, 0) + _EN_TENS.get(word, 0)
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word == "thousand":
            total, current = total + max(current, 1) * 1000, 0
        elif word not in ("and", "a"):
            return None
        seen = seen or word not in ("and", "a")
    return Decimal(total + current) if seen else None
