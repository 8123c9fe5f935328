"""A house on a database of each kind."""

import pytest

from store.clock import FixedClock
from store.database import SessionFactory

from .house import House


@pytest.fixture
def house(session_factory: SessionFactory, clock: FixedClock) -> House:
    return House(session_factory, clock)
