"""How a source stands, and which process works on it. Nothing here commits."""

from datetime import timedelta

from sqlalchemy import or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ingest.sources.models import SourceStateRow
from store.clock import Clock


def state_of(session: Session, name: str) -> SourceStateRow:
    """How a source stands; a new row where it was never looked at."""
    row = session.get(SourceStateRow, name)
    if row is None:
        _insert_state(session, name)
        row = session.get_one(SourceStateRow, name)
    return row


def _insert_state(session: Session, name: str) -> None:
    kind = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"source": name, "failures": 0, "window_count": 0}
    session.execute(kind(SourceStateRow).values(row).on_conflict_do_nothing())


def take_source(session: Session, clock: Clock, name: str, token: str, seconds: float) -> bool:
    """Let one process alone work on a source for a while; False where another one does."""
    state_of(session, name)
    now = clock.now()
    free = or_(
        SourceStateRow.lease_until.is_(None),
        SourceStateRow.lease_until <= now,
        SourceStateRow.lease_token == token,
    )
    done = session.execute(
        update(SourceStateRow)
        .where(SourceStateRow.source == name, free)
        .values(lease_token=token, lease_until=now + timedelta(seconds=seconds))
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def leave_source(session: Session, name: str, token: str) -> None:
    """Let others work on it."""
    session.execute(
        update(SourceStateRow)
        .where(SourceStateRow.source == name, SourceStateRow.lease_token == token)
        .values(lease_token=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
