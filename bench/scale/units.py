"""What each stage of one call costs: processor time, statements, and for how long the audit log is held.

Everything runs in this process, one call after another, on the real servers; only the engine is simulated,
and does not wait. Calls of two lengths in turns tell the cost of a call from that of a second of it.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, event

from bench.scale.calls import write_calls
from bench.scale.engine import WaitingEngine
from bench.scale.site import Site
from pipeline.intake import take_in
from pipeline.stages import run_stage
from pipeline.states import STAGES
from pipeline.tools import Tools, open_tools

SHORT_S: Final = 10.0
LONG_S: Final = 40.0
_UNCOUNTED: Final = 2


@dataclass
class Watched:
    """What went over the connections of one process."""

    statements: int = 0
    transactions: int = 0
    held_s: list[float] = field(default_factory=list)
    taken_at: float | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What one thing took."""

    what: str
    seconds: float
    cpu_ms: float
    statements: int
    transactions: int
    held_ms: float


def measure(site: Site, pairs: int) -> tuple[list[Cost], float]:
    """The costs of so many calls of each length, and how many seconds the engine hears of a short one."""
    sys.path.append(str(site.folder / "packages"))  # where the simulated engine is found
    tools = open_tools(site.settings)
    engine = tools.speech()
    assert isinstance(engine, WaitingEngine)  # noqa: S101 - it is the one that is installed here
    costs, heard = [], []
    with watching(tools.database) as watched:
        for number in range(pairs + _UNCOUNTED):
            for length in (SHORT_S, LONG_S):
                heard_before = engine.heard_s
                found = _one(tools, site.folder / f"unit-{number}-{length:.0f}", number, length, watched)
                if number >= _UNCOUNTED:
                    costs += found
                    heard += [engine.heard_s - heard_before] if length == SHORT_S else []
    tools.close()
    return costs, statistics.fmean(heard)


def _one(tools: Tools, folder: Path, number: int, length: float, watched: Watched) -> list[Cost]:
    at = 90_000 + 2 * number + (length == LONG_S)
    write_calls(folder, range(at, at + 1), length)
    found = []
    with _costing(found, "take in", length, watched):
        (outcome,) = take_in(tools, folder)
    if outcome.call_id is None:
        raise SystemExit(f"a call was refused: {outcome.error}")
    for stage in STAGES:
        with _costing(found, stage, length, watched):
            ended = run_stage(tools, outcome.call_id, stage)
        if ended is None:
            raise SystemExit(f"nothing was done: {stage}")
    return found


@contextmanager
def _costing(found: list[Cost], what: str, length: float, watched: Watched) -> Iterator[None]:
    statements, transactions = watched.statements, watched.transactions
    watched.held_s.clear()
    began = time.process_time()
    yield
    found.append(
        Cost(
            what,
            length,
            1000 * (time.process_time() - began),
            watched.statements - statements,
            watched.transactions - transactions,
            1000 * sum(watched.held_s),
        )
    )


@contextmanager
def watching(engine: Engine) -> Iterator[Watched]:
    """Count statements, transactions, and how long the head of the audit log was held."""
    watched = Watched()

    def after(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        watched.statements += 1
        if "audit_head" in statement and "FOR UPDATE" in statement and watched.taken_at is None:
            watched.taken_at = time.perf_counter()

    def begin(_connection: Any) -> None:
        watched.transactions += 1

    def returned(*_which: Any) -> None:  # the commit is over when the connection goes back
        if watched.taken_at is not None:
            watched.held_s.append(time.perf_counter() - watched.taken_at)
            watched.taken_at = None

    heard = (("after_cursor_execute", after), ("begin", begin), ("checkin", returned))
    for name, listener in heard:
        event.listen(engine, name, listener)
    try:
        yield watched
    finally:
        for name, listener in heard:
            event.remove(engine, name, listener)


def table(costs: list[Cost]) -> dict[str, dict[str, float]]:
    """By what was done: medians, `cpu_ms` for a call and `cpu_ms_per_s` for each second of it. How long the
    audit log was held is a mean, since some calls raise a warning and others do not."""
    found = {}
    for what in dict.fromkeys(cost.what for cost in costs):
        short, long = (
            [c.cpu_ms for c in costs if (c.what, c.seconds) == (what, s)] for s in (SHORT_S, LONG_S)
        )
        slope = (statistics.median(long) - statistics.median(short)) / (LONG_S - SHORT_S)
        of_it = [cost for cost in costs if cost.what == what]
        found[what] = {
            "cpu_ms": round(statistics.median(short) - slope * SHORT_S, 1),
            "cpu_ms_per_s": round(slope, 2),
            "statements": round(statistics.fmean(cost.statements for cost in of_it), 1),
            "transactions": round(statistics.fmean(cost.transactions for cost in of_it), 1),
            "audit_held_ms": round(statistics.fmean(cost.held_ms for cost in of_it), 2),
        }
    return found


def cpu_s_of_short(costs: list[Cost]) -> float:
    """Processor seconds of a short call, from the recording to the assessment: the sum of the medians."""
    of_them = [cost for cost in costs if cost.seconds == SHORT_S]
    return sum(statistics.median(c.cpu_ms for c in of_them if c.what == stage) for stage in STAGES) / 1000
