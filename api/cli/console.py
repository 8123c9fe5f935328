"""What the commands share: where they write, and how they say what is wrong."""

import os
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from rich.console import Console
from sqlalchemy.exc import DBAPIError

from store.errors import DitingError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False, soft_wrap=True)

FINE, CRASHED, BAD_INPUT, UNJUDGED = 0, 1, 2, 3
_GRAVITY = (FINE, UNJUDGED, BAD_INPUT, CRASHED)  # of several outcomes the last in this order wins


T = TypeVar("T")


class Language(StrEnum):
    """The languages of the summaries."""

    ZH = "zh"
    EN = "en"


def gravest(codes: list[int]) -> int:
    """The exit code of several outcomes: bad input outweighs unjudged, unjudged outweighs judged."""
    return max(codes, key=_GRAVITY.index, default=FINE)


def complain(error: DitingError) -> None:
    """Says on one line of standard error what is wrong, where, and how to mend it."""
    line(str(error))


def line(message: str) -> None:
    """Writes one line to standard error; control characters of hostile names do not reach the terminal."""
    text = " ".join(message.split())
    err.print("".join(c if c.isprintable() else "?" for c in text), markup=False)


def attempt(step: Callable[[], T]) -> tuple[T | None, int]:
    """Does one step of many: its value and exit code 0, or None and the exit code of what went wrong,
    which is said on one line."""
    try:
        return step(), FINE
    except DitingError as error:
        complain(error)
        return None, error.exit_code
    except Exception as error:
        if debugging():
            raise
        line(crash(error))
        return None, CRASHED


def crash(error: Exception) -> str:
    """What to say of an error that nobody foresaw. Of the database only its own words: the statement around
    them may hold personal data."""
    if isinstance(error, DBAPIError):
        return (
            f"the database does not answer as it should ({error.orig}). Check that it runs, "
            "DITING_DATABASE_URL, and the rights and free space of its disk. [database.failed]"
        )
    return f"unexpected {type(error).__name__}: {error}. DITING_LOG_LEVEL=debug shows where. [cli.unexpected]"


def debugging() -> bool:
    """Whether tracebacks are wanted. Asked of the environment, because the settings may be what is wrong."""
    return os.environ.get("DITING_LOG_LEVEL") == "debug"
