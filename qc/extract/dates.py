"""Dates said aloud, relative to the day of the call."""

import re
from datetime import date, timedelta

from transcription.text.days import day_of, day_of_next_month, month_end, weekday_of
from transcription.text.numerals import EN_ORDINALS, chinese_number, english_number, english_ordinal

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_ZH = re.compile(
    rf"(?P<month>{_N})月(?P<day>{_N})(?:号|日)?"
    rf"|(?P<near>大后天|后天|明天|明儿|明晚|明早|今天|今晚|今儿|今日|明日)"
    rf"|(?P<weeks>下下|下|这|本)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
    rf"|(?P<end>下个?月底|月底)"
    rf"|(?P<next_month>下个?月)(?P<next_day>{_N})(?:号|日)"
    rf"|(?P<plain>{_N})(?:号|日)(?!线|院|楼)"
    rf"|(?P<count>{_N})(?P<unit>天|个?星期|个?礼拜|周)(?:之内|以内|内|后|之后|以后)"
)
_NEAR = {"今": 0, "明": 1, "后": 2, "大": 3}
_WEEKDAYS = {char: index for index, char in enumerate("一二三四五六日")} | {"天": 6}
_WEEKS_AHEAD = {"这": 0, "本": 0, "下": 1, "下下": 2}

_EN_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EN_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_EN_WEEKS_AHEAD = {"this ": 0, "next ": 1}
_ORDINAL_WORDS = "|".join(sorted(EN_ORDINALS, key=len, reverse=True))
_ORDINAL = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINAL_WORDS})"
_EN = re.compile(
    rf"\b(?:(?P<month>{'|'.join(_EN_MONTHS)}) (?:the )?(?P<day>{_ORDINAL})"
    rf"|the (?P<plain>\d{{1,2}}(?:st|nd|rd|th)|{_ORDINAL_WORDS})(?! (?:time|one|thing|call|person|party))"
    r"|(?P<near>today|tonight|tomorrow)"
    rf"|(?P<week>next |this )?(?P<weekday>{'|'.join(_EN_DAYS)})"
    r"|(?P<end>end of (?:the|this) month)|in (?P<count>\w+) (?P<unit>days?|weeks?))\b"
)


def find_dates(text: str, today: date, language: str) -> list[date]:
    """All dates in normalised `text`, in order; words that name no possible day are left out."""
    read = _read_english if language == "en" else _read_chinese
    found = (_EN if language == "en" else _ZH).finditer(text)
    return [day for match in found if (day := read(match, today)) is not None]


def _read_chinese(match: re.Match[str], today: date) -> date | None:
    if match["month"]:
        return _in_year(_number(match["month"]), _number(match["day"]), today)
    if match["next_month"]:
        return day_of_next_month(_number(match["next_day"]), today)
    if match["plain"]:
        return _in_month(_number(match["plain"]), today)
    return _chinese_step(match, today)


def _chinese_step(match: re.Match[str], today: date) -> date:
    """A date counted from today."""
    if match["near"]:
        return today + timedelta(days=_NEAR[match["near"][0]])
    if match["weekday"]:
        return weekday_of(_WEEKDAYS[match["weekday"]], _WEEKS_AHEAD.get(match["weeks"]), today)
    if match["end"]:
        return month_end(today, ahead=match["end"].startswith("下"))
    return today + timedelta(days=_number(match["count"]) * (1 if match["unit"] == "天" else 7))


def _read_english(match: re.Match[str], today: date) -> date | None:
    if match["month"]:
        return _in_year(_EN_MONTHS.index(match["month"]) + 1, english_ordinal(match["day"]), today)
    if match["plain"]:
        return _in_month(english_ordinal(match["plain"]), today)
    return _english_step(match, today)


def _english_step(match: re.Match[str], today: date) -> date | None:
    """A date counted from today."""
    if match["near"]:
        return today + timedelta(days=match["near"] == "tomorrow")
    if match["weekday"]:
        return weekday_of(_EN_DAYS.index(match["weekday"]), _EN_WEEKS_AHEAD.get(match["week"]), today)
    if match["end"]:
        return month_end(today, ahead=False)
    word = match["count"]
    value = int(word) if word.isdigit() else english_number("one" if word == "a" else word)
    if value is None:
        return None
    return today + timedelta(days=int(value) * (7 if match["unit"].startswith("week") else 1))


def _number(text: str) -> int:
    value = chinese_number(text)
    return int(value) if value is not None else 0


def _in_month(day: int, today: date) -> date | None:
    """That day of this month, or of the next one when it has passed."""
    this = day_of(today.replace(day=1), day)
    if this is not None and this >= today:
        return this
    return day_of_next_month(day, today)


def _in_year(month: int, day: int, today: date) -> date | None:
    """That day of this year, or of the next one when it has passed."""
    if not 1 <= month <= 12:
        return None
    this = day_of(date(today.year, month, 1), day)
    if this is not None and this < today:
        return day_of(date(today.year + 1, month, 1), day)
    return this
