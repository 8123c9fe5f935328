"""`make chaos`: calls go through a distributed installation that is broken all the time, then left alone.

The last line is JSON: `calls`, `lost`, `doubled`, `unexplained` (all but the first must be 0), and what the
faults did, so that one sees that they bit.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from bench.chaos.run import Plan, run


def main() -> int:
    """Run it; exit code 1 where anything was lost, doubled or left unexplained."""
    parser = argparse.ArgumentParser(prog="bench.chaos")
    parser.add_argument("--calls", type=int, default=2_000)
    parser.add_argument("--real", type=int, default=50, help="calls that are heard by the bundled model")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=2, help="worker programs of two processes each")
    parser.add_argument("--faults-s", type=float, default=900.0, help="seconds of faults at most")
    parser.add_argument("--keep", type=Path, help="a folder to keep the logs of the workers in")
    asked = parser.parse_args()
    plan = Plan(
        calls=asked.calls, real=asked.real, seed=asked.seed, workers=asked.workers,
        faults_s=asked.faults_s,
    )  # fmt: skip
    folder = Path(tempfile.mkdtemp(prefix="diting-chaos-"))
    try:
        figures = run(plan, folder, say)
    finally:
        if asked.keep:
            asked.keep.mkdir(parents=True, exist_ok=True)
            shutil.copy(folder / "log", asked.keep / "log")
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures))
    return int(any(figures[name] for name in ("lost", "doubled", "unexplained", "breaks")))


def say(entry: dict[str, Any]) -> None:
    """One line of the report."""
    print(json.dumps(entry, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
