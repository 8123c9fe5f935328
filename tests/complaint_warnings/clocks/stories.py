"""Builders for the tests of the clocks: moments of Shanghai, and the events of a case."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from complaint_warnings.clocks.calendars import Calendars
from complaint_warnings.clocks.deadlines import deadlines
from complaint_warnings.clocks.policy import Policy, default_policy
from complaint_warnings.clocks.types import Deadline, Happening

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDARS = Calendars()


def at(text: str) -> datetime:
    """`2026-09-30 17:00` by the clocks of Shanghai, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def said(moment: datetime | None) -> str | None:
    """A moment by the clocks of Shanghai, as `at` reads it."""
    return None if moment is None else f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


Told = tuple[str, str, Mapping[str, Any]]


def story(opened: str, *told: Told, **case: str) -> list[Happening]:
    """A case opened at a moment, and then `(moment, action, document)`. Fields of the document named
    `case_…` change the case itself; `state` is the state after it."""
    now = {"kind": "warning", "level": "medium", "source": "call", "complexity": "general"} | case
    events = [Happening(1, at(opened), "opened", "cs-1", "reported", **now, details={})]
    state = "reported"
    for moment, action, document in told:
        now |= {name[5:]: value for name, value in document.items() if name.startswith("case_")}
        state = document.get("state", state)
        details = {name: value for name, value in document.items() if not name.startswith("case_")}
        events.append(Happening(len(events) + 1, at(moment), action, "head-1", state, **now, details=details))
    return events


def clock(
    name: str,
    happenings: Sequence[Happening],
    policy: Policy | None = None,
    calendars: Calendars = CALENDARS,
) -> list[Deadline]:
    """The runs of one clock."""
    found = deadlines(happenings, policy or default_policy(), calendars, SHANGHAI)
    return [deadline for deadline in found if deadline.clock == name]


def due(name: str, happenings: Sequence[Happening], **options: Any) -> str | None:
    """When the last run of a clock is due, by the clocks of Shanghai."""
    return said(clock(name, happenings, **options)[-1].due_at)
