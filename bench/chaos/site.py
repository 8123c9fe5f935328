"""The installation: settings, sources of calls, and worker processes that a supervisor starts again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import yaml

from bench.chaos.engine import NAME, REAL, WAIT
from bench.chaos.servers import BUCKET, KEYS
from bench.scale.calls import write_calls
from store import migrate
from store.settings import Settings

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = 10
_REAL_S, _SCRIPTED_S = 5.0, 1.5
_STOP_S: Final = 60.0
_RESTART_S: Final = 1.0  # as systemd or Docker start again what died


@dataclass
class Worker:
    """One `diting worker`, and when it is started again."""

    arguments: tuple[str, ...]
    process: "subprocess.Popen[bytes] | None" = None
    due: float = 0.0


class Site:
    """Everything that runs the product.

    Args:
        folder: where files lie; `spool` is the small disk for temporary files.
        database_url, redis_url, s3_url: the servers.
        calls, real: how many calls there are, and how many of them are heard for real.
        workers: worker programs, of two processes each.
    """

    def __init__(  # noqa: PLR0913 - what an installation consists of
        self, folder: Path, spool: Path, *, database_url: str, redis_url: str, s3_url: str,
        calls: int, real: int, workers: int, lease_s: float,
    ) -> None:  # fmt: skip
        self.folder, self.calls = folder, calls
        _install_engine(folder / "packages")
        _write_sources(folder, calls, real)
        given = {
            "data_dir": str(folder / "var"),
            "database_url": database_url,
            "redis_url": redis_url,
            "recordings_url": f"s3://{BUCKET}",
            "s3_endpoint": s3_url,
            "s3_region": "us-east-1",
            "s3_access_key_id": KEYS["aws_access_key_id"],
            "s3_secret_access_key": KEYS["aws_secret_access_key"],
            "sources_file": str(folder / "sources.yaml"),
            "engine": NAME,
            "execution": "distributed",
            "backfill_after_hours": "8784",  # the calls are old, and meant to be live
            "log_level": "warning",
            "lease_seconds": str(lease_s),
            "sweep_seconds": "2",
        }
        path = [ROOT, ROOT / "warnings", folder / "packages"]
        self._environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "OMP_NUM_THREADS": "1",
            "TMPDIR": str(spool),
            REAL: str(real),
            WAIT: "0.05",
            **{f"DITING_{name.upper()}": value for name, value in given.items()},
        }
        self.settings = Settings(**given)
        migrate.upgrade(database_url)
        (folder / "var").mkdir(exist_ok=True)
        self._workers = [Worker(("worker", "--workers", "2")) for _ in range(workers)]
        clerk = ("worker", "--workers", "1", "--queue", "ingest", "--queue", "notices", "--beat")
        self._workers.append(Worker(clerk))
        self.restarts = 0

    def supervise(self) -> None:
        """Start what is not running, a moment after it ended."""
        now = time.monotonic()
        for worker in self._workers:
            if worker.process is not None and worker.process.poll() is not None:
                worker.process, worker.due = None, now + _RESTART_S
                self.restarts += 1
            if worker.process is None and now >= worker.due:
                worker.process = self.start(*worker.arguments)

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        """Start a command of Diting in a process group of its own; its output goes to `log`."""
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "api.cli", *command],
                env=self._environment, cwd=self.folder, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def processes(self) -> list[int]:
        """Every process of the product that lives, the worker programs and what they started."""
        mains = [worker.process.pid for worker in self._workers if worker.process is not None]
        return [*mains, *(child for main in mains for child in children(main))]

    def run(self, *command: str) -> str:
        """Run a command to its end; returns what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "api.cli", *command],
            env=self._environment, cwd=self.folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.stdout + done.stderr

    def stop(self) -> None:
        """Let the workers finish, or kill them."""
        running = [worker.process for worker in self._workers if worker.process is not None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        give_up_at = time.monotonic() + _STOP_S
        for process in running:
            try:
                process.wait(max(0.1, give_up_at - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def kill(pids: Iterable[int]) -> None:
    """SIGKILL to those that are still there."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _write_sources(folder: Path, calls: int, real: int) -> None:
    """Watched folders. The first one has the calls that are heard for real, and is read at once; the others
    hold equal shares of the rest."""
    long_ago = time.time() - 3600
    bounds = [0, real, *(real + (calls - real) * (part + 1) // SOURCES for part in range(SOURCES))]
    sources = {}
    for part, (begin, end) in enumerate(pairwise(bounds)):
        place = folder / "in" / f"{part:02d}"
        write_calls(place, range(begin, end), _REAL_S if part == 0 else _SCRIPTED_S)
        for path in place.iterdir():
            os.utime(path, (long_ago, long_ago))
        sources[f"recorder-{part}"] = {
            "kind": "folder",
            "path": str(place),
            "every_seconds": 5,
            "settle_seconds": 0,
            "retry": {"attempts": 100, "first_seconds": 2, "longest_seconds": 20},
        }
    (folder / "sources.yaml").write_text(yaml.safe_dump({"version": 1, "sources": sources}))


def _install_engine(folder: Path) -> None:
    """A folder for the Python path in which the engine looks like an installed package."""
    info = folder / "bench_chaos-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: bench-chaos\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[diting.engines]\n{NAME} = bench.chaos.engine:make\n")
