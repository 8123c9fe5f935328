"""A comparison of two sides as one JSON object (docs/cli.md)."""

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.backtest.compare import CallChange, Change, Comparison, Found, Judged
from pipeline.backtest.sides import Side
from pipeline.evaluation import Evaluation, ratio, summarise
from pipeline.evaluation import compare as with_labels

Mask = Callable[[str], str]


def to_json(
    old: Side, new: Side, comparison: Comparison, *, looked_at: int, minutes: float, mask: Mask
) -> dict[str, Any]:
    """The comparison as JSON values.

    Args:
        old: the side that judges now.
        new: the side that would take its place.
        comparison: what changes.
        looked_at: calls looked at, those in other languages included.
        minutes: what a person takes to look at one finding.
        mask: hides personal numbers in words.
    """
    return {
        "old": {"name": old.name, "hash": old.hash},
        "new": {"name": new.name, "hash": new.hash},
        "calls": comparison.calls,
        "other_language": looked_at - comparison.calls,
        "rules": {change.name: _change(change) for change in comparison.rules},
        "categories": {change.name: _change(change) for change in comparison.categories},
        "people": {"collectors": len(comparison.collectors), "debtors": len(comparison.debtors)},
        "tickets": dict(comparison.tickets),
        "warnings": dict(comparison.warnings),
        "review": review(comparison, minutes),
        "labels": labels(comparison),
        "decided": decided(comparison),
        "changed": [_call(change, mask) for change in comparison.changed],
    }


def review(comparison: Comparison, minutes: float) -> dict[str, float]:
    """Findings that a person has to look at, and the hours that takes, by either side."""
    old, new = comparison.reviews
    return {
        "findings_old": old,
        "findings_new": new,
        "minutes_per_finding": minutes,
        "hours_old": round(old * minutes / 60, 1),
        "hours_new": round(new * minutes / 60, 1),
        "hours_more": round((new - old) * minutes / 60, 1),
    }


def labels(comparison: Comparison) -> dict[str, Any] | None:
    """Precision and recall by category against labels, before and after; None without labels."""
    if not comparison.labelled:
        return None
    before, after = (evaluation(comparison, side) for side in ("old", "new"))
    names = sorted({counts.category for each in (before, after) for counts in each.categories})
    rows: dict[str, Any] = {}
    for name in names:
        pair = [next((c for c in each.categories if c.category == name), None) for each in (before, after)]
        rows[name] = {
            measure: [None if c is None else _rounded(getattr(c, measure)) for c in pair]
            for measure in ("precision", "recall", "f1")
        }
    return {
        "macro_f1": [_rounded(each.macro_f1) for each in (before, after)],
        "near_miss_alarms": [each.total.near_miss_alarms for each in (before, after)],
        "categories": rows,
    }


def decided(comparison: Comparison) -> dict[str, Any]:
    """Precision among the findings that people decided on, before and after, and how many of those that stand
    are still found."""
    found = comparison.decided
    return {
        "stand": [found.true_old, found.true_new],
        "overturned": [found.false_old, found.false_new],
        "precision": [
            _rounded(ratio(found.true_old, found.true_old + found.false_old)),
            _rounded(ratio(found.true_new, found.true_new + found.false_new)),
        ],
        "kept": _rounded(ratio(found.true_new, found.true_old)),
    }


def evaluation(comparison: Comparison, side: str) -> Evaluation:
    """How well one side (`old` or `new`) agrees with the labels."""
    return summarise(
        [
            with_labels(pair.call, pair.labels, _as_result(getattr(pair, side)), None)
            for pair in comparison.labelled
            if pair.labels is not None
        ]
    )


def _as_result(side: Judged) -> Mapping[str, Any]:
    return {
        "transcript": {"utterances": []},
        "findings": [
            {"category": each.category, "utterances": [] if each.utterance is None else [each.utterance]}
            for each in side.found
        ],
        "score": {"band": side.band},
        "warning": None if side.level is None else {"level": side.level},
        "status": "unjudged" if side.unjudged else "inspected",
    }


def _change(change: Change) -> dict[str, int]:
    return {
        name: getattr(change, name)
        for name in ("old", "new", "gained", "lost", "more_certain", "less_certain")
    }


def _call(change: CallChange, mask: Mask) -> dict[str, Any]:
    return {
        "call": change.call,
        "gained": [_found(each, mask) for each in change.gained],
        "lost": [_found(each, mask) for each in change.lost],
        "turned": [_found(each, mask) for each in change.turned],
        "ticket": list(change.ticket),
        "level": list(change.level),
    }


def _found(found: Found, mask: Mask) -> dict[str, Any]:
    return {
        "rule": found.rule,
        "category": found.category,
        "status": found.status,
        "utterance": found.utterance,
        "heard": mask(found.heard),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
