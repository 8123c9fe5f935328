"""The evidence of a call: exported over HTTP and on the command line, checked without either."""

import asyncio
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from api.cli.main import app
from ingest.metadata import parse_call_record
from ingest.models import CallRow
from pipeline.evidence.signing import public_key
from pipeline.evidence.standalone import problems
from pipeline.judging import Judge
from pipeline.rulebook import ApprovedRulebook
from qc.models import FindingRow, InspectionRow
from qc.verdicts.service import Limits, decide
from store.database import reading, transaction
from store.errors import BadInputError, ConflictError, SettingsError
from store.settings import Settings
from tests.api.conftest import CUES, SAMPLES, Client, World, judge_from_transcript, make_world
from tests.api.http_client import API, get, problem
from tests.api.test_cli_versions import write_house
from transcription.given import load_transcript

SECRET = "an evidence key of this house, long enough"
THREAT = "S03-threat"


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def run(*arguments: object):
    return CliRunner().invoke(app, ["evidence", *map(str, arguments), "--lang", "en"], catch_exceptions=False)


def test_over_http_it_is_masked_whole_and_on_record(world: World, client: Client, tmp_path: Path):
    call = world.ids[THREAT]
    answer = get(client(secret_key=SECRET), f"{API}/calls/{call}/evidence")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    (tmp_path / "e.zip").write_bytes(answer.content)
    assert problems(tmp_path / "e.zip", public_key(SECRET)) == []
    files = unpacked(answer.content)
    manifest = json.loads(files["manifest.json"])
    assert manifest["call"]["key"].endswith(f"/{THREAT}")
    assert manifest["recording"]["file"] is None
    assert manifest["export"]["made_by"] == "api:local"
    assert not any(name.startswith("recording/") for name in files)
    assert [name for name in files if name.startswith("clips/")] != []
    assert files["clips/finding-001.wav"][:4] == b"RIFF"
    page = files["index.html"].decode()
    assert manifest["export"]["id"] in page
    assert "<script" not in page

    (entry,) = world.audited("evidence.exported")
    assert entry.details == {
        "view": entry.details["view"],
        "masked": True,
        "export": manifest["export"]["id"],
        "manifest": hashlib.sha256(files["manifest.json"]).hexdigest(),
        "original": False,
        "reason": None,
        "audit_seq": manifest["audit"]["size"],
        "audit_root": manifest["audit"]["root"],
    }
    assert entry.subject == f"call:{manifest['call']['key']}"
    entries = json.loads(files["audit.json"])["entries"]
    assert "call.registered" in [each["entry"]["action"] for each in entries if each["entry"]]
    result, decisions = json.loads(files["result.json"]), json.loads(files["decisions.json"])
    assert result["findings"] != []
    assert decisions["ticket"][0]["call_id"] == call


def test_what_is_hidden_is_hidden_everywhere_but_in_the_original(world: World, client: Client):
    call = world.ids[THREAT]
    with reading(world.tools.sessions) as session:
        record = session.get_one(CallRow, call).record
    number, name = record["customer"]["number"], record["customer"].get("name")
    masked = unpacked(get(client(), f"{API}/calls/{call}/evidence").content)
    for file, content in masked.items():
        assert number.encode() not in content, file
        assert not name or name.encode() not in content, file
    original = unpacked(post(client(), call, {"reason": "court 12"}).content)
    assert number.encode() in original["result.json"]
    manifest = json.loads(original["manifest.json"])
    kept = original[manifest["recording"]["file"]]
    assert hashlib.sha256(kept).hexdigest() == manifest["recording"]["sha256"]
    assert (manifest["export"]["original"], manifest["export"]["reason"]) == (True, "court 12")


def post(client, call: int, body: object):
    async def ask():
        async with client:
            return await client.post(f"{API}/calls/{call}/evidence", json=body)

    return asyncio.run(ask())


def test_refusals(world: World, client: Client):
    problem(get(client(), f"{API}/calls/999999/evidence"), 404, "call.not_found")
    problem(get(client(), f"{API}/calls/{world.ids['S08-third-party']}/evidence"), 409, "call.not_inspected")
    assert post(client(), world.ids[THREAT], {}).status_code == 422
    problem(post(client(), world.ids[THREAT], {"reason": " "}), 422, "evidence.reason")
    assert world.audited("evidence.exported") == []


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Judged calls in a database of their own, as the commands see it."""
    world = make_world(sqlite_url, tmp_path)
    monkeypatch.setenv("DITING_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DITING_SECRET_KEY", SECRET)
    yield world
    world.tools.close()


def test_the_rules_are_those_that_judged_even_after_they_were_changed(site: World, tmp_path: Path):
    packs, call = tmp_path / "packs", site.ids[THREAT]
    write_house(packs, 1, "您")
    settings = site.settings.model_copy(update={"rule_folders": (packs,), "pack_approval": "none"})
    rulebook = ApprovedRulebook(settings, site.tools.sessions, site.tools.clock)
    tools = replace(site.tools, judge=Judge(settings, ["house"], rulebook=rulebook))
    with reading(site.tools.sessions) as session:
        record = parse_call_record(session.get_one(CallRow, call).record, "test")
    tools.judge.inspect(
        record, load_transcript(SAMPLES / f"{THREAT}.transcript.json"), CUES
    )  # keeps the packs
    judge_from_transcript(tools, call, SAMPLES / f"{THREAT}.transcript.json")
    with reading(site.tools.sessions) as session:
        newest = session.scalars(select(InspectionRow).order_by(InspectionRow.id.desc())).first()
        assert newest is not None
        judged_by = newest.pack_hash
        finding = session.scalars(select(FindingRow).where(FindingRow.inspection_id == newest.id)).first()
        assert finding is not None
        number = finding.id
    with transaction(site.tools.sessions) as session:
        decide(
            session,
            site.tools.clock,
            finding_id=number,
            verdict="true",
            by="王敏",
            comment="听过",
            limits=Limits(0.3, 20),
        )
    before = (packs / "house" / "topic.yaml").read_bytes()
    write_house(packs, 2, "闭嘴")
    rulebook.packs(("house",))

    file = tmp_path / "out" / "evidence.zip"
    assert run("export", call, "--out", file).exit_code == 0
    files = unpacked(file.read_bytes())
    assert files["rules/house/topic.yaml"] == before
    packed = json.loads(files["rules/packs.json"])
    assert (packed["pack_hash"], packed["kept"]) == (judged_by, True)
    decisions = json.loads(files["decisions.json"])
    assert [each["verdict"] for each in decisions["finding_verdict"]] == ["true"]
    actions = [
        each["entry"]["action"] for each in json.loads(files["audit.json"])["entries"] if each["entry"]
    ]
    assert "finding.decided" in actions

    assert run("export", call, "--out", file).exit_code == 0  # again: it is replaced
    assert "Who signed it was not checked" in run("verify", file).output
    published = CliRunner().invoke(app, ["evidence", "key"]).output.strip()
    assert "Whole: nothing was changed.\n" in run("verify", file, "--key", published).output
    file.write_bytes(file.read_bytes()[:-1])
    refused = run("verify", file)
    assert refused.exit_code == 1
    assert "[evidence.not_an_archive]" in refused.output
    assert [each.name for each in file.parent.iterdir()] == ["evidence.zip"]


def test_without_a_recording_the_rest_is_there(site: World, tmp_path: Path):
    store = site.settings.recording_store()
    for sha256 in list(store.hashes()):
        store.erase(sha256, {"at": "2026-06-01", "clause": "order 1"})
    file = tmp_path / "evidence.zip"
    run("export", site.ids[THREAT], "--out", file, "--original", "--reason", "court 12")
    files = unpacked(file.read_bytes())
    assert problems(file, public_key(SECRET)) == []
    assert json.loads(files["manifest.json"])["recording"]["file"] is None
    assert not any(name.startswith(("clips/", "recording/")) for name in files)


def test_what_the_command_line_refuses(site: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "evidence.zip"
    with pytest.raises(BadInputError) as caught:
        run("export", site.ids[THREAT], "--out", file, "--original")
    assert caught.value.code == "evidence.reason"
    with pytest.raises(ConflictError):
        run("export", site.ids["S08-third-party"], "--out", file)
    with pytest.raises(BadInputError) as caught:
        run("export", site.ids[THREAT], "--out", "/proc/evidence.zip")
    assert caught.value.code == "cli.unwritable"
    assert not file.exists()
    monkeypatch.delenv("DITING_SECRET_KEY")
    with pytest.raises(SettingsError) as without:
        CliRunner().invoke(app, ["evidence", "key"], catch_exceptions=False)
    assert without.value.code == "evidence.no_key"
    assert Settings().secret_key is None
