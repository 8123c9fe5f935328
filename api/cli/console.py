"""What the commands share: where they write, and how they say what is wrong."""

import os
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any, Final, TypeVar

from rich.console import Console, ConsoleDimensions
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import DBAPIError

from store.errors import DitingError

# Wider than any line: rows that go into a pipe or a file are neither wrapped nor cut.
_WIDE: Final = 10_000


class Output(Console):
    """Standard output. On a terminal tables fit its width, and what is too long goes on below, so that no
    name or number is cut; elsewhere each row is one line (COLUMNS sets another width)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(highlight=False, **options)

    @property
    def size(self) -> ConsoleDimensions:
        """How much fits on one line and one page."""
        if self.is_terminal or self._width is not None or os.environ.get("COLUMNS"):
            return super().size
        return ConsoleDimensions(_WIDE, super().size.height)

    @size.setter
    def size(self, new_size: tuple[int, int]) -> None:
        self._width, self._height = new_size

    def print(self, *objects: Any, **options: Any) -> None:
        """Like rich's own, but for tables; see the class."""
        for each in objects:
            if isinstance(each, Table):
                for column in each.columns:
                    column.overflow = "fold"
        super().print(*objects, **options)

    def rows(self, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """A table as wide as what is in it; on a terminal that is too narrow, row below row instead, each
        value on a line of its own."""
        cells = [[Text("" if each is None else str(each)) for each in row] for row in rows]
        table = Table(*headings, box=None, padding=(0, 2, 0, 0))
        for row in cells:
            table.add_row(*row)
        natural = Measurement.get(self, self.options.update(max_width=_WIDE), table).maximum
        if natural <= self.width or not cells:
            self.print(table)
            return
        for row in cells:
            record = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
            for heading, cell in zip(headings, row, strict=True):
                if cell.plain:
                    record.add_row(Text(heading, style="bold", no_wrap=True), cell)
            self.print(record)
            self.print()


out = Output()
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
