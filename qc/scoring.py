"""The score of a call: 100 less what certain violations cost, capped by category; a veto makes it 0."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from qc.findings import Band, Deduction, Finding, Score
from qc.taxonomy import CATEGORIES

FULL = 100


@dataclass(frozen=True, slots=True)
class Caps:
    """The most points that may be taken from one call: by category id, where the packs say otherwise than
    the taxonomy, and by rule (`id@version`)."""

    categories: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, int] = field(default_factory=dict)


NO_CAPS = Caps()
MANY = 3  # so many major categories weigh like a critical one, so many minor ones like a major one


def score(findings: Sequence[Finding], vetoes: Iterable[str] = (), caps: Caps = NO_CAPS) -> Score:
    """The score of `findings`. What is unsure deducts nothing until a person decides.

    Args:
        findings: all findings of the call.
        vetoes: the rules (`id@version`) whose certain findings set the score to 0.
        caps: the most points for one rule or category, where the packs set it.
    """
    certain = [finding for finding in findings if finding.kind == "violation" and finding.status == "certain"]
    deductions = _deductions(certain, caps)
    veto_rules = set(vetoes)
    veto = min((finding.rule for finding in certain if finding.rule in veto_rules), default=None)
    total = 0 if veto else max(FULL - sum(deduction.points for deduction in deductions), 0)
    return Score(total, band(certain), deductions, veto)


def _deductions(certain: Sequence[Finding], caps: Caps) -> tuple[Deduction, ...]:
    """One line for each rule, in order of category and rule, which is also how the cap is used up."""
    points: dict[tuple[str, str], int] = {}
    for finding in certain:
        key = (finding.category, finding.rule)
        points[key] = points.get(key, 0) + finding.points
    left = {category: caps.categories.get(category, CATEGORIES[category].cap) for category, _ in points}
    out = []
    for category, rule in sorted(points):
        taken = min(points[category, rule], caps.rules.get(rule, FULL), left[category])
        left[category] -= taken
        if taken:
            out.append(Deduction(rule, category, taken))
    return tuple(out)


def band(certain: Iterable[Finding]) -> Band:
    """The band of a call from its certain violations; each category counts once, by its gravest finding."""
    critical, major, minor = (
        {finding.category for finding in certain_list if finding.severity == severity}
        for certain_list in [list(certain)]
        for severity in ("critical", "major", "minor")
    )
    major -= critical
    minor -= critical | major
    if critical or len(major) >= MANY:
        return "critical"
    if major or len(minor) >= MANY:
        return "major"
    return "minor" if minor else "clean"
