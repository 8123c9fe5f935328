"""Amounts of money said aloud, in figures or numerals."""

import re
from decimal import Decimal

from transcription.text.numerals import EN_SMALL, EN_TENS, ZH_DIGITS, chinese_number, english_number

CENT = Decimal("0.01")
_ZH_NUMBER = rf"[{ZH_DIGITS}十百千万]+"
_PAYING = r"(?:还|交|付|打|转|存|凑|给|缴|结)(?:你们?|您|他们|清|掉|上|个|最多|先|至少)*"
_AFTER_TENTHS = rf"(?![{ZH_DIGITS}\d十天号月个百千])"
_ZH_AMOUNT = re.compile(
    rf"(?P<paying>{_PAYING})?(?P<number>\d+(?:\.\d+)?[百千万]?|{_ZH_NUMBER})"
    # 四百三十八块六, 2340.5元
    rf"(?:(?P<unit>块钱?|元)(?:零?(?P<tenths>[{ZH_DIGITS}\d])(?:毛|角)?{_AFTER_TENTHS})?"
    # 先还五百, 转2340: without a unit only after a word of paying, and no date or count
    r"|(?![\d.]*[天号月个期年次]))"
)
# Meant as money without a unit: two figures, or a numeral of a hundred and more.
_ROUND = re.compile(r"\d{2}|.[百千万]")

_EN_WORD = "|".join(
    (*sorted((*EN_SMALL, *EN_TENS), key=len, reverse=True), "hundred", "thousand", "and", "a")
)
_EN_AMOUNT = re.compile(
    r"\$ ?(?P<figures>\d+(?:\.\d+)?)"
    rf"|(?P<count>\d+(?:\.\d+)?|\b(?:{_EN_WORD})(?: (?:{_EN_WORD}))*)[ -](?:dollars?|bucks)\b"
)


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
