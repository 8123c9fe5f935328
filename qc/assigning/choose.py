"""Who may review a ticket, and who of them gets it. Pure: no database, no clock."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from qc.findings import Priority

Seat = Literal["first", "second"]
# Whether people of the collector's own team may review: all but those above the collector, or none, or all.
WithinTeam = Literal["any", "no_superiors", "none"]
Why = Literal[
    "collector", "superior", "same_team", "conflict", "language", "product", "seniority", "full", "away",
    "other_seat", "sat_before", "second_again", "no_role",
]  # fmt: skip

REVIEW_ROLES: Final = frozenset({"qc_reviewer", "qc_lead"})
# The seniority that a ticket of this priority asks for.
_SENIORITY: Final[dict[Priority, int]] = {"urgent": 2, "high": 1, "normal": 1, "low": 1}
RANK: Final[dict[Priority, int]] = {"urgent": 0, "high": 1, "normal": 2, "low": 3}


@dataclass(frozen=True, slots=True)
class Task:
    """A seat of a ticket that waits for somebody. `superiors` are all persons above the collector; `first`
    has the other seat; `sat` are those who had a seat of this ticket before, and lost or gave it back."""

    ticket_id: int
    seat: Seat
    priority: Priority
    opened_at: datetime
    collector: str | None = None
    team: str | None = None
    product: str | None = None
    language: str | None = None
    superiors: frozenset[str] = frozenset()
    other: str | None = None
    sat: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who reviews; see `ReviewerRow`. `load` is how many tickets they have. `last_second` is who
    last was second reviewer beside them."""

    id: str
    team: str | None = None
    roles: frozenset[str] = frozenset({"qc_reviewer"})
    languages: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    seniority: int = 1
    capacity: int = 20
    conflicts: frozenset[str] = frozenset()
    load: int = 0
    away: bool = False
    last_second: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A seat and who gets it; None where nobody can, with what keeps how many from it."""

    task: Task
    person: str | None
    refused: Mapping[Why, int]


def barred(task: Task, reviewer: Reviewer, within_team: WithinTeam) -> Why | None:
    """Why the reviewer may not judge this collector's call, whatever their skill and load; None: they may."""
    if task.collector is not None and reviewer.id == task.collector:
        return "collector"
    if within_team != "any" and reviewer.id in task.superiors:
        return "superior"
    if within_team == "none" and task.team is not None and reviewer.team == task.team:
        return "same_team"
    if reviewer.conflicts & {each for each in (task.collector, task.team) if each is not None}:
        return "conflict"
    if reviewer.id == task.other:
        return "other_seat"
    return None


def unfit(task: Task, reviewer: Reviewer) -> Why | None:
    """Why the ticket is not given to the reviewer now although they may judge it; None: it can be."""
    checks: tuple[tuple[Why, bool], ...] = (
        ("away", reviewer.away),
        ("no_role", reviewer.roles.isdisjoint(REVIEW_ROLES)),
        ("language", _lacks(reviewer.languages, task.language)),
        ("product", _lacks(reviewer.products, task.product)),
        ("seniority", reviewer.seniority < _SENIORITY[task.priority]),
        ("sat_before", reviewer.id in task.sat),
        ("full", reviewer.load >= reviewer.capacity),
    )
    return next((why for why, holds in checks if holds), None)


def _lacks(known: frozenset[str], asked: str | None) -> bool:
    return bool(known) and asked is not None and asked not in known


def assign(
    tasks: Iterable[Task], reviewers: Sequence[Reviewer], *, within_team: WithinTeam = "no_superiors"
) -> list[Given]:
    """Give out seats, the most pressing first. Each goes to the one with the least of their capacity in
    use; of equals, to the least senior that will do, so that seniors stay free for what needs them; then by
    a hash, so that nobody is favoured by name. Nobody is second reviewer twice running beside the same
    first one."""
    pool = {each.id: each for each in reviewers}
    given = []
    for task in sorted(tasks, key=lambda t: (RANK[t.priority], t.opened_at, t.ticket_id, t.seat)):
        refused: dict[Why, int] = {}
        able = []
        for reviewer in pool.values():
            why = barred(task, reviewer, within_team) or unfit(task, reviewer) or _again(task, reviewer, pool)
            if why is None:
                able.append(reviewer)
            else:
                refused[why] = refused.get(why, 0) + 1
        chosen = min(able, key=lambda each: _preference(task, each), default=None)
        if chosen is not None:
            pool[chosen.id] = replace(chosen, load=chosen.load + 1)
            if task.seat == "second" and task.other in pool:
                pool[task.other] = replace(pool[task.other], last_second=chosen.id)
        given.append(Given(task, None if chosen is None else chosen.id, refused))
    return given


def _again(task: Task, reviewer: Reviewer, pool: Mapping[str, Reviewer]) -> Why | None:
    first = pool.get(task.other or "")
    if task.seat == "second" and first is not None and first.last_second == reviewer.id:
        return "second_again"
    return None


def _preference(task: Task, reviewer: Reviewer) -> tuple[float, int, bytes]:
    tie = hashlib.sha256(f"{task.ticket_id}:{reviewer.id}".encode()).digest()
    return reviewer.load / reviewer.capacity, reviewer.seniority, tie
