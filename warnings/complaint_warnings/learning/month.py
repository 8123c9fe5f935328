"""A month in figures: the whole, its parts, and how warnings and complaints met. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from complaint_warnings.learning.conversion import Conversion, Heard, conversion
from complaint_warnings.learning.figures import Figures, Span, figures, figures_by
from complaint_warnings.learning.types import CaseStory
from store.errors import BadInputError

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")

PARTS: dict[str, Callable[[CaseStory], str | None]] = {
    "team": lambda story: story.team,
    "collector": lambda story: story.collector,
    "client": lambda story: story.client,
    "channel": lambda story: story.channel,
}


@dataclass(frozen=True, slots=True)
class Month:
    """The figures of a month. `parts` maps each way of dividing it to its parts by name; the empty name
    stands for what is not known."""

    name: str
    whole: Figures
    parts: dict[str, dict[str, Figures]]
    conversion: Conversion


def month_span(name: str, zone: ZoneInfo) -> Span:
    """The month `2026-10` by the clocks of the house.

    Raises:
        BadInputError: `learning.month`.
    """
    found = _MONTH.fullmatch(name)
    if found is None or int(found[1]) < 1:
        raise BadInputError(
            f"{name!r} is no month", code="learning.month", where="month", mend="Write it as 2026-10."
        )
    year, month = int(found[1]), int(found[2])
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return Span(datetime(year, month, 1, tzinfo=zone), datetime(*following, 1, tzinfo=zone))


def months_up_to(name: str, count: int) -> list[str]:
    """So many months, the named one last; fewer where the calendar has no earlier ones.

    Raises:
        BadInputError: `learning.month`.
    """
    month_span(name, ZoneInfo("UTC"))
    last = int(name[:4]) * 12 + int(name[5:]) - 1
    first = max(12, last - count + 1)
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1)]


def month_of(
    stories: Sequence[CaseStory], name: str, zone: ZoneInfo, heard: Callable[[CaseStory], Heard]
) -> Month:
    """The figures of a month over all cases.

    Raises:
        BadInputError: `learning.month`.
    """
    span = month_span(name, zone)
    return Month(
        name=name,
        whole=figures(stories, span),
        parts={part: figures_by(stories, span, key) for part, key in PARTS.items()},
        conversion=conversion(stories, span, heard),
    )
