"""What is to be said of a deadline, and when. Pure; each thing is said once for each date that it had."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from complaint_warnings.clocks.types import Deadline

BREACH: Final = "breach"
_AT_ONCE_AFTER: Final = timedelta(microseconds=1)  # the last moment is still in time


@dataclass(frozen=True, slots=True)
class Say:
    """One thing to be said: a warning, the breach, or the step `rung` up the line."""

    mark: str
    due_at: datetime
    rung: int | None = None


def to_say(deadline: Deadline, told: Collection[tuple[datetime, str]], now: datetime) -> tuple[Say, ...]:
    """What is to be said now, in order.

    Of several warnings that are due only the last is said: who was away for a week is not told the same
    thing three times. After the limit only the breach is said, and every step up the line that is due.

    Args:
        deadline: as it stands.
        told: what was said before: the date it was said of, and the mark.
        now: the present.
    """
    due = deadline.due_at
    if deadline.over or due is None:
        return ()
    said = {mark for about, mark in told if about == due}
    if now <= due:
        reached = [mark for mark in deadline.marks if mark.at <= now]
        if not reached or reached[-1].name in said:
            return ()
        return (Say(reached[-1].name, due),)
    steps = [Say(BREACH, due)]
    for rung in range(1, deadline.rungs + 1):
        if due + deadline.escalate_every * (rung - 1) < now:
            steps.append(Say(f"up:{rung}", due, rung))
    return tuple(step for step in steps if step.mark not in said)


def next_to_say(deadline: Deadline, told: Collection[tuple[datetime, str]]) -> datetime | None:
    """When there is next something to say; None where there is nothing any more, or a pause lasts."""
    due = deadline.due_at
    if deadline.over or due is None:
        return None
    said = {mark for about, mark in told if about == due}
    last = max((n for n, mark in enumerate(deadline.marks) if mark.name in said), default=-1)
    ahead = [mark.at for mark in deadline.marks[last + 1 :]]
    if BREACH not in said:
        return min([*ahead, due + _AT_ONCE_AFTER])
    for rung in range(1, deadline.rungs + 1):
        if f"up:{rung}" not in said:
            return due + deadline.escalate_every * (rung - 1) + _AT_ONCE_AFTER
    return None
