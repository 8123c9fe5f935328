"""`make bench-api`: how long 20 people wait for lists, calls, searches and figures over a million calls.

The last line is JSON: `p95_ms` by kind of request over the larger installation, and `growth`: by how much
each p95 is longer than over the smaller one. Everything runs on this machine: PostgreSQL, one process of
`diting serve`, and those who ask. Each person asks, waits for the answer, and thinks a second on average.
"""

import argparse
import asyncio
import json
import statistics
import sys
from contextlib import nullcontext
from typing import Any

from bench.api.fill import OPTIONS, count_days, fill
from bench.api.plans import write_plans
from bench.api.serving import serving
from bench.api.users import Times, ask_together
from bench.ledger.server import postgresql
from store import migrate
from store.logging import configure_logging


def main() -> None:
    """Fill two databases, ask, and print the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--calls", type=int, default=1_000_000)
    asked.add_argument("--fewer", type=int, default=10_000, help="calls of the installation compared with")
    asked.add_argument("--users", type=int, default=20)
    asked.add_argument("--seconds", type=float, default=120)
    asked.add_argument("--warm", type=float, default=60, help="seconds before anything is measured")
    asked.add_argument("--think", type=float, default=1.0, help="seconds between two questions of a person")
    asked.add_argument("--patterns", type=int, help="so many labelled calls are enough")
    asked.add_argument("--filled", help="a database that was filled before; it is kept")
    asked.add_argument("--write-plans", action="store_true", help="write bench/api/plans anew")
    given = asked.parse_args()
    configure_logging("error")
    fewer = measure(given, given.fewer, None)
    more = measure(given, given.calls, given.filled)
    growth = {kind: round(more["p95_ms"][kind] / fewer["p95_ms"][kind], 2) for kind in sorted(more["p95_ms"])}
    sys.stdout.write(json.dumps({**more, "growth": growth, "fewer": fewer}, ensure_ascii=False) + "\n")


def measure(
    given: argparse.Namespace, calls: int, filled: str | None, *, url: str | None = None
) -> dict[str, Any]:
    """The figures of an installation with so many calls: one that was `filled` before, a new one in the empty
    database at `url`, or one on a server of its own."""
    at = filled or url
    with nullcontext(at) if at else postgresql(*OPTIONS) as place:
        migrate.upgrade(place)
        spent = 0.0 if filled else fill(place, calls, among=given.patterns)
        counted = 0.0 if filled else count_days(place)
        with serving(place) as base:
            ask = lambda seconds, seed: asyncio.run(  # noqa: E731
                ask_together(base, calls, users=given.users, seconds=seconds, think_s=given.think, seed=seed)
            )
            ask(given.warm, 1)  # what is asked for often is in memory, as on any day
            times = ask(given.seconds, 100)
        if given.write_plans and calls == given.calls:
            write_plans(place, calls)
    figures = {"calls": calls, "filled_s": spent, "counted_s": counted, **_figures(times, given.seconds)}
    sys.stderr.write(f"{json.dumps(figures, ensure_ascii=False)}\n")
    return figures


def _figures(times: Times, seconds: float) -> dict[str, Any]:
    asked = sum(map(len, times.by_kind.values()))
    slow = sorted(((_p95(some), name) for name, some in times.by_request.items()), reverse=True)
    return {
        "requests": asked,
        "requests_a_second": round(asked / seconds, 1),
        "failed": len(times.failed),
        "p50_ms": {kind: round(statistics.median(some), 1) for kind, some in sorted(times.by_kind.items())},
        "p95_ms": {kind: _p95(some) for kind, some in sorted(times.by_kind.items())},
        "slowest_p95_ms": {name: value for value, name in slow[:12]},
    }


def _p95(some: list[float]) -> float:
    ordered = sorted(some)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 1)


if __name__ == "__main__":
    main()
