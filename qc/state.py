"""A state within a call: opened by words, then acknowledged, resolved or withdrawn by others. Pure.

```
            opened                acknowledged            opened again
  (nothing) ──────► open ───────────────────► acknowledged ──────────► open
                     │                              │
                     └── resolved, withdrawn ◄──────┘      and from there it may be opened again
```
"""

from collections.abc import Iterable
from dataclasses import dataclass

from qc.hits import Hit
from qc.language.statuses import STATUSES, Status

_UNSETTLED: tuple[Status, ...] = ("open", "acknowledged")


@dataclass(frozen=True, slots=True)
class Event:
    """Something said that may change a state; `hit` stands in an utterance."""

    to: Status
    hit: Hit

    @property
    def order(self) -> tuple[int, int, int]:
        """Its place in the call: by utterance and place in it; what opens comes before what closes."""
        at = -1 if self.hit.utterance is None else self.hit.utterance
        return at, self.hit.span[0] if self.hit.span else 0, STATUSES.index(self.to)


@dataclass(frozen=True, slots=True)
class Now:
    """How a state stands: since which utterance (`opener`), and what brought it there (`by`)."""

    status: Status
    opener: Hit
    by: Hit


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events in the order in which they were said."""
    return tuple(sorted(events, key=lambda event: event.order))


def standing_at(events: Iterable[Event], at: int | None = None) -> Now | None:
    """How the state stands in utterance `at`, or at the end of the call; None before anything opened it.

    Args:
        events: as `in_order` gives them.
        at: what is said there already counts where it closes the state (an agent who acknowledges and
            presses in one breath has acknowledged), and not yet where it opens it.
    """
    now: Now | None = None
    for event in events:
        place = event.order[0]
        if at is not None and (place > at or (place == at and event.to == "open")):
            continue
        now = after(now, event)
    return now


def after(now: Now | None, event: Event) -> Now | None:
    """What becomes of the state by one event."""
    if event.to == "open":
        if now is None or now.status != "open":
            return Now("open", event.hit, event.hit)
        surer = event.hit.sure and not now.opener.sure
        return Now("open", event.hit, event.hit) if surer else now
    if now is None or now.status not in _UNSETTLED:
        return now
    if event.to == "acknowledged" and now.status == "acknowledged":
        return now
    return Now(event.to, now.opener, event.hit)
