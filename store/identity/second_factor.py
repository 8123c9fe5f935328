"""A second factor: codes that change every 30 seconds (TOTP, RFC 6238), each good once, and recovery codes.

The secret must be readable to check codes: it is kept encrypted with a key made from DITING_SECRET_KEY, so
the database alone gives no codes.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from store import audit
from store.clock import Clock
from store.errors import BadInputError, ConflictError
from store.identity.models import RecoveryCodeRow, SecondFactorRow
from store.identity.secrets_kept import digest

_STEP_S: Final = 30
# A clock that is off by one step is still right.
_DRIFT: Final = 1
RECOVERY_CODES: Final = 10
ISSUER: Final = "Diting 谛听"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator needs: the secret, and the address that a QR code holds."""

    secret: str
    uri: str

    @property
    def qr(self) -> str:
        """`uri` as a QR code: an SVG picture, black on white."""
        code = segno.make(self.uri, error="m", micro=False)
        return str(code.svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=False))


def begin(session: Session, clock: Clock, person: str, key: str) -> Enrolment:
    """Give a person a secret; it counts once a code of it was shown. One that was never confirmed ends.

    Raises:
        ConflictError: `second_factor.on`.
    """
    row = session.get(SecondFactorRow, person, with_for_update=True)
    if row is not None and row.confirmed_at is not None:
        raise ConflictError(
            f"{person} has a second factor", code="second_factor.on", mend="Take it away first."
        )
    secret = pyotp.random_base32()
    sealed = _box(key).encrypt(secret.encode()).decode()
    if row is None:
        session.add(SecondFactorRow(person_id=person, secret=sealed, made_at=clock.now(), last_step=0))
    else:
        row.secret, row.made_at, row.last_step = sealed, clock.now(), 0
    session.flush()
    return _enrolment(person, secret)


def begun(session: Session, person: str, key: str) -> Enrolment | None:
    """What was given to a person who has not confirmed it yet; None where nothing
    was, or with another key."""
    row = session.get(SecondFactorRow, person)
    if row is None or row.confirmed_at is not None:
        return None
    try:
        return _enrolment(person, _box(key).decrypt(row.secret.encode()).decode())
    except InvalidToken:
        return None


def confirm(session: Session, clock: Clock, person: str, code: str, key: str) -> list[str]:
    """Turn the second factor on by a first code; returns the recovery codes, shown this once.

    Raises:
        BadInputError: `second_factor.code`, it is wrong, or nothing was begun.
        ConflictError: `second_factor.on`.
    """
    row = session.get(SecondFactorRow, person, with_for_update=True)
    if row is not None and row.confirmed_at is not None:
        raise ConflictError(f"{person} has a second factor", code="second_factor.on")
    if row is None or not _take_step(row, code, clock.now(), key):
        raise BadInputError(
            "the code is not right",
            code="second_factor.code",
            where="code",
            mend="Take the newest code, and check the clock of the telephone.",
        )
    row.confirmed_at = clock.now()
    codes = [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(RECOVERY_CODES)]
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.person_id == person))
    session.add_all(RecoveryCodeRow(person_id=person, sha256=_kept(person, each)) for each in codes)
    session.flush()
    subject = f"person:{person}"
    audit.append(session, clock, actor=person, action="second_factor.on", subject=subject)
    return codes


def is_on(session: Session, person: str) -> bool:
    """Whether the person signs in with a second factor."""
    row = session.get(SecondFactorRow, person)
    return row is not None and row.confirmed_at is not None


def code_fits(session: Session, clock: Clock, person: str, code: str, key: str) -> bool:
    """Whether this is the person's code, or one of the recovery codes. Either is good once: somebody who
    looked over the shoulder comes too late."""
    row = session.get(SecondFactorRow, person, with_for_update=True)
    if row is None or row.confirmed_at is None:
        return False
    if _take_step(row, code, clock.now(), key):
        session.flush()
        return True
    used = session.scalars(
        update(RecoveryCodeRow)
        .where(
            RecoveryCodeRow.person_id == person,
            RecoveryCodeRow.sha256 == _kept(person, code.strip().lower()),
            RecoveryCodeRow.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(RecoveryCodeRow.id)
    ).all()
    if used:
        audit.append(
            session, clock, actor=person, action="second_factor.recovered", subject=f"person:{person}"
        )
    return bool(used)


def take_away(session: Session, clock: Clock, person: str, *, by: str) -> None:
    """Turn the second factor off, also for somebody who lost it; nothing happens where there is none."""
    if session.get(SecondFactorRow, person, with_for_update=True) is None:
        return
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.person_id == person))
    session.execute(delete(SecondFactorRow).where(SecondFactorRow.person_id == person))
    audit.append(session, clock, actor=by, action="second_factor.off", subject=f"person:{person}")


def recovery_codes_left(session: Session, person: str) -> int:
    """How many recovery codes are unused."""
    query = select(RecoveryCodeRow.id).where(
        RecoveryCodeRow.person_id == person, RecoveryCodeRow.used_at.is_(None)
    )
    return len(session.scalars(query).all())


def _enrolment(person: str, secret: str) -> Enrolment:
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=person, issuer_name=ISSUER))


def _take_step(row: SecondFactorRow, code: str, now: datetime, key: str) -> bool:
    """Whether the code is of a step that was not used yet; that step and all before it are used up."""
    given = code.replace(" ", "")
    if not given.isascii() or not given.isdecimal():
        return False
    try:
        totp = pyotp.TOTP(_box(key).decrypt(row.secret.encode()).decode())
    except InvalidToken:
        return False
    step = int(now.timestamp()) // _STEP_S
    for each in range(max(step - _DRIFT, row.last_step + 1), step + _DRIFT + 1):
        if secrets.compare_digest(totp.generate_otp(each), given):
            row.last_step = each
            return True
    return False


def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"diting second factor" + key.encode()).digest()))


def _kept(person: str, code: str) -> str:
    return digest(f"{person} {code}")
