"""Sessions of browsers: a random secret in a cookie, its hash here. They end by themselves, by their owner,
and with a new password, new roles or a person set inactive."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from store import audit
from store.clock import Clock
from store.identity.models import SessionRow
from store.identity.secrets_kept import digest, new_secret
from store.people import Actor, PersonRow, actor_of

LENGTH: Final = timedelta(hours=12)
IDLE: Final = timedelta(hours=2)
# Who signed in from where is forgotten after this long.
_REMEMBERED: Final = timedelta(days=90)
# When somebody was last seen is not written down more often.
_SEEN_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that holds: whose, and which; `enrols` where it only sets up a second factor."""

    id: int
    actor: Actor
    enrols: bool


def open_session(
    session: Session, clock: Clock, person: str, *, address: str, browser: str, enrols: bool = False
) -> str:
    """Begin a session and return its secret, for the cookie. One that `enrols` opens nothing until the second
    factor is set up (`enrolled`)."""
    secret, now = new_secret("dts_"), clock.now()
    session.execute(
        delete(SessionRow).where(SessionRow.person_id == person, SessionRow.expires_at < now - _REMEMBERED)
    )
    session.add(
        SessionRow(
            id_sha256=digest(secret),
            person_id=person,
            opened_at=now,
            seen_at=now,
            expires_at=now + LENGTH,
            address=address[:60],
            browser=browser[:200],
            enrols=enrols,
        )
    )
    session.flush()
    details = {"address": address[:60]}
    audit.append(
        session, clock, actor=person, action="session.opened", subject=f"person:{person}", details=details
    )
    return secret


def session_of(session: Session, secret: str, now: datetime) -> OpenSession | None:
    """The session with this secret, if it holds."""
    found = session.execute(
        select(SessionRow, PersonRow)
        .join(PersonRow, PersonRow.id == SessionRow.person_id)
        .where(SessionRow.id_sha256 == digest(secret))
    ).one_or_none()
    if found is None:
        return None
    row, person = found
    if row.ended_at is not None or now >= row.expires_at or now - row.seen_at > IDLE or not person.active:
        return None
    return OpenSession(row.id, actor_of(person), row.enrols)


def enrolled(session: Session, person: str) -> None:
    """The person set up the second factor: their sessions open what their roles do."""
    session.execute(
        update(SessionRow).where(SessionRow.person_id == person, SessionRow.enrols).values(enrols=False)
    )


def saw(session: Session, session_id: int, now: datetime) -> None:
    """Put down that the session was used just now."""
    session.execute(
        update(SessionRow)
        .where(SessionRow.id == session_id, SessionRow.seen_at < now - _SEEN_EVERY)
        .values(seen_at=now)
    )


def is_due(session: Session, session_id: int, now: datetime) -> bool:
    """Whether `saw` would write anything."""
    row = session.get(SessionRow, session_id)
    return row is not None and row.seen_at < now - _SEEN_EVERY


def csrf_of(secret: str) -> str:
    """What a page shows to prove that it is ours: made from the cookie, which other sites cannot read."""
    return hmac.new(secret.encode(), b"diting csrf", hashlib.sha256).hexdigest()


def end_session(session: Session, clock: Clock, session_id: int, *, by: str, because: str) -> None:
    """End one session; one that ended already stays as it ended."""
    row = session.get(SessionRow, session_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        return
    row.ended_at, row.ended_because = clock.now(), because
    session.flush()
    subject = f"person:{row.person_id}"
    audit.append(
        session, clock, actor=by, action="session.ended", subject=subject, details={"because": because}
    )


def end_sessions(session: Session, person: str, now: datetime, *, because: str) -> None:
    """End all sessions of a person."""
    session.execute(
        update(SessionRow)
        .where(SessionRow.person_id == person, SessionRow.ended_at.is_(None))
        .values(ended_at=now, ended_because=because)
    )


def sessions_of(session: Session, person: str, now: datetime) -> list[SessionRow]:
    """The sessions of a person that hold, the newest first."""
    query = (
        select(SessionRow)
        .where(SessionRow.person_id == person, SessionRow.ended_at.is_(None), SessionRow.expires_at > now)
        .order_by(SessionRow.id.desc())
    )
    return [row for row in session.scalars(query) if now - row.seen_at <= IDLE]
