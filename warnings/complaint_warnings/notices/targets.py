"""Who is meant by the words of a route, given the people there are. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from complaint_warnings.notices.types import EVERYBODY_THERE, Target

# `handler`, `reporter`, `reviewer`, `team`: of the case. `line_manager`: to whom the handler reports, or the
# reporter where there is no handler. `named`: the person whom the event names.
_PLAIN: Final = ("handler", "reporter", "reviewer", "team", "line_manager", "named")
# `role:` everybody who has it; `team_role:` those of them in the team of the collector concerned.
_PREFIXES: Final = ("role:", "team_role:", "person:", "channel:")


@dataclass(frozen=True, slots=True)
class Someone:
    """A person as routes see them."""

    id: str
    roles: frozenset[str]
    team: str | None
    reports_to: str | None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Concerned:
    """The persons of a case. `collector` is the one complained of and shown; neither that one nor any of
    `complained_of`, who are all there are, is ever told."""

    reporter: str
    reviewer: str | None
    handler: str | None
    members: Sequence[str]
    collector: str | None
    team: str | None
    named: str | None = None
    complained_of: frozenset[str] = frozenset()


def check_target(word: str, roles: Sequence[str]) -> None:
    """Refuse a word that means nobody.

    Raises:
        ValueError: with the words there are.
    """
    if word in _PLAIN:
        return
    prefix, _, rest = word.partition(":")
    if f"{prefix}:" not in _PREFIXES or not rest:
        raise ValueError(f"{word} is nobody; use {', '.join(_PLAIN)}, or {', '.join(_PREFIXES)} and a name")
    if prefix in ("role", "team_role") and rest not in roles:
        raise ValueError(f"there is no role {rest}; roles: {', '.join(roles)}")


def targets(
    words: Sequence[str], via: Sequence[str], case: Concerned, people: Mapping[str, Someone]
) -> tuple[Target, ...]:
    """Where notices for the words of a route go, each place once."""
    found: dict[Target, None] = {}
    for word in words:
        if word.startswith("channel:"):
            found[Target(word.removeprefix("channel:"), EVERYBODY_THERE)] = None
            continue
        for person in persons(word, case, people):
            for channel in via:
                found[Target(channel, person)] = None
    return tuple(found)


def persons(word: str, case: Concerned, people: Mapping[str, Someone]) -> list[str]:
    """The active persons whom one word means, without the collectors complained of."""
    prefix, _, rest = word.partition(":")
    if prefix == "role":
        meant = [each.id for each in people.values() if rest in each.roles]
    elif prefix == "team_role":
        meant = [e.id for e in people.values() if rest in e.roles and case.team and e.team == case.team]
    elif prefix == "person":
        meant = [rest]
    else:
        meant = _of_case(word, case, people)
    never = {case.collector, *case.complained_of}
    return [
        each for each in sorted(set(meant)) if each in people and people[each].active and each not in never
    ]


def _of_case(word: str, case: Concerned, people: Mapping[str, Someone]) -> list[str]:
    if word == "team":
        return list(case.members)
    if word == "line_manager":
        person = people.get(case.handler or case.reporter)
        above = person.reports_to if person else None
        return [above] if above else []
    one = {
        "handler": case.handler,
        "reporter": case.reporter,
        "reviewer": case.reviewer,
        "named": case.named,
    }[word]
    return [one] if one else []
