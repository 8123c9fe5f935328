"""Days said in English."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from qc.extract.when import (
    Days,
    When,
    ahead,
    day_ahead,
    day_back,
    month_after,
    nearest_day,
    part_of_month,
    week_after,
    whole_month,
)
from transcription.text.days import weekday_of
from transcription.text.numerals import EN_ORDINALS, english_number, english_ordinal

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_SHORT = tuple(month[:3] for month in _MONTHS if month != "may")
_WORDS = "|".join(sorted((word.replace(" ", "[ -]") for word in EN_ORDINALS), key=len, reverse=True))
_ORDINAL = rf"(?:[0-9]{{1,2}}(?:st|nd|rd|th)|{_WORDS})"
_MONTH = rf"(?:{'|'.join(_MONTHS)}|(?:{'|'.join(_SHORT)})\b\.?)"
_SMALL = (
    r"(?:[0-9]{1,2}|an?(?: couple(?: of)?)?|couple(?: of)?|one|two|three|four|five|six|seven|eight|nine|ten)"
)
_NOT_A_DAY = r"(?! (?:time|one|thing|call|person|party|place|payment|half|of (?:this|that|them|my|your)\b))"
_PATTERNS = (

rf"\b(?P<month>{_MONTH}) (?:the )?(?P<day>{_ORDINAL}|[0-9]{{1,2}})(?![0-9]|,[0-9]{{3}}|"
rf" (?:times|calls|dollars|days|more)\b)"
,
    rf"\b(?:the )?(?P<day_first>{_ORDINAL}) (?:of )?(?P<month_last>{_MONTH})",
    r"(?<![0-9/$])(?P<slash_month>1[0-2]|0?[1-9])/(?P<slash_day>[0-3]?[0-9])(?![0-9/])",
    rf"\b(?:the )?(?P<next_day>{_ORDINAL}) of next month",
    r"\b(?:the )?(?P<edge>end|beginning|start|first|middle) of (?:the|this|(?P<edge_next>next)) month",
    rf"\bthe (?P<plain>{_ORDINAL})\b{_NOT_A_DAY}",
    rf"\b(?P<bare>[0-9]{{1,2}}(?:st|nd|rd|th))\b{_NOT_A_DAY}",
    r"\b(?P<near>yesterday|today|tonight|tomorrow|day after tomorrow)\b",
    rf"\b(?P<week_of>next |this |last |this coming )?(?P<weekday>{'|'.join(_DAYS)})\b",
    r"\b(?P<stretch>next|this|last) (?P<of>week|weekend|month)\b|\b(?P<weekend>the weekend)\b",
    rf"\b(?P<way>in|within) (?P<count>{_SMALL}) (?P<unit>hours?|days?|weeks?|months?)",

r"\b(?P<payday>pay ?day|(?:when|once|after|as soon as|until) i get (?:paid|"
r"my (?:check|paycheck))|my (?:next )?(?:paycheck|check))"
,
    r"\b(?P<now>right now|right away|this (?:morning|afternoon|evening)|after work|later today|now)\b",
)  # fmt: skip
_EN = re.compile("|".join(_PATTERNS))
_BY = re.compile(r"\b(?:by|before|no later than)(?: the)? ?$")
_SINGLE = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "day after tomorrow": 2}


def find_days(text: str, today: date | None, *, back: bool = False) -> list[When]:
    """All words of time in folded `text`, in order; with `back`, days of the month are those gone by."""
    return [_back(match, today) if back else _when(match, text, today) for match in _EN.finditer(text)]


def _back(match: re.Match[str], today: date | None) -> When:
    said = match["plain"] or match["bare"]
    day = day_back(_ordinal(said), today) if said and today is not None else None
    if day is None:
        return _when(match, match.string, today)
    return When(match.start(), match.end(), match.group(), day, day, past=True)


def _when(match: re.Match[str], text: str, today: date | None) -> When:
    by = _BY.search(text[: match.start()]) if match["near"] != "yesterday" else None
    start = by.start() if by else match.start()
    weak = match["now"] is not None
    days = None
    if today is not None:
        kind = next(name for name in _READERS if match[name] is not None)
        days = _READERS[kind](match, today)
    if days is None or today is None:
        return When(start, match.end(), text[start : match.end()], weak=weak)
    first, last = days
    past = last < today
    if not past:
        first = today if by else max(first, today)
    # A couple of days is seldom just two.
    doubtful = (match["week_of"] or "").startswith("next") or "couple" in (match["count"] or "")
    return When(start, match.end(), text[start : match.end()], first, last, past, doubtful, weak)


def _one(day: date | None) -> Days | None:
    return None if day is None else (day, day)


def _ordinal(text: str) -> int:
    return int(text) if text.isdigit() else english_ordinal(text)


def _month_number(text: str) -> int:
    return next(index for index, month in enumerate(_MONTHS, 1) if month.startswith(text.rstrip(".")[:3]))


def _named(month: str, day: str, today: date) -> Days | None:
    return _one(nearest_day(_month_number(month), _ordinal(day), today))


def _next_month(match: re.Match[str], today: date) -> Days | None:
    first = month_after(today, 1)
    return _one(day_ahead(_ordinal(match["next_day"]), first))


def _edge(match: re.Match[str], today: date) -> Days:
    ahead_by = 1 if match["edge_next"] else 0
    if match["edge"] == "first":
        first = month_after(today, ahead_by)
        first = first if first >= today else month_after(today, 1)
        return first, first
    part = {"end": "end", "middle": "middle"}.get(match["edge"], "start")
    days = part_of_month(month_after(today, ahead_by), part)
    return ahead(days if days[1] >= today else part_of_month(month_after(today, 1), part), today)


def _weekday(match: re.Match[str], today: date) -> Days:
    weeks = {"this": None, "next": 1, "last": -1}.get((match["week_of"] or "").split(" ")[0])
    day = weekday_of(_DAYS.index(match["weekday"]), weeks, today)
    return day, day


def _stretch(match: re.Match[str], today: date) -> Days:
    step = {"next": 1, "this": 0, "last": -1}[match["stretch"]]
    if match["of"] == "month":
        return ahead(whole_month(month_after(today, step)), today)
    monday, sunday = week_after(today, step)
    return ahead((monday + timedelta(days=5) if match["of"] == "weekend" else monday, sunday), today)


def _weekend(_match: re.Match[str], today: date) -> Days:
    monday, sunday = week_after(today, 0)
    return ahead((monday + timedelta(days=5), sunday), today)


def _counted(match: re.Match[str], today: date) -> Days:
    word = match["count"]
    vague = "couple" in word
    value = (
        2
        if vague
        else int(word)
        if word.isdigit()
        else int(english_number("one" if word in ("a", "an") else word) or 1)
    )
    size = {"h": 0, "d": 1, "w": 7, "m": 30}[match["unit"][0]]
    last = today + timedelta(days=value * size + (2 if vague else 0))
    if match["way"] == "within":
        return today, last
    return (last - timedelta(days=3) if vague or size == 30 else last), last


_READERS: dict[str, Callable[[re.Match[str], date], Days | None]] = {
    "month": lambda match, today: _named(match["month"], match["day"], today),
    "day_first": lambda match, today: _named(match["month_last"], match["day_first"], today),
    "slash_month": lambda m, today: _one(nearest_day(int(m["slash_month"]), int(m["slash_day"]), today)),
    "next_day": _next_month,
    "edge": _edge,
    "plain": lambda match, today: _one(day_ahead(_ordinal(match["plain"]), today)),
    "bare": lambda match, today: _one(day_ahead(_ordinal(match["bare"]), today)),
    "near": lambda match, today: _one(today + timedelta(days=_SINGLE[match["near"]])),
    "weekday": _weekday,
    "of": _stretch,
    "weekend": _weekend,
    "count": _counted,
    "payday": lambda _match, _today: None,
    "now": lambda _, today: (today, today),
}
