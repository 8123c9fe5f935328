"""The database of the settings, for commands that look at it or change it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from api.cli.database import prepare_database
from store.database import open_sessions, reading, transaction
from store.settings import Settings


@contextmanager
def looking() -> Iterator[tuple[Session, Settings]]:
    """A look at the database."""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        yield session, settings


@contextmanager
def changing() -> Iterator[tuple[Session, Settings]]:
    """One transaction."""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        yield session, settings
