"""The faults: what each does, how often it struck, and which calls it touched."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bench.chaos.disk import Disk
from bench.chaos.proxy import Mood
from bench.chaos.servers import PostgreSQL, Redis
from bench.chaos.site import Site, children, kill
from bench.chaos.watch import Watch

# One hand of cards: the process that has work in hand dies most often.
DECK: Final = (
    "worker_killed", "worker_killed", "process_killed", "process_killed", "process_killed",
    "redis_flushed", "redis_restarted", "postgresql_fast", "postgresql_immediate",
    "disk_full", "s3_errors", "s3_slow",
)  # fmt: skip
SECONDS: Final = {"redis_restarted": (1.0, 5.0), "disk_full": (4.0, 10.0), "s3_errors": (8.0, 20.0),
                  "s3_slow": (8.0, 20.0)}  # fmt: skip
_DATABASE_AWAY_S: Final = (0.5, 5.0)
_SLOW_S: Final = 6.0
_STANDSTILL_S: Final = 120.0


@dataclass
class Struck:
    """How often a fault struck, and the calls that were in its way."""

    times: int = 0
    calls: set[int] = field(default_factory=set)


@dataclass
class Installation:
    """What can be broken."""

    site: Site
    postgresql: PostgreSQL
    redis: Redis
    mood: Mood
    disk: Disk
    watch: Watch


class Faults:
    """Strikes with one fault after the other, as the seed says.

    Args:
        installation: what is broken.
        seed: the same one gives the same faults in the same order.
        gap_s: seconds from one strike to the next, at least and at most.
        deck: the faults; each is drawn before any is drawn again.
        each: steps (calls taken in, stages) that are done between two strikes at least, unless nothing moves.
    """

    def __init__(
        self,
        installation: Installation,
        seed: int,
        gap_s: tuple[float, float],
        deck: tuple[str, ...] = DECK,
        each: int = 1,
    ) -> None:
        self._at = installation
        self._chance = random.Random(seed)
        self._gap_s, self._deck = gap_s, deck
        self._hand: list[str] = []
        self._next, self._steps, self._each = time.monotonic(), 0, each
        self._ends: dict[str, tuple[float, Callable[[], None]]] = {}
        self.struck = {name: Struck() for name in dict.fromkeys(deck)}

    def step(self, steps: int) -> None:
        """Strike if it is time, and end what has lasted long enough. `steps` is how many have been done: on a
        slow machine faults wait until there was something to strike at."""
        now = time.monotonic()
        for name, (until, end) in list(self._ends.items()):
            if now >= until:
                end()
                del self._ends[name]
        moved = steps - self._steps >= self._each or now >= self._next + _STANDSTILL_S
        if now >= self._next and moved:
            self._strike()
            self._next, self._steps = time.monotonic() + self._chance.uniform(*self._gap_s), steps

    def all_struck(self) -> bool:
        """Whether every fault struck at least once."""
        return all(struck.times for struck in self.struck.values())

    def stop(self) -> None:
        """End everything."""
        for _until, end in self._ends.values():
            end()
        self._ends.clear()

    def report(self) -> dict[str, dict[str, int]]:
        """How often each fault struck, and how many calls it touched."""
        mood, watch = self._at.mood, self._at.watch
        self.struck["s3_errors"].calls |= watch.calls_of(mood.refused)
        self.struck["s3_slow"].calls |= watch.calls_of(mood.delayed)
        return {name: {"struck": one.times, "calls": len(one.calls)} for name, one in self.struck.items()}

    def _strike(self) -> None:
        if not self._hand:
            self._hand = self._chance.sample(self._deck, len(self._deck))
        name = self._hand.pop()
        if name in self._ends:  # it lasts still
            return
        self.struck[name].times += 1
        begin: Callable[[], Callable[[], None] | None] = getattr(self, f"_{name}")
        end = begin()
        if end is not None:
            self._ends[name] = (time.monotonic() + self._chance.uniform(*SECONDS[name]), end)

    def _worker_killed(self) -> None:
        """A whole worker program, with what it started."""
        mains = [pid for pid in self._at.site.processes() if children(pid)]
        if mains:
            main = self._chance.choice(mains)
            family = [main, *children(main)]
            self._touch("worker_killed", family)
            kill([main])

    def _process_killed(self) -> None:
        """One process that a worker program started, if possible one that has a call in hand."""
        hands = set(self._at.watch.look().hands.values())
        started = [pid for pid in self._at.site.processes() if not children(pid)]
        busy = [pid for pid in started if pid in hands]
        if busy or started:
            victim = self._chance.choice(busy if busy and self._chance.random() < 0.7 else started)
            self._touch("process_killed", [victim])
            kill([victim])

    def _touch(self, name: str, pids: list[int]) -> None:
        held = self._at.watch.look().hands
        self.struck[name].calls |= {call for call, pid in held.items() if pid in pids}

    def _redis_flushed(self) -> None:
        self.struck["redis_flushed"].calls |= self._at.watch.look().sent
        if "redis_restarted" not in self._ends:
            self._at.redis.flush()

    def _redis_restarted(self) -> Callable[[], None]:
        self.struck["redis_restarted"].calls |= self._at.watch.look().sent
        self._at.redis.stop()
        return self._at.redis.start

    def _postgresql_fast(self) -> None:
        self._restart_database("fast")

    def _postgresql_immediate(self) -> None:
        self._restart_database("immediate")

    def _restart_database(self, mode: str) -> None:
        self.struck[f"postgresql_{mode}"].calls |= set(self._at.watch.look().hands)
        self._at.postgresql.stop("fast" if mode == "fast" else "immediate")
        time.sleep(self._chance.uniform(*_DATABASE_AWAY_S))
        self._at.postgresql.start()

    def _disk_full(self) -> Callable[[], None]:
        self.struck["disk_full"].calls |= set(self._at.watch.look().hands)
        self._at.disk.fill(self._at.site.processes())
        return lambda: self._at.disk.clear(self._at.site.processes())

    def _s3_errors(self) -> Callable[[], None]:
        self._at.mood.broken = self._chance.choice((0.5, 1.0))

        def end() -> None:
            self._at.mood.broken = 0.0

        return end

    def _s3_slow(self) -> Callable[[], None]:
        self._at.mood.slow_s = _SLOW_S

        def end() -> None:
            self._at.mood.slow_s = 0.0

        return end
