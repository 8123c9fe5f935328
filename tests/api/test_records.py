"""Call records that FreeSWITCH posts, joined with recordings of a folder."""

import base64
import json
from pathlib import Path
from urllib.parse import quote_plus

import httpx
import pytest
import yaml
from sqlalchemy import select

from ingest.models import CallRow
from store.database import open_sessions, reading
from store.people import Person
from store.settings import Settings
from tests.api.http_client import TOKEN, problem
from tests.api.installed import ask, install, run
from tests.ingest.sources.site import wav

UUID = "0b8b2a4e-1c1f-4c63-9c57-5ad1a0f3a001"
CDR = {
    "variables": {
        "uuid": UUID,
        "start_uepoch": "1772676720006702",
        "billsec": "31",
        "caller_id_number": "1001",
        "destination_number": "13800138000",
    }
}


@pytest.fixture
def tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / f"{UUID}.wav").write_bytes(wav(1))
    metadata = {"format": "freeswitch-json", "files": ["*.cdr.json"]}
    source = {"kind": "folder", "path": str(folder), "settle_seconds": 0, "metadata": metadata}
    file = tmp_path / "sources.yaml"
    file.write_text(
        yaml.safe_dump({"sources": {"fs": source, "plain": {"kind": "folder", "path": str(folder)}}})
    )
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DITING_SOURCES_FILE", str(file))
    return install(
        Person("switch", "交换机", ("integration",)),
        Person("wang", "王催收", ("collector",)),
    )


def post(
    content: bytes, *, source: str = "fs", kind: str = "application/json", **headers: str
) -> httpx.Response:
    path = f"sources/{source}/records"
    token = None if headers else TOKEN
    return ask("POST", path, token, content=content, headers={"Content-Type": kind, **headers})


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"diting:{password}".encode()).decode()


def test_a_posted_record_finds_its_recording(tokens: dict[str, str]):
    body = json.dumps(CDR).encode()
    first = post(body, Authorization=basic(tokens["switch"]))
    assert (first.status_code, first.json()) == (200, {"new": 1, "known": 0})
    form = b"cdr=" + quote_plus(body).encode()
    assert post(form, kind="application/x-www-form-urlencoded").json() == {"new": 0, "known": 1}
    coded = b"cdr=" + base64.b64encode(body)
    assert post(coded, kind="application/x-www-form-base64-encoded").json() == {"new": 0, "known": 1}
    run("sources", "run", "fs", "--once")
    with open_sessions(Settings().database_url) as sessions, reading(sessions) as session:
        (call,) = session.scalars(select(CallRow))
        assert (call.source, call.external_id, call.direction) == ("fs", UUID, "outbound")


def test_a_call_nobody_answered_leaves_nothing_to_wait_for(tokens: dict[str, str]):
    unanswered = {"variables": {**CDR["variables"], "billsec": "0"}}
    assert post(json.dumps(unanswered).encode()).json() == {"new": 0, "known": 0}


def test_what_cannot_be_used(tokens: dict[str, str]):
    problem(post(b"{"), 422, "format.unreadable")
    problem(post(b"cdr=%%%", kind="application/x-www-form-base64-encoded"), 422, "format.unreadable")
    problem(post(b" " * (17 * 1024 * 1024)), 422, "format.too_long")
    problem(post(b"{}", source="plain"), 404, "source.takes_no_records")
    problem(post(b"{}", source="none"), 404, "source.takes_no_records")
    problem(post(b"{}", Authorization=basic("wrong")), 401, "auth.wrong")
    problem(post(b"{}", Authorization="Basic %"), 401, "auth.required")
    problem(post(b"{}", Authorization=basic(tokens["wang"])), 403, "auth.role")
