"""Calls pushed over HTTP, on one installation."""

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from ingest.models import CallRow, RefusalRow
from pipeline.models import WorkRow
from store.database import open_sessions, reading
from store.people import Person
from store.settings import Settings
from tests.api.http_client import TOKEN, problem
from tests.api.installed import ask, install
from tests.ingest.sources.site import record, wav


@pytest.fixture
def tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "data"))
    return install(
        Person("recorder", "录音系统", ("integration",)),
        Person("wang", "王催收", ("collector",)),
    )


def push(key: str, *, token: str | None = TOKEN, number: int = 1, external_id: str = "H1") -> httpx.Response:
    files = {
        "recording": ("H1.wav", wav(number), "audio/wav"),
        "record": (None, json.dumps(record(external_id))),
    }
    return ask("POST", "calls", token, headers={"Idempotency-Key": key}, files=files)


def stored(table: Any) -> list[Any]:
    with open_sessions(Settings().database_url) as sessions, reading(sessions) as session:
        return list(session.scalars(select(table)))


def test_a_call_is_pushed_once_whatever_is_repeated(tokens: dict[str, str]):
    first = push("k1", token=tokens["recorder"])
    assert (first.status_code, first.json()) == (201, {"call_id": 1, "created": True, "repeated": False})
    again = push("k1", token=tokens["recorder"])
    assert (again.status_code, again.json()) == (200, {"call_id": 1, "created": False, "repeated": True})
    other_key = push("k2", token=tokens["recorder"])
    assert (other_key.status_code, other_key.json()["repeated"]) == (200, False)
    problem(push("k1", token=tokens["recorder"], number=2), 409, "push.key_reused")
    problem(push("k3", number=2), 409, "ingest.conflict")
    (call,) = stored(CallRow)
    assert (call.external_id, call.recording.original_name) == ("H1", "H1.wav")
    assert [row.state for row in stored(WorkRow)] == ["received"]


def test_who_may_push(tokens: dict[str, str]):
    problem(push("k", token=None), 401, "auth.required")
    problem(push("k", token="wrong"), 401, "auth.wrong")
    problem(push("k", token=tokens["wang"]), 403, "auth.role")
    assert stored(CallRow) == []


def test_what_cannot_be_used_is_refused_with_its_reason(tokens: dict[str, str]):
    key = {"Idempotency-Key": "k"}
    sound = {"recording": ("a.wav", wav(1))}
    problem(ask("POST", "calls", TOKEN, files=sound), 422, "request.invalid")
    problem(ask("POST", "calls", TOKEN, headers={"Idempotency-Key": "a b"}, files=sound), 422, "push.key")
    problem(ask("POST", "calls", TOKEN, headers=key, content=b"x"), 422, "push.invalid")
    problem(ask("POST", "calls", TOKEN, headers=key, files={"other": b"x"}), 422, "push.invalid")
    bad = {"recording": ("a.wav", b"no sound"), "record": (None, json.dumps(record("H1")))}
    problem(ask("POST", "calls", TOKEN, headers=key, files=bad), 422, "audio.unreadable")
    problem(
        ask("POST", "calls", TOKEN, headers=key, files=sound | {"record": (None, "{")}),
        422,
        "metadata.unreadable",
    )
    problem(
        ask("POST", "calls", TOKEN, headers=key, json={"url": "https://x/", "upload": "y"}),
        422,
        "push.invalid",
    )
    assert [row.code for row in stored(RefusalRow)] == ["audio.unreadable"]


def test_a_hostile_file_name_goes_nowhere(tokens: dict[str, str]):
    for number, name in enumerate(("../../../etc/cron.d/x.wav", "/abs.wav", "..", "a\x1bb.wav")):
        files = {"recording": (name, wav(number)), "record": (None, json.dumps(record(f"H{number}")))}
        pushed = ask("POST", "calls", TOKEN, headers={"Idempotency-Key": f"k{number}"}, files=files)
        assert pushed.status_code == 201, pushed.text
    names = {call.recording.original_name for call in stored(CallRow)}
    assert names <= {"x.wav", "abs.wav", "recording", "a%1Bb.wav"}


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(
    tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DITING_MAX_RECORDING_BYTES", "2000")
    problem(push("k1"), 413, "push.too_large")

    async def endless() -> Any:
        yield b"x"

    headers = {"Idempotency-Key": "k", "Content-Type": "multipart/form-data; boundary=x"}
    problem(ask("POST", "calls", TOKEN, headers=headers, content=endless()), 411, "push.invalid")


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(302 if self.path == "/inside" else 200)
        body = wav(5)
        if self.path == "/inside":
            self.send_header("Location", "http://169.254.169.254/latest/meta-data")
            body = b""
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def by_url(url: str, key: str = "k") -> httpx.Response:
    body = {"record": record("U1"), "url": url}
    return ask("POST", "calls", TOKEN, headers={"Idempotency-Key": key}, json=body)


def test_a_recording_by_its_address(tokens: dict[str, str], elsewhere: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DITING_PUSH_HOSTS", "127.0.0.1")
    problem(by_url(f"{elsewhere}/a.wav"), 422, "source.address_refused")
    monkeypatch.setenv("DITING_PUSH_NETWORKS", "127.0.0.0/8")
    assert by_url(f"{elsewhere}/a.wav").json() == {"call_id": 1, "created": True, "repeated": False}
    assert by_url(f"{elsewhere}/a.wav").json()["repeated"] is True
    problem(by_url(f"{elsewhere}/inside", "k2"), 422, "source.address_refused")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/a.wav",
        "https://127.0.0.1/a.wav",
        "https://[::1]/a.wav",
        "https://2130706433/a.wav",
        "https://0x7f.1/a.wav",
        "https://169.254.169.254/latest",
        "https://[::ffff:10.0.0.1]/a.wav",
        "https://localhost/a.wav",
        "https://user:pass@example.org/a.wav",
        "file:///etc/passwd",
        "gopher://example.org/",
        "https://exa\tmple.org/",
        "//example.org/a",
        "https://",
    ],
)
def test_addresses_that_nobody_allowed(tokens: dict[str, str], url: str):
    problem(by_url(url), 422, "source.address_refused")


def upload(method: str, path: str, token: str = TOKEN, **headers: Any) -> httpx.Response:
    content = headers.pop("content", None)
    named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
    if method == "PATCH":
        named["Content-Type"] = "application/offset+octet-stream"
    return ask(method, path, token, headers=named, content=content)


def test_a_recording_in_parts_goes_on_where_it_broke_off(tokens: dict[str, str]):
    sound = wav(3)
    begun = upload("POST", "uploads", tokens["recorder"], Upload_Length=len(sound))
    assert begun.status_code == 201
    place = begun.headers["location"].removeprefix("/api/v1/")
    mine = {"token": tokens["recorder"]}

    async def breaks() -> Any:
        yield sound[:1000]
        raise httpx.ReadError("the line is cut")

    assert upload("PATCH", place, **mine, Upload_Offset=0, content=breaks()).status_code == 500
    state = upload("HEAD", place, **mine)
    assert (state.headers["upload-offset"], state.headers["upload-length"]) == ("1000", str(len(sound)))

    name = place.rpartition("/")[2]
    body = {"record": record("P1"), "upload": name}
    key = {"Idempotency-Key": "k"}
    problem(ask("POST", "calls", tokens["recorder"], headers=key, json=body), 409, "upload.unfinished")
    problem(upload("PATCH", place, **mine, Upload_Offset=999, content=b"x"), 409, "upload.offset")
    problem(upload("PATCH", place, **mine, Upload_Offset=1000, content=sound), 413, "upload.too_large")
    done = upload("PATCH", place, **mine, Upload_Offset=1000, content=sound[1000:])
    assert (done.status_code, done.headers["upload-offset"]) == (204, str(len(sound)))
    problem(upload("PATCH", place, Upload_Offset=0, content=b"x"), 404, "upload.not_found")  # another's

    pushed = ask("POST", "calls", tokens["recorder"], headers=key, json=body)
    assert pushed.json() == {"call_id": 1, "created": True, "repeated": False}
    assert ask("POST", "calls", tokens["recorder"], headers=key, json=body).json()["repeated"] is True
    assert list((Settings().data_dir / "uploads").iterdir()) == []


def test_uploads_are_given_up_and_swept(tokens: dict[str, str], tmp_path: Path):
    problem(upload("POST", "uploads", Upload_Length=2**40), 413, "upload.too_large")
    for name in ("..%2f..%2fditing.db", "0" * 48, "x"):
        assert upload("HEAD", f"uploads/{name}").status_code == 404
    first = upload("POST", "uploads", Upload_Length=5).headers["location"].removeprefix("/api/v1/")
    assert upload("DELETE", first).status_code == 204
    problem(upload("DELETE", first), 404, "upload.not_found")
    upload("POST", "uploads", Upload_Length=5)
    folder = Settings().data_dir / "uploads"
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    upload("POST", "uploads", Upload_Length=5)
    assert len(list(folder.iterdir())) == 2
