"""Where one kind of database says enough."""

from collections.abc import Iterator

import pytest

from store.database import SessionFactory, make_engine, make_session_factory


@pytest.fixture
def sqlite_session_factory(sqlite_url: str) -> Iterator[SessionFactory]:
    engine = make_engine(sqlite_url)
    yield make_session_factory(engine)
    engine.dispose()
