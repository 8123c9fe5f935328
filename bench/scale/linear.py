"""The first part: does throughput grow with the workers while the engine is what they wait for?"""

import json
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from celery import Celery
from sqlalchemy import select

from bench.scale import arithmetic, counts
from bench.scale.calls import write_calls
from bench.scale.engine import WAIT
from bench.scale.site import Site
from ingest.models import CallRow
from pipeline.models import WorkRow
from pipeline.owner import owner_of
from pipeline.states import FINAL_STATES
from store.database import SessionFactory, open_sessions, reading

STEPS: Final = (1, 2, 4, 8)
# Of a worker that just began: its first calls load rules and models.
_WARM_UP: Final = 2
_PATIENCE_S: Final = 900.0


@dataclass(frozen=True, slots=True)
class Step:
    """What so many workers did: calls a second in the steady state, and what a call took meanwhile."""

    workers: int
    calls_per_s: float
    each: dict[str, float]


def grow(site: Site, *, calls_per_step: dict[int, int], seconds: float, wait: float) -> list[Step]:
    """Add workers step by step, and measure each step once all of them have settled.

    Args:
        site: with empty servers.
        calls_per_step: how many calls are measured, by number of workers; its keys are the steps.
        seconds: length of a call.
        wait: seconds of the engine per second that it hears.
    """
    steps = sorted(calls_per_step)
    spare = sum((count + _WARM_UP) * 3 for count in steps)
    write_calls(site.folder / "calls", range(sum(calls_per_step.values()) + spare), seconds)
    with Celery(broker=site.redis_url) as client:
        client.send_task("folder.take_in", args=(str(site.folder / "calls"),), queue="ingest")
    with open_sessions(counts.own_url(site.settings.database_url)) as sessions:
        return [_step(site, sessions, count, calls_per_step[count], wait) for count in steps]


def _step(site: Site, sessions: SessionFactory, count: int, calls: int, wait: float) -> Step:
    while len(site.processes) < count:
        first = not site.processes
        name = f"worker{len(site.processes)}"
        options = ["--workers", "1", *(["--beat"] if first else [])]
        more = {WAIT: str(wait), "DITING_DATA_DIR": str(site.folder / "var")}
        say(f"starting {name}")
        site.start("-m", "api.cli", "worker", *options, more=more)
    settled(site, sessions, count)
    began, before, used = datetime.now().astimezone(), _tally(site), _cpu_ms(site)
    done = 0

    def enough() -> bool:
        nonlocal done
        done = len(ended_since(sessions, began))
        return done > calls

    site.wait_until(enough, seconds=_PATIENCE_S, what=f"{count} workers")
    moments = ended_since(sessions, began)
    each = arithmetic.per_call(before, _tally(site), len(moments))
    each["worker_cpu_ms"] = (_cpu_ms(site) - used) / len(moments)
    step = Step(count, arithmetic.rate(moments), each)
    say(f"{count} workers: {step.calls_per_s:.3f} calls/s, {len(moments)} calls, {json.dumps(rounded(each))}")
    return step


def settled(site: Site, sessions: SessionFactory, count: int) -> None:
    """Wait until everything is taken in, and every worker has listened to a few calls."""
    seen: dict[int, set[int]] = {}

    def ready() -> bool:
        with reading(sessions) as session:
            held = session.execute(select(WorkRow.call_id, WorkRow.lease_owner, WorkRow.state)).all()
            taken = session.scalars(select(CallRow.id)).all()
        for call_id, token, state in held:
            owner = owner_of(token) if token and state == "received" else None
            if owner is not None:
                seen.setdefault(owner.pid, set()).add(call_id)
        offered = len(list((site.folder / "calls").glob("*.wav")))
        return len(taken) == offered and sum(len(heard) > _WARM_UP for heard in seen.values()) >= count

    site.wait_until(ready, seconds=_PATIENCE_S, what=f"{count} workers do not settle")


def ended_since(sessions: SessionFactory, moment: datetime) -> list[datetime]:
    """When each call ended that ended after the moment."""
    query = select(WorkRow.updated_at).where(
        WorkRow.state.in_(FINAL_STATES), WorkRow.updated_at > moment, WorkRow.state != "failed"
    )
    with reading(sessions) as session:
        return list(session.scalars(query.order_by(WorkRow.updated_at)))


def rounded(figures: dict[str, float]) -> dict[str, float]:
    """As they are shown."""
    return {name: round(value, 1 if value >= 10 else 3) for name, value in figures.items()}


def say(line: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stderr.flush()


def _tally(site: Site) -> dict[str, float]:
    return counts.tally(site.settings.database_url, site.redis_url)


def _cpu_ms(site: Site) -> float:
    return sum(counts.cpu_ms(process.pid) for process in site.processes)
