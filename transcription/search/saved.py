"""Searches that people keep, for themselves or for their team."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from store import audit
from store.clock import Clock
from store.errors import ConflictError, NotFoundError
from store.people import Actor
from transcription.search.models import SavedSearchRow
from transcription.search.query import parse

KEPT_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class Change:
    """What is to change about a saved search; None leaves it as it is."""

    name: str | None = None
    asked: dict[str, Any] | None = None
    shared: bool | None = None


def saved_searches(session: Session, actor: Actor) -> list[SavedSearchRow]:
    """Those that the actor keeps, and those that others of the team share, by name."""
    mine = SavedSearchRow.owner == actor.id
    seen = mine if actor.team is None else or_(mine, SavedSearchRow.team == actor.team)
    return list(
        session.scalars(select(SavedSearchRow).where(seen).order_by(SavedSearchRow.name, SavedSearchRow.id))
    )


def save_search(
    session: Session, clock: Clock, *, actor: Actor, name: str, asked: dict[str, Any], shared: bool
) -> SavedSearchRow:
    """Keep a search; `asked` holds its `q`, its `sort` and the filters that are set.

    Raises:
        BadInputError: the search could not be made (`transcription.search.query.parse`).
        ConflictError: `search.too_many`, `search.no_team`.
    """
    parse(asked["q"])
    count = select(func.count()).where(SavedSearchRow.owner == actor.id)
    if (session.scalar(count) or 0) >= KEPT_MAX:
        raise ConflictError(
            f"{KEPT_MAX} searches are kept already",
            code="search.too_many",
            mend="Delete one that is not used.",
        )
    now = clock.now()
    row = SavedSearchRow(
        owner=actor.id,
        team=_team(actor) if shared else None,
        name=name,
        asked=asked,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    _audit(session, clock, row, "search.saved")
    return row


def change_search(
    session: Session, clock: Clock, *, actor: Actor, number: int, change: Change
) -> SavedSearchRow:
    """Change a search that the actor keeps.

    Raises:
        BadInputError: the search could not be made.
        NotFoundError: `search.not_found`, the actor keeps no such search.
        ConflictError: `search.no_team`.
    """
    row = _own(session, actor, number)
    if change.asked is not None:
        parse(change.asked["q"])
        row.asked = change.asked
    if change.name is not None:
        row.name = change.name
    if change.shared is not None:
        row.team = _team(actor) if change.shared else None
    row.updated_at = clock.now()
    session.flush()
    _audit(session, clock, row, "search.changed")
    return row


def delete_search(session: Session, clock: Clock, *, actor: Actor, number: int) -> None:
    """Keep a search no more.

    Raises:
        NotFoundError: `search.not_found`.
    """
    row = _own(session, actor, number)
    _audit(session, clock, row, "search.deleted")
    session.delete(row)
    session.flush()


def _own(session: Session, actor: Actor, number: int) -> SavedSearchRow:
    mine = select(SavedSearchRow).where(SavedSearchRow.id == number, SavedSearchRow.owner == actor.id)
    row = session.scalar(mine.with_for_update())
    if row is None:
        raise NotFoundError(
            "you keep no such search",
            code="search.not_found",
            where=f"search {number}",
            mend="GET /api/v1/searches lists yours.",
        )
    return row


def _team(actor: Actor) -> str:
    if actor.team is None:
        raise ConflictError(
            "you belong to no team that could see it",
            code="search.no_team",
            mend="Keep it for yourself, or be added to a team.",
        )
    return actor.team


def _audit(session: Session, clock: Clock, row: SavedSearchRow, action: str) -> None:
    """What is looked for may be somebody's name: the log holds none of it."""
    details = {"team": row.team}
    audit.append(session, clock, actor=row.owner, action=action, subject=f"search:{row.id}", details=details)
