"""The vocabulary of the review of calls."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

State = Literal["open", "draft", "shared", "acknowledged", "appealed", "final", "withdrawn"]
Verdict = Literal["true", "false", "unsure"]
Ruling = Literal["upheld", "overturned"]
# Where a verdict was given: in the first or the second review, by the third person, or on appeal.
Stage = Literal["first", "second", "adjudication", "appeal"]
Language = Literal["zh", "en"]
Rating = float | Literal["n/a"]

STATES: Final[tuple[State, ...]] = get_args(State)
# Nobody has to do anything any more.
SETTLED: Final[tuple[State, ...]] = ("final", "withdrawn")
REVIEWERS: Final = ("qc_reviewer", "qc_lead")


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """What a verdict is about: a finding of the machine by its id, or one that the machine missed, by the
    number that its reviewer's entry got."""

    kind: Literal["finding", "missed"]
    number: int

    def __str__(self) -> str:
        """`finding 12`."""
        return f"{self.kind} {self.number}"
