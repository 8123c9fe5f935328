"""`make bench-scale`: 1, 2, 4, 8 worker processes on a simulated engine, and the limit of the database.

Real `diting worker` processes, a real Redis and a real PostgreSQL of their own. The engine is a wait, as a
GPU or a remote server is one for the processor of a worker; everything else is what the product does. The
wait is made so long that eight workers take a quarter of the cores here (`--share`): what is measured is how
the workers get on with each other and with the servers, not how many cores this machine has.

The last line is JSON: `efficiency_8` (throughput of eight workers, divided by eight times that of one, both
in the steady state), `calls_per_s` and `ms_per_call` (of eight workers), `limit_calls_per_s` (clients that do
nothing but what the database is asked for), and what a call costs the servers.
"""

import argparse
import json
import os
import signal
import sys
from typing import Any

from bench.scale import arithmetic, counts, units
from bench.scale.limit import Load, find, load
from bench.scale.linear import STEPS, Step, grow, rounded, say
from bench.scale.old import grow_old
from bench.scale.site import site


def main() -> None:
    """Measure, and print the figures."""
    asked = argparse.ArgumentParser(prog="bench.scale", description=__doc__)
    asked.add_argument("--calls", type=int, default=12, help="calls measured per worker")
    asked.add_argument("--steps", type=int, nargs="*", default=STEPS, help="numbers of workers, 1 among them")
    asked.add_argument(
        "--share", type=float, default=0.25, help="share of the cores that the workers may take"
    )
    asked.add_argument("--wait", type=float, help="seconds that the engine waits for a call, instead")
    asked.add_argument("--units", type=int, default=6, help="calls of each length for unit costs")
    asked.add_argument("--clients", type=int, nargs="*", default=(1, 2, 4, 8))
    asked.add_argument(
        "--limit-calls", type=int, default=400, help="calls for each number of clients; 0: none"
    )
    asked.add_argument("--old", type=int, default=200_000, help="calls on record for the last load; 0: none")
    given = asked.parse_args()
    if given.steps and (not given.units or 1 not in given.steps):
        asked.error("--steps takes a step of 1 worker, and --units")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that servers and workers end with the bench
    figures = unit_costs(given) if given.units else {}
    if given.steps:
        figures |= linear(given, figures["cpu_s"], figures["heard_s"])
    if given.limit_calls:
        figures |= limit(given)
    sys.stdout.write(json.dumps(figures) + "\n")


def unit_costs(given: argparse.Namespace) -> dict[str, Any]:
    """What the stages cost, one call after another."""
    with site() as here:
        counts.prepare(here.settings.database_url)
        costs, heard_s = units.measure(here, given.units)
    found = units.table(costs)
    for what, each in found.items():
        say(f"{what}: {json.dumps(each)}")
    return {"cpu_s": round(units.cpu_s_of_short(costs), 3), "heard_s": round(heard_s, 2), "units": found}


def linear(given: argparse.Namespace, cpu_s: float, heard_s: float) -> dict[str, Any]:
    """Throughput by number of workers."""
    cores = os.cpu_count() or 1
    most = max(given.steps)
    wait = given.wait or arithmetic.wait_s(cpu_s, workers=most, cores=cores, share=given.share)
    say(
        f"a call of {units.SHORT_S:.0f} s takes {1000 * cpu_s:.0f} ms of processor time; "
        f"the engine waits {wait:.1f} s for each, so that {most} workers take "
        f"{most * cpu_s / (wait + cpu_s):.2f} of {cores} cores"
    )
    with site() as here:
        counts.prepare(here.settings.database_url)
        calls = {count: max(given.calls * count, 2) for count in given.steps}
        steps = grow(here, calls_per_step=calls, seconds=units.SHORT_S, wait=wait / heard_s)
    rates = {step.workers: step.calls_per_s for step in steps}
    last: Step = steps[-1]
    shares = arithmetic.efficiency(rates)
    return {
        **{f"efficiency_{count}": round(share, 3) for count, share in shares.items() if count > 1},
        "calls_per_s": round(last.calls_per_s, 3),
        "ms_per_call": round(1000 / last.calls_per_s, 1),
        "engine_waits_s": round(wait, 2),
        "rates": {count: round(each, 3) for count, each in rates.items()},
        "each": rounded(last.each),
    }


def limit(given: argparse.Namespace) -> dict[str, Any]:
    """Where the database, on this machine with its clients, is full."""
    with site() as here:
        counts.prepare(here.settings.database_url)
        units.measure(here, 4)  # what the clients then hand over as their work
        loads = find(here, tuple(given.clients), given.limit_calls)
        best: Load = max(loads, key=lambda each: each.calls_per_s)
        for statement, calls, ms in counts.longest(here.settings.database_url):
            say(f"{ms:9.0f} ms {calls:7.0f} times  {statement}")
        figures: dict[str, Any] = {
            "limit_calls_per_s": round(best.calls_per_s, 1),
            "limit_clients": best.clients,
            "limits": {each.clients: round(each.calls_per_s, 1) for each in loads},
            "limit_each": rounded(best.each),
        }
        if given.old:
            old = grow_old(here, given.old)
            say(f"{old} calls on record")
            again = load(here, best.clients, given.limit_calls, 8_000_000)
            figures |= {
                "old_calls": old,
                "old_calls_per_s": round(again.calls_per_s, 1),
                "old_each": rounded(again.each),
            }
            for statement, calls, ms in counts.longest(here.settings.database_url):
                say(f"{ms:9.0f} ms {calls:7.0f} times  {statement}")
    return figures


if __name__ == "__main__":
    main()
