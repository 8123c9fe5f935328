"""`make bench-ledger`: how fast 200,000 lines are filtered, sorted, exported and verified on PostgreSQL.

The last line is JSON. Times are of one query at a time from a warm database, with everything from the
statement to the lines as a route hands them out.
"""

import argparse
import json
import random
import resource
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from api.ledger_files import write_ledger
from bench.ledger.entries import CLIENTS, fill
from bench.ledger.questions import NOW, questions
from bench.ledger.server import postgresql
from bench.ledger.tampering import tamper_each
from complaint_warnings.ledger.check import check_ledger
from complaint_warnings.ledger.columns import Shown
from complaint_warnings.ledger.filters import Filters
from complaint_warnings.ledger.lines import Wanted, page
from store import audit, migrate
from store.database import SessionFactory, make_engine, make_session_factory, reading

PAGE = 50
MIB = 1024 * 1024


def main() -> None:
    """Fill a database, measure, and print the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--entries", type=int, default=200_000)
    asked.add_argument("--database", help="an empty PostgreSQL database; default: a server of its own")
    asked.add_argument("--rounds", type=int, default=3, help="how often each query is made")
    given = asked.parse_args()
    server = nullcontext(given.database) if given.database else postgresql()
    with server as url:
        migrate.upgrade(url)
        engine = make_engine(url)
        try:
            figures = measure(make_session_factory(engine), given.entries, given.rounds)
        finally:
            engine.dispose()
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")


def measure(sessions: SessionFactory, entries: int, rounds: int) -> dict[str, Any]:
    """All figures, said as they come."""
    figures: dict[str, Any] = {"entries": entries}
    with sessions() as session:
        figures["filled_s"] = timed(lambda: fill(session, entries))
        # What the server does by itself within minutes of such a load.
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"}).execute(
            text("VACUUM ANALYZE")
        )
    for part in (partial(pages, rounds=rounds), exports, verification):
        figures |= part(sessions)
        sys.stderr.write(f"{figures}\n")
    figures["tampering_found"] = tamper_each(sessions, random.Random(11))
    return figures


def pages(sessions: SessionFactory, *, rounds: int) -> dict[str, Any]:
    """Milliseconds of filtered, sorted pages: by the clock, and of processor time of Python and PostgreSQL,
    which other work on the machine lengthens less. `best` is of each query's quickest round by the clock:
    what comes nearest to a machine that does nothing else."""
    asked = list(questions(random.Random(5)))
    times: dict[str, list[tuple[float, float]]] = {}
    with reading(sessions) as session:
        session.execute(text("SET max_parallel_workers_per_gather = 0"))
        server = session.scalar(text("SELECT pg_backend_pid()"))
        following = [(f"{name}, page 2", wanted) for name, wanted in asked[::4]]
        cursors = {name: page(session, wanted, limit=PAGE).next for name, wanted in following}
        for _ in range(rounds):
            for name, wanted in (*asked, *following):
                start, worked = time.perf_counter(), _processor_s(server)
                page(session, wanted, limit=PAGE, cursor=cursors.get(name))
                spent = time.perf_counter() - start, _processor_s(server) - worked
                times.setdefault(name, []).append((spent[0] * 1000, spent[1] * 1000))
    every = [one for some in times.values() for one in some]
    medians = ((statistics.median(cpu for _, cpu in some), name) for name, some in times.items())
    return {
        "queries": len(every),
        **_figures("page", sorted(clock for clock, _ in every)),
        **_figures("page_best", sorted(min(clock for clock, _ in some) for some in times.values())),
        **_figures("page_cpu", sorted(cpu for _, cpu in every)),
        "slowest_cpu_ms": {name: round(median, 1) for median, name in sorted(medians, reverse=True)[:12]},
    }


def _figures(name: str, ordered: list[float]) -> dict[str, float]:
    return {
        f"{name}_p50_ms": round(statistics.median(ordered), 1),
        f"{name}_p95_ms": round(ordered[int(len(ordered) * 0.95)], 1),
        f"{name}_max_ms": round(ordered[-1], 1),
    }


def _processor_s(server: object) -> float:
    """Processor time of this process and of the server's, where that runs on this machine."""
    try:
        theirs = float(Path(f"/proc/{server}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        theirs = 0.0
    return time.process_time() + theirs


def exports(sessions: SessionFactory) -> dict[str, Any]:
    """Seconds, sizes and memory of whole exports: by how much the process grew, and of a fifth of them the
    most that Python held at once beyond what it held before."""
    figures: dict[str, Any] = {}
    how, whole = Shown(ZoneInfo("Asia/Shanghai"), "zh"), Wanted(Filters(), NOW)
    fifth = Wanted(Filters(clients=CLIENTS[: len(CLIENTS) // 5]), NOW)
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("csv", "xlsx"):
            file = Path(folder) / f"ledger.{kind}"
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            figures[f"{kind}_s"] = timed(partial(write_ledger, sessions, file, whole, how))
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            figures[f"{kind}_mib"] = round(file.stat().st_size / MIB, 1)
            figures[f"{kind}_rss_grown_mib"] = round(grown / 1024, 1)
            tracemalloc.start()
            write_ledger(sessions, file, fifth, how)
            figures[f"{kind}_peak_mib"] = round(tracemalloc.get_traced_memory()[1] / MIB, 1)
            tracemalloc.stop()
    return figures


def verification(sessions: SessionFactory) -> dict[str, Any]:
    """Seconds of verifying the audit chain, and every row of the ledger against it."""
    found: list[Any] = []
    with reading(sessions) as session:
        chain = timed(lambda: found.extend(audit.verify(session)))
        rows = timed(lambda: found.extend(check_ledger(session)))
    return {"audit_chain_s": chain, "verify_s": rows, "verify_found": len(found)}


def timed(work: Callable[[], object]) -> float:
    """Seconds of the work."""
    start = time.perf_counter()
    work()
    return round(time.perf_counter() - start, 1)


if __name__ == "__main__":
    main()
