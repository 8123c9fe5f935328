"""One run: build an installation, break it while it works, leave it alone, and count what is left."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, Final

from bench.chaos.disk import small_disk
from bench.chaos.faults import DECK, Faults, Installation
from bench.chaos.proxy import Mood, proxy
from bench.chaos.servers import PostgreSQL, Redis, s3_server
from bench.chaos.site import Site
from bench.chaos.verdict import judge
from bench.chaos.watch import Progress, Watch
from store.database import open_sessions, reading

Say = Callable[[dict[str, Any]], None]

_TICK_S: Final = 0.5
_TELL_S: Final = 15.0
_RETRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """How large the run is.

    It is broken until each fault struck and the share `until` of the calls has come to its end, but no longer
    than `faults_s`. Afterwards it has as long as it needs, unless nothing moves for `standstill_s`.
    """

    calls: int
    real: int
    seed: int
    workers: int
    faults_s: float
    standstill_s: float = 240.0
    gap_s: tuple[float, float] = (2.0, 7.0)
    lease_s: float = 30.0
    deck: tuple[str, ...] = DECK
    until: float = 0.9


def run(plan: Plan, folder: Path, say: Say) -> dict[str, Any]:
    """Run it in an empty folder; `say` is told how it goes. Returns the figures of the last line."""
    began = time.monotonic()
    with _installation(plan, folder) as broken:
        faults = Faults(broken, plan.seed, plan.gap_s, plan.deck, each=plan.calls // 50)
        say({"phase": "faults", "seed": plan.seed, "disk": broken.disk.kind, "ready_s": _since(began)})
        _work(
            broken,
            lambda seen: _worn_down(seen, plan, faults),
            faults.step,
            say,
            standstill=inf,  # the faults see to it themselves that something moves between them
            seconds=plan.faults_s,
        )
        faults.stop()
        faulty_s = _since(began)
        failed = broken.watch.look().failed
        say({"phase": "calm", "after_s": faulty_s, "failed": len(failed), "errors": _codes(broken.watch)})
        retried = _finish(broken, plan, say)
        struck = faults.report()
        figures = _count(broken, plan)
        broken.site.stop()
        told = broken.site.run("verify")
    breaks = 0 if "all whole" in told else len(told.splitlines())
    for name, what in struck.items():
        say({"fault": name, **what})
    if breaks:
        say({"verify": told.splitlines()[:20]})
    return figures | {
        "breaks": breaks,
        "failed_under_faults": len(failed),
        "retried": retried,
        "restarts": broken.site.restarts,
        "faults": struck,
        "errors": _codes(broken.watch),
        "faults_s": faulty_s,
        "seconds": _since(began),
    }


@contextmanager
def _installation(plan: Plan, folder: Path) -> Iterator[Installation]:
    mood = Mood(plan.seed)
    # The user that PostgreSQL must run as may not enter our own temporary folders.
    with tempfile.TemporaryDirectory(prefix="diting-chaos-db-") as name, small_disk() as disk:
        Path(name).chmod(0o711)
        database, redis = PostgreSQL(Path(name)), Redis()
        try:
            with s3_server(folder) as s3, proxy(s3, mood) as s3_url:
                site = Site(
                    folder, disk.folder, database_url=database.url, redis_url=redis.url, s3_url=s3_url,
                    calls=plan.calls, real=plan.real, workers=plan.workers, lease_s=plan.lease_s,
                )  # fmt: skip
                watch = Watch(database.url)
                try:
                    yield Installation(site, database, redis, mood, disk, watch)
                finally:
                    watch.close()
                    site.stop()
        finally:
            redis.stop()
            database.stop("immediate")


def _worn_down(seen: Progress, plan: Plan, faults: Faults) -> bool:
    return faults.all_struck() and seen.final >= plan.until * plan.calls


def _work(
    broken: Installation,
    done: Callable[[Progress], bool],
    step: Callable[[int], None],
    say: Say,
    *,
    standstill: float,
    seconds: float = inf,
) -> None:
    """Keep the workers going until done, or for `seconds`, or until nothing moved for `standstill`."""
    began = moved_at = time.monotonic()
    moved, tell_at = -1, 0.0
    while time.monotonic() < min(began + seconds, moved_at + standstill):
        broken.site.supervise()
        seen = broken.watch.look()
        step(seen.steps)
        if seen.steps > moved:
            moved, moved_at = seen.steps, time.monotonic()
        if done(seen):
            return
        if time.monotonic() > tell_at:
            tell_at = time.monotonic() + _TELL_S
            say({"registered": seen.calls, "final": seen.final, "failed": len(seen.failed),
                 "in_hand": len(seen.hands), "sent": len(seen.sent)})  # fmt: skip
        time.sleep(_TICK_S)


def _finish(broken: Installation, plan: Plan, say: Say) -> int:
    """Let the calls come to their end, and have those that failed tried again, as a person would. Returns how
    many those were."""
    retried = 0

    def done(seen: Progress) -> bool:
        return seen.calls == seen.final == plan.calls

    for _ in range(_RETRIES):
        _work(broken, done, lambda _steps: None, say, standstill=plan.standstill_s)
        failed = broken.watch.look().failed
        if not failed:
            break
        say({"retry": broken.site.run("retry", "--all").strip()})
        retried += len(failed)
    return retried


def _count(broken: Installation, plan: Plan) -> dict[str, Any]:
    with open_sessions(broken.postgresql.url) as sessions, reading(sessions) as session:
        verdict = judge(session, [f"B{number:05d}" for number in range(plan.calls)])
    unread = [f"call {number}: {message}" for number, message in broken.watch.unread.items()]
    unexplained = [*verdict.unexplained, *unread]
    return {
        "calls": plan.calls,
        "lost": len(verdict.lost),
        "doubled": len(verdict.doubled),
        "unexplained": len(unexplained),
        "states": dict(verdict.states),
        "examples": [*verdict.lost[:3], *verdict.doubled[:3], *unexplained[:3]],
    }


def _codes(watch: Watch) -> dict[str, int]:
    return {code: len(calls) for code, calls in sorted(watch.errors.items())}


def _since(began: float) -> float:
    return round(time.monotonic() - began, 1)
