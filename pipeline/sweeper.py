"""The sweeper: takes back the leases of workers that vanished, and names work that was never sent."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline import service
from pipeline.owner import Fate, Owner, fate_of, owner_of
from pipeline.states import Stage
from store.clock import Clock
from store.database import SessionFactory, reading, transaction


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


def take_back_lost(sessions: SessionFactory, clock: Clock, *, attempts_max: int) -> int:
    """Take back every lease whose holder is gone. Returns how many. Harmless to repeat and to run twice
    at once: each lease is taken back by its token."""
    with reading(sessions) as session:
        held = [Held(*row) for row in service.leases(session)]
    lost = reclaims(held, clock.now())
    taken = 0
    for reclaim in lost:
        with transaction(sessions) as session:
            taken += service.take_back(
                session,
                clock,
                reclaim.call_id,
                reclaim.token,
                attempts_max=attempts_max,
                counted=reclaim.counted,
            )
    return taken


def send_due(
    sessions: SessionFactory,
    clock: Clock,
    send: Callable[[int, Stage], None],
    *,
    resend_after_s: float,
    limit: int = 500,
) -> int:
    """Give every due task that the broker does not seem to have to `send`. Returns how many.

    A task counts as lost when nobody took it within `resend_after_s`; one that is merely late in a long
    queue is sent twice, and the second finds nothing to do. The note is written after the sending: a
    crash between the two sends again.
    """
    now = clock.now()
    with reading(sessions) as session:
        due = service.unsent(session, now, sent_before=now - timedelta(seconds=resend_after_s), limit=limit)
    for call_id, stage in due:
        send(call_id, stage)
        with transaction(sessions) as session:
            service.mark_sent(session, clock, call_id, stage)
    return len(due)
