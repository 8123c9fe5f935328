"""Signing in with a password, slower with every wrong one, and the first administrator."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from store import audit
from store.clock import Clock
from store.errors import ConflictError, NotFoundError
from store.identity import second_factor, throttle
from store.identity.models import SetupTokenRow
from store.identity.passwords import password_fits, set_password
from store.identity.secrets_kept import digest, new_secret
from store.people import Person, PersonRow, add_person, list_people

SETUP_LENGTH: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt ended: `person` is who it was, or None; `locked_until` when one may try again;
    `code_wanted` that the password was right and the code of the second factor is missing."""

    person: str | None
    locked_until: datetime | None = None
    code_wanted: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody shows to sign in; `key` is the one that secrets of second factors are kept with."""

    password: str
    code: str = ""
    key: str = ""


def try_sign_in(session: Session, clock: Clock, person: str, proof: Proof, *, address: str) -> Attempt:
    """Check a password and, where there is a second factor, its code. What failed is counted, so commit
    whatever comes back. Somebody who is locked out is told so before the password is looked at, whether
    there is such an account or not."""
    now, subjects = clock.now(), (throttle.account(person), throttle.address(address))
    locked = throttle.locked_until(session, subjects, now)
    if locked is not None:
        return Attempt(None, locked)
    row = session.get(PersonRow, person[:100])
    fits = password_fits(session, person[:100], proof.password, now)
    if fits and row is not None and row.active:
        wants_code = second_factor.is_on(session, person)
        if wants_code and not proof.code:
            return Attempt(None, code_wanted=True)
        if not wants_code or second_factor.code_fits(session, clock, person, proof.code, proof.key):
            throttle.forget(session, throttle.account(person))
            return Attempt(person)
    return failed(session, clock, person, address=address, known=row is not None)


def failed(session: Session, clock: Clock, person: str, *, address: str, known: bool) -> Attempt:
    """Count a failure and put it on record."""
    locked = throttle.note_failure(
        session, (throttle.account(person), throttle.address(address)), clock.now()
    )
    audit.append(
        session,
        clock,
        actor=person if known else "nobody",
        action="session.refused",
        subject=f"person:{person}" if known else "person:unknown",
        details={"address": address[:60], "locked": locked is not None},
    )
    return Attempt(None, locked)


def new_setup_token(session: Session, clock: Clock, *, by: str) -> str:
    """A token by which the first administrator is made; an earlier one ends.

    Raises:
        ConflictError: `setup.done`, there is an administrator.
    """
    _require_no_admin(session)
    session.execute(delete(SetupTokenRow).where(SetupTokenRow.used_at.is_(None)))
    secret, now = new_secret("dtu_"), clock.now()
    session.add(SetupTokenRow(sha256=digest(secret), made_at=now, expires_at=now + SETUP_LENGTH))
    session.flush()
    audit.append(session, clock, actor=by, action="setup.token", subject="installation")
    return secret


def set_up(session: Session, clock: Clock, token: str, *, person: str, name: str, password: str) -> None:
    """Make the first administrator. The token is used up in the same transaction.

    Raises:
        NotFoundError: `setup.token`, it is wrong, used or too old.
        ConflictError: `setup.done`, or `people.taken`.
        BadInputError: `people.name`, `password.weak`.
    """
    row = session.get(SetupTokenRow, digest(token), with_for_update=True)
    if row is None or row.used_at is not None or row.expires_at <= clock.now():
        raise NotFoundError(
            "the setup token is wrong, used or too old", code="setup.token", mend="Run `diting setup-token`."
        )
    _require_no_admin(session)
    row.used_at = clock.now()
    add_person(session, clock, Person(person, name, ("admin",)), by="setup")
    set_password(session, clock, person, password, by="setup")


def needs_setup(session: Session) -> bool:
    """Whether nobody administers this installation yet."""
    return not list_people(session, role="admin")


def _require_no_admin(session: Session) -> None:
    if not needs_setup(session):
        raise ConflictError(
            "there is an administrator",
            code="setup.done",
            mend="`diting people password ID` gives an account a new password.",
        )
