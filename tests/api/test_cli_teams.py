"""`diting people teams`, as an administrator uses it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from store.errors import ConflictError


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["people", "teams", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_teams_are_added_changed_and_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))
    assert run("add", "T1", "--title", "一组") == "T1: 一组\n"
    with pytest.raises(ConflictError):
        run("add", "T1", "--title", "一组")
    assert run("set", "T1", "--inactive") == "T1: 一组 (inactive)\n"
    assert json.loads(run("list", "--json")) == []
    (shown,) = json.loads(run("list", "--json", "--inactive"))
    assert shown == {"name": "T1", "title": "一组", "active": False, "added": True, "people": 0}
    assert "停用" in run("list", "--inactive")
