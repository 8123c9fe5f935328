"""From a rule, a start and pauses to a date: the arithmetic of one limit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from complaint_warnings.clocks.policy import Allowance, LastDay, Warn
from complaint_warnings.clocks.types import Happening, Manual, Mark
from complaint_warnings.clocks.worktime import (
    Pause,
    Reached,
    Stretch,
    WorkTime,
    advance,
    measure,
    wall,
)

_PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Limit:
    """The time allowed from a start on, by the working time of a house."""

    work: WorkTime
    starts_at: datetime
    time: Allowance
    last_day: LastDay = "keep"

    def due(self) -> Reached:
        """When the time is over if nothing stops the clock."""
        time = self.time
        if time.hours is not None:
            return Reached(self.starts_at + timedelta(hours=time.hours), official=True)
        if time.working_hours is not None:
            reached = advance(self._stretches(), timedelta(hours=time.working_hours), ())
            assert reached is not None, "only a pause can stop the clock"  # noqa: S101
            return reached
        begun = self.work.date_of(self.starts_at)
        if time.working_days is not None:
            last = self.work.calendar.after(begun, time.working_days)
            return Reached(self.work.closing(last.date), last.official)
        return self._last_day(begun + timedelta(days=time.days or 0))

    def stopped_by(self, pauses: Sequence[Pause]) -> Reached | None:
        """When the time is over with the pauses; None where one that still lasts stops the clock before.

        A pause adds to the end what it took: hours of the wall to limits in hours and in days of the
        calendar, working time to those in working hours and days. A pause over a holiday thus gives
        nothing to a limit in working days, for which the holiday never counted.
        """
        unpaused = self.due()
        if not pauses:
            return unpaused
        reached = advance(self._stretches(), self._amount(), pauses)
        if reached is None:
            return None
        return Reached(reached.at, reached.official and unpaused.official)

    def marks(self, warns: Sequence[Warn], pauses: Sequence[Pause]) -> tuple[Mark, ...]:
        """When to warn, in order; those that a pause holds up are left out."""
        due = self.stopped_by(pauses)
        marks = []
        for warn in warns:
            if warn.after_percent is not None:
                part = self._amount() * warn.after_percent / _PER_CENT
                reached = advance(self._stretches(), part, pauses)
                at = reached.at if reached else None
            else:
                at = due.at - timedelta(hours=warn.hours_before or 0) if due else None
            if at is not None and at > self.starts_at:
                marks.append(Mark(warn.name, at))
        return tuple(sorted(marks, key=lambda mark: mark.at))

    def _last_day(self, day: date) -> Reached:
        calendar = self.work.calendar
        if self.last_day == "keep":
            return Reached(self.work.closing(day), official=True)
        if self.last_day == "next_working_day":
            found = calendar.next_working(day)
        else:
            found = calendar.previous_working(day)
        return Reached(self.work.closing(found.date), found.official)

    def _amount(self) -> timedelta:
        return measure(self._stretches(), self.due().at)

    def _stretches(self) -> Iterator[Stretch]:
        """The time that counts. Limits in days begin when the day of the start is over."""
        time, since = self.time, self.starts_at
        if time.working_days is not None or time.days is not None:
            since = self.work.midnight(self.work.date_of(since) + timedelta(days=1))
        by_work = time.working_days is not None or time.working_hours is not None
        return self.work.stretches(since) if by_work else wall(since)


def manual_of(event: Happening) -> Manual:
    """The date by hand that an event sets, or takes back."""
    due = event.details.get("due")
    return Manual(
        due=datetime.fromisoformat(due) if isinstance(due, str) else None,
        at=event.at,
        by=event.actor,
        reason=str(event.details.get("reason", "")),
    )


def manual_marks(manual: Manual, warns: Sequence[Warn]) -> tuple[Mark, ...]:
    """When to warn of a date that a person set: the time counts from when it was set."""
    if manual.due is None or manual.due <= manual.at:
        return ()
    span = manual.due - manual.at
    marks = []
    for warn in warns:
        if warn.after_percent is not None:
            at = manual.at + span * warn.after_percent / _PER_CENT
        else:
            at = manual.due - timedelta(hours=warn.hours_before or 0)
        if at > manual.at:
            marks.append(Mark(warn.name, at))
    return tuple(sorted(marks, key=lambda mark: mark.at))
