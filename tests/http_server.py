"""A server that does whatever a test tells it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Request:
    """One request as it arrived; a field may be given more than once."""

    path: str
    body: bytes
    fields: dict[str, list[str]]
    wav: bytes
    headers: dict[str, str]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = self._request(body)
        with self.server.counting:
            self.server.requests.append(request)
            self.server.under_way += 1
            self.server.most_under_way = max(self.server.most_under_way, self.server.under_way)
            place = min(len(self.server.requests), len(self.server.behaviours)) - 1
            behave = self.server.behaviours[place]
        try:
            behave(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with self.server.counting:
                self.server.under_way -= 1

    def _request(self, body: bytes) -> Request:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        fields: dict[str, list[str]] = {}
        wav = b""
        parsed = BytesParser(policy=HTTP).parsebytes(head + body)
        for part in parsed.iter_parts() if parsed.is_multipart() else ():
            name = part.get_param("name", header="content-disposition")
            payload = part.get_payload(decode=True)
            if part.get_filename():
                wav = payload
            else:
                fields.setdefault(name, []).append(payload.decode())
        return Request(self.path, body, fields, wav, {k.lower(): v for k, v in self.headers.items()})

    def log_message(self, *_: Any) -> None:
        """The test reads what it needs from `requests`."""

    def answer(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


Behaviour = Callable[[Handler], None]


@dataclass
class Server(ThreadingHTTPServer):
    """Answers the first request as the first behaviour says, and so on; the last one goes on for ever."""

    behaviours: list[Behaviour] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    daemon_threads = True

    def __post_init__(self) -> None:
        self.counting = threading.Lock()
        self.ended = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def will(self, *behaviours: Behaviour) -> None:
        self.behaviours = list(behaviours)

    def handle_error(self, *_: Any) -> None:
        """A client that went away is what some tests want."""


def says(answer: object, status: int = 200, kind: str = "application/json", **headers: str) -> Behaviour:
    """Answers with JSON, or with bytes of another kind."""
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return lambda handler: handler.answer(status, body, kind, **headers)


@contextmanager
def served() -> Iterator[Server]:
    """A server on a free port of this machine, while it is needed."""
    running = Server()
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield running
    finally:
        running.ended.set()
        running.shutdown()
        thread.join()
        running.server_close()
