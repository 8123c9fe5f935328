"""How far a piece of work is."""

from collections.abc import Callable

# Is told the share of the work that is done, 0..1.
Progress = Callable[[float], None]


def ignore(_share: float) -> None:
    """Nobody wants to know."""


def portion(progress: Progress, start: float, end: float) -> Progress:
    """Progress of one step of a piece of work: its share 0..1 is `start`..`end` of the whole."""

    def tell(share: float) -> None:
        progress(start + (end - start) * share)

    return tell
