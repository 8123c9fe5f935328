"""What the figures are made of: typed rows, and rates that know what they were counted over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

# Where the cause of a complaint lies: how the work is laid out, who did it, or what it was done with.
Dimension = Literal["process", "staff", "system"]
DIMENSIONS: Final[tuple[Dimension, ...]] = get_args(Dimension)


@dataclass(frozen=True, slots=True)
class Rate:
    """`part` of `whole`; the share is None where there was nothing to count, which is not zero."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        """`part / whole`, 0 to 1, or None."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Cause:
    """One attributed cause, as the evaluation of a case states it. `kind` is the house's own word."""

    dimension: Dimension
    kind: str


@dataclass(frozen=True, slots=True)
class CaseStory:
    """One case as the figures see it. All times are aware.

    `arrivals` are the times at which its complaints arrived, oldest first; none while it is only a warning;
    `warned_at` when the warning was opened, None where there is none. `answered_at` and `answer_due` are
    the first answer and its deadline, `settled_at` and `settle_due` the result and its; None where there is
    none.
    `ratings` are the customer's marks, 1 to 5, in order; `reopened` whether it was ever opened again;
    `at_once` whether the evaluation calls it settled with one answer, None where it does not say. `ended_as`
    is `unfounded` for a case that was dismissed.
    """

    number: str
    debtor_key: str
    opened_at: datetime
    level: str
    source: str
    closed_at: datetime | None = None
    arrivals: tuple[datetime, ...] = ()
    warned_at: datetime | None = None
    answered_at: datetime | None = None
    answer_due: datetime | None = None
    settled_at: datetime | None = None
    settle_due: datetime | None = None
    channel: str | None = None
    client: str | None = None
    collector: str | None = None
    team: str | None = None
    result: str | None = None
    causes: tuple[Cause, ...] = ()
    ratings: tuple[int, ...] = ()
    asked: bool = False
    reopened: bool = False
    at_once: bool | None = None
    ended_as: str | None = None

    @property
    def complained_at(self) -> datetime | None:
        """When the first complaint arrived."""
        return self.arrivals[0] if self.arrivals else None
