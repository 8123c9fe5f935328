"""`diting recordings`: keys are made, recordings encrypted and brought under newer keys."""

import re
import wave
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from api.cli.main import app
from store import audit
from store.clock import SystemClock
from store.database import open_sessions, reading
from store.errors import SettingsError
from store.recording_keys import add_key, load_keys
from store.settings import Settings


def run(*arguments: str):
    return CliRunner().invoke(app, ["recordings", *arguments, "--lang", "en"], catch_exceptions=False)


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))
    file = tmp_path / "keys"
    monkeypatch.setenv("DITING_RECORDING_KEYS_FILE", str(file))
    return file


def put_plain(tmp_path: Path) -> str:
    path = tmp_path / "call.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(4000))
    return Settings().recording_store().put(path)


def test_from_plain_to_the_second_key(keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as without:
        without.delenv("DITING_RECORDING_KEYS_FILE")
        sha256 = put_plain(tmp_path)
    assert "is in the file of keys" in run("new-key").output
    assert re.search(r"plain +1", run("status").output)
    sealed = run("seal")
    assert sealed.exit_code == 0
    assert "1 recordings are now under the key" in sealed.output
    run("new-key")
    assert "0 recordings are now" in run("seal").output
    assert "1 recordings are now" in run("rewrap").output
    loaded = load_keys(keys)
    assert loaded is not None
    first, second = loaded.by_id
    shown = run("status")
    assert shown.exit_code == 0
    assert re.search(rf"{first} +0", shown.output)
    assert re.search(rf"{second} +1 +the current key", shown.output)
    assert Settings().recording_store().sealed_by(sha256) == second
    with open_sessions(Settings().database_url) as sessions, reading(sessions) as session:
        entries = list(session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.seq)))
    assert [entry.action for entry in entries][-5:] == [
        "recordings.key_added", "recordings.renewed", "recordings.key_added", "recordings.renewed",
        "recordings.renewed",
    ]  # fmt: skip
    assert entries[-1].details == {"what": "older_keys", "key": second, "done": 1, "failed": 0}

    keys.unlink()
    add_key(keys, SystemClock())
    lost = run("rewrap")
    assert lost.exit_code == 1
    assert "1 failed" in lost.output
    missing = run("status")
    assert missing.exit_code == 1
    assert "its key is missing" in missing.output


def test_without_a_file_it_is_said(keys: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DITING_RECORDING_KEYS_FILE")
    for command in ("new-key", "seal", "rewrap"):
        with pytest.raises(SettingsError) as caught:
            run(command)
        assert caught.value.code == "settings.recording_keys"
