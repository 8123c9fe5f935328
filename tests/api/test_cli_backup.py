"""`diting backup` as a person uses it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from pipeline.backup.manifest import moment_of, name_of
from store.errors import BadInputError, ConflictError, NotFoundError, SettingsError
from store.logging import configure_logging


def run(*arguments: object):
    configure_logging("error")  # as `main` does
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with a database, and a folder for its backups."""
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DITING_SECRET_KEY", "0123456789abcdef" * 2)
    monkeypatch.setenv("DITING_BACKUP_DIR", str(tmp_path / "backups"))
    run("db", "upgrade")
    return tmp_path


def names() -> list[str]:
    return [row["name"] for row in json.loads(run("backup", "list", "--json").stdout)]


def test_made_listed_verified_thinned_and_brought_back(home: Path, monkeypatch: pytest.MonkeyPatch):
    made = run("backup", "make")
    assert (made.exit_code, made.stderr) == (0, "")
    (first,) = names()
    assert made.stdout.startswith(f"{first}: ")
    assert run("backup", "verify").stdout == f"{first}: whole.\n"
    assert run("backup", "list", "--max-age-hours", "1").exit_code == 0
    # As if it had been made a day ago.
    earlier = name_of(moment_of(first) - timedelta(days=1))
    place = home / "backups" / "backups"
    text = (place / f"{first}.json").read_text("utf-8")
    (place / f"{first}.json").unlink()
    (place / f"{earlier}.json").write_text(text.replace(first, earlier), "utf-8")
    assert run("backup", "list", "--max-age-hours", "1").exit_code == 1
    foreign = run("backup", "verify")
    assert (foreign.exit_code, "[backup.seal]" in foreign.stderr) == (1, True)

    second = run("backup", "make", "--keep", "1")
    assert second.exit_code == 0
    assert "1 older backups went" in second.stdout
    (newest,) = names()

    monkeypatch.setenv("DITING_DATA_DIR", str(home / "new"))
    back = run("backup", "restore")
    assert back.exit_code == 0
    assert back.stdout.startswith(f"{newest} is back: ")
    assert "DITING_SECRET_KEY" in back.stdout
    assert "diting verify" in back.stdout
    assert run("verify").exit_code == 0
    with pytest.raises(ConflictError) as refused:
        run("backup", "restore")
    assert refused.value.code == "restore.not_empty"


def test_what_is_wrong_is_said(home: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(NotFoundError) as refused:
        run("backup", "list")
    assert refused.value.code == "backup.no_folder"
    with pytest.raises(BadInputError) as refused_time:
        run("backup", "make", "--daily-at", "25:00")
    assert refused_time.value.code == "backup.time"
    run("backup", "make")
    (place,) = (home / "backups" / "backups").iterdir()
    place.write_bytes(b"{}")
    listed = run("backup", "list", "--max-age-hours", "1")
    assert (listed.exit_code, "[backup.manifest]" in listed.stderr) == (1, True)
    monkeypatch.delenv("DITING_BACKUP_DIR")
    with pytest.raises(SettingsError) as unnamed:
        run("backup", "make")
    assert unnamed.value.code == "backup.no_folder_named"
