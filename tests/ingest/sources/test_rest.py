"""A recorder's API that behaves, and one that does not."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ingest.sources.check import check_source
from ingest.sources.rest import find, with_params
from tests.ingest.sources.site import NAME, Site, make_source, wav

CALLS = [
    {"id": f"R{n}", "begin": f"2026-03-05T10:0{n}:00+08:00", "who": {"agent": f"a{n}"}, "file": f"/audio/{n}"}
    for n in range(5)
]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


class Recorder(ThreadingHTTPServer):
    """Lists calls in pages and gives their recordings; `behave` may do something else for a path."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.behave: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: Any) -> None:
        """A client that goes away is what some tests want."""


class _Handler(BaseHTTPRequestHandler):
    server: Recorder

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        if parts.path in self.server.behave:
            self.server.behave[parts.path](self)
        elif parts.path.startswith("/audio/"):
            answer(self, 200, wav(int(parts.path.rpartition("/")[2])))
        else:
            page = int(parse_qs(parts.query).get("page", ["1"])[0])
            body = {"data": {"items": CALLS[2 * page - 2 : 2 * page]}}
            answer(self, 200, json.dumps(body).encode())

    def log_message(self, *_: Any) -> None:
        """The test reads `asked`."""


def answer(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def gives(status: int, body: object = None, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda handler: answer(handler, status, content, **headers)


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    running = Recorder()
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


def fields(recorder: Recorder, **changed: Any) -> dict[str, Any]:
    listing = {
        "url": f"{recorder.url}/calls?kind=voice",
        "auth": {"kind": "bearer", "secret": "password"},
        "items": "/data/items",
        "fields": {"external_id": "/id", "started_at": "/begin", "agent.id": "/who/agent"},
        "paging": {"kind": "page", "param": "page"},
        "audio": {"url": "/file"},
        "download": {"networks": ["127.0.0.0/8"]},
    }
    return {"kind": "rest", "list": listing | changed}


def problem(site: Site, recorder: Recorder, **changed: Any) -> Any:
    found = check_source(NAME, make_source(**fields(recorder, **changed)), site.settings, site.intake)
    return found.problem


def test_calls_of_all_pages_are_taken_once(site: Site, recorder: Recorder):
    site.use(**fields(recorder, since={"param": "after", "overlap_minutes": 30}))
    turn = site.turn()
    assert (turn.error, turn.taken) == (None, 5)
    assert site.calls() == ["R4", "R3", "R2", "R1", "R0"]
    assert all(head["authorization"] == "Bearer open sesame" for _, head in recorder.asked)
    assert "after" not in recorder.asked[0][0]

    recorder.asked.clear()
    again = site.turn()
    assert (again.noted.new, again.noted.known, again.taken) == (0, 5, 0)
    assert parse_qs(urlsplit(recorder.asked[0][0]).query)["after"] == ["2026-03-05T02:00:00Z"]
    assert not any(path.startswith("/audio") for path, _ in recorder.asked)


def test_addresses_made_from_fields(site: Site, recorder: Recorder):
    site.use(**fields(recorder, audio={"template": "/audio/{/who/agent}"}))
    recorder.behave = {f"/audio/a{n}": gives(200, wav(n)) for n in range(5)}
    assert site.turn().taken == 5


def test_recordings_are_fetched_from_named_hosts_only_and_the_key_is_not_shown_to_others(
    site: Site, recorder: Recorder
):
    elsewhere = recorder.url.replace("127.0.0.1", "localhost")
    items = [
        {"id": "R1", "begin": None, "file": f"{elsewhere}/audio/1"},
        {"id": "R2", "begin": "x", "file": "https://10.0.0.1/audio/2"},
        {"id": "R3", "begin": "x", "file": "file:///etc/passwd"},
        {"id": "R4", "begin": "x", "file": "/moved"},
        {"id": "R5", "begin": "x", "file": "/inside"},
    ]
    recorder.behave = {
        "/calls": gives(200, {"data": {"items": items}}),
        "/moved": gives(302, Location=f"{elsewhere}/audio/4"),
        "/inside": gives(302, Location="http://169.254.169.254/latest/meta-data"),
    }
    download = {"networks": ["127.0.0.0/8"], "hosts": ["localhost", "10.0.0.1"], "http": True}
    site.use(**fields(recorder, paging={"kind": "none"}, download=download))
    site.turn()
    states = site.items()
    assert states["call:R1"] == states["call:R4"] == ("taken", None)
    assert {states[f"call:R{n}"] for n in (2, 3, 5)} == {("refused", "source.address_refused")}
    foreign = [head for path, head in recorder.asked if head["host"].startswith("localhost")]
    assert len(foreign) == 2
    assert not any("authorization" in head for head in foreign)


def test_private_addresses_need_to_be_allowed(site: Site, recorder: Recorder):
    found = problem(site, recorder, download={})
    assert found.code == "source.address_refused"
    assert "127.0.0.1 is inside" in str(found)
    assert recorder.asked == []


def test_a_recording_that_is_not_there_is_tried_again_and_one_too_large_refused(
    site: Site, recorder: Recorder
):
    recorder.behave = {"/audio/0": gives(404), "/audio/1": gives(200, b"x" * 2000), "/audio/2": gives(503)}
    site.intake = site.intake.__class__(
        site.intake.factory, site.intake.recordings, site.clock, limits_of(site, 1000 + len(wav(3)))
    )
    recorder.behave["/audio/1"] = gives(200, b"x" * (2000 + len(wav(3))))
    site.use(**fields(recorder))
    assert site.turn().taken == 2
    states = site.items()
    assert states["call:R0"] == ("dead", "source.gone")
    assert states["call:R1"] == ("refused", "audio.too_large")
    assert states["call:R2"] == ("found", "source.busy")


def limits_of(site: Site, most_bytes: int) -> Any:
    return site.intake.limits.__class__(site.intake.limits.max_seconds, most_bytes)


def test_an_answer_that_breaks_off_or_never_ends(site: Site, recorder: Recorder):
    def breaks_off(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.wfile.write(b"RIFF")

    recorder.behave = {"/audio/0": breaks_off, "/audio/1": gives(302, Location="/audio/1")}
    site.use(**fields(recorder))
    site.turn()
    states = site.items()
    assert states["call:R0"] == ("found", "source.unreachable")
    assert states["call:R1"] == ("found", "source.answer")


def test_what_is_wrong_is_said_in_plain_words(site: Site, recorder: Recorder):
    listing = {"/calls": gives(200, {"data": {"items": CALLS}})}
    recorder.behave = listing
    only = {"paging": {"kind": "none"}}
    wrong = problem(site, recorder, fields={"external_id": "/id", "started_at": "/start"}, **only)
    assert (wrong.code, wrong.where) == ("source.mapping", "sources.front.list.started_at")
    assert wrong.message == "no item of the answer has anything at /start"
    assert problem(site, recorder, items="/rows", **only).code == "source.mapping"
    for status, code in (
        (401, "source.login"),
        (404, "source.gone"),
        (429, "source.busy"),
        (418, "source.answer"),
    ):
        recorder.behave = {"/calls": gives(status)}
        assert problem(site, recorder).code == code
    recorder.behave = {"/calls": gives(200, b"<html>")}
    assert problem(site, recorder).code == "source.answer"
    assert problem(site, recorder, url="http://nowhere.invalid/calls").code == "source.host_unknown"
    assert problem(site, recorder, url="http://127.0.0.1:9/calls").code == "source.refused"
    https = recorder.url.replace("http:", "https:")
    assert problem(site, recorder, url=f"{https}/calls").code == "source.tls"


def test_a_listing_that_names_its_own_page_ends(site: Site, recorder: Recorder):
    recorder.behave = {"/calls": gives(200, {"data": {"items": []}, "next": "/calls?kind=voice"})}
    found = problem(site, recorder, paging={"kind": "next-url", "next": "/next"})
    assert found.code == "source.mapping"


def test_pointers_and_parameters():
    document = {"a/b": [{"~": 1}], "": 2}
    assert find(document, "/a~1b/0/~0") == 1
    assert find(document, "/") == 2
    assert find(document, "") is document
    assert find(document, "/a~1b/1") is find(document, "/x")
    assert with_params("https://x/y?a=1&b=", {"a": "2 3"}) == "https://x/y?b=&a=2+3"
