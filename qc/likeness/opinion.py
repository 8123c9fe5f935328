"""A second opinion on words that matched: turns that are quite unlike the examples of their category.

Half of the phrases that the model finds so unlikely are innocent (docs/likeness.md). They are still
reported, as doubtful: a person decides.
"""

from qc.likeness.turns import ScoredTurns

DOUBT = 0.15  # below this probability words alone accuse nobody
_BY_WORDS = frozenset(("letters", "sound", "regex"))


def bank_of(category: str, state: str | None) -> str:
    """The bank with the examples of a category, or of one state of it."""
    return f"{category}.{state}" if state else category


def speaks_against(scored: ScoredTurns, at: int, how: str, bank: str) -> bool:
    """Whether the examples contradict words that were found in turn `at` by `how`."""
    if how not in _BY_WORDS or bank not in scored.model.banks:
        return False
    return scored.probability(at, bank) < DOUBT
