"""The terms of a payment in one sentence: which sum on which day, in how many parts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from qc.extract import chinese_days, english_days
from qc.extract.facts import Instalments
from qc.extract.money import Sum, find_sums
from qc.extract.when import When


@dataclass(frozen=True, slots=True)
class Terms:
    """One payment: its sum, its time (`part_of_day` where only that was said), and its instalments."""

    sum: Sum | None = None
    when: When | None = None
    part_of_day: When | None = None
    instalments: Instalments | None = None

    def __bool__(self) -> bool:
        """Whether anything was said."""
        return any((self.sum, self.when, self.part_of_day, self.instalments))

    @property
    def time(self) -> When | None:
        """The day, or failing that the part of this day."""
        return self.when or self.part_of_day


_CORRECTS = {
    "zh": re.compile(r"不对|不是|哦不|错了|说错|应该是|改成|要不(?:还是)?|还是"),
    "en": re.compile(r"\b(?:no,? wait|wait|no|sorry|i mean|actually|make (?:it|that)|rather|scratch that)\b"),
}
# Sums beside these words are what is owed or earned, not what will be paid.
_OWED_BEFORE = {
    "zh": re.compile(
        r"(?:欠了?费?款?|一共是?|总共是?|总额是?|合计|本金是?|利息是?|违约金是?|滞纳金是?|"
        r"手续费是?|费用是?|会员费是?|服务费是?|罚息是?"
        r"|工资(?:才|就|是|只有)?|收入(?:才|是)?|挣|赚|房租|学费|借了?|贷了?|账单是?|"
        r"余额是?|多收了?|多出来?|减免|免(?:掉|了)?|便宜|扣了?|花了?)(?:我|你|您|"
        r"的|大概|才|还|个)*$"
    ),
    "en": re.compile(
        r"\b(?:owe|owes|owed|balance (?:is|of)|total (?:is|of)|past due (?:is|of)|"
        r"fees? (?:is|of)|interest (?:is|of)|rent is|make|makes|earn|borrowed|charged(?: me)?)"
        r"(?: (?:about|only|like|just|you|a|the))* ?$"
    ),
}
_OWED_AFTER = {
    "zh": re.compile(
        r"^(?:块钱?|元)?的?(?:[^，。？！]{0,3})?(?:费(?!了)|利息|违约金|手续费|罚息|"
        r"工资|房租|账单|欠款|贷款|滞纳金|债|账(?!号|户|上))"
    ),
    "en": re.compile(r"^ (?:dollars? )?(?:balance|debt|fee|fees|loan|bill|in interest|past due|late)\b"),
}
_PAID_AFTER = {
    "zh": re.compile(
        r"^(?:块钱?|元)?(?:打过|转过|还(?:上|清|了|给)|交(?:上|了|给)|存(?:进|上)|付(?:了|给|清)|汇过)"
    ),
    "en": re.compile(r"$^"),
}
_PARTS = {
    "zh": re.compile(r"分(?P<count>[0-9]{1,2}|[两一二三四五六七八九十]{1,3}|几)个?(?:期|次|笔|月|回)"),
    "en": re.compile(
        r"\b(?:in|into|over) (?P<count>[0-9]{1,2}|two|three|four|five|six|ten|twelve) (?:payments|"
        r"installments|instalments|parts|months)"
    ),
}
_EVERY = {
    "zh": re.compile(
        r"(?:每|一)(?:个)?(?P<unit>月|周|星期|礼拜)(?![一二三四五六日天底末初内后])|每(?P<part>期|次|笔)"
    ),
    "en": re.compile(
        r"\b(?:a|per|every|each) (?P<unit>month|week)\b|\b(?P<adverb>monthly|weekly)\b|\beach(?P<part>)$"
    ),
}


def read_terms(
    text: str,
    language: str,
    today: date | None,
    *,
    loose: bool,
    dead: Sequence[tuple[int, int]] = (),
    owed_too: bool = False,
) -> list[Terms]:
    """The payments named in folded `text`, in order.

    Args:
        text: one sentence.
        language: `zh` or `en`.
        today: the day of the call.
        loose: bare figures are money too, because the sentence is about paying.
        dead: spans whose words promise nothing, because they deny or quote.
        owed_too: a debt named is a sum like another (in a note about a payment).
    """
    days = find_days(text, language, today)
    sums = [
        each
        for each in find_sums(text, language, days)
        if (loose or each.unit) and (owed_too or not _is_owed(each, text, language))
    ]
    tokens: list[When | Sum] = sorted([*days, *sums], key=lambda token: token.start)
    groups = _grouped([token for token in tokens if _alive(token, dead)], text, _CORRECTS[language])
    return _with_instalments(groups, text, language)


def find_days(text: str, language: str, today: date | None, *, back: bool = False) -> list[When]:
    """All words of time in folded `text`, in order; with `back`, days of the month are those gone by."""
    read = english_days.find_days if language == "en" else chinese_days.find_days
    return read(text, today, back=back)


def _alive(token: When | Sum, dead: Sequence[tuple[int, int]]) -> bool:
    past = isinstance(token, When) and token.past
    return not past and all(token.end <= first or token.start >= last for first, last in dead)


def _is_owed(found: Sum, text: str, language: str) -> bool:
    if found.share is not None:
        return False
    before, after = text[max(0, found.start - 24) : found.start], text[found.end : found.end + 16]
    paid = _PAID_AFTER[language].search(after)  # 把本金两万打过去
    return not paid and bool(_OWED_BEFORE[language].search(before) or _OWED_AFTER[language].search(after))


def _grouped(tokens: Sequence[When | Sum], text: str, corrects: re.Pattern[str]) -> list[Terms]:
    groups: list[Terms] = []
    current = Terms()
    place = 0
    for token in tokens:
        mended = bool(corrects.search(text[place : token.start])) and bool(current)
        place = token.end
        joined = (
            _with_time(current, token, mended)
            if isinstance(token, When)
            else _with_sum(current, token, mended)
        )
        if joined is None:
            groups.append(current)
            joined = Terms(when=token) if isinstance(token, When) else Terms(sum=token)
        current = joined
    return [*groups, current] if current else groups


def _with_time(terms: Terms, when: When, mended: bool) -> Terms | None:
    """The terms with this time; None where it belongs to another payment."""
    if when.weak:
        return replace(terms, part_of_day=terms.part_of_day or when)
    if terms.when is None or (mended and not together(terms.when, when)):
        return replace(terms, when=when)
    narrower = together(terms.when, when)
    return replace(terms, when=narrower) if narrower else None


def together(one: When, other: When) -> When | None:
    """What two words of time mean together (月底, 三十号); None where they cannot mean the same."""
    if one.first is None or one.last is None:
        return other
    if other.first is None or other.last is None:
        return one
    first, last = max(one.first, other.first), min(one.last, other.last)
    if first > last:
        return None
    return min((one, other), key=lambda when: (when.last or date.max) - (when.first or date.min))


def _with_sum(terms: Terms, found: Sum, mended: bool) -> Terms | None:
    """The terms with this sum; None where it belongs to another payment."""
    known = terms.sum
    if known is None or (mended and found.share is None):
        return replace(terms, sum=found)
    if known.share is not None and known.low is None:
        if found.share is None:  # 一半，九百六
            return replace(terms, sum=replace(found, share=known.share))
        return terms if found.share in (known.share, "all") else None
    if found.share is not None:
        return None if found.share == "rest" else terms
    if known.low is None or found.low is None:
        return replace(terms, sum=known if found.low is None else found)
    close = abs(known.low - found.low) < 1  # 四百六十八，呃，四百六十八块三
    return replace(terms, sum=replace(found, share=known.share)) if close else None


def _with_instalments(groups: list[Terms], text: str, language: str) -> list[Terms]:
    parts, every = _PARTS[language].search(text), _EVERY[language].search(text)
    if parts is None and every is None:
        return groups
    count = _count(parts["count"]) if parts else None
    unit = None
    amount: Decimal | None = None
    first = groups[0] if groups else Terms()
    if every:
        said = every["unit"] or (every["adverb"] if language == "en" else None)
        unit = None if said is None else "month" if said.startswith(("月", "month")) else "week"
        if first.sum is not None and first.sum.share is None:
            amount, first = first.sum.low, replace(first, sum=None)
    plan = Instalments(count, amount, unit)  # type: ignore[arg-type]
    return [replace(first, instalments=plan), *groups[1:]]


def _count(text: str) -> int | None:
    words = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "twelve": 12, "两": 2}
    if text.isdigit():
        return int(text)
    if text in words:
        return words[text]
    digits = "一二三四五六七八九十"
    return digits.index(text) + 1 if text in digits and len(text) == 1 else _tens(text)


def _tens(text: str) -> int | None:
    return {"十二": 12, "二十四": 24, "三十六": 36}.get(text)
