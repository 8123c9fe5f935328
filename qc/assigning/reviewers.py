"""What reviewers are able to do, and what they have in hand. No verb commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qc.assigning.choose import Reviewer
from qc.assigning.models import ReviewerRow, ReviewSeatRow
from qc.models import TicketRow
from store import audit
from store.clock import Clock
from store.errors import BadInputError, NotFoundError
from store.people import PersonRow

# States of a ticket in which nobody has to do anything any more, or not a reviewer.
DONE: Final = ("withdrawn", "shared", "acknowledged", "appealed", "final")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a reviewer is able to do; see `ReviewerRow`."""

    languages: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    seniority: int = 1
    capacity: int = 20
    conflicts: Mapping[str, str] | None = None
    away: bool = False


def set_reviewer(session: Session, clock: Clock, person: str, profile: Profile, *, by: str) -> ReviewerRow:
    """Note what a reviewer is able to do; what was noted before is replaced.

    Raises:
        NotFoundError: `people.unknown`.
        BadInputError: `reviewer.profile`.
    """
    if session.get(PersonRow, person) is None:
        raise NotFoundError(
            f"there is no person {person}", code="people.unknown", mend="`diting people list` names all."
        )
    if not 1 <= profile.seniority <= 3 or not 1 <= profile.capacity <= 1000:
        raise BadInputError(
            "seniority is 1 to 3, capacity 1 to 1000", code="reviewer.profile", mend="Give other numbers."
        )
    row = session.get(ReviewerRow, person, with_for_update=True)
    values: dict[str, Any] = {
        "languages": sorted(set(profile.languages)),
        "products": sorted(set(profile.products)),
        "seniority": profile.seniority,
        "capacity": profile.capacity,
        "conflicts": dict(profile.conflicts or {}),
        "away": profile.away,
    }
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return row
    if row is None:
        row = ReviewerRow(person=person)
        session.add(row)
    for name, value in {**values, "changed_by": by, "changed_at": clock.now()}.items():
        setattr(row, name, value)
    session.flush()
    audit.append(session, clock, actor=by, action="reviewer.set", subject=f"person:{person}", details=values)
    return row


def reviewers(session: Session, *, lock: bool = False) -> list[Reviewer]:
    """All reviewers with what they have in hand. With `lock`, who gives out tickets does so alone until the
    end of the transaction."""
    query = select(ReviewerRow).order_by(ReviewerRow.person)
    rows = list(session.scalars(query.with_for_update() if lock else query))
    people = {row.id: row for row in session.scalars(select(PersonRow))}
    load, seconds = _load(session), _last_seconds(session)
    return [_reviewer(row, people[row.person], load, seconds) for row in rows]


def _reviewer(
    row: ReviewerRow, person: PersonRow, load: Mapping[str, int], seconds: Mapping[str, str]
) -> Reviewer:
    return Reviewer(
        id=row.person,
        team=person.team,
        roles=frozenset(person.roles),
        languages=frozenset(row.languages),
        products=frozenset(row.products),
        seniority=row.seniority,
        capacity=row.capacity,
        conflicts=frozenset(row.conflicts),
        load=load.get(row.person, 0),
        away=row.away or not person.active,
        last_second=seconds.get(row.person),
    )


def _load(session: Session) -> dict[str, int]:
    """How many seats of tickets in work each person has."""
    load: dict[str, int] = {}
    for column in (TicketRow.assigned_to, TicketRow.second_reviewer):
        query = select(column, func.count()).where(column.is_not(None), TicketRow.state.not_in(DONE))
        for person, count in session.execute(query.group_by(column)):
            if person is not None:
                load[person] = load.get(person, 0) + count
    return load


def _last_seconds(session: Session) -> dict[str, str]:
    """Who was last made second reviewer beside each first one."""
    newest = (
        select(func.max(ReviewSeatRow.id))
        .join(TicketRow, TicketRow.id == ReviewSeatRow.ticket_id)
        .where(ReviewSeatRow.seat == "second", ReviewSeatRow.person.is_not(None))
        .group_by(TicketRow.assigned_to)
    )
    query = (
        select(TicketRow.assigned_to, ReviewSeatRow.person)
        .join(TicketRow, TicketRow.id == ReviewSeatRow.ticket_id)
        .where(ReviewSeatRow.id.in_(newest), TicketRow.assigned_to.is_not(None))
    )
    return {first: second for first, second in session.execute(query) if first and second}
