"""Whether a rule is ready to count: tested from both sides, and resting on something confirmed.

Judging calls does not depend on it, so a pack with such problems still loads; `diting rules lint` refuses it.
"""

from collections.abc import Iterator

from qc.language.loader import Located, Source
from qc.language.positions import Problem
from qc.language.schema import Rule

FEWEST_EXAMPLES = 3


def unready(source: Source) -> Iterator[Problem]:
    """What keeps stable rules from being ready; drafts and shadow rules may still grow."""
    for place, rule in source.rules:
        if rule.status == "stable":
            yield from _few_examples(place, rule)
            yield from _unverified(place, rule)


def _few_examples(place: Located, rule: Rule) -> Iterator[Problem]:
    for name in ("violates", "allowed"):
        given = len(getattr(rule.examples, name))
        if 0 < given < FEWEST_EXAMPLES:
            message = f"the stable rule {rule.id!r} has {given} `{name}` of {FEWEST_EXAMPLES} examples"
            mend = "Give really different ones, or make it `status: shadow` until it has them."
            zh = (
                f"正式规则 {rule.id!r} 的 `{name}` 例句只有 {given} 个，至少 {FEWEST_EXAMPLES} 个",
                "请补充确有区别的例句，或先改为 `status: shadow`。",
            )
            yield place.problem("rules.examples", ("examples", name), message, mend, zh)


def _unverified(place: Located, rule: Rule) -> Iterator[Problem]:
    if rule.cite and all(citation.confidence == "M" for citation in rule.cite):
        message = f"the stable rule {rule.id!r} rests on unverified sources (M) alone"
        mend = "Confirm one of them, or cite `policy`: what nobody confirmed is not law."
        zh = (
            f"正式规则 {rule.id!r} 只有未核实的依据（M）",
            "请核实其中之一，或引用内部规定 `policy`：未核实的不能当作法规。",
        )
        yield place.problem("rules.unverified", ("cite",), message, mend, zh)
