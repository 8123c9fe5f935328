"""The house of the cases' tests."""

import pytest

from store.clock import FixedClock
from store.database import SessionFactory, transaction

from .people import add_house
from .test_door import Cases


@pytest.fixture
def cases(session_factory: SessionFactory, clock: FixedClock) -> Cases:
    with transaction(session_factory) as session:
        add_house(session, clock)
    return Cases(session_factory, clock)
