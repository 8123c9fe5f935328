"""What is known of a debtor, by the moment from which it was known."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from complaint_warnings.scoring.indicators import facts_after, hits_by_call, in_order
from complaint_warnings.scoring.rating import Rating, rate
from complaint_warnings.scoring.weights import Weights
from complaint_warnings.types import Evidence

DAY = timedelta(days=1)
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class History:
    """One debtor. `evidence` in any order; `closings` are when warnings of the debtor were closed: what was
    known by then does not count for the next one. `complaints` are the arrivals of those that really came,
    `unjudged` the times of calls that nobody could judge, or has judged yet. `received` tells of some
    evidence, by its reference, when it came in: it was not known before. All times are aware."""

    debtor: str
    evidence: tuple[Evidence, ...]
    complaints: tuple[datetime, ...] = ()
    closings: tuple[datetime, ...] = ()
    unjudged: tuple[datetime | None, ...] = ()
    received: Mapping[str, datetime] = field(default_factory=dict)


class Replay:
    """A debtor's history told again: at any moment only from what was known before it.

    Evidence is known `delay` after its time; evidence of unknown time is left out, since nobody can tell
    when it was known (`undated` counts it).
    """

    def __init__(self, history: History, weights: Weights, delay: timedelta) -> None:
        known = [
            (max(each.moment + delay, history.received.get(each.reference, each.moment)), each)
            for each in in_order(history.evidence)
            if each.moment is not None
        ]
        known.sort(key=lambda pair: pair[0])
        self.known = [each for _, each in known]
        self.known_at = [at for at, _ in known]
        self.undated = len(history.evidence) - len(known)
        self._weights = weights
        self._closings = sorted(history.closings)
        self._episodes: dict[int, _Episode] = {}

    def count_before(self, moment: datetime) -> int:
        """How much of the evidence was known before the moment."""
        return bisect_left(self.known_at, moment)

    def rating(self, moment: datetime) -> Rating | None:
        """As of the moment, faded by then; None where nothing of the open episode was known before it."""
        count = self.count_before(moment)
        start = self._start(moment)
        return self._episode(start).rating(count - start, moment) if count > start else None

    def course(self, until: datetime) -> Iterator[tuple[datetime, Rating]]:
        """When each piece of the open episode's evidence became known before `until`, and the rating then."""
        start = self._start(until)
        for index in range(start, self.count_before(until)):
            moment = self.known[index].moment
            yield self.known_at[index], self._episode(start).rating(index - start + 1, moment)

    def episodes(self) -> Iterator[tuple[datetime | None, Iterator[tuple[datetime, Rating]]]]:
        """Each episode: when it was closed (None: it is open), and its course."""
        for closing in self._closings:
            yield closing, self.course(closing)
        yield None, self.course(_LAST)

    def _start(self, moment: datetime) -> int:
        """The place of the first evidence of the episode that is open just before the moment."""
        closed = bisect_left(self._closings, moment)
        return bisect_right(self.known_at, self._closings[closed - 1]) if closed else 0

    def _episode(self, start: int) -> "_Episode":
        found = self._episodes.get(start)
        if found is None:
            end = next((n for n in map(self._end, self._closings) if n > start), len(self.known))
            found = self._episodes[start] = _Episode(self.known[start:end], self._weights)
        return found

    def _end(self, closing: datetime) -> int:
        return bisect_right(self.known_at, closing)


class _Episode:
    """The ratings of one episode's evidence; what each piece adds is found once."""

    def __init__(self, ordered: Sequence[Evidence], weights: Weights) -> None:
        self._ordered, self._weights = ordered, weights
        self._hits = []
        self._ends = [0]
        for added in hits_by_call(ordered):
            self._hits += added
            self._ends.append(len(self._hits))

    def rating(self, count: int, as_of: datetime | None) -> Rating:
        facts = facts_after(self._ordered[:count], self._weights)
        return rate(self._hits[: self._ends[count]], facts, self._weights, as_of)
