"""The sweeper: takes back the leases of workers that vanished, and names work that was never sent."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pipeline import leases, ordering, service
from pipeline.lanes import DEFAULT, LANES, Lane, Order
from pipeline.owner import Fate, Owner, fate_of, owner_of
from pipeline.states import Stage
from store.clock import Clock
from store.database import SessionFactory, reading, transaction

# A call without a row stands near the newest ones, but for one whose transaction took very long.
_NEWEST: Final = 100_000
_ALL_EVERY_S: Final = 3600.0
# So many calls of a back-fill are with the broker at most.
BACKFILL_AHEAD: Final = 200


class Receiver:
    """Puts new calls on their way and moves up those that press, sweep after sweep of one process: for
    new ones it looks at all calls at first and once an hour, and at the newest in between."""

    def __init__(self, sessions: SessionFactory, clock: Clock, order: Order = DEFAULT) -> None:
        self._sessions, self._clock, self._order = sessions, clock, order
        self._all_at: datetime | None = None

    def receive(self) -> int:
        """One look. Returns how many calls were put on their way."""
        now = self._clock.now()
        everything = self._all_at is None or (now - self._all_at).total_seconds() >= _ALL_EVERY_S
        with transaction(self._sessions) as session:
            newest = None if everything else _NEWEST
            count = service.receive_new(session, self._clock, self._order, newest=newest)
            ordering.lift(session, self._clock, self._order)
        if everything:
            self._all_at = now
        return count


@dataclass(frozen=True, slots=True)
class Held:
    """A lease as it stands in the database."""

    call_id: int
    token: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Reclaim:
    """A lease to be taken back. `counted`: whether the lost attempt counts against the call."""

    call_id: int
    token: str
    counted: bool


def reclaims(held: Iterable[Held], now: datetime, fate: Callable[[Owner], Fate] = fate_of) -> list[Reclaim]:
    """Decide which leases to take back: those of dead processes of this machine at once, all others
    when they have run out. Only a worker that died alone, or that overran its lease, counts against the
    call; when the whole runner was killed, the recording is hardly to blame."""
    found = []
    for lease in held:
        owner = owner_of(lease.token)
        became = fate(owner) if owner else "alive"
        if became != "alive" or lease.until <= now:
            found.append(Reclaim(lease.call_id, lease.token, counted=became != "interrupted"))
    return found


def take_back_lost(sessions: SessionFactory, clock: Clock, *, attempts_max: int) -> list[Reclaim]:
    """Take back every lease whose holder is gone. Returns those taken. Harmless to repeat and to run
    twice at once: each lease is taken back by its token."""
    with reading(sessions) as session:
        held = [Held(*row) for row in leases.held(session)]
    taken = []
    for reclaim in reclaims(held, clock.now()):
        with transaction(sessions) as session:
            if leases.take_back(
                session,
                clock,
                reclaim.call_id,
                reclaim.token,
                attempts_max=attempts_max,
                counted=reclaim.counted,
            ):
                taken.append(reclaim)
    return taken


@dataclass(frozen=True, slots=True)
class Unsent:
    """A due stage; `stale` when it was sent before but nobody took it."""

    call_id: int
    stage: Stage
    lane: Lane
    stale: bool

    @property
    def begins_backfill(self) -> bool:
        """Whether it would be the first that is done for a call of a back-fill."""
        return self.lane == "backfill" and self.stage == "transcribe"


def to_send(unsent: Iterable[Unsent], waiting: Callable[[Stage, Lane], int]) -> list[Unsent]:
    """Decide what to send: whatever was never sent; and what was sent long ago, if the broker has fewer
    tasks than it was given of that stage and lane (it lost some). While it has them all, the queue is merely
    long, and sending again would only make it longer. Of a back-fill only a few are begun ahead: what the
    broker has would go on when the hours for it are over."""
    unsent = list(unsent)
    stale = Counter((work.stage, work.lane) for work in unsent if work.stale)
    lossy = {place for place, count in stale.items() if waiting(*place) < count}
    chosen = [work for work in unsent if not work.stale or (work.stage, work.lane) in lossy]
    begun = [work for work in chosen if work.begins_backfill]
    ahead = sum(waiting("transcribe", lane) for lane in LANES) if begun else 0
    room = max(BACKFILL_AHEAD - ahead, 0)
    left_out = set(begun[room:])
    return [work for work in chosen if work not in left_out]


def send_due(
    sessions: SessionFactory,
    clock: Clock,
    send: Callable[[int, Stage, Lane], None],
    waiting: Callable[[Stage, Lane], int],
    order: Order = DEFAULT,
    *,
    resend_after_s: float,
    limit: int = 500,
) -> int:
    """Give every due task that the broker does not have to `send`. Returns how many.

    The note that it was sent is written afterwards: a crash between the two sends it again, and the
    second task finds nothing to do.
    """
    now = clock.now()
    with reading(sessions) as session:
        rows = service.unsent(
            session,
            now,
            sent_before=now - timedelta(seconds=resend_after_s),
            limit=limit,
            begin_backfill=order.begins_backfill(now),
        )
    chosen = to_send([Unsent(*row) for row in rows], waiting)
    for work in chosen:
        send(work.call_id, work.stage, work.lane)
        with transaction(sessions) as session:
            service.mark_sent(session, clock, work.call_id, work.stage)
    return len(chosen)
