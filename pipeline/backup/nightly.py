"""When the next backup is due, and how old the newest is. Pure."""

import re
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from store.errors import BadInputError

_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def parse_time(said: str) -> time:
    """A time of the day, as `02:30`.

    Raises:
        BadInputError: `backup.time`.
    """
    found = _TIME.fullmatch(said)
    if found is None:
        raise BadInputError(
            "this is no time of the day", code="backup.time", where=said, mend="Write it as 02:30."
        )
    return time(int(found[1]), int(found[2]))


def next_time(now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The next moment after `now` at which clocks in the zone show `at`; on a day on which they never do,
    when they would have."""
    day = now.astimezone(zone).date()
    due = datetime.combine(day, at, zone)
    while due.timestamp() <= now.timestamp():
        day += timedelta(days=1)
        due = datetime.combine(day, at, zone)
    return due.astimezone(now.tzinfo)


def is_too_old(newest: datetime | None, now: datetime, hours: float) -> bool:
    """Whether the newest backup, if there is any, was made longer ago than it should have been."""
    return newest is None or now - newest > timedelta(hours=hours)
