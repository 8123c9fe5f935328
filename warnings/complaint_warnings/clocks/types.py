"""What the clocks are told, and what they tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from complaint_warnings.clocks.policy import Allowance, Basis, Words
from complaint_warnings.clocks.worktime import Pause

Standing = Literal["running", "paused", "overdue", "met", "met_late", "ended"]


class Run(Protocol):
    """What tells where a run of a clock stands: a `Deadline`, or the row that keeps it."""

    @property
    def due_at(self) -> datetime | None:
        """When it is due; None while a pause lasts."""
        ...

    @property
    def met_at(self) -> datetime | None:
        """When what was awaited was done."""
        ...

    @property
    def ended_at(self) -> datetime | None:
        """When nothing was awaited any more."""
        ...

    @property
    def breached_at(self) -> datetime | None:
        """The limit that was missed."""
        ...


def standing(run: Run, now: datetime) -> Standing:
    """Where a clock stands at a moment."""
    if run.met_at is not None:
        return "met_late" if run.breached_at else "met"
    if run.ended_at is not None:
        return "ended"
    if run.due_at is None:
        return "paused"
    return "overdue" if now > run.due_at else "running"


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a case, with what the case is after it."""

    seq: int
    at: datetime
    action: str
    actor: str
    state: str
    kind: str
    level: str
    source: str
    complexity: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Manual:
    """A date that a person set: `due` None takes an earlier one back."""

    due: datetime | None
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Extended:
    """A limit put off by a step that the policy allows persons of some roles."""

    seq: int
    at: datetime
    by: str
    reason: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment before the limit at which to warn; `name` as in the policy (`50%`, `-24h`)."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """One run of one clock.

    `number` counts the runs of the clock in the case. `due_at` is None while a pause lasts; `rule_due_at`
    is the policy's date where a person set another. `breached_at` is the limit that was missed, and stays
    whatever is decided later. `provisional`: days were counted of which nobody official has said yet
    whether they are worked. Overdue it goes up the line every `escalate_every`, at most `rungs` times.
    `counted_from` is later than `starts_at` where a stricter limit came to apply. `time` is None for a
    measure of a plan, which is due when the plan says.
    """

    clock: str
    number: int
    title: Words
    starts_at: datetime
    counted_from: datetime
    time: Allowance | None
    due_at: datetime | None
    rule_due_at: datetime | None
    marks: tuple[Mark, ...]
    pauses: tuple[Pause, ...]
    extensions: tuple[Extended, ...]
    manual: Manual | None
    met_at: datetime | None
    ended_at: datetime | None
    breached_at: datetime | None
    provisional: bool
    escalate_every: timedelta
    rungs: int
    basis: Basis
    policy: str

    @property
    def over(self) -> bool:
        """Whether nothing is awaited any more."""
        return self.met_at is not None or self.ended_at is not None
