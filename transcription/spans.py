"""Things with a start and an end, and which of them lie at a given time."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar


class Span(Protocol):
    """Something that starts and ends, in seconds."""

    @property
    def start(self) -> float:
        """When it starts."""
        ...

    @property
    def end(self) -> float:
        """When it ends."""
        ...


_S = TypeVar("_S", bound=Span)


class Spans(Generic[_S]):
    """Spans in order of their start, asked for by time: of a long call only those nearby are looked at."""

    def __init__(self, spans: Iterable[_S]) -> None:
        self._spans = sorted(spans, key=lambda span: span.start)
        self._starts = [span.start for span in self._spans]
        self._longest = max((span.end - span.start for span in self._spans), default=0.0)

    def between(self, start: float, end: float) -> list[_S]:
        """Those that start before `end` and end after `start`, in order of their start."""
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_left(self._starts, end)
        return [span for span in self._spans[first:last] if span.end > start]
