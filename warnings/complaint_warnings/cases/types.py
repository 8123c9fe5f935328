"""The vocabulary of the cases."""

from typing import Final, Literal, get_args

Kind = Literal["warning", "complaint"]
State = Literal[
    "reported",
    "returned",
    "reviewed",
    "collected",
    "teamed",
    "analysed",
    "planned",
    "contacting",
    "resolved",
    "tracking",
    "evaluated",
    "closed",
]
Complexity = Literal["general", "complex"]
# Where the matter came from: calls, a report of the house's people, a monitor over case data, public opinion,
# or a complaint that arrived, by way.
Source = Literal["call", "report", "monitor", "opinion", "complaint", "regulator"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
STATES: Final[tuple[State, ...]] = get_args(State)
SOURCES: Final[tuple[Source, ...]] = get_args(Source)
