"""A fresh database for the tests of the stored warnings."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from complaint_warnings.types import CallEvidence
from ingest.models import CallRow, RecordingRow
from store.clock import FixedClock
from store.database import SessionFactory

from .helpers import NOON


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def factory(session_factory: SessionFactory) -> SessionFactory:
    """A migrated database, once of each kind."""
    return session_factory


@pytest.fixture
def register() -> Callable[[Session, CallEvidence, str], int]:
    """Put a call into the database as ingest would; returns its id."""

    def put(session: Session, evidence: CallEvidence, debtor: str = "debtor:C1") -> int:
        digest = evidence.call.encode().hex().ljust(64, "0")[:64]
        session.add(
            RecordingRow(
                sha256=digest,
                bytes=1,
                codec="opus",
                source_rate=8000,
                source_channels=2,
                duration_s=1.0,
                original_name="call.opus",
                stored_at=NOON,
            )
        )
        session.flush()
        row = CallRow(
            source=evidence.record.source,
            external_id=evidence.call,
            recording_sha256=digest,
            started_at=evidence.started_at,
            debtor_key=debtor,
            record=evidence.record.model_dump(mode="json"),
            record_sha256=digest,
            registered_at=NOON,
        )
        session.add(row)
        session.flush()
        return row.id

    return put
