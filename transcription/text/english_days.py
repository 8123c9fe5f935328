"""Readers of dates and times of day in English, as said in American calls."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from transcription.text.days import month_end, weekday_of
from transcription.text.numerals import EN_ORDINALS, EN_SMALL, EN_TENS, english_number, english_ordinal
from transcription.text.readers import Saying, calendar_day, clock
from transcription.types import SpokenNumber


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of the words, the longest first; a space also stands for a hyphen."""
    return "|".join(sorted(words, key=len, reverse=True)).replace(" ", "[ -]")


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
DAY_WORDS = (
    *_MONTHS, "today", "tonight", "tomorrow", "yesterday", "next", "this", "last", "the", "end of", "in",
    "half", "quarter", "noon", "midnight",
)  # fmt: skip

_ORDINAL_WORDS = any_of(EN_ORDINALS)
_YEAR = r"(?:19|20)[0-9]{2}|twenty[ -]twenty(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
_FIGURES = re.compile(
    r"(?P<iso_year>(?:19|20)[0-9]{2})-(?P<iso_month>[0-9]{2})-(?P<iso_day>[0-9]{2})\b"
    r"|(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/(?P<year>(?:19|20)[0-9]{2})\b"
)
_DATE = re.compile(
    rf"\b(?P<month>{any_of(_MONTHS)}) (?:the )?"
    rf"(?P<day>{_ORDINAL_WORDS}|[0-9]{{1,2}}(?:st|nd|rd|th)?(?![0-9%:]|,[0-9]))(?:,? (?P<year>{_YEAR}))?\b",
    re.IGNORECASE,
)
_THE_DAY = re.compile(
    rf"\bthe (?P<day>{_ORDINAL_WORDS}|[0-9]{{1,2}}(?:st|nd|rd|th))(?: of (?P<month>{any_of(_MONTHS)}))?\b"
    r"(?! (?:time|one|thing|call|person|party|payment|notice|letter|of|floor|option|step|half|part))",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    rf"\b(?:(?P<near>today|tonight|tomorrow|yesterday)|(?P<week>next|this|last) (?P<weekday>{any_of(_DAYS)})"
    r"|(?:the )?end of (?P<month>the|this|next) month"
    r"|in (?P<count>[a-z]+|[0-9]{1,3}) (?P<unit>day|week)s?)\b",
    re.IGNORECASE,
)
_NEAR = {"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1}
_WEEKS_AHEAD = {"last": -1, "this": 0, "next": 1}

_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_MINUTES = any_of(
    [
        *(f"oh {word}" for word, value in EN_SMALL.items() if 0 < value < 10),
        *(word for word, value in EN_SMALL.items() if value >= 10),
        *(word for word, value in EN_TENS.items() if value < 60),
        *(f"{tens} {unit}" for tens in ("twenty", "thirty", "forty", "fifty") for unit in _HOURS[:9]),
    ]
)
_PART = "in the morning|in the afternoon|in the evening|at night"
_HALF = rf"(?:a\.?m\b\.?|p\.?m\b\.?|(?:{_PART}|o['’ ]?clock)\b)"
_TIME = re.compile(
    rf"(?P<hour>[0-9]{{1,2}}|{any_of(_HOURS)})(?:[ :](?P<minute>(?<=:)[0-5][0-9]|{_MINUTES}))?"
    rf"(?: ?(?P<half>{_HALF})(?: (?P<later>{_PART})\b)?)?(?![0-9])",
    re.IGNORECASE,
)
_PAST = re.compile(
    rf"\b(?P<part>half|quarter) (?P<side>past|to) (?P<hour>[0-9]{{1,2}}|{any_of(_HOURS)})\b", re.IGNORECASE
)
_NOON = re.compile(r"\b(?P<name>noon|midnight)\b", re.IGNORECASE)


def read_date(saying: Saying) -> SpokenNumber | None:
    """A date as far as it was said, or a day counted from the day of the call."""
    for pattern in (_FIGURES, _DATE, _THE_DAY):
        match = pattern.match(saying.text, saying.at)
        if match is not None:
            value = _named({name: text.lower() for name, text in match.groupdict().items() if text})
            return saying.number("date", match.end(), value) if value else None
    match = _RELATIVE.match(saying.text, saying.at)
    if match is None or saying.today is None:
        return None
    day = _day_meant({name: (text or "").lower() for name, text in match.groupdict().items()}, saying.today)
    return saying.number("date", match.end(), day.isoformat()) if day else None


def _named(said: dict[str, str]) -> str | None:
    if "iso_year" in said:
        return calendar_day(int(said["iso_year"]), int(said["iso_month"]), int(said["iso_day"]))
    month = said.get("month")
    number = None if month is None else int(month) if month.isdigit() else _MONTHS.index(month) + 1
    return calendar_day(_year(said.get("year")), number, english_ordinal(said["day"]))


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if text.isdigit() else 1980 + int(english_number(text) or 0)  # twenty + twenty + six


def _day_meant(said: dict[str, str], today: date) -> date | None:
    if said["near"]:
        return today + timedelta(days=_NEAR[said["near"]])
    if said["weekday"]:
        return weekday_of(_DAYS.index(said["weekday"]), _WEEKS_AHEAD[said["week"]], today)
    if said["month"]:
        return month_end(today, ahead=said["month"] == "next")
    word = said["count"]
    count = int(word) if word.isdigit() else english_number("one" if word == "a" else word)
    return (
        None if count is None else today + timedelta(days=int(count) * (7 if said["unit"] == "week" else 1))
    )


def read_time(saying: Saying) -> SpokenNumber | None:
    """A time of day: three thirty p.m., 3:30, five o'clock, half past two, noon."""
    noon = _NOON.match(saying.text, saying.at)
    if noon:
        return saying.number("time", noon.end(), "12:00" if noon["name"].lower() == "noon" else "00:00")
    past = _PAST.match(saying.text, saying.at)
    if past:
        return _quartered(saying, past)
    match = _TIME.match(saying.text, saying.at)
    if match is None or not (match["half"] or _has_colon(match)):
        return None
    hour, minute = _count(match["hour"]), _count(match["minute"] or "0")
    half = (match["later"] or match["half"] or "").lower()
    if half.startswith(("p", "in the afternoon", "in the evening", "at night")):
        hour = hour + 12 if hour < 12 else hour
    elif half.startswith(("a", "in the morning")):
        hour %= 12
    padded = match["hour"].startswith("0")
    value = clock(hour, minute, either=not padded and half.startswith("o") | (not half))
    return saying.number("time", match.end(), value) if value else None


def _has_colon(match: re.Match[str]) -> bool:
    return match["minute"] is not None and match["minute"].isdigit()


def _quartered(saying: Saying, match: re.Match[str]) -> SpokenNumber | None:
    minutes = 30 if match["part"].lower() == "half" else 15
    hour = _count(match["hour"])
    if match["side"].lower() == "to":
        hour, minutes = (hour - 1) or 12, 60 - minutes
    value = clock(hour, minutes, either=True)
    return saying.number("time", match.end(), value) if value else None


def _count(text: str) -> int:
    if text.isdigit():
        return int(text)
    return int(english_number(text.lower().replace("oh", "").strip(" -")) or 0)
