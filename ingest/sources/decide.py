"""When a source and the things in it are tried again, and how much of the back-fill may be taken now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ingest.sources.config import Backfill, Retry

_MINUTE: Final = timedelta(minutes=1)
_SOURCE_FIRST_S: Final = 10.0
_SOURCE_LONGEST_S: Final = 600.0
_WAITING_SHORTEST: Final = timedelta(seconds=15)
_WAITING_LONGEST: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Window:
    """How many calls of the back-fill were taken since the beginning of this minute."""

    began_at: datetime | None
    count: int


def next_attempt(attempts: int, retry: Retry, now: datetime) -> datetime | None:
    """When something that failed for the `attempts`-th time is tried again; None: never by itself."""
    if attempts >= retry.attempts:
        return None
    seconds = min(retry.longest_seconds, retry.first_seconds * 2.0 ** min(attempts - 1, 60))
    return now + timedelta(seconds=seconds)


def next_look(found_at: datetime, wait_hours: float, now: datetime) -> datetime | None:
    """When to look again for what is not there yet (a record, a recording, a marker): soon at first, later
    less often. None: it was waited for long enough."""
    waited = now - found_at
    if waited >= timedelta(hours=wait_hours):
        return None
    return now + min(max(waited / 4, _WAITING_SHORTEST), _WAITING_LONGEST)


def source_pause(failures: int) -> timedelta:
    """How long a source rests that failed so many times in a row."""
    return timedelta(seconds=min(_SOURCE_LONGEST_S, _SOURCE_FIRST_S * 2.0 ** min(failures - 1, 60)))


def live_since(backfill: Backfill, now: datetime) -> datetime:
    """From when on a call is live; older ones are back-fill."""
    return now - timedelta(hours=backfill.live_hours)


def allowance(backfill: Backfill, window: Window, now: datetime) -> int | None:
    """How many calls of the back-fill may be taken now; None: as many as there are."""
    if backfill.per_minute is None:
        return None
    return max(0, backfill.per_minute - current(window, now).count)


def current(window: Window, now: datetime) -> Window:
    """The window of the present minute."""
    if window.began_at is None or not window.began_at <= now < window.began_at + _MINUTE:
        return Window(now, 0)
    return window
