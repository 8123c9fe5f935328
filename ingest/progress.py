"""How far a piece of work is."""

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

# Is told the share of the work that is done, 0..1.
Progress = Callable[[float], None]


def ignore(_share: float) -> None:
    """Nobody wants to know."""


def portion(progress: Progress, start: float, end: float) -> Progress:
    """Progress of one step of a piece of work: its share 0..1 is `start`..`end` of the whole."""

    def tell(share: float) -> None:
        progress(min(1.0, start + (end - start) * share))

    return tell


def portions(progress: Progress, shares: Sequence[float]) -> list[Progress]:
    """Progress of each step of a piece of work, in order, by the share (of 1) that each has in it."""
    return [portion(progress, start, end) for start, end in pairwise(accumulate(shares, initial=0.0))]
