"""Wrong arguments and places: one line on standard error, the right exit code, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def diting(home: Path, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """A real process with a data folder of its own."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "warnings")))
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "DITING_DATA_DIR": str(home), **environment},
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nonsense",), "No such command"),
        (("inspect", "--nonsense"), "No such option"),
        (("serve", "--port", "99999"), "--port"),
        (("ingest",), "Missing argument"),
    ],
)
def test_wrong_arguments_are_one_line(tmp_path, arguments, says):
    done = diting(tmp_path / "var", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert says in done.stderr
    assert done.stderr.endswith("[cli.usage]\n")


def test_no_command_shows_the_help(tmp_path):
    done = diting(tmp_path / "var")

    assert (done.returncode, done.stderr) == (2, "")
    assert "inspect" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("verify",), 0, "all whole"),
        (("retry", "1"), 2, "[call.not_found]"),
        (("retry",), 2, "[retry.which]"),
        (("warnings", "export", "{home}/l.xlsx"), 0, "0 warnings"),
    ],
)
def test_commands_work_before_anything_is_stored(tmp_path, arguments, code, says):
    home = tmp_path / "var"

    done = diting(home, *(argument.format(home=home) for argument in arguments))

    assert done.returncode == code
    assert says in done.stdout + done.stderr


def test_a_workbook_that_cannot_be_written(tmp_path):
    (tmp_path / "folder.xlsx").mkdir()

    done = diting(tmp_path / "var", "warnings", "export", tmp_path / "folder.xlsx")

    assert done.returncode == 2
    assert "[cli.unwritable]" in done.stderr
    assert [path.name for path in tmp_path.glob("folder*")] == ["folder.xlsx"]


def test_a_data_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()

    done = diting(tmp_path / "file", "verify")

    assert (done.returncode, done.stdout) == (2, "")
    assert "[settings.data_dir]" in done.stderr


def test_a_database_that_does_not_answer(tmp_path):
    url = "postgresql://diting:secret-word@127.0.0.1:1/diting"

    done = diting(tmp_path / "var", "verify", DITING_DATABASE_URL=url)

    assert done.returncode == 1
    assert "[database.failed]" in done.stderr
    assert "secret-word" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("option", [("--queue", "asr"), ("--beat",)])
def test_options_of_a_distributed_worker_are_refused_where_they_do_nothing(tmp_path, option):
    done = diting(tmp_path / "var", "worker", "--until-done", *option)

    assert done.returncode == 2
    assert "[worker.wrong_execution]" in done.stderr


def test_a_demo_of_nothing_says_so(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    done = diting(tmp_path / "var", "demo", "--samples", empty)

    assert done.returncode == 2
    assert done.stderr.startswith(f"{empty}: there is no recording in this folder.")
    assert done.stderr.endswith("[demo.no_samples]\n")
