"""Days and stretches of days as people name them, counted from the day of the call."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from transcription.text.days import day_of, day_of_next_month

HALF_A_YEAR = timedelta(days=183)
MONTH_END_FROM = 25  # 月底, the end of the month: from this day on
MONTH_START_TO = 10  # 月初, the beginning of the month: up to this day


@dataclass(frozen=True, slots=True)
class When:
    """Words of time, `text[start:end]`, and the days that they can mean.

    `first` and `last` are both included and equal where one day was named; both are None where the day of
    the call is not known, or the words name no day of the calendar (中秋, payday). `past`: they lie before
    the call. `doubtful`: speakers differ in what they mean by them (next Friday). `weak`: a part of the day
    alone (晚上), which means today only where no day is named beside it.
    """

    start: int
    end: int
    text: str
    first: date | None = None
    last: date | None = None
    past: bool = False
    doubtful: bool = False
    weak: bool = False

    @property
    def exact(self) -> bool:
        """Whether one day was named."""
        return self.first is not None and self.first == self.last


Days = tuple[date, date]


def nearest_day(month: int, day: int, today: date) -> date | None:
    """That day of the year in which it lies nearest to today: a date just gone by is not next year's."""
    if not 1 <= month <= 12:
        return None
    years = (today.year, today.year + 1, today.year - 1)
    found = [each for year in years if (each := _day(year, month, day)) is not None]
    return min(found, key=lambda each: abs(each - today), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    return day_of(date(year, month, 1), day) if 1 <= year <= 9999 else None


def day_ahead(day: int, today: date) -> date | None:
    """That day of this month, or of the next that has it when it has passed."""
    this = day_of(today.replace(day=1), day)
    if this is not None and this >= today:
        return this
    return day_of_next_month(day, today)


def day_back(day: int, today: date) -> date | None:
    """That day of this month, or of the one before where it is still to come."""
    for months in (0, -1):
        found = day_of(month_after(today, months), day)
        if found is not None and found <= today:
            return found
    return None


def month_after(today: date, months: int) -> date:
    """The first day of a month so many months away."""
    count = today.year * 12 + today.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def whole_month(first: date) -> Days:
    """A month, by its first day."""
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def part_of_month(first: date, part: str) -> Days:
    """`start`, `middle` or `end` of a month, by its first day."""
    _, last = whole_month(first)
    if part == "end":
        return first.replace(day=MONTH_END_FROM), last
    if part == "start":
        return first, first.replace(day=MONTH_START_TO)
    return first.replace(day=11), first.replace(day=20)


def week_after(today: date, weeks: int) -> Days:
    """Monday to Sunday of a week so many weeks away."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    return monday, monday + timedelta(days=6)


def ahead(days: Days, today: date) -> Days:
    """What is left of some days from today on; the days themselves where nothing is."""
    first, last = days
    return (max(first, today), last) if last >= today else days
