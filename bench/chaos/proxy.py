"""A proxy before the S3 server that can be told to answer 500, or slowly."""

import http.client
import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

_KEY: Final = re.compile(r"/([0-9a-f]{64})(?:\?|$)")
_OWN: Final = {"connection", "transfer-encoding", "content-length", "date", "server"}
_ERROR: Final = b"<Error><Code>InternalError</Code><Message>We met an internal error.</Message></Error>"


class Mood:
    """How the proxy answers now, and which recordings it has let down.

    Attributes:
        broken: share of requests that are answered 500.
        slow_s: seconds that a request waits at most.
        refused, delayed: hashes of the recordings of which a request was refused, or waited over a second.
        requests: how many requests were refused and how many were delayed.
    """

    def __init__(self, seed: int) -> None:
        self.broken, self.slow_s = 0.0, 0.0
        self.refused: set[str] = set()
        self.delayed: set[str] = set()
        self.requests = {"refused": 0, "delayed": 0}
        self._chance = random.Random(seed)
        self._lock = threading.Lock()

    def decide(self, path: str) -> tuple[bool, float]:
        """Whether this request is refused, and how long it waits before."""
        found = _KEY.search(path)
        with self._lock:
            refused = self._chance.random() < self.broken
            wait = self._chance.uniform(0.0, self.slow_s)
            if refused:
                self.requests["refused"] += 1
                self.refused |= {found[1]} if found else set()
            if wait > 1:
                self.requests["delayed"] += 1
                self.delayed |= {found[1]} if found else set()
        return refused, wait


@contextmanager
def proxy(upstream: str, mood: Mood) -> Iterator[str]:
    """The address of the proxy."""
    address = urlsplit(upstream)

    class Handler(_Handler):
        host, port, moods = address.hostname or "", address.port or 80, mood

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host: str
    port: int
    moods: Mood

    def do_any(self) -> None:
        """Refuse, or ask the server behind."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        refused, wait = self.moods.decide(self.path)
        time.sleep(wait)
        if refused:
            self._answer(500, {"Content-Type": "application/xml"}, _ERROR)
            return
        upstream = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            upstream.request(self.command, self.path, body, dict(self.headers))
            answer = upstream.getresponse()
            self._answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            upstream.close()

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_any  # noqa: N815 - as the library calls them

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in _OWN:
                self.send_header(name, value)
        # The answer to a HEAD tells the length of what it does not carry.
        length = next((value for name, value in headers.items() if name.lower() == "content-length"), "")
        self.send_header("Content-Length", length if self.command == "HEAD" else str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle(self) -> None:
        """All requests of one connection."""
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):  # whoever asked was killed
            return

    def log_message(self, *_line: Any) -> None:
        """Nothing: every request would be a line."""
