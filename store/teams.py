"""The teams of the house 团队: their names as calls and people have them, and what they are called.

A team is added once and never deleted, only set inactive: calls name it for years. People and calls name
teams by themselves; a name that nobody added still works, and is shown as such.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from store import audit
from store.clock import Clock
from store.database import Base
from store.errors import BadInputError, ConflictError, NotFoundError
from store.people import EVERY_TEAM, PersonRow

NAME_LENGTH = 200


class TeamRow(Base):
    """One team. `name` is what calls and people have it by, `title` what it is called."""

    __tablename__ = "team"

    name: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    title: Mapped[str] = mapped_column(String(NAME_LENGTH))
    active: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Team:
    """A team, and how many active people are in it; `added` is false where only people name it."""

    name: str
    title: str
    active: bool
    added: bool
    people: int


def list_teams(session: Session, *, inactive: bool = False) -> list[Team]:
    """The active teams by name, those that only people name among them; with `inactive` also the others."""
    rows = {row.name: row for row in session.scalars(select(TeamRow))}
    counts = _counts(session)
    teams = [_team(name, rows.get(name), counts[name]) for name in sorted({*rows, *counts})]
    return [team for team in teams if team.active or inactive]


def find_team(session: Session, name: str, *, lock: bool = False) -> Team:
    """The team of that name; with `lock` nobody else changes it until the end of the transaction.

    Raises:
        NotFoundError: `teams.unknown`, neither was it added nor does anybody name it.
    """
    row, people = session.get(TeamRow, name, with_for_update=lock), _counts(session)[name]
    if row is None and not people:
        raise _unknown(name)
    return _team(name, row, people)


def add_team(session: Session, clock: Clock, name: str, title: str, *, by: str = "cli") -> Team:
    """Add a team.

    Raises:
        BadInputError: `teams.name`.
        ConflictError: `teams.taken`.
    """
    fits = name == name.strip() and 0 < len(name) <= NAME_LENGTH and name != EVERY_TEAM
    if not fits:
        raise BadInputError("this cannot be a team's name", code="teams.name", where="name")
    taken = ConflictError(f"there is a team {name}", code="teams.taken", mend="Change it instead.")
    if session.get(TeamRow, name) is not None:
        raise taken
    row = TeamRow(name=name, title=_title(title), active=True, added_at=clock.now())
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:  # somebody else added it at the same moment
        raise taken from error
    return _written(session, clock, row, "team.added", by)


def change_team(
    session: Session,
    clock: Clock,
    name: str,
    *,
    title: str | None = None,
    active: bool | None = None,
    by: str = "cli",
) -> Team:
    """Change what a team is called, or whether it is active; None leaves it. A team with active people in it
    stays active.

    Raises:
        BadInputError: `teams.name`.
        NotFoundError: `teams.unknown`.
        ConflictError: `teams.in_use`.
    """
    row = session.get(TeamRow, name, with_for_update=True)
    if row is None:
        raise _unknown(name)
    if active is False and row.active and (people := _counts(session)[name]):
        raise ConflictError(
            f"{people} active people are in {name}",
            code="teams.in_use",
            mend="Put them into another team first.",
        )
    row.title = row.title if title is None else _title(title)
    row.active = row.active if active is None else active
    return _written(session, clock, row, "team.changed", by)


def _written(session: Session, clock: Clock, row: TeamRow, action: str, by: str) -> Team:
    session.flush()
    details = {"title": row.title, "active": row.active}
    audit.append(session, clock, actor=by, action=action, subject=f"team:{row.name}", details=details)
    return _team(row.name, row, _counts(session)[row.name])


def _counts(session: Session) -> Counter[str]:
    named = select(PersonRow.team).where(PersonRow.active, PersonRow.team.is_not(None))
    return Counter(name for name in session.scalars(named) if name)


def _team(name: str, row: TeamRow | None, people: int) -> Team:
    if row is None:
        return Team(name, name, active=True, added=False, people=people)
    return Team(name, row.title, row.active, added=True, people=people)


def _title(title: str) -> str:
    if not title.strip() or len(title) > NAME_LENGTH:
        raise BadInputError("a team needs a title", code="teams.name", where="title")
    return title.strip()


def _unknown(name: str) -> NotFoundError:
    return NotFoundError(
        f"there is no team {name}", code="teams.unknown", mend="`diting people teams list` names all."
    )
