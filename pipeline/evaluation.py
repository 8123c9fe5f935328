"""How well findings agree with labelled calls: pure counting, no files, no models.

A category counts as found in a call when at least one finding of it exists, certain or unsure. Categories
named in `open` are left out of every count. A category found but not labelled is a false positive; when it
is also named in `absent` it is a near-miss false alarm as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.labels import Labels

NEAR = 1  # an utterance index within this distance of a labelled one counts as the same place


@dataclass(frozen=True, slots=True)
class Span:
    """One utterance's place: who speaks, from when to when (seconds)."""

    speaker: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """One labelled call, compared. `found` maps each category found to the reference utterances it points
    at. `status` is `inspected`, `unjudged` or `refused`; `reason` explains the last two."""

    name: str
    labels: Labels
    status: str
    found: Mapping[str, frozenset[int]] = field(default_factory=dict)
    band: str | None = None
    level: str | None = None
    reason: str = ""


def compare(
    name: str, labels: Labels, result: Mapping[str, Any], turns: Sequence[Span] | None
) -> CallOutcome:
    """Compares one result object (docs/formats.md) with the labels of its call.

    Args:
        name: the call's name in the folder.
        labels: what should be found.
        result: the object `diting inspect --json` prints.
        turns: the reference utterances when the result was made from audio, so that its own utterances
            are mapped to them by time; None when it was made from the reference transcript itself.
    """
    heard = [Span(u["speaker"], u["start"], u["end"]) for u in result["transcript"]["utterances"]]
    found: dict[str, set[int]] = {}
    for finding in result["findings"]:
        places = found.setdefault(finding["category"], set())
        if turns is None:
            places.update(finding["utterances"])
        else:
            for span in _spans(finding, heard):
                places.update(locate(span, turns))
    score, warning = result.get("score"), result.get("warning")
    return CallOutcome(
        name=name,
        labels=labels,
        status=result["status"],
        found={category: frozenset(places) for category, places in found.items()},
        band=score["band"] if score else None,
        level=warning["level"] if warning else "none",
        reason="; ".join(result.get("reasons", [])),
    )


def _spans(finding: Mapping[str, Any], heard: Sequence[Span]) -> list[Span]:
    """Where a finding lies: its utterances, or its own times when it names none."""
    spans = [heard[i] for i in finding["utterances"] if 0 <= i < len(heard)]
    if not spans and finding.get("start") is not None:
        end = finding["end"] if finding.get("end") is not None else finding["start"]
        spans = [Span(finding.get("speaker") or "unknown", finding["start"], end)]
    return spans


def locate(span: Span, turns: Sequence[Span]) -> frozenset[int]:
    """The reference turns a stretch of audio overlaps, those of the same speaker first.

    A stretch that overlaps none (it lies in a pause) is given the nearest turn.
    """
    if not turns:
        return frozenset()
    over = [i for i, turn in enumerate(turns) if min(span.end, turn.end) > max(span.start, turn.start)]
    same = [i for i in over if turns[i].speaker == span.speaker]
    if over:
        return frozenset(same or over)
    nearest = min(turns, key=lambda turn: max(turn.start - span.end, span.start - turn.end))
    return frozenset({turns.index(nearest)})


@dataclass(frozen=True, slots=True)
class CategoryCounts:
    """Counts of one category over all calls. `placed` of the `placeable` true positives point within one
    utterance of a labelled one (labels without utterances cannot be placed)."""

    category: str
    tp: int = 0
    fp: int = 0
    fn: int = 0
    placed: int = 0
    placeable: int = 0
    near_misses: int = 0
    near_miss_alarms: int = 0

    @property
    def support(self) -> int:
        """Calls in which the category is labelled present."""
        return self.tp + self.fn

    @property
    def precision(self) -> float | None:
        """tp / (tp + fp), None when the category was never found."""
        return ratio(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float | None:
        """tp / (tp + fn), None when the category never occurs."""
        return ratio(self.tp, self.support)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall, None when the category is neither labelled nor found."""
        return ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)


def ratio(part: int, whole: int) -> float | None:
    """part / whole, or None when there is nothing to divide by."""
    return part / whole if whole else None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many of the calls that state an expectation got exactly it."""

    right: int
    of: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All measures over a folder of labelled calls."""

    outcomes: tuple[CallOutcome, ...]
    categories: tuple[CategoryCounts, ...]
    band: Agreement
    level: Agreement

    @property
    def macro_f1(self) -> float | None:
        """Mean F1 over the categories that occur in the labels."""
        values = [c.f1 for c in self.categories if c.support and c.f1 is not None]
        return sum(values) / len(values) if values else None

    @property
    def total(self) -> CategoryCounts:
        """The counts of all categories added up (micro average)."""
        added = {
            name: sum(getattr(c, name) for c in self.categories)
            for name in CategoryCounts.__dataclass_fields__
            if name != "category"
        }
        return CategoryCounts("all", **added)

    @property
    def statuses(self) -> dict[str, int]:
        """Calls by status."""
        names = [outcome.status for outcome in self.outcomes]
        return {name: names.count(name) for name in ("inspected", "unjudged", "refused")}


def summarise(outcomes: Sequence[CallOutcome]) -> Evaluation:
    """Adds the compared calls up. A refused call counts all its labels as missed."""
    names = sorted({c for o in outcomes for c in (*o.labels.present, *o.labels.absent, *o.found)})
    return Evaluation(
        outcomes=tuple(outcomes),
        categories=tuple(
            counts for counts in (_count(name, outcomes) for name in names) if counts.support or _seen(counts)
        ),
        band=_agreement([(o.labels.band, o.band) for o in outcomes]),
        level=_agreement([(o.labels.level, o.level) for o in outcomes]),
    )


def _seen(counts: CategoryCounts) -> bool:
    return bool(counts.fp or counts.near_misses)


def _count(category: str, outcomes: Sequence[CallOutcome]) -> CategoryCounts:
    tp = fp = fn = placed = placeable = near = alarms = 0
    for outcome in outcomes:
        labels = outcome.labels
        if category in labels.open:
            continue
        found = category in outcome.found
        if category in labels.absent:
            near += 1
            alarms += found
        if category not in labels.present:
            fp += found
            continue
        tp += found
        fn += not found
        if found and labels.present[category]:
            placeable += 1
            placed += _near(outcome.found[category], labels.present[category])
    return CategoryCounts(category, tp, fp, fn, placed, placeable, near, alarms)


def _near(found: frozenset[int], labelled: frozenset[int]) -> bool:
    return any(abs(a - b) <= NEAR for a in found for b in labelled)


def _agreement(pairs: Sequence[tuple[str | None, str | None]]) -> Agreement:
    stated = [(expected, got) for expected, got in pairs if expected is not None]
    return Agreement(right=sum(expected == got for expected, got in stated), of=len(stated))


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation as one JSON object (docs/cli.md)."""
    total = evaluation.total
    return {
        "calls": len(evaluation.outcomes),
        "statuses": evaluation.statuses,
        "macro_f1": _rounded(evaluation.macro_f1),
        "micro": _counts_json(total),
        "near_miss": {
            "labels": total.near_misses,
            "false_alarms": total.near_miss_alarms,
            "rate": _rounded(ratio(total.near_miss_alarms, total.near_misses)),
        },
        "band": _agreement_json(evaluation.band),
        "level": _agreement_json(evaluation.level),
        "categories": {c.category: _counts_json(c) for c in evaluation.categories},
        "per_call": [_outcome_json(outcome) for outcome in evaluation.outcomes],
    }


def _counts_json(counts: CategoryCounts) -> dict[str, Any]:
    return {
        "tp": counts.tp,
        "fp": counts.fp,
        "fn": counts.fn,
        "precision": _rounded(counts.precision),
        "recall": _rounded(counts.recall),
        "f1": _rounded(counts.f1),
        "utterance_match": {"right": counts.placed, "of": counts.placeable},
        "near_miss": {"labels": counts.near_misses, "false_alarms": counts.near_miss_alarms},
    }


def _agreement_json(agreement: Agreement) -> dict[str, Any]:
    return {
        "right": agreement.right,
        "of": agreement.of,
        "rate": _rounded(ratio(agreement.right, agreement.of)),
    }


def _outcome_json(outcome: CallOutcome) -> dict[str, Any]:
    present, found = set(outcome.labels.present), set(outcome.found) - outcome.labels.open
    return {
        "call": outcome.name,
        "status": outcome.status,
        "reason": outcome.reason,
        "missed": sorted(present - found),
        "extra": sorted(found - present),
        "near_miss_alarms": sorted(found & outcome.labels.absent),
        "band": {"expected": outcome.labels.band, "found": outcome.band},
        "level": {"expected": outcome.labels.level, "found": outcome.level},
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
