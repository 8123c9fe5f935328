"""When a rule is overturned too often to accuse anybody. Pure: no database, no clock."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

Verdict = Literal["true", "false", "unsure"]

# Of a normal distribution: the true share lies above the lower bound in 97.5 of 100 cases.
_Z: Final = 1.96
# Before the number of a ticket: its final result is a verdict in its name.
OF_TICKET: Final = "ticket:"


@dataclass(frozen=True, slots=True)
class Tally:
    """What people made of the findings of one rule: how many they decided, how many they overturned."""

    decided: int
    overturned: int

    @property
    def least_share(self) -> float:
        """The overturned share that even luck would not explain: the lower end of Wilson's interval (95 %).
        Few decisions prove little, so it is low where there are few."""
        return wilson_lower(self.overturned, self.decided)


def wilson(part: float, whole: float) -> tuple[float, float]:
    """Wilson's score interval (95 %) of the share `part / whole`; 0 to 1 of nothing."""
    if whole == 0:
        return 0.0, 1.0
    share, z2 = part / whole, _Z**2
    middle = share + z2 / (2 * whole)
    spread = _Z * sqrt((share * (1 - share) + z2 / (4 * whole)) / whole)
    scale = 1 + z2 / whole
    return max((middle - spread) / scale, 0.0), min((middle + spread) / scale, 1.0)


def wilson_lower(part: int, whole: int) -> float:
    """The lower end of Wilson's score interval (95 %) of the share `part / whole`; 0 of nothing."""
    return wilson(part, whole)[0]


def must_only_advise(tally: Tally, *, share: float, decisions: int) -> bool:
    """Whether a rule drops to advisory.

    Args:
        tally: what people made of its findings.
        share: the least overturned share above which it drops; at 1 it never does.
        decisions: so many decisions there must be at least.
    """
    return tally.decided >= decisions and tally.least_share > share


def outcome(verdicts: Mapping[str, Verdict]) -> bool | None:
    """What people make of one finding, from the newest verdict of each: True stands, False is overturned,
    None: nobody is sure, or as many say one thing as the other. The final result of a ticket outweighs
    single verdicts: it was reviewed, and could be appealed."""
    final = [said for person, said in verdicts.items() if person.startswith(OF_TICKET)]
    votes = Counter(final or verdicts.values())
    if votes["true"] == votes["false"]:
        return None
    return votes["true"] > votes["false"]


def tally(outcomes: Iterable[bool | None]) -> Tally:
    """The tally of the outcomes of findings."""
    decided = [outcome for outcome in outcomes if outcome is not None]
    return Tally(len(decided), decided.count(False))
