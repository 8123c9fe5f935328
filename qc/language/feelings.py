"""Whether a rule would take points from somebody for how the other feels."""

from collections.abc import Iterator
from typing import Final

from qc.language.base import Side
from qc.language.condition import Condition
from qc.language.loader import Located, Source
from qc.language.positions import Problem
from qc.language.schema import Rule
from qc.taxonomy import CATEGORIES, DEDUCT_BY_SEVERITY, matching_categories
from transcription.types import CueKind

# What is heard of how somebody feels. How an agent sounds is conduct; how a customer does is not the agent's.
FEELINGS: Final[frozenset[CueKind]] = frozenset(
    ("raised_voice", "agitation", "trembling", "withdrawal", "escalation")
)
_STATES: Final = ("negative_emotion",)


def feelings_problems(place: Located, rule: Rule, source: Source) -> Iterator[Problem]:
    """A violation with points that rests on the customer's feelings alone."""
    category = CATEGORIES.get(rule.category)
    if category is None or category.kind != "violation":
        return
    severity = rule.severity or category.severity
    points = DEDUCT_BY_SEVERITY[severity] if rule.deduct is None else rule.deduct
    veto = severity == "critical" if rule.veto is None else rule.veto
    if (points or veto) and _feels(rule.detect, rule.where.speaker or "agent", source, frozenset()):
        message = f"{rule.id!r} deducts points for how the customer feels, and for nothing else"
        mend = "Ask for what the agent did as well, or make it a signal (negative_emotion)."
        zh = (
            f"规则 {rule.id!r} 仅凭客户的情绪扣分",
            "请同时写明坐席的行为，或改为信号（negative_emotion）。",
        )
        yield place.problem("rules.feelings", ("detect",), message, mend, zh)


def _feels(given: Condition, side: Side, source: Source, seen: frozenset[str]) -> bool:
    """Whether the condition can hold by the customer's feelings alone, with no act of the agent."""
    side = given.side or side
    if given.cue is not None:
        return given.cue.kind in FEELINGS and side != "agent"
    if given.category is not None:
        return all(matching_categories(name) == _STATES for name in given.category)
    if given.concept is not None:
        known = None if given.concept in seen else source.concepts.get(given.concept)
        return known is not None and _feels(known[1], side, source, seen | {given.concept})
    if given.any is not None:
        return any(_feels(each, side, source, seen) for each in given.any)
    if given.all is not None:
        acts = [each for each in given.all if each.none is None and each.fact is None]
        return bool(acts) and all(_feels(each, side, source, seen) for each in acts)
    inner = _inside(given)
    return bool(inner) and all(_feels(each, side, source, seen) for each in inner)


def _inside(given: Condition) -> tuple[Condition, ...]:
    """What a condition over several utterances needs to hold."""
    if given.order is not None:
        return given.order.first, given.order.then
    for outer in (given.repeat, given.near):
        if outer is not None:
            return (outer.of,)
    return (given.somewhere,) if given.somewhere is not None else ()
