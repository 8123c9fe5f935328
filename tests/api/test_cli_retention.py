"""`diting retention` from the first look to the proof."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from api.cli.main import app
from ingest.models import CallRow, RefusalRow
from pipeline.models import WorkRow
from store.database import open_sessions, reading, transaction
from store.errors import ConflictError
from store.logging import configure_logging
from tests.api.conftest import copy_samples


def run(*arguments: object) -> Any:
    configure_logging("error")
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


def said(*arguments: object, code: int = 0) -> Any:
    done = run("retention", *arguments, "--json")
    assert done.exit_code == code
    return json.loads(done.stdout)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))
    run("ingest", copy_samples(tmp_path / "in", ("S01-clean",)))
    for person, role in (("law", "legal"), ("lead", "control_lead")):
        assert run("people", "add", person, "--name", person, "--role", role).exit_code == 0
    return tmp_path


def test_from_the_hold_to_the_proof(home: Path) -> None:
    with pytest.raises(ConflictError, match="never planned"):
        run("retention", "run")
    lines = {line["class"]: line for line in said("plan")["lines"]}
    assert lines["recordings"]["kept"] == {"not_due": 1}
    assert said("run")["lines"] == []
    order = ("retention", "order", "--call", "S01-clean", "--by", "law", "--reason", "DSR-1")
    with pytest.raises(ConflictError, match="still worked on"):
        run(*order)

    with open_sessions(f"sqlite:///{home / 'var' / 'diting.db'}") as sessions:
        with transaction(sessions) as session:
            session.execute(update(WorkRow).values(state="assessed"))
        assert "on hold" in run(
            "retention", "hold", "S01-clean", "--by", "law", "--reason", "case 3", "--lang", "en"
        ).stdout  # fmt: skip
        assert said("show", "S01-clean")["parts"]["results"]["why"] == "not_due"
        assert [one["reason"] for one in said("show")["holds"]] == ["case 3"]
        with pytest.raises(ConflictError, match="on legal hold by law"):
            run(*order)
        run("retention", "release", "S01-clean", "--by", "lead", "--reason", "settled")

        assert "waits for a second person" in run(*order, "--lang", "en").stdout
        assert "is done" in run("retention", "approve", 1, "--by", "lead", "--lang", "en").stdout

        with reading(sessions) as session:
            assert session.query(CallRow).count() == 0
        proof = said("prove", "1")
        assert proof["gone"]
        assert proof["refused_again"]
        assert [one["clause"] for one in proof["tombstones"]] == ["order 1"]
        run("ingest", home / "in")
        with reading(sessions) as session:
            (refused,) = session.query(RefusalRow).all()
            assert refused.code == "recording.deleted"
    assert "已全部删除" in run("retention", "prove", "1").stdout
    assert "all whole" in run("verify").stdout
    assert said("show")["orders"][0]["state"] == "done"
