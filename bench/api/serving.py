"""`diting serve` over a database, as a process of its own."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

START_S = 60.0


@contextmanager
def serving(url: str) -> Iterator[str]:
    """The address at which the API answers meanwhile."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "DITING_DATABASE_URL": url, "DITING_DATA_DIR": folder, "DITING_PORT": str(port),
            "DITING_LOG_LEVEL": "error", "DITING_CALLER_REQUESTS_PER_MINUTE": "0",
            "DITING_ADDRESS_REQUESTS_PER_MINUTE": "0",
        }  # fmt: skip
        environment = os.environ | settings | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        command = [sys.executable, "-m", "api.cli", "serve"]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base)
            yield base
        finally:
            server.terminate()
            server.wait()


def _wait(base: str) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            httpx.get(f"{base}/api/v1/calls?limit=1", timeout=30).raise_for_status()
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return
