"""Keys for programs, several for one account, and short-lived tokens that are given for a key."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from store import audit
from store.clock import Clock
from store.errors import BadInputError, ConflictError, NotFoundError
from store.identity.models import KeyRow
from store.identity.secrets_kept import digest, new_secret
from store.people import Actor, PersonRow, actor_of, find_actor

KEY: Final = "dtk_"
TOKEN: Final = "dtt_"  # noqa: S105 (how a token begins)
TOKEN_LENGTH: Final = timedelta(minutes=15)
MOST: Final = 20
_SHOWN = 10
_USED_EVERY: Final = timedelta(minutes=1)
# Tokens that ended are kept for so long, to be told from wrong ones.
_PAST: Final = timedelta(days=1)


def make_key(
    session: Session, clock: Clock, person: str, name: str, *, days: int | None, by: str
) -> tuple[KeyRow, str]:
    """Make a key and return it with its secret, which is shown this once.

    Raises:
        BadInputError: `keys.name`.
        NotFoundError: `people.unknown`.
        ConflictError: `people.inactive`, or `keys.many`.
    """
    find_actor(session, person)
    if not name.strip() or len(name) > 100:
        raise BadInputError("a key needs a name of at most 100 characters", code="keys.name", where="name")
    if len(keys_of(session, person, clock.now())) >= MOST:
        raise ConflictError(f"{person} has {MOST} keys", code="keys.many", mend="Revoke one first.")
    secret = new_secret(KEY)
    until = None if days is None else clock.now() + timedelta(days=days)
    row = _add(session, person, name.strip(), secret, clock.now(), until)
    details = {"key": row.prefix, "name": row.name}
    audit.append(session, clock, actor=by, action="key.made", subject=f"person:{person}", details=details)
    return row, secret


def exchange(session: Session, clock: Clock, secret: str) -> tuple[str, datetime] | None:
    """A token for a key and when it ends; None where the key is nobody's. A token buys no token."""
    found = _find(session, secret, clock.now()) if secret.startswith(KEY) else None
    if found is None:
        return None
    key, _ = found
    token, now = new_secret(TOKEN), clock.now()
    until = min(now + TOKEN_LENGTH, key.expires_at) if key.expires_at else now + TOKEN_LENGTH
    past = KeyRow.expires_at < now - _PAST
    session.execute(delete(KeyRow).where(KeyRow.parent_id == key.id, past))
    _add(session, key.person_id, key.name, token, now, until, parent=key.id)
    return token, until


def actor_of_key(session: Session, secret: str, now: datetime) -> Actor | None:
    """Whose key or token this is; None where it is nobody's, ended, revoked, or its owner inactive."""
    found = _find(session, secret, now) if secret.startswith((KEY, TOKEN)) else None
    return None if found is None else found[1]


def used(session: Session, secret: str, now: datetime) -> None:
    """Put down that the key was used; at most once a minute."""
    session.execute(
        update(KeyRow)
        .where(
            KeyRow.sha256 == digest(secret), (KeyRow.used_at.is_(None)) | (KeyRow.used_at < now - _USED_EVERY)
        )
        .values(used_at=now)
    )


def is_due(session: Session, secret: str, now: datetime) -> bool:
    """Whether `used` would write anything."""
    row = session.scalars(select(KeyRow).where(KeyRow.sha256 == digest(secret))).one_or_none()
    return row is not None and (row.used_at is None or row.used_at < now - _USED_EVERY)


def revoke(session: Session, clock: Clock, person: str, key: int, *, by: str) -> None:
    """End a key and all tokens given for it; one that is revoked stays so.

    Raises:
        NotFoundError: `keys.unknown`, the person has no such key.
    """
    row = session.get(KeyRow, key, with_for_update=True)
    if row is None or row.person_id != person or row.parent_id is not None:
        raise NotFoundError(f"{person} has no key {key}", code="keys.unknown")
    if row.revoked_at is not None:
        return
    row.revoked_at = clock.now()
    session.flush()
    details = {"key": row.prefix, "name": row.name}
    audit.append(session, clock, actor=by, action="key.revoked", subject=f"person:{person}", details=details)


def keys_of(session: Session, person: str, now: datetime) -> list[KeyRow]:
    """The keys of a person that hold, the newest first."""
    query = select(KeyRow).where(
        KeyRow.person_id == person, KeyRow.parent_id.is_(None), KeyRow.revoked_at.is_(None)
    )
    rows = session.scalars(query.order_by(KeyRow.id.desc()))
    return [row for row in rows if row.expires_at is None or row.expires_at > now]


def _find(session: Session, secret: str, now: datetime) -> tuple[KeyRow, Actor] | None:
    found = session.execute(
        select(KeyRow, PersonRow)
        .join(PersonRow, PersonRow.id == KeyRow.person_id)
        .where(KeyRow.sha256 == digest(secret))
    ).one_or_none()
    if found is None:
        return None
    row, person = found
    parent = session.get(KeyRow, row.parent_id) if row.parent_id is not None else None
    holds = all(
        each.revoked_at is None and (each.expires_at is None or each.expires_at > now)
        for each in (row, parent)
        if each is not None
    )
    return (row, actor_of(person)) if holds and person.active else None


def _add(
    session: Session,
    person: str,
    name: str,
    secret: str,
    now: datetime,
    until: datetime | None,
    *,
    parent: int | None = None,
) -> KeyRow:
    row = KeyRow(
        person_id=person,
        parent_id=parent,
        name=name,
        prefix=secret[:_SHOWN],
        sha256=digest(secret),
        made_at=now,
        expires_at=until,
    )
    session.add(row)
    session.flush()
    return row
