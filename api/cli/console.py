"""What the commands share: where they write, and how they say what is wrong."""

from enum import StrEnum

from rich.console import Console

from store.errors import DitingError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False, soft_wrap=True)

FINE, CRASHED, BAD_INPUT, UNJUDGED = 0, 1, 2, 3
_GRAVITY = (FINE, UNJUDGED, BAD_INPUT, CRASHED)  # of several outcomes the last in this order wins


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
