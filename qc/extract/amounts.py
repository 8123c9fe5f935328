"""Amounts of money said aloud, in figures or numerals."""

import re
from decimal import Decimal, InvalidOperation

import cn2an

CENT = Decimal("0.01")
_ZH_DIGITS = "零〇一二两三四五六七八九"
_ZH_NUMBER = rf"[{_ZH_DIGITS}十百千万]+"
_FIGURES = r"\d+(?:\.\d+)?"
_ZH_ROUND = rf"[{_ZH_DIGITS}十][{_ZH_DIGITS}十百千万]*[百千万][{_ZH_DIGITS}十百千万]*"
_NO_MONEY = rf"(?![{_ZH_DIGITS}\d天号月个百千])"
_ZH_AMOUNT = re.compile(
    # 四百三十八块六, 2340.5元, 五百块钱
    rf"(?P<whole>{_FIGURES}[百千万]?|{_ZH_NUMBER})(?:块钱?|元)"
    rf"(?:零?(?P<tenths>[{_ZH_DIGITS}\d])(?:毛|角)?{_NO_MONEY})?"
    # 先还五百, 转2340: without a unit only after a word of paying
    r"|(?:还|交|付|打|转|存|凑|给|缴|结)(?:你们?|您|他们|清|掉|上|个|最多|先|至少)*"
    rf"(?P<bare>\d{{2,7}}(?:\.\d+)?|{_ZH_ROUND})(?!\d*[天号月个期年次])"
)

_EN_SMALL = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_EN_TENS = dict(
    zip(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
        range(20, 100, 10),
        strict=True,
    )
)
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
    value = chinese_number(match["whole"] or match["bare"])
    if value is not None and match["tenths"]:
        tenths = chinese_number(match["tenths"])
        value += (tenths or Decimal(0)) / 10
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
