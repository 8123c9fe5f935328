"""How much of what people marked is found, and how much of what is found was marked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from transcription.privacy.detect import find
from transcription.privacy.marked import MarkedCall
from transcription.privacy.types import NUMBER_KINDS, Found, Span

GROUPS: Final = ("names", "numbers", "others")


@dataclass(frozen=True, slots=True)
class Figures:
    """`marked` by people and `covered` of these; `found` and `right` of those. A mark is covered when each of
    its letters and figures is; a find is right where it touches a mark."""

    marked: int
    covered: int
    found: int
    right: int

    @property
    def recall(self) -> float:
        """0..1; 1 where nothing was marked."""
        return self.covered / self.marked if self.marked else 1.0

    @property
    def precision(self) -> float:
        """0..1; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mark that is not covered (`missed`), or a find that nobody marked."""

    missed: bool
    kind: str
    text: str
    said: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures by kind and by group, and every mistake."""

    by_kind: dict[str, Figures]
    by_group: dict[str, Figures]
    mistakes: tuple[Mistake, ...]


def group_of(kind: str) -> str:
    """`names`, `numbers` or `others`."""
    if kind == "name":
        return "names"
    return "numbers" if kind in NUMBER_KINDS else "others"


def evaluate(calls: Iterable[MarkedCall]) -> Evaluation:
    """Find personal data in the calls as if nothing were known of them, and compare."""
    counts: Counter[tuple[str, str]] = Counter()
    mistakes: list[Mistake] = []
    for call in calls:
        spans = find(call.utterances).spans
        for utterance, marks in zip(call.utterances, call.marks, strict=True):
            here = [span for span in spans if span.utterance == utterance.id]
            mistakes += _count(utterance.text, marks, here, counts)
    kinds = sorted({kind for kind, _ in counts})
    by_kind = {kind: _figures(counts, [kind]) for kind in kinds}
    by_group = {name: _figures(counts, [kind for kind in kinds if group_of(kind) == name]) for name in GROUPS}
    return Evaluation(by_kind, by_group, tuple(mistakes))


def _count(
    text: str, marks: Iterable[Found], spans: Iterable[Span], counts: Counter[tuple[str, str]]
) -> list[Mistake]:
    mistakes = []
    marks, spans = list(marks), list(spans)
    hidden = {at for span in spans for at in range(span.start, span.end)}
    for mark in marks:
        covered = all(at in hidden for at in range(mark.start, mark.end) if text[at].isalnum())
        counts[mark.kind, "marked"] += 1
        counts[mark.kind, "covered"] += covered
        if not covered:
            mistakes.append(Mistake(True, mark.kind, text[mark.start : mark.end], text))
    for span in spans:
        right = any(span.start < mark.end and mark.start < span.end for mark in marks)
        counts[span.kind, "found"] += 1
        counts[span.kind, "right"] += right
        if not right:
            mistakes.append(Mistake(False, span.kind, text[span.start : span.end], text))
    return mistakes


def _figures(counts: Counter[tuple[str, str]], kinds: Iterable[str]) -> Figures:
    kinds = list(kinds)
    marked, covered, found, right = (
        sum(counts[kind, what] for kind in kinds) for what in ("marked", "covered", "found", "right")
    )
    return Figures(marked, covered, found, right)
