"""Waiting for the database. One that restarts must cost neither an attempt nor work that was done."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from store.database import SessionFactory, transaction
from store.logging import get_logger

T = TypeVar("T")

# Classes of SQLSTATE that are no fault of the statement: lost connections, a server that ends or starts, too
# little room or memory, and transactions that got in each other's way.
_PASSING: Final = ("08", "40", "53", "57P")
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 5.0

_log = get_logger(__name__)


def is_passing(error: BaseException) -> bool:
    """Whether the same transaction may well succeed when the database server has recovered."""
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if not isinstance(error.orig, psycopg.Error):
        return False  # SQLite is in the process itself: it does not go away
    state = error.orig.sqlstate
    # A connection that cannot be made, or breaks, has no SQLSTATE.
    return state.startswith(_PASSING) if state else isinstance(error.orig, psycopg.OperationalError)


def patiently(
    sessions: SessionFactory, write: Callable[[Session], T], *, pause: Callable[[float], None] = time.sleep
) -> T:
    """Do `write` in a transaction; where the database goes away, do it again from its beginning when the
    database is back, however long that takes.

    The transaction may have been committed although nobody heard of it: `write` must be harmless to repeat.
    """

    def once() -> T:
        with transaction(sessions) as session:
            return write(session)

    return persevere(once, pause=pause)


def persevere(work: Callable[[], T], *, pause: Callable[[float], None] = time.sleep) -> T:
    """Do `work`, and again as long as the database is away. `pause` is given seconds to wait."""
    wait = _FIRST_PAUSE_S
    while True:
        try:
            return work()
        except DBAPIError as error:
            if not is_passing(error):
                raise
            _log.warning("database.away", error=type(error.orig).__name__, again_in_s=wait)
        pause(wait)
        wait = min(wait * 2, _LONGEST_PAUSE_S)
