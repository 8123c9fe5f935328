"""Costly things are opened when they are needed, and let go when nobody has needed them for a while."""

from collections.abc import Callable
from threading import Lock, Timer
from typing import Generic, Protocol, TypeVar

_Thing = TypeVar("_Thing")


class Later(Protocol):
    """A call that comes later, unless it is called off before."""

    daemon: bool

    def start(self) -> None:
        """Let the time run."""

    def cancel(self) -> None:
        """Call it off."""


class Kept(Generic[_Thing]):
    """Gives out one thing, opened at the first call and again after it was let go.

    Whoever works with the thing holds it: it goes when the last of them is done.

    Args:
        open_it: opens the thing; what it raises is raised to the caller.
        idle_s: so long after the last call the thing is let go.
        later: makes the call that comes later, from seconds and what to do.
    """

    def __init__(
        self,
        open_it: Callable[[], _Thing],
        idle_s: float,
        later: Callable[[float, Callable[[], None]], Later] = Timer,
    ) -> None:
        self._open = open_it
        self._idle_s = idle_s
        self._later = later
        self._lock = Lock()
        self._things: list[_Thing] = []
        self._end: Later | None = None

    def __call__(self) -> _Thing:
        """The thing, open; its time begins anew."""
        with self._lock:
            if self._end is not None:
                self._end.cancel()
            if not self._things:
                self._things.append(self._open())
            self._end = self._later(self._idle_s, self._let_go)
            self._end.daemon = True
            self._end.start()
            return self._things[0]

    def _let_go(self) -> None:
        with self._lock:
            self._things.clear()
