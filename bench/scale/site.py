"""An installation for the bench: PostgreSQL and Redis of its own, and real worker processes."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import redis

from bench.ledger.server import postgresql
from bench.scale.engine import NAME
from store import migrate
from store.settings import Settings

ROOT: Final = Path(__file__).parents[2]
# As a site runs it: a commit waits for the disk. The statements are counted by the server itself.
_SERVER: Final = ("fsync=on", "shared_preload_libraries=pg_stat_statements", "max_connections=200")
_STOP_S: Final = 60.0
_START_S: Final = 30.0


class Site:
    """Settings, and the worker processes that run under them.

    Args:
        folder: where everything lies.
        database_url: an empty PostgreSQL database.
        redis_url: an empty Redis.
    """

    def __init__(self, folder: Path, database_url: str, redis_url: str) -> None:
        self.folder = folder
        self.redis_url = redis_url
        _install_engine(folder / "packages")
        given = {
            "data_dir": str(folder / "var"),
            "database_url": database_url,
            "redis_url": redis_url,
            "engine": NAME,
            "execution": "distributed",
            "backfill_after_hours": "8784",  # the calls are old, and meant to be live
            "log_level": "warning",
            "workers": "1",
        }
        path = [ROOT, ROOT / "warnings", folder / "packages"]
        self._environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "OMP_NUM_THREADS": "1",
            **{f"DITING_{name.upper()}": value for name, value in given.items()},
        }
        self.settings = Settings(**given)  # type: ignore[arg-type]
        self.processes: list[subprocess.Popen[bytes]] = []
        self.settings.data_dir.mkdir()
        migrate.upgrade(database_url)

    def start(self, *command: str, more: Mapping[str, str] | None = None) -> "subprocess.Popen[bytes]":
        """Start a Python program in a process group of its own; its output goes to `log`."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                env={**self._environment, **(more or {})},
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def wait_until(self, happened: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Look several times a second until something happened.

        Raises:
            SystemExit: a worker ended, or it took too long.
        """
        give_up_at = time.monotonic() + seconds
        while not happened():
            ended = [process for process in self.processes if process.poll() is not None]
            if ended or time.monotonic() > give_up_at:
                log = (self.folder / "log").read_text("utf-8")[-3000:]
                raise SystemExit(f"{what}: {'a worker ended' if ended else 'too slow'}\n{log}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Let the workers finish, or kill them."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        give_up_at = time.monotonic() + _STOP_S
        for process in self.processes:
            try:
                process.wait(max(0.1, give_up_at - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()


@contextmanager
def site() -> Iterator[Site]:
    """An installation that is gone afterwards, with its servers and workers."""
    folder = Path(tempfile.mkdtemp(prefix="diting-bench-"))
    try:
        with postgresql(*_SERVER) as database_url, _redis() as redis_url:
            made = Site(folder, database_url, redis_url)
            try:
                yield made
            finally:
                made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _redis() -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        raise SystemExit("Redis is not installed: apt-get install redis-server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=tempfile.gettempdir())
    try:
        retry = redis.retry.Retry(redis.backoff.ConstantBackoff(0.1), retries=int(_START_S / 0.1))
        with redis.Redis(port=port, retry=retry) as client:
            client.ping()
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


def _install_engine(folder: Path) -> None:
    """A folder for the Python path in which the simulated engine looks like an installed package."""
    info = folder / "bench_wait-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: bench-wait\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[diting.engines]\n{NAME} = bench.scale.engine:make\n")
