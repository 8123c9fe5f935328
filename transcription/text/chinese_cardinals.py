"""How much a Mandarin numeral says: 一万零三十, 4,900, 4.9万, or as a guess between two (三四百)."""

import re
from decimal import Decimal
from typing import NamedTuple

from transcription.text.numerals import ZH_DIGITS, ZH_READ_OUT, ZH_UNITS, chinese_digits, chinese_number

NUMERALS = f"{ZH_DIGITS}{ZH_UNITS}"
RUN = re.compile(rf"[{NUMERALS}幺0-9]+")

_DIGIT = "[一二两三四五六七八九]"
_BELOW_10_000 = rf"(?:{_DIGIT}千)?(?:零?{_DIGIT}百)?(?:零?{_DIGIT}?十)?(?:[零〇]?{_DIGIT})?"
_WELL_FORMED = re.compile(rf"(?:{_BELOW_10_000}亿)?零?(?:{_BELOW_10_000}万)?零?{_BELOW_10_000}|[零〇]")
_FIGURES = re.compile(
    r"(?P<figures>[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,4})?|[0-9]{1,15}(?:\.[0-9]{1,6})?)(?![0-9])"
    rf"(?:(?P<unit>[百千万亿])(?:(?P<rest>[1-9]|{_DIGIT})(?![{NUMERALS}0-9]))?)?"
)
_WORDS = re.compile(
    rf"(?P<whole>[{NUMERALS}]{{1,24}})"
    r"(?:点(?P<decimals>[零〇一二三四五六七八九]{1,6})(?P<unit>[百千万亿])?)?"
)
_BETWEEN = re.compile(rf"(?P<low>{_DIGIT})(?P<high>{_DIGIT})(?P<unit>[十百千万])?(?P<more>万)?")
_UNIT_VALUES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}


class Cardinal(NamedTuple):
    """The value, or the two that a guess lies between, and where the numeral ends."""

    low: Decimal
    high: Decimal
    end: int

    @property
    def guessed(self) -> bool:
        """Whether the speaker named two values."""
        return self.low != self.high


def read_cardinal(text: str, at: int) -> Cardinal | None:
    """The numeral that begins at a place; None where none begins there, or none that makes sense."""
    guess = _guess(text, at)
    if guess is not None:
        return guess
    value = _from_figures(text, at) or _from_words(text, at)
    return Cardinal(value[0], value[0], value[1]) if value else None


def _guess(text: str, at: int) -> Cardinal | None:
    """三四百, 七八个, 两三万: two neighbouring digits."""
    match = _BETWEEN.match(text, at)
    if match is None or RUN.match(text, match.end()) or text.startswith("点", match.end()):
        return None
    low, high = (int(ZH_READ_OUT[match[name]]) for name in ("low", "high"))
    if high != low + 1:
        return None
    unit = _UNIT_VALUES.get(match["unit"], 1) * _UNIT_VALUES.get(match["more"], 1)
    return Cardinal(Decimal(low * unit), Decimal(high * unit), match.end())


def _from_figures(text: str, at: int) -> tuple[Decimal, int] | None:
    match = _FIGURES.match(text, at)
    if match is None:
        return None
    unit = _UNIT_VALUES.get(match["unit"], 1)
    rest = int(chinese_digits(match["rest"])) * unit // 10 if match["rest"] else 0  # 2万5
    return Decimal(match["figures"].replace(",", "")) * unit + rest, match.end()


def _from_words(text: str, at: int) -> tuple[Decimal, int] | None:
    match = _WORDS.match(text, at)
    if match is None or not _WELL_FORMED.fullmatch(match["whole"]):
        return None
    value = chinese_number(match["whole"])
    if value is None or match["decimals"] is None:
        return None if value is None else (value, match.end())
    value += Decimal(f"0.{chinese_digits(match['decimals'])}")
    return value * _UNIT_VALUES.get(match["unit"], 1), match.end()
