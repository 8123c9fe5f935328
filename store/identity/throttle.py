"""Guessing gets slower with every failure, by account and by address. Whoever waits may try again."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.identity.models import FailureRow

FREE: Final = 5
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=1)
FORGOTTEN_AFTER: Final = timedelta(hours=24)
# Many people share an address, behind a proxy for instance.
FREE_OF_ADDRESS: Final = 30


def account(person: str) -> str:
    """The subject of an account."""
    return f"account:{person}"[:200]


def address(host: str) -> str:
    """The subject of an address."""
    return f"address:{host}"[:200]


def wait_after(failures: int, *, free: int) -> timedelta:
    """How long to wait after so many failures in a row: nothing at first, then twice as long each time."""
    over = failures - free
    if over < 0:
        return timedelta(0)
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(over, 10)))


def locked_until(session: Session, subjects: Iterable[str], now: datetime) -> datetime | None:
    """Until when none of the subjects may try; None if they may."""
    query = select(FailureRow.locked_until).where(
        FailureRow.subject.in_(list(subjects)), FailureRow.locked_until > now
    )
    return max((until for until in session.scalars(query) if until), default=None)


def note_failure(session: Session, subjects: Iterable[str], now: datetime) -> datetime | None:
    """Count a failure of each subject; until when one of them is locked by it."""
    until: list[datetime] = []
    for subject in sorted(subjects):
        row = session.get(FailureRow, subject, with_for_update=True)
        if row is None:
            row = FailureRow(subject=subject, failures=0, last_at=now)
            session.add(row)
        if now - row.last_at > FORGOTTEN_AFTER:
            row.failures = 0
        row.failures, row.last_at = row.failures + 1, now
        wait = wait_after(row.failures, free=FREE_OF_ADDRESS if subject.startswith("address:") else FREE)
        row.locked_until = now + wait if wait else None
        until.extend([row.locked_until] if row.locked_until else [])
    session.flush()
    session.execute(delete(FailureRow).where(FailureRow.last_at < now - FORGOTTEN_AFTER))
    return max(until, default=None)


def forget(session: Session, subject: str) -> None:
    """Whoever proved who they are starts anew."""
    session.execute(delete(FailureRow).where(FailureRow.subject == subject))
