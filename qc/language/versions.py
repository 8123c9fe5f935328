"""Several versions of one rule, each in force on its own days."""

from collections.abc import Sequence

from qc.language.schema import Effective, Rule


def superseded(rules: Sequence[Rule]) -> list[tuple[Rule, Rule]]:
    """Versions that can never judge, each with the newer version that is in force on all of their days."""
    pairs = []
    for older in rules:
        newer = (
            rule
            for rule in rules
            if (rule.id, rule.status) == (older.id, older.status) and rule.version > older.version
        )
        covering = next((rule for rule in newer if _covers(rule.effective, older.effective)), None)
        if covering is not None:
            pairs.append((older, covering))
    return pairs


def _covers(whole: Effective, part: Effective) -> bool:
    begins = whole.from_ is None or (part.from_ is not None and whole.from_ <= part.from_)
    ends = whole.to is None or (part.to is not None and part.to <= whole.to)
    return begins and ends
