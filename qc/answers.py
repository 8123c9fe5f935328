"""What a fact of the record comes to, and reckoning with what the record does not say."""

from collections.abc import Iterable
from dataclasses import dataclass

UNCLEAR_HISTORY = "history.unclear"


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the fact holds, and in words (Chinese, English) how it was measured. `sure` is False where
    part was assumed. `unclear` is the code of the reason why it may hold all the same, though the record
    does not prove it: nobody is accused, and the call is not clean either. `since` names the earlier call
    that made it so."""

    holds: bool
    measured: tuple[str, str] = ("", "")
    sure: bool = True
    unclear: str | None = None
    since: str | None = None


NO = Answer(False)


def both(*parts: bool | None) -> bool | None:
    """Whether all hold; None where that hangs on what is not known."""
    if False in parts:
        return False
    return None if None in parts else True


def bounds(counted: Iterable[bool | None]) -> tuple[int, int]:
    """How many count for sure, and how many may at most."""
    listed = list(counted)
    sure = sum(one is True for one in listed)
    return sure, sure + sum(one is None for one in listed)
