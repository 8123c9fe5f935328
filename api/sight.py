"""What somebody may see: which calls and which complaint cases, by their roles, team and scope.

Pure: who asks goes in, two reaches come out. `api.scope` turns them into conditions of every statement. The
roles of a person add up. Doors are opened elsewhere (`api.permissions`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from store.people import EVERY_TEAM, Actor

# Whose office is the whole house; `Actor.sees` narrows it to the teams named there.
_ALL_CALLS: Final = frozenset(
    {"qc_reviewer", "qc_lead", "complaint_officer", "control_lead", "legal", "auditor"}
)
_ALL_CASES: Final = _ALL_CALLS - {"qc_reviewer"}
_OF_TEAMS: Final = frozenset({"supervisor", "department_head"})
# Who judges calls judges none of their own.
_JUDGES: Final = frozenset({"qc_reviewer", "qc_lead"})
_NOT_NARROWED: Final = frozenset({"auditor"})


@dataclass(frozen=True, slots=True)
class Reach:
    """Which rows: all, or those of the teams and those of the person. `but` is the collector whose calls are
    left out even so."""

    everything: bool = False
    teams: frozenset[str] = frozenset()
    person: str | None = None
    but: str | None = None

    @property
    def unbounded(self) -> bool:
        """Whether nothing is out of reach."""
        return self.everything and self.but is None


@dataclass(frozen=True, slots=True)
class Sight:
    """Which calls, which cases, and which calls for the sake of a case that one handles (`cases_of`). Who
    operates the installation also sees what was refused and what could not be sent, whomever it is about."""

    calls: Reach
    cases: Reach
    cases_of: str | None = None
    operates: bool = False

    @property
    def unbounded(self) -> bool:
        """Whether nothing is out of sight."""
        return self.calls.unbounded and self.cases.unbounded


EVERYTHING: Final = Sight(Reach(everything=True), Reach(everything=True))


def sight_of(actor: Actor, below: frozenset[str] = frozenset()) -> Sight:
    """What the actor sees; `below` are the teams of those who report to them."""
    if actor.is_house:
        return EVERYTHING
    sees = actor.sees or frozenset()
    narrowed = bool(sees) and EVERY_TEAM not in sees and not actor.has(*_NOT_NARROWED)
    own = frozenset({actor.team} if actor.team else ())
    teams = (own | below if actor.has(*_OF_TEAMS) else frozenset()) | (sees if narrowed else frozenset())
    calls = Reach(
        everything=_whole(actor, _ALL_CALLS, narrowed=narrowed),
        teams=teams if actor.has(*_ALL_CALLS, *_OF_TEAMS) else frozenset(),
        person=actor.id if actor.has("collector") else None,
        but=actor.id if actor.has(*_JUDGES) else None,
    )
    handles = actor.has("customer_service", *_OF_TEAMS, *_ALL_CASES)
    cases = Reach(
        everything=_whole(actor, _ALL_CASES, narrowed=narrowed),
        teams=teams if actor.has(*_ALL_CASES, *_OF_TEAMS) else frozenset(),
        person=actor.id if handles else None,
    )
    return Sight(calls, cases, cases_of=actor.id if handles else None, operates=actor.has("admin"))


def _whole(actor: Actor, offices: frozenset[str], *, narrowed: bool) -> bool:
    over_teams = actor.has(*_OF_TEAMS) and actor.sees is not None and EVERY_TEAM in actor.sees
    return over_teams or (actor.has(*offices) and not narrowed)


def teams_below(
    person: str, lines: Mapping[str, str | None], teams: Mapping[str, str | None]
) -> frozenset[str]:
    """The teams of all who report to the person, directly or through others.

    Args:
        person: whose.
        lines: whom each person reports to.
        teams: the team of each person.
    """
    found: set[str] = set()
    step: Iterable[str | None] = [person]
    while under := [one for one, above in lines.items() if above in step and one not in found]:
        found.update(under)
        step = under
    return frozenset(team for one in found if (team := teams[one]))
