"""What long calls take: memory by their length, and CPU time by the speech in them.

    python -m bench.long_calls [--quick] [--calls FOLDER]

Makes two-channel telephone calls from what was said in recorded ones, and runs `diting inspect` on each in a
fresh process, with the engine that the settings name. Memory is the greatest resident size of the process,
model and libraries included. The last line of standard output is one JSON object: `memory_ratio_2h_5min`,
memory for a call of two hours divided by that for one of five minutes (both half speech), and
`cost_ratio_sparse_dense`, CPU time for an hour with 10 % speech divided by that for an hour of nothing but
speech, both less what it takes to start the process, load model and rules, and inspect a call of four
seconds: a worker pays that once. `--quick` does the same with ten minutes instead of two hours, two instead
of five, and ten instead of an hour.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bench.asr.growth import Shape, arrange, pieces
from bench.asr.recordings import find_calls
from bench.asr.telephone import write_call
from bench.asr.workers import ROOT

_INSPECT = "import sys; from api.cli.main import main; sys.argv[0] = 'diting'; main()"
_JUDGED = (0, 3)  # also calls of which some part could not be judged
_TALK = 0.5


class Plan(NamedTuple):
    """The lengths in seconds of the calls whose memory, and whose cost is compared."""

    long_s: float
    short_s: float
    cost_s: float

    def shapes(self) -> dict[str, Shape]:
        """The calls to make."""
        return {
            "short": Shape(self.short_s * _TALK, _TALK),
            "long": Shape(self.long_s * _TALK, _TALK),
            "sparse": Shape(self.cost_s * 0.1, 0.1),
            "dense": Shape(self.cost_s, 1.0),
            "start": Shape(2.0, 0.5),
        }


FULL = Plan(long_s=7200, short_s=300, cost_s=3600)
QUICK = Plan(long_s=600, short_s=120, cost_s=600)


class Used(NamedTuple):
    """What a process took: CPU-seconds of user and system, and the most memory it held, in MiB."""

    cpu_s: float
    memory_mib: float


class InspectionFailedError(Exception):
    """A call could not be inspected."""


def make(calls: Path, plan: Plan, folder: Path) -> None:
    """Write the calls of a plan into a folder."""
    said = pieces(find_calls(calls))
    for number, (name, shape) in enumerate(plan.shapes().items()):
        write_call(folder / f"{name}.wav", arrange(said, shape, np.random.default_rng(number)), "pcm_alaw")


def inspect(recording: Path, log: Path) -> Used:
    """Inspect a call in a process of its own.

    Raises:
        InspectionFailedError: it ended with an error; the log says which.
    """
    path = [str(ROOT), str(ROOT / "warnings"), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, path))}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", _INSPECT, "inspect", str(recording), "--json"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in _JUDGED:
        raise InspectionFailedError(f"exit code {process.returncode}: {log.read_text('utf-8')[-500:]}")
    return Used(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.long_calls",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="shorter calls, about three minutes in all")
    parser.add_argument("--calls", type=Path, default=ROOT / "samples/calls", help="as for bench.asr")
    parser.add_argument(
        "--only", action="append", help="only this call: short, long, sparse, dense, start; repeatable"
    )
    parser.add_argument("--make-in", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> int:
    """Make the calls, inspect each, and print what it took."""
    arguments = _arguments()
    plan = QUICK if arguments.quick else FULL
    if arguments.make_in:
        make(arguments.calls.resolve(), plan, arguments.make_in)
        return 0
    used: dict[str, Used] = {}
    print("| call | length s | speech s | CPU-s | greatest memory MiB |")
    print("|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-long-") as name:
        folder = Path(name)
        # In a process of its own: what this one holds would count for those that it starts.
        command = [sys.executable, "-m", "bench.long_calls", *sys.argv[1:], "--make-in", name]
        subprocess.run(command, check=True, cwd=ROOT)
        for call, shape in plan.shapes().items():
            if arguments.only and call not in arguments.only:
                continue
            used[call] = inspect(folder / f"{call}.wav", folder / "log")
            length = f"{shape.speech_s / shape.share:.0f} | {shape.speech_s:.0f}"
            print(f"| {call} | {length} | {used[call].cpu_s:.1f} | {used[call].memory_mib:.0f} |", flush=True)
    figures = {
        "memory_ratio_2h_5min": memory_ratio(used),
        "cost_ratio_sparse_dense": cost_ratio(used),
    }
    print(f"\n{json.dumps(figures)}")
    return 0


def memory_ratio(used: Mapping[str, Used]) -> float | None:
    """Memory of the long call by that of the short one; None where one was not inspected."""
    if not {"long", "short"} <= used.keys():
        return None
    return round(used["long"].memory_mib / used["short"].memory_mib, 3)


def cost_ratio(used: Mapping[str, Used]) -> float | None:
    """CPU time of the sparse call by the dense one, both less the start; None where one was not inspected."""
    if not {"sparse", "dense", "start"} <= used.keys():
        return None
    start = used["start"].cpu_s
    return round((used["sparse"].cpu_s - start) / (used["dense"].cpu_s - start), 3)


if __name__ == "__main__":
    sys.exit(main())
