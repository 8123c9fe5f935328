"""What a collector is told of a result, in plain words: what was said and where, which clause speaks of it,
what to say instead. Nothing of it names another person. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from qc.findings import Finding
from qc.language.schema import Citation
from qc.review.results import as_finding
from qc.review.rulebook import NO_COUNSEL, Rulebook
from qc.review.types import Item
from qc.review.view import TicketView, against, all_missed
from qc.taxonomy import CATEGORIES

# So many seconds around what was said, so that one hears what it answered and how it went on.
BEFORE_S: Final = 3.0
AFTER_S: Final = 2.0
_BY_CLAUSE: Final = {
    "zh": "请对照上述条款，换一种不违反规定的说法。",
    "en": "Find words that keep to the clause named here.",
}
_NO_ADVICE: Final = {
    "zh": "请重听这一段，与质检员或班长讨论更好的说法。",
    "en": "Hear this part again, and talk over better words with your supervisor.",
}


@dataclass(frozen=True, slots=True)
class Clip:
    """A part of the recording, in seconds."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that stands against the collector. `heard` is empty where a person added it. `title`, `why`
    and `better` are by language."""

    item: Item
    category: str
    title: Mapping[str, str]
    clip: Clip | None
    heard: str
    why: Mapping[str, str]
    clauses: tuple[Citation, ...]
    better: Mapping[str, str]


def feedback(view: TicketView, findings: Mapping[int, Finding], book: Rulebook) -> tuple[Point, ...]:
    """The points in order of time; none before the result is shared."""
    if view.shared_at is None:
        return ()
    missed = all_missed(view)
    points = []
    for item in against(view):
        if item.kind == "finding":
            finding, words = findings[item.number], None
        else:
            finding, words = as_finding(missed[item]), missed[item].comment
        points.append(_point(view, item, finding, words, book))
    return tuple(
        sorted(points, key=lambda point: (point.clip is None, point.clip.start if point.clip else 0))
    )


def _point(view: TicketView, item: Item, finding: Finding, words: str | None, book: Rulebook) -> Point:
    counsel = book.counsel.get(finding.rule) or book.by_category.get(finding.category, NO_COUNSEL)
    category = CATEGORIES[finding.category]
    return Point(
        item=item,
        category=finding.category,
        title={"zh": category.zh, "en": category.en},
        clip=_clip(finding, view.call.duration_s),
        heard=finding.heard,
        why=finding.why if words is None else {"zh": words, "en": words},
        clauses=counsel.cite,
        better=counsel.advice or (_BY_CLAUSE if counsel.cite else _NO_ADVICE),
    )


def _clip(finding: Finding, duration_s: float) -> Clip | None:
    if finding.start is None:
        return None
    end = finding.start if finding.end is None else finding.end
    return Clip(max(finding.start - BEFORE_S, 0.0), min(end + AFTER_S, duration_s))
