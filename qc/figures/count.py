"""Counting the judged calls of a day. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

OUTSIDE: Final = "off_hours"
MANY: Final = 4


class Line(NamedTuple):
    """One line of the figures, as `FigureDayRow` has it."""

    whose: str
    topic: str
    team: str
    agent_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One call as its newest inspection judged it; `hour` is of its start by the clock of the house."""

    team: str
    agent_id: str
    debtor_key: str
    hour: int
    band: str
    categories: frozenset[str]


def count_day(calls: Iterable[Judged]) -> Mapping[Line, int]:
    """All lines of one day."""
    lines: Counter[Line] = Counter()
    debtors: Counter[tuple[str, str]] = Counter()
    for call in calls:
        lines[Line("team", "hour", call.team, "", f"{call.hour:02}")] += 1
        if OUTSIDE in call.categories:
            lines[Line("team", "outside", call.team, "", f"{call.hour:02}")] += 1
        for whose, agent_id in (("team", ""), ("collector", call.agent_id)):
            lines[Line(whose, "band", call.team, agent_id, call.band)] += 1
            for category in call.categories:
                lines[Line(whose, "category", call.team, agent_id, category)] += 1
        debtors[call.team, call.debtor_key] += 1
    for (team, _), count in debtors.items():
        lines[Line("team", "debtor_calls", team, "", f"{MANY}+" if count >= MANY else str(count))] += 1
    return lines
