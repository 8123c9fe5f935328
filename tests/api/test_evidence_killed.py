"""An export of evidence that is really killed, by SIGKILL: the archive is whole or the one before, and on
record."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from api.cli.main import app
from store.database import reading
from store.views import ViewRow
from tests.api.conftest import World, make_world

SECRET = "5d41402abc4b2a76b9719d911017c592ae2f6c1b"
THREAT = "S03-threat"

# Ends itself before it is put on record, before that holds, or before or after the archive gets its name.
PROGRAM = """
import os, signal, sys
from pathlib import Path
from api import evidence
from api.cli.evidence import export

moment, call, out = sys.argv[1:]
recorded, named = evidence.put_on_record, Path.replace

def end():
    os.kill(os.getpid(), signal.SIGKILL)

def put_on_record(*given):
    if moment == "built":
        end()
    recorded(*given)
    if moment == "noted":
        end()

def replace(path, target):
    if moment == "written":
        end()
    named(path, target)
    if moment == "named":
        end()

evidence.put_on_record, Path.replace = put_on_record, replace
export(call, Path(out))
"""


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    world = make_world(sqlite_url, tmp_path)
    world.tools.close()
    monkeypatch.setenv("DITING_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DITING_SECRET_KEY", SECRET)
    return world


def exports(world: World) -> int:
    with reading(world.tools.sessions) as session:
        return len(session.scalars(select(ViewRow)).all())


@pytest.mark.parametrize(
    ("moment", "on_record", "is_new"),
    [("built", 1, False), ("noted", 1, False), ("written", 2, False), ("named", 2, True)],
)
def test_an_export_that_is_killed(
    site: World,
    tmp_path: Path,
    start_python: Callable[..., "Popen[bytes]"],
    moment: str,
    on_record: int,
    is_new: bool,
) -> None:
    file, call = tmp_path / "evidence.zip", str(site.ids[THREAT])
    run = CliRunner()
    assert run.invoke(app, ["evidence", "export", call, "--out", str(file)]).exit_code == 0
    before = file.read_bytes()
    assert start_python(PROGRAM, moment, call, str(file)).wait(60) == -signal.SIGKILL
    assert (exports(site), file.read_bytes() != before) == (on_record, is_new)
    assert run.invoke(app, ["evidence", "verify", str(file)], env=dict(os.environ)).exit_code == 0
    assert run.invoke(app, ["evidence", "export", call, "--out", str(file)]).exit_code == 0
    assert run.invoke(app, ["evidence", "verify", str(file)]).exit_code == 0
