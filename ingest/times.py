"""Reading times as recorders write them. What is not said is never guessed."""

import re
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Shanghai"
CLOCK_TOLERANCE = timedelta(minutes=10)

# The official time of all China is Beijing time; the local time zones of Xinjiang are not.
_OFFICIAL = {"Asia/Urumqi": "Asia/Shanghai", "Asia/Kashgar": "Asia/Shanghai"}

_TIME_OF_DAY = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?")
_LONGEST_DATE = len("2026-03-05")
_PLAUSIBLE_YEARS = range(1990, 2100)

# Why a reader of another format could not tell the moment; nothing in a record can tell it later.
_TOLD = frozenset(["time.ambiguous", "time.nonexistent", "time.contradictory"])

# Half-open windows cannot say 24:00 otherwise: the standard library's last time is a microsecond earlier.
END_OF_DAY = time.max


class UnreadableTimeError(ValueError):
    """A moment that cannot be read; `code` is `time.missing`, `time.no_zone` or `time.unreadable`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def read_moment(value: object) -> datetime:
    """Read an ISO 8601 date and time with its zone.

    Raises:
        UnreadableTimeError: the value is missing, says no zone, or is no date and time.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        raise UnreadableTimeError("time.missing", "the time is not given")
    moment = value if isinstance(value, datetime) else _from_text(value)
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise UnreadableTimeError("time.no_zone", "the time says no zone, such as +08:00 at its end")
    if moment.year not in _PLAUSIBLE_YEARS:
        raise UnreadableTimeError("time.unreadable", "the year cannot be right")
    return moment


def _from_text(value: object) -> datetime:
    problem = UnreadableTimeError(
        "time.unreadable", "this is no date and time such as 2026-03-05T10:12:00+08:00"
    )
    # A bare number could be seconds or milliseconds, a bare date any moment of that day.
    if not isinstance(value, str) or len(value.strip()) <= _LONGEST_DATE:
        raise problem
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        raise problem from None


def settle_time(fields: dict[str, Any], now: datetime | None) -> None:
    """Replace an unreadable time by the reason; the given text is kept beside it."""
    given = fields.pop("started_at", None)
    kept = fields.pop("started_at_given", None)
    told = fields.pop("time_problem", None)
    if given is None and isinstance(told, str) and told in _TOLD:
        fields["time_problem"] = told
        fields["started_at_given"] = None if kept is None else str(kept)[:200]
        return
    given = kept if given is None else given
    fields["time_problem"] = None
    try:
        moment = read_moment(given)
    except UnreadableTimeError as error:
        fields["time_problem"] = error.code
    else:
        if now is None or moment <= now + CLOCK_TOLERANCE:
            fields["started_at"] = moment
            return
        fields["time_problem"] = "time.future"
    fields["started_at_given"] = None if given is None else str(given)[:200]


def read_time_of_day(value: object) -> time:
    """Read `21:00`, `9:05`, `21:00:30` or `24:00` (the end of the day, `END_OF_DAY`).

    Raises:
        ValueError: the value is no time of day.
    """
    if isinstance(value, time):
        return value
    match = _TIME_OF_DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if match:
        hour, minute, second = (int(part or 0) for part in match.groups())
        if (hour, minute, second) == (24, 0, 0):
            return END_OF_DAY
        if hour < 24 and minute < 60 and second < 60:
            return time(hour, minute, second)
    raise ValueError("this is no time of day such as 21:00 or 24:00")


def write_time_of_day(value: time) -> str:
    """Write a time of day the way `read_time_of_day` reads it."""
    if value == END_OF_DAY:
        return "24:00"
    return value.strftime("%H:%M:%S" if value.second else "%H:%M")


def official_zone(name: str | None, default: str = DEFAULT_ZONE) -> ZoneInfo:
    """The time zone whose clock the rules go by for a customer in zone `name`.

    Raises:
        ValueError: there is no such zone.
    """
    key = name or default
    try:
        return ZoneInfo(_OFFICIAL.get(key, key))
    except (ValueError, OSError, KeyError) as error:
        raise ValueError("there is no such time zone") from error
