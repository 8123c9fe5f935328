"""A stretch of every day, as settings name it: `22-06`, `22:30-06:00`."""

import re
from dataclasses import dataclass
from datetime import time

_WRITTEN = re.compile(r"(\d{1,2})(?::(\d{2}))?-(\d{1,2})(?::(\d{2}))?")


@dataclass(frozen=True, slots=True)
class DailyHours:
    """From `start` to before `end`; over midnight where `end` is the earlier one."""

    start: time
    end: time

    @classmethod
    def read(cls, text: str) -> "DailyHours":
        """The hours as they are written.

        Raises:
            ValueError: it says no stretch of a day.
        """
        match = _WRITTEN.fullmatch(text.replace(" ", ""))
        if match is None:
            raise ValueError("write the hours as 22-06 or 22:30-06:00")
        hour, minute, end_hour, end_minute = (int(part or 0) for part in match.groups())
        midnight = (end_hour, end_minute) == (24, 0)
        start, end = time(hour, minute), time() if midnight else time(end_hour, end_minute)
        if start == end:
            raise ValueError("the hours begin when they end; leave it empty for the whole day")
        return cls(start, end)

    def hold(self, moment: time) -> bool:
        """Whether the time of day is within."""
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end
