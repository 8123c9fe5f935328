"""Passwords: Argon2id with the parameters of RFC 9106's second choice, as argon2-cffi has them."""

from datetime import datetime
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from store import audit
from store.clock import Clock
from store.errors import BadInputError
from store.identity.models import PasswordRow
from store.identity.sessions import end_sessions
from store.people import find_actor

SHORTEST: Final = 12
LONGEST: Final = 200
# Long enough and still among the first that are tried.
_COMMON: Final = frozenset(
    [
        "123456789012",
        "1234567890123",
        "12345678901234",
        "password1234",
        "password12345",
        "passwordpassword",
        "qwertyuiop12",
        "qwertyuiop123",
        "1qaz2wsx3edc",
        "1q2w3e4r5t6y",
        "administrator",
        "admin1234567",
        "woaini520520",
        "woaini1314520",
        "111111111111",
        "000000000000",
        "888888888888",
        "666666666666",
        "iloveyou1234",
        "letmein12345",
        "welcome12345",
        "abcdefghijkl",
        "abc123456789",
        "qq1234567890",
    ]
)
_HASHER: Final = PasswordHasher()


def require_strong(password: str, person: str) -> None:
    """Refuse a password that is guessed soon.

    Raises:
        BadInputError: `password.weak`.
    """
    plain = password.casefold()
    problem = None
    if len(password) < SHORTEST:
        problem = f"it has {len(password)} characters"
    elif len(password) > LONGEST:
        problem = f"it has more than {LONGEST} characters"
    elif plain in _COMMON or len(set(plain)) < SHORTEST // 3:
        problem = "it is among the first that are guessed"
    elif person.casefold() in plain and len(person) > 2:
        problem = "the person's id is in it"
    if problem:
        raise BadInputError(
            f"the password is too weak: {problem}",
            code="password.weak",
            mend=f"Take {SHORTEST} characters or more, such as four words that do not belong together.",
        )


def set_password(session: Session, clock: Clock, person: str, password: str, *, by: str) -> None:
    """Give a person a password; all their sessions end.

    Raises:
        BadInputError: `password.weak`.
        NotFoundError: `people.unknown`.
        ConflictError: `people.inactive`.
    """
    find_actor(session, person)
    require_strong(password, person)
    row = session.get(PasswordRow, person, with_for_update=True)
    kept = _HASHER.hash(password)
    if row is None:
        session.add(PasswordRow(person_id=person, hash=kept, changed_at=clock.now()))
    else:
        row.hash, row.changed_at = kept, clock.now()
    end_sessions(session, person, clock.now(), because="password")
    session.flush()
    audit.append(session, clock, actor=by, action="person.password", subject=f"person:{person}")


def password_fits(session: Session, person: str, password: str, now: datetime) -> bool:
    """Whether this is the person's password. It takes as long for a person who has none, or who is nobody. A
    hash of older parameters is made anew."""
    row = session.get(PasswordRow, person)
    try:
        _HASHER.verify(row.hash if row else _nobodys(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    if row is None:
        return False
    if _HASHER.check_needs_rehash(row.hash):
        row.hash, row.changed_at = _HASHER.hash(password), now
    return True


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")
