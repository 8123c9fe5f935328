"""The people of the house: who may do what, whom they answer to, and the token that proves who calls.

A person is added once and never deleted, only set inactive: the ledger names them for years.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store import audit
from store.clock import Clock
from store.database import Base
from store.errors import BadInputError, ConflictError, NotFoundError

Role = Literal[
    "collector",
    "customer_service",
    "supervisor",
    "department_head",
    "complaint_officer",
    "control_lead",
    "legal",
    "qc_reviewer",
    "qc_lead",
    "auditor",
    "admin",
    "integration",
]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
_TOKEN_BYTES = 32
# In `sees`: no team is left out.
EVERY_TEAM: Final = "*"
_ID_LENGTH = 100
# Names under which Diting itself is on record.
RESERVED: Final = frozenset({"system", "cli", "local", "token", "browser"})


class PersonRow(Base):
    """One person, or one program that acts under its own name (`integration`).

    `reports_to` is the person to whom an overdue matter goes next. `sees` are the teams whose calls and cases
    they may see; None leaves that to their roles and their own team. `token_sha256` is the hash of the
    bearer token; None where the person has none.
    """

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]]
    team: Mapped[str | None] = mapped_column(String(200), index=True)
    reports_to: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    sees: Mapped[list[str] | None]
    email: Mapped[str | None] = mapped_column(String(320))
    token_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Person:
    """A person to be added; see `PersonRow`."""

    id: str
    name: str
    roles: tuple[str, ...]
    team: str | None = None
    reports_to: str | None = None
    email: str | None = None
    sees: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as decisions need it."""

    id: str
    roles: frozenset[str]
    team: str | None = None
    sees: frozenset[str] | None = None

    @property
    def is_house(self) -> bool:
        """Whether it is no person: Diting itself, or who holds the installation's own token."""
        return self.id in RESERVED

    def has(self, *roles: str) -> bool:
        """Whether the actor has one of the roles."""
        return not self.roles.isdisjoint(roles)


# Diting itself: the pipeline, the sweeper and the clocks.
SYSTEM: Final = Actor("system", frozenset({"system"}))


def actor_of(row: PersonRow) -> Actor:
    """The person as decisions need it."""
    sees = None if row.sees is None else frozenset(row.sees)
    return Actor(row.id, frozenset(row.roles), row.team, sees)


def find_actor(session: Session, person: str) -> Actor:
    """The person of that id, who may act.

    Raises:
        NotFoundError: `people.unknown`.
        ConflictError: `people.inactive`.
    """
    row = session.get(PersonRow, person)
    if row is None:
        raise NotFoundError(
            f"there is no person {person}", code="people.unknown", mend="`diting people list` names all."
        )
    if not row.active:
        raise ConflictError(f"{person} is not active", code="people.inactive", mend="Set the person active.")
    return actor_of(row)


def actor_of_token(session: Session, token: str) -> Actor | None:
    """The active person whose token this is; None where it is nobody's."""
    digest = _digest(token)
    row = session.scalar(select(PersonRow).where(PersonRow.token_sha256 == digest))
    if row is None or not row.active or not hmac.compare_digest(row.token_sha256 or "", digest):
        return None
    return actor_of(row)


def add_person(session: Session, clock: Clock, person: Person, *, by: str = "cli") -> PersonRow:
    """Add a person.

    Raises:
        BadInputError: `people.role` for an unknown role or none, `people.name` for an empty id or name.
        NotFoundError: `people.unknown`, `reports_to` names nobody.
        ConflictError: `people.taken`, the id is somebody's already.
    """
    require_roles(person.roles)
    if not person.id or person.id != person.id.strip() or not person.name.strip():
        raise BadInputError("a person needs a name, and an id without blanks around it", code="people.name")
    if person.id in RESERVED or len(person.id) > _ID_LENGTH:
        raise BadInputError(f"{person.id[:_ID_LENGTH]} cannot be a person's id", code="people.name")
    if session.get(PersonRow, person.id) is not None:
        raise ConflictError(f"{person.id} is taken", code="people.taken", mend="Use `diting people set`.")
    if person.reports_to is not None and session.get(PersonRow, person.reports_to) is None:
        raise NotFoundError(f"there is no person {person.reports_to}", code="people.unknown")
    row = PersonRow(
        id=person.id,
        name=person.name,
        roles=sorted(set(person.roles)),
        team=person.team,
        reports_to=person.reports_to,
        email=person.email,
        sees=_seen(person.sees),
        active=True,
        added_at=clock.now(),
    )
    session.add(row)
    session.flush()
    details = {"roles": row.roles, "team": row.team, "reports_to": row.reports_to, "sees": row.sees}
    audit.append(session, clock, actor=by, action="person.added", subject=f"person:{row.id}", details=details)
    return row


@dataclass(frozen=True, slots=True)
class Change:
    """What is to change about a person; None leaves it, an empty text or nothing in `sees` takes it away."""

    name: str | None = None
    roles: tuple[str, ...] | None = None
    team: str | None = None
    reports_to: str | None = None
    email: str | None = None
    active: bool | None = None
    sees: tuple[str, ...] | None = None


def change_person(
    session: Session, clock: Clock, person: str, change: Change, *, by: str = "cli"
) -> PersonRow:
    """Change what is known of a person. Who is set inactive loses the token, and needs a new one later.

    Raises:
        BadInputError: `people.role`, `people.name`.
        NotFoundError: `people.unknown`, the person or `reports_to` is nobody.
        ConflictError: `people.line`, the line upwards would run in a circle; `people.last_admin`.
    """
    above = _lock_lines(session) if change.reports_to else {}
    row = session.get(PersonRow, person, with_for_update=True)
    if row is None:
        raise NotFoundError(
            f"there is no person {person}", code="people.unknown", mend="`diting people list` names all."
        )
    _keep_an_admin(session, row, change)
    if change.roles is not None:
        require_roles(change.roles)
        row.roles = sorted(set(change.roles))
    if change.name is not None:
        if not change.name.strip():
            raise BadInputError("a person needs an id and a name", code="people.name")
        row.name = change.name
    if change.reports_to is not None:
        row.reports_to = _superior(above, person, change.reports_to)
    for field in ("team", "email"):
        value = getattr(change, field)
        if value is not None:
            setattr(row, field, value or None)
    if change.sees is not None:
        row.sees = _seen(change.sees)
    if change.active is not None:
        row.active = change.active
        row.token_sha256 = row.token_sha256 if change.active else None
    session.flush()
    details = {
        "roles": row.roles,
        "team": row.team,
        "reports_to": row.reports_to,
        "active": row.active,
        "sees": row.sees,
    }
    audit.append(
        session, clock, actor=by, action="person.changed", subject=f"person:{row.id}", details=details
    )
    return row


def list_people(session: Session, *, role: str | None = None, inactive: bool = False) -> list[PersonRow]:
    """The active people by id, only those with the role if one is named; with `inactive` also the others."""
    rows = session.scalars(select(PersonRow).order_by(PersonRow.id))
    return [row for row in rows if (row.active or inactive) and (role is None or role in row.roles)]


def _keep_an_admin(session: Session, row: PersonRow, change: Change) -> None:
    """Whoever administers alone stays: nobody else could let them back in."""
    leaves = change.active is False or (change.roles is not None and "admin" not in change.roles)
    if not (leaves and row.active and "admin" in row.roles):
        return
    admins = session.scalars(
        select(PersonRow).where(PersonRow.active).order_by(PersonRow.id).with_for_update()
    )
    if [each.id for each in admins if "admin" in each.roles] == [row.id]:
        raise ConflictError(
            f"{row.id} is the only administrator", code="people.last_admin", mend="Name another one first."
        )


def _seen(teams: tuple[str, ...] | None) -> list[str] | None:
    return sorted({team for team in teams if team}) or None if teams else None


def _lock_lines(session: Session) -> dict[str, str | None]:
    """Whom each person reports to, held until the end of the transaction: two changes at once could close a
    circle that neither sees. All are locked in one order, so that nobody waits for each other; the key alone
    stays free for rows that refer to a person."""
    lines = select(PersonRow.id, PersonRow.reports_to).order_by(PersonRow.id)
    return {row.id: row.reports_to for row in session.execute(lines.with_for_update(key_share=True))}


def _superior(above: Mapping[str, str | None], person: str, superior: str) -> str | None:
    """Whom a person reports to, after a look up the whole line; a circle further up ends the look."""
    if not superior:
        return None
    if superior not in above:
        raise NotFoundError(f"there is no person {superior}", code="people.unknown")
    seen: set[str] = set()
    step: str | None = superior
    while step is not None and step not in seen:
        if step == person:
            raise ConflictError(
                f"{superior} reports to {person}, directly or through others",
                code="people.line",
                where="reports_to",
                mend="The line upwards must end somewhere: name somebody above.",
            )
        seen.add(step)
        step = above.get(step)
    return superior


def require_roles(roles: tuple[str, ...]) -> None:
    """Refuse an unknown role or none.

    Raises:
        BadInputError: `people.role`.
    """
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise BadInputError(
            f"{', '.join(unknown)} is no role" if unknown else "a person needs a role",
            code="people.role",
            mend=f"Roles: {', '.join(ROLES)}.",
        )


def new_token(session: Session, clock: Clock, person: str, *, by: str = "cli") -> str:
    """Give a person a new token and return it, once; the old one ends. Only its hash is kept.

    Raises:
        NotFoundError: `people.unknown`.
        ConflictError: `people.inactive`.
    """
    find_actor(session, person)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = session.get_one(PersonRow, person)
    row.token_sha256 = _digest(token)
    session.flush()
    audit.append(session, clock, actor=by, action="person.token", subject=f"person:{person}")
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
