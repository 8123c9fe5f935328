"""A second opinion on words that matched: turns that are quite unlike the examples of their category.

Half of the phrases that the model finds so unlikely are innocent (docs/likeness.md). They are still
reported, as doubtful: a person decides. What rests on two turns, as pressing after a dispute does, can go
wrong in either, and half of it did in calls never met: there the examples must speak for both.
"""

from qc.likeness.turns import ScoredTurns

DOUBT = 0.15  # below this probability words alone accuse nobody
SUPPORT = 0.5  # what opens a state, and what is done against it, must more probably be that than not
SHORTEST = 4  # characters: banks hold no shorter turns, and a bare 对 is like anything
PRESSING = "press_payment"  # the bank of what is done although a state stands open
_BY_WORDS = frozenset(("letters", "sound", "regex"))


def bank_of(category: str, state: str | None) -> str:
    """The bank with the examples of a category, or of one state of it."""
    return f"{category}.{state}" if state else category


def speaks_against(scored: ScoredTurns, at: int, how: str, bank: str) -> bool:
    """Whether the examples contradict words that were found in turn `at` by `how`."""
    if how not in _BY_WORDS or bank not in scored.model.banks:
        return False
    return scored.probability(at, bank) < DOUBT


def speaks_for(scored: ScoredTurns, at: int, bank: str) -> bool:
    """Whether the examples bear out that turn `at` belongs to `bank`. What cannot be asked, a turn shorter
    than any example or a bank that there is not, is taken as it was found."""
    if bank not in scored.model.banks or len(scored.texts[at]) < SHORTEST:
        return True
    return scored.probability(at, bank) >= SUPPORT
