"""What an examination finds."""

from dataclasses import dataclass
from typing import Literal

from store.errors import DitingError

Verdict = Literal["ok", "warning", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how it is and, unless it is well, what to do.

    `warning`: it works, but somebody should look. `wrong`: part of the work cannot be done.
    """

    check: str
    verdict: Verdict
    zh: str
    en: str
    mend_zh: str = ""
    mend_en: str = ""
    code: str | None = None


def failed(check: str, error: DitingError) -> Finding:
    """What a check says that ended with one of our errors."""
    place = f"{error.where}: " if error.where else ""
    said, mend = f"{place}{error.message}", error.mend or ""
    return Finding(check, "wrong", said, said, mend, mend, error.code)
