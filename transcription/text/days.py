"""Days as people name them, counted from the day of the call."""

from calendar import monthrange
from datetime import date, timedelta


def weekday_of(weekday: int, weeks_ahead: int | None, today: date) -> date:
    """That day (0 is Monday) of this or another week; unqualified, the next such day, today included."""
    if weeks_ahead is None:
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    return today + timedelta(days=weekday - today.weekday() + 7 * weeks_ahead)


def month_end(today: date, *, ahead: bool) -> date:
    """The last day of this month, or of the next one."""
    end = today.replace(day=monthrange(today.year, today.month)[1])
    return month_end(end + timedelta(days=1), ahead=False) if ahead else end


def day_of(month: date, day: int) -> date | None:
    """That day of a month; None where the month has no such day."""
    return month.replace(day=day) if 1 <= day <= monthrange(month.year, month.month)[1] else None


def day_of_next_month(day: int, today: date) -> date | None:
    """That day of the month after this one."""
    return day_of(month_end(today, ahead=False) + timedelta(days=1), day)
