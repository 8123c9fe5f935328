"""`make bench-pages`: how long the pages of the browser take over a million calls.

The last line is JSON: `interactive_ms`, by page the median time from asking for its address in an empty
browser until its content stands and nothing is on its way any more, and `largest`, the slowest of them.
PostgreSQL, one process of `diting serve` and Chromium share this machine.
"""

import argparse
import json
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

from bench.api.fill import OPTIONS, count_days, fill
from bench.api.serving import serving
from bench.ledger.server import postgresql
from store import migrate
from store.logging import configure_logging

WEB = Path(__file__).parents[2] / "web"


def main() -> None:
    """Fill a database, open the pages over it, and print the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--calls", type=int, default=1_000_000)
    asked.add_argument("--patterns", type=int, help="so many labelled calls are enough")
    asked.add_argument("--filled", help="a database that was filled before; it is kept")
    asked.add_argument("--times", type=int, default=5, help="how often each page is opened")
    given = asked.parse_args()
    configure_logging("error")
    with nullcontext(given.filled) if given.filled else postgresql(*OPTIONS) as place:
        migrate.upgrade(place)
        if not given.filled:
            fill(place, given.calls, among=given.patterns)
            count_days(place)
        with serving(place) as base:
            command = ["node", "bench/pages.mjs", base, str(given.calls), str(given.times)]
            done = subprocess.run(
                command, cwd=WEB, env=os.environ, check=True, stdout=subprocess.PIPE, text=True
            )
    times = json.loads(done.stdout)
    largest = max(times, key=times.get)
    figures = {"calls": given.calls, "interactive_ms": times, "largest": [largest, times[largest]]}
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
