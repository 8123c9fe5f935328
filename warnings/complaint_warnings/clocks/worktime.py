"""Time that counts: every hour of the wall, or only the hours in which the house works.

A stretch is `(begins, ends)` in UTC; time counts from `begins` on and before `ends`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from complaint_warnings.clocks.calendars import Calendar

NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time that counts; `official` where every calendar day looked at to find it is official."""

    begins: datetime
    ends: datetime
    official: bool = True


@dataclass(frozen=True, slots=True)
class Pause:
    """A stop of the clocks with its reason; `ends` is None while it lasts."""

    begins: datetime
    ends: datetime | None
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """The moment at which enough time has counted."""

    at: datetime
    official: bool


@dataclass(frozen=True, slots=True)
class WorkTime:
    """The working hours of a house by its own time zone, on the working days of a calendar."""

    calendar: Calendar
    opens: time
    closes: time
    zone: ZoneInfo

    def date_of(self, moment: datetime) -> date:
        """The day of the house in which a moment falls."""
        return moment.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """When a day begins, in UTC."""
        return self._at(day, time.min)

    def opening(self, day: date) -> datetime:
        """When the house opens on a day (whether it is worked or not), in UTC."""
        return self._at(day, self.opens)

    def closing(self, day: date) -> datetime:
        """When the house closes on a day (whether it is worked or not), in UTC."""
        return self._at(day, self.closes)

    def _at(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def stretches(self, since: datetime) -> Iterator[Stretch]:
        """The working hours from a moment on, without end."""
        day, official = self.date_of(since), True
        while True:
            found = self.calendar.next_working(day)
            official = official and found.official
            begins, ends = max(self.opening(found.date), since), self.closing(found.date)
            if begins < ends:
                yield Stretch(begins, ends, official)
            day = found.date + timedelta(days=1)


def wall(since: datetime) -> Iterator[Stretch]:
    """Every hour from a moment on."""
    yield Stretch(since, NEVER)


def measure(stretches: Iterator[Stretch], until: datetime) -> timedelta:
    """How much time counts before a moment."""
    total = timedelta()
    for stretch in stretches:
        if stretch.begins >= until:
            break
        total += min(stretch.ends, until) - stretch.begins
    return total


def advance(stretches: Iterator[Stretch], amount: timedelta, pauses: Sequence[Pause]) -> Reached | None:
    """The first moment at which `amount` has counted, the pauses left out. None where a pause that still
    lasts comes before it."""
    left = amount
    for whole in stretches:
        for stretch in _without(whole, pauses):
            if stretch.ends - stretch.begins >= left:
                return Reached(stretch.begins + left, stretch.official)
            left -= stretch.ends - stretch.begins
        if any(pause.ends is None and pause.begins <= whole.ends for pause in pauses):
            return None
    return None


def _without(stretch: Stretch, pauses: Sequence[Pause]) -> Iterator[Stretch]:
    """What is left of a stretch when the pauses are cut out."""
    begins = stretch.begins
    for pause in sorted(pauses, key=lambda pause: pause.begins):
        ends = pause.ends or NEVER
        if ends <= begins:
            continue
        if pause.begins >= stretch.ends:
            break
        if pause.begins > begins:
            yield Stretch(begins, pause.begins, stretch.official)
        begins = ends
        if begins >= stretch.ends:
            return
    if begins < stretch.ends:
        yield Stretch(begins, stretch.ends, stretch.official)
