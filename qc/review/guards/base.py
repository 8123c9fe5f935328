"""What a guard is.

Each gives None where it holds, else the refusal in words. A guard that looks at the document says nothing
while there is none, so that one can ask beforehand what a person may do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from qc.review import documents as d
from qc.review.types import Item
from qc.review.view import TicketView
from store.people import Actor


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be decided. `people` are the active persons whom the document names, by id."""

    view: TicketView
    actor: Actor
    now: datetime
    document: d.Document | None = None
    people: Mapping[str, Actor] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step is not taken, and what would help. `missing` names what is not done yet, all of it."""

    code: str
    message: str
    mend: str
    where: str | None = None
    missing: tuple[str, ...] = ()


Check = Callable[[Step], Refusal | None]


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition by name, with the words for it that the documentation shows."""

    name: str
    zh: str
    en: str
    check: Check


def guard(zh: str, en: str) -> Callable[[Check], Guard]:
    """Make a guard of a function; its name is the function's."""
    return lambda check: Guard(check.__name__, zh, en, check)


def wrong_person(message: str, mend: str) -> Refusal:
    """It is not this person's step."""
    return Refusal("ticket.person", message, mend)


def exactly(given: list[Item], wanted: tuple[Item, ...], where: str) -> Refusal | None:
    """A word on each of the wanted items, and on nothing else."""
    if sorted(given) == sorted(wanted):
        return None
    named = ", ".join(map(str, sorted(wanted)))
    return Refusal("ticket.item", f"it takes one word on each of: {named}", "Name each of them once.", where)
