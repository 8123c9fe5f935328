"""The commands of the sources, on one installation."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from store import migrate
from store.errors import NotFoundError
from store.settings import Settings
from tests.api.installed import NOW, ended, run
from tests.ingest.sources.site import record_json, wav


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    file = tmp_path / "sources.yaml"
    sources = {
        "front": {"kind": "folder", "path": str(folder), "metadata": {"wait_hours": 0}},
        "off": {"kind": "folder", "path": "/nowhere/at/all", "enabled": False},
    }
    file.write_text(yaml.safe_dump({"sources": sources}))
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DITING_SOURCES_FILE", str(file))
    migrate.upgrade(Settings().database_url)
    return folder


def put(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    moment = (NOW - timedelta(hours=1)).timestamp()
    os.utime(folder / name, (moment, moment))


def test_from_trying_to_retrying(folder: Path):
    put(folder, "A1.wav", wav(1))
    put(folder, "A1.call.json", record_json("A1"))
    put(folder, "A2.wav", wav(2))  # its record never comes
    put(folder, "A3.wav", b"no sound")
    put(folder, "A3.call.json", record_json("A3"))

    listed = json.loads(run("sources", "list", "--json"))
    assert [(row["source"], row["kind"], row["enabled"]) for row in listed] == [
        ("front", "folder", True),
        ("off", "folder", False),
    ]
    tried = ended("sources", "test", "front", "--json")
    shown = json.loads(tried.stdout)
    assert (tried.exit_code, shown["kinds"], shown["problem"]) == (2, {"call": 3}, None)
    by_key = {each["key"]: each for each in shown["newest"]}
    assert by_key["A1.wav"]["call"]["external_id"] == "A1"
    assert by_key["A2.wav"]["error"]["code"] == "source.no_record"
    assert "A1" in ended("sources", "test", "front").stdout

    missing = ended("sources", "test", "off", "--json")
    assert (missing.exit_code, json.loads(missing.stdout)["problem"]["code"]) == (2, "source.folder_missing")

    done = ended("sources", "run", "--once", "--json")
    (turn,) = json.loads(done.stdout.splitlines()[-1])
    assert done.exit_code == 2
    assert {name: turn[name] for name in ("source", "taken", "created", "refused", "dead")} == {
        "source": "front", "taken": 1, "created": 1, "refused": 1, "dead": 1,
    }  # fmt: skip
    (status,) = [row for row in json.loads(run("sources", "status", "--json")) if row["source"] == "front"]
    assert [status[state] for state in ("found", "taken", "refused", "dead")] == [0, 1, 1, 1]
    assert "front" in run("sources", "status")
    (dead,) = json.loads(run("sources", "dead", "front", "--json"))
    assert (dead["key"], dead["code"]) == ("A2.wav", "source.no_record")
    assert len(json.loads(run("sources", "dead", "--refused", "--json"))) == 2

    put(folder, "A2.call.json", record_json("A2"))
    assert run("sources", "retry", "front", "A2.wav", "--lang", "en") == "1 will be tried again.\n"
    assert ended("sources", "run", "front", "--once", "--lang", "en").stdout == (
        "front: 1 new calls, 0 known already, 0 refused, 0 waiting, 0 given up.\n"
    )


def test_an_unknown_source_is_answered_with_the_names_there_are(folder: Path):
    with pytest.raises(NotFoundError) as refused:
        run("sources", "test", "fornt")
    assert (refused.value.code, refused.value.mend) == ("sources.unknown", "There are: front, off.")
