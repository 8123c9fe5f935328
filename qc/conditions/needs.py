"""Which patterns a condition cannot do without: rules whose patterns occur nowhere in a call cost nothing."""

from collections.abc import Iterable

from qc.conditions import across, base, words
from qc.matching.index import Pattern


def needs(condition: base.Condition) -> frozenset[Pattern] | None:
    """Patterns of which at least one must match, else the condition holds nowhere and looks at nothing else;
    None where it may hold without words."""
    if isinstance(condition, words.Words):
        return condition.every
    if isinstance(condition, base.AnyOf):
        return _together(map(needs, condition.options))
    inner = _first_asked(condition)
    return needs(inner) if inner is not None else None


def _first_asked(condition: base.Condition) -> base.Condition | None:
    """The inner condition without which nothing else is looked at."""
    if isinstance(condition, across.InOrder):
        return condition.first
    if isinstance(condition, base.AllOf):
        return condition.wanted[0] if condition.wanted else None
    if isinstance(condition, base.Placed | base.Concept | across.Repeated | across.NearBy | across.Somewhere):
        return condition.inner
    return None


def _together(each: Iterable[frozenset[Pattern] | None]) -> frozenset[Pattern] | None:
    found: set[Pattern] = set()
    for patterns in each:
        if patterns is None:
            return None
        found |= patterns
    return frozenset(found)
