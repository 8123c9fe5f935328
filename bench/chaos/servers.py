"""PostgreSQL, Redis and an S3 server of their own that can be stopped and started again on the same port."""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

import boto3  # type: ignore[import-untyped]
import redis

from bench.ledger.server import call_program, installed_programs, server_user

BUCKET: Final = "recordings"
KEYS: Final = {"aws_access_key_id": "bench", "aws_secret_access_key": "bench-secret"}
_START_S: Final = 60.0
# A commit is given to the operating system, so that a server killed at once has it; the disk need not.
_OPTIONS: Final = (
    "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=200"
)


class PostgreSQL:
    """A server with an empty database."""

    def __init__(self, folder: Path) -> None:
        self._programs, self._data = installed_programs(), folder / "data"
        self._user = server_user(folder)
        initdb: list[str | Path] = [
            "initdb",
            "-D",
            self._data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]
        call_program(self._programs, initdb, **self._user)
        self._port = free_port()
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{self._port}/postgres"
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self._port} {_OPTIONS}"
        start: list[str | Path] = [
            "pg_ctl",
            "-D",
            self._data,
            "-w",
            "-l",
            self._data / "log",
            "-o",
            options,
            "start",
        ]
        call_program(self._programs, start, **self._user)

    def stop(self, mode: Literal["fast", "immediate"]) -> None:
        """Stop it in good order, or as a power cut does."""
        call_program(self._programs, ["pg_ctl", "-D", self._data, "-w", "-m", mode, "stop"], **self._user)


class Redis:
    """A server that keeps nothing on disk: stopping it loses every message."""

    def __init__(self) -> None:
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = shutil.which("redis-server")
        if program is None:
            raise SystemExit("Redis is not installed: apt-get install redis-server")
        here = ["--port", str(self._port), "--bind", "127.0.0.1"]
        command = [program, *here, "--save", "", "--appendonly", "no"]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, cwd=tempfile.gettempdir(), stdout=quiet, stderr=quiet)
        retry = redis.retry.Retry(redis.backoff.ConstantBackoff(0.1), retries=int(_START_S / 0.1))
        with redis.Redis(port=self._port, retry=retry) as client:
            client.ping()

    def stop(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.wait()

    def flush(self) -> None:
        """Make it forget everything."""
        with redis.Redis(port=self._port) as client:
            client.flushall()


@contextmanager
def s3_server(folder: Path) -> Iterator[str]:
    """The address of an S3 server (moto's, in a process of its own) with one empty bucket."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with (folder / "s3.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        _await_answer(f"{url}/moto-api/", process)
        boto3.client("s3", endpoint_url=url, region_name="us-east-1", **KEYS).create_bucket(Bucket=BUCKET)
        yield url
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _await_answer(url: str, process: "subprocess.Popen[bytes]") -> None:
    give_up_at = time.monotonic() + _START_S
    while process.poll() is None and time.monotonic() < give_up_at:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise SystemExit("moto's S3 server does not start: pip install 'moto[s3,server]'")


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
