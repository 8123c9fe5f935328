"""The house, on each kind of database."""

from pathlib import Path

import pytest

from store.clock import FixedClock
from store.database import SessionFactory
from store.recordings import RecordingStore

from .house import House, make_house


@pytest.fixture
def house(
    session_factory: SessionFactory, recordings: RecordingStore, clock: FixedClock, tmp_path: Path
) -> House:
    return make_house(session_factory, recordings, clock, tmp_path)
