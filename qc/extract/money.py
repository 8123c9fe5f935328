"""Sums of money as people name them: in figures or numerals, as a guess, or as a share of the debt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from qc.extract.when import When
from transcription.text.chinese_cardinals import NUMERALS, read_cardinal
from transcription.text.numerals import (
    EN_SMALL,
    EN_TENS,
    ZH_DIGITS,
    ZH_READ_OUT,
    chinese_number,
    english_number,
)

CENT = Decimal("0.01")
TOO_MUCH = Decimal(10) ** 12  # so much nobody owes: a number of something else, or words misheard
Share = Literal["all", "half", "minimum", "rest"]


@dataclass(frozen=True, slots=True)
class Sum:
    """Words of money, `text[start:end]`: between `low` and `high`, which are equal where one sum was named
    and None where only a share of the debt, or nothing exact (几百块), was. `unit`: the words name money by
    themselves; without one only what is said around them makes a sum of the figure."""

    start: int
    end: int
    text: str
    low: Decimal | None = None
    high: Decimal | None = None
    share: Share | None = None
    unit: bool = True
    approximate: bool = False


def find_sums(text: str, language: str, days: Sequence[When] = ()) -> list[Sum]:
    """All words of money in folded `text`, in order, outside the words of time `days`."""
    taken = [(day.start, day.end) for day in days]
    found = _english(text, taken) if language == "en" else _chinese(text, taken)
    return sorted(found, key=lambda each: each.start)


def _free(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    return all(end <= first or start >= last for first, last in taken)


_ZH_SHARES: tuple[tuple[Share, re.Pattern[str]], ...] = (
    ("rest", re.compile(r"剩下?的?|余款|剩余的?|余下的?|其余的?|尾款|另一半|另外一半|后一半|尾巴")),
    ("half", re.compile(r"(?<!另)(?<!外)(?<!后)一半儿?|半数")),
    ("minimum", re.compile(r"最低(?:还款)?额?")),
    (
        "all",
        re.compile(
            r"全款|全额|全部|一次性?(?=[还交付结清给])|一把(?:头)?|(?:还|结|付|交|缴|"
            r"处理)清(?!证|单)|清掉|全(?=还(?![欠有没])|交|付|给你|清)|都(?=还(?![欠有没是要在给])|"
            r"交(?!代)|付|给你|清)|付掉|还掉|结掉|平了|还完"
        ),
    ),
)
_ZH_START = re.compile(rf"[¥￥]?(?:[0-9]|[{NUMERALS}])")
_ZH_UNIT = re.compile(
    rf"(?P<more>[多来几余])?(?P<ten_thousand>万)?(?:(?:块钱?|元)(?![儿头])(?:零?(?P<tenths>[{ZH_DIGITS}0-9])"
    rf"(?:[毛角](?:(?P<cents>[{ZH_DIGITS}0-9])分?)?)?(?![{NUMERALS}0-9天号月个期年次周岁点分]))?|"
    rf"(?P<tenth>[毛角]))?"
)
_WIDE_GUESS = re.compile(
    r"(?P<low>[三五])(?P<high>[五八])(?P<unit>百|千|十)来?(?:块钱?|元)?"
    r"|(?P<one>[一二两三四五六七八])(?P<same>百|千)(?P<other>[二两三四五六七八九])(?P=same)(?:块钱?|元)?"
)
_VAGUE = re.compile(r"(?:几|好几|小几|多少)(?:十|百|千|万)(?:块钱?|元)?|千把块|百十块|万把块|万儿八千")
_NO_SUM_AFTER = re.compile(
    r"[天号日月个期年次点遍分岁人位周秒小通笔张家条成%％:：级楼室回趟倍户种句些辈样线刻]|百分|(?<=[0-9])[-/]"
)
_NO_SUM_BEFORE = re.compile(
    r"(?:第|尾号(?:是|为)?|工号(?:是|为)?|后四位(?:是)?|编号|百分之|[a-z0-9#]|"
    r"电话|热线|拨打?|过|[年月点]|[0-9]/)$"
)
_ROUND = re.compile(r"[百千万]")
_HOTLINE = re.compile(
    r"1(?:10|14|19|20)|123(?:00|05|09|1[35]|2[018]|3[39]|4[58]|5[568]|6[3689]|"
    r"78|8[069])|100(?:00|10|86)|9[56][0-9]{3}|400[0-9]{4,}"
)
_LEAST_SPELT_HOTLINE = 10_000  # 一百一 is a sum, 一万二千三百四十五 a recogniser's 12345
_MULTIPLE = {"十": 10, "百": 100, "千": 1_000}


def _chinese(text: str, taken: Sequence[tuple[int, int]]) -> list[Sum]:
    found: list[Sum] = []
    spans = list(taken)
    for pattern in (_VAGUE, _WIDE_GUESS):
        for guess in pattern.finditer(text):
            if _free(guess.start(), guess.end(), spans):
                found.append(_guessed(guess) if pattern is _WIDE_GUESS else _span(guess))
                spans.append(guess.span())
    place = 0
    while (match := _ZH_START.search(text, place)) is not None:
        inside = next((last for first, last in spans if first <= match.start() < last), None)
        if inside is not None:
            place = inside
            continue
        bound = min((first for first, _ in spans if first > match.start()), default=len(text))
        read = _chinese_sum(text[:bound], match.start())
        if read is None or not _free(read.start, read.end, spans):
            place = _past_run(text, match.start())
            continue
        found.append(read)
        spans.append((read.start, read.end))
        place = read.end
    return found + _shares(text, _ZH_SHARES, spans)


def _span(match: re.Match[str]) -> Sum:
    return Sum(match.start(), match.end(), match.group(), approximate=True)


def _guessed(match: re.Match[str]) -> Sum:
    """三五百, 三百五百: from three to five hundred."""
    times = _MULTIPLE[match["unit"] or match["same"]]
    names = ("low", "high") if match["low"] else ("one", "other")
    low, high = (Decimal(int(ZH_READ_OUT[match[name]]) * times).quantize(CENT) for name in names)
    return Sum(match.start(), match.end(), match.group(), low, high, approximate=True)


def _past_run(text: str, at: int) -> int:
    run = re.compile(rf"[¥￥]?[{NUMERALS}幺0-9.,]+").match(text, at)
    return run.end() if run else at + 1


def _chinese_sum(text: str, at: int) -> Sum | None:
    signed = text[at] in "¥￥"
    value = read_cardinal(text, at + signed)
    if value is None or _NO_SUM_BEFORE.search(text[max(0, at - 6) : at]):
        return None
    unit = _ZH_UNIT.match(text, value.end)
    end = unit.end() if unit else value.end
    spoken = text[at:end]
    named = signed or spoken[-1:] in ("块", "钱", "元", "毛", "角") or bool(unit and unit["tenths"])
    more = bool(unit and unit["more"])
    if not named and (_NO_SUM_AFTER.match(text, end) or (more and not _ROUND.search(spoken))):
        return None
    if not named and _HOTLINE.fullmatch(spoken):
        return None
    if not named and not (_ROUND.search(spoken) or re.fullmatch(r"[0-9,]{2,}(?:\.[0-9]{1,2})?", spoken)):
        return None
    parts = Decimal(0)
    if unit and unit["tenths"]:
        parts += (chinese_number(unit["tenths"]) or 0) * Decimal("0.1")
        parts += (chinese_number(unit["cents"]) or 0) * CENT if unit["cents"] else 0
    times = Decimal(10_000 if unit and unit["ten_thousand"] else 1) * (
        Decimal("0.1") if unit and unit["tenth"] else 1
    )
    low, high = ((min(each * times, TOO_MUCH) + parts).quantize(CENT) for each in (value.low, value.high))
    certain = named or (bool(_ROUND.search(spoken)) and not spoken[:1].isdigit())
    spelt = not named and low >= _LEAST_SPELT_HOTLINE and _HOTLINE.fullmatch(f"{low:.0f}")
    if not 0 < high < TOO_MUCH or low <= 0 or spelt:
        return None
    return Sum(at, end, spoken, low, high, unit=certain, approximate=more or low != high)


def _shares(
    text: str, patterns: Sequence[tuple[Share, re.Pattern[str]]], taken: Sequence[tuple[int, int]]
) -> list[Sum]:
    found: list[Sum] = []
    spans = list(taken)
    for share, pattern in patterns:
        for match in pattern.finditer(text):
            if _free(match.start(), match.end(), spans):
                found.append(Sum(match.start(), match.end(), match.group(), share=share))
                spans.append(match.span())
    return found


_EN_SHARES: tuple[tuple[Share, re.Pattern[str]], ...] = (
    ("rest", re.compile(r"\b(?:the )?(?:rest|remainder|other half|remaining(?: balance)?|second half)\b")),
    ("half", re.compile(r"\b(?:the )?(?:first )?half(?: of it)?\b(?! (?:an?|hour|past)\b)")),
    ("minimum", re.compile(r"\b(?:the )?minimum\b")),
    (
        "all",
        re.compile(
            r"\b(?:in full|the (?:whole|full|entire|total) (?:thing|amount|balance|bill|"
            r"lot)|all of it|it all|everything|it off)\b"
        ),
    ),
)
_EN_WORD = "|".join(
    (*sorted((*EN_SMALL, *EN_TENS), key=len, reverse=True), "hundred", "thousand", "and", "a")
)
_EN_SUM = re.compile(
    r"\$ ?(?P<figures>[0-9]+(?:,[0-9]{3})*(?:\.[0-9]{1,2})?)"
    r"|(?P<plain>(?<![0-9./#-])[0-9]+(?:,[0-9]{3})*(?:\.[0-9]{1,2})?)(?P<plain_unit> (?:dollars?|"
    r"bucks)\b)?(?![0-9/:-])(?!(?:st|nd|rd|th)\b)"
    rf"|(?P<words>\b(?:{_EN_WORD})(?:[ -](?:{_EN_WORD}))*)\b(?P<unit>[ -](?:dollars?|"
    rf"bucks)\b(?: and (?P<cents>(?:{_EN_WORD})(?:[ -](?:{_EN_WORD}))*) cents\b)?)?"
)
_EN_NO_SUM = re.compile(
    r" ?(?:days?|weeks?|months?|times?|calls?|minutes?|hours?|years?|o'?clock|"
    r"percent|%|a\.?m\b|p\.?m\b|kids?|people|cents|more|of (?:these|those|you|"
    r"us|them)|or (?:two|three))"
)
_LEAST_BARE = 20  # "one", "five": without a unit rarely money


def _english(text: str, taken: Sequence[tuple[int, int]]) -> list[Sum]:
    found: list[Sum] = []
    for match in _EN_SUM.finditer(text):
        read = _english_sum(match, text)
        if read is not None and _free(read.start, read.end, taken):
            found.append(read)
    return found + _shares(text, _EN_SHARES, [*taken, *((each.start, each.end) for each in found)])


def _english_sum(match: re.Match[str], text: str) -> Sum | None:
    figures = match["figures"] or match["plain"]
    unit = bool(match["figures"] or match["plain_unit"] or match["unit"])
    value = Decimal(figures.replace(",", "")) if figures else _spoken(match["words"])
    if (
        value is None
        or not 0 < value < TOO_MUCH
        or (not unit and (value < _LEAST_BARE or _EN_NO_SUM.match(text, match.end())))
    ):
        return None
    if match["cents"]:
        value += (english_number(match["cents"]) or Decimal(0)) / 100
    rough = bool(re.search(r"\b(?:about|around|maybe|like|roughly) ?$", text[: match.start()]))
    value = value.quantize(CENT)
    return Sum(match.start(), match.end(), match.group(), value, value, unit=unit, approximate=rough)


def _spoken(words: str) -> Decimal | None:
    """Two hundred fifty; eight forty two is eight hundred and forty-two."""
    plain = words.replace("-", " ").split()
    while plain and plain[-1] in ("and", "a"):
        plain.pop()
    tail = " ".join(plain[1:])
    head = EN_SMALL.get(plain[0]) if plain else None
    if head and 0 < head < 20 and len(plain) > 1 and plain[1] in EN_TENS:
        rest = english_number(tail)
        return None if rest is None or rest >= 100 else Decimal(head * 100) + rest
    return english_number(" ".join(plain)) if plain else None
