"""Commands about what is stored: taking in, upgrading, verifying, retrying, exporting, running."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import openpyxl
import pytest
from rich.console import Console
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli.calls_table import table
from api.cli.demo import report_name
from api.cli.main import app
from api.cli.running import RunDisplay
from api.cli.serve import require_safe_address
from api.cli.single import single_instance
from api.cli.storage import find_call
from api.cli.worker import celery_arguments
from api.stored import stored_calls
from ingest.models import CallRow, RefusalRow
from pipeline.events import StageEnded, StageProgress, StageStarted, WorkerLost
from pipeline.models import WorkRow
from pipeline.version import diting_version
from store import audit, migrate
from store.database import make_engine, open_sessions, reading, transaction
from store.errors import BadInputError, ConflictError, NotFoundError, SettingsError
from store.logging import configure_logging
from store.settings import Settings
from tests.api.conftest import copy_samples

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A data folder of its own for the commands."""
    folder = tmp_path / "var"
    monkeypatch.setenv("DITING_DATA_DIR", str(folder))
    return folder


def run(*arguments):
    configure_logging("error")  # as `main` does
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


def database(home: Path):
    return open_sessions(f"sqlite:///{home / 'diting.db'}")


@pytest.fixture
def taken(home, tmp_path):
    """A data folder with two calls taken in and one file refused."""
    folder = copy_samples(tmp_path / "in", ("S01-clean", "S03-threat", "S09-broken"))
    return run("ingest", folder), folder


def test_version():
    assert run("version").stdout.strip() == diting_version()


def test_upgrade_says_where_the_database_stands(home):
    first, second = run("db", "upgrade"), run("db", "upgrade")
    head = migrate.head_revision()
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout == f"Database is at revision {head} (was empty).\n"
    assert second.stdout == f"Database is at revision {head} already.\n"


def test_calls_are_taken_in_once_and_refusals_are_said(taken, home):
    first, folder = taken
    assert first.exit_code == 2
    assert first.stdout == "2 new calls, 0 known already, 1 refused.\n"
    (line,) = first.stderr.splitlines()
    assert line.endswith("[audio.truncated]")
    again = run("ingest", folder)
    assert again.stdout == "0 new calls, 2 known already, 1 refused.\n"
    with database(home) as sessions, reading(sessions) as session:
        assert [item.state for item in stored_calls(session)] == ["received", "received"]


def test_a_path_that_does_not_exist(home, tmp_path):
    done = run("ingest", tmp_path / "nowhere")
    assert done.exit_code == 2
    assert done.stdout == "0 new calls, 0 known already, 1 refused.\n"
    assert "[ingest.not_found]" in done.stderr


def test_verify_finds_everything_whole(taken, home):
    done = run("verify")
    assert done.exit_code == 0
    assert done.stdout.endswith("audit entries and 2 recordings checked: all whole.\n")
    assert done.stderr == ""


def test_verify_names_a_damaged_recording_and_a_missing_one(taken, home):
    files = sorted(path for path in (home / "recordings").rglob("*") if path.is_file())
    files[0].write_bytes(files[0].read_bytes()[:-1] + b"x")
    files[1].unlink()
    done = run("verify")
    assert done.exit_code == 1
    assert "2 do not hold." in done.stdout
    codes = sorted(line.rpartition("[")[2] for line in done.stderr.splitlines())
    assert codes == ["recording.damaged]", "recording.not_found]"]


def test_verify_names_a_broken_audit_chain(taken, home):
    engine = make_engine(f"sqlite:///{home / 'diting.db'}")
    with engine.begin() as connection:
        triggers = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        for name in triggers:
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE audit_entry SET actor = 'nobody' WHERE seq = 1"))
    engine.dispose()
    done = run("verify")
    assert done.exit_code == 1
    assert done.stderr.startswith("audit 1: ")
    assert "[audit.altered]" in done.stderr


def test_a_failed_call_is_retried_by_name_or_number(taken, home):
    with database(home) as sessions, transaction(sessions) as session:
        work = session.get_one(WorkRow, find_call(session, "sample-recorder/S03-threat").id)
        work.state, work.failed_at = "failed", "heard"
    done = run("retry", "sample-recorder/S03-threat")
    assert done.exit_code == 0
    assert done.stdout.startswith("sample-recorder/S03-threat is heard again")
    with database(home) as sessions, reading(sessions) as session:
        assert session.get_one(WorkRow, work.call_id).state == "heard"
        assert audit.verify(session) == []
        last = session.get_one(audit.AuditHead, 1).seq
        entry = session.get_one(audit.AuditEntry, last)
        assert (entry.action, entry.subject) == ("call.retried", "call:sample-recorder/S03-threat")
        assert find_call(session, str(work.call_id)).external_id == "S03-threat"
    with pytest.raises(ConflictError) as caught:
        run("retry", work.call_id)
    assert caught.value.code == "work.not_failed"


def test_failed_calls_are_retried_together_by_their_error(taken, home):
    codes = {"S01-clean": "recording.no_space", "S03-threat": "recording.store_failed"}
    with database(home) as sessions, transaction(sessions) as session:
        for name, code in codes.items():
            work = session.get_one(WorkRow, find_call(session, f"sample-recorder/{name}").id)
            work.state, work.failed_at, work.error_code = "failed", "heard", code
    assert run("retry", "--code", "recording.no_space").stdout == "1 failed calls are on their way again.\n"
    with database(home) as sessions, reading(sessions) as session:
        states = [session.get_one(WorkRow, find_call(session, name).id).state for name in codes]
    assert states == ["heard", "failed"]
    assert run("retry", "--all").stdout == "1 failed calls are on their way again.\n"
    assert run("retry", "--all").stdout == "0 failed calls are on their way again.\n"
    with pytest.raises(BadInputError) as caught:
        run("retry", "S03-threat", "--all")
    assert caught.value.code == "retry.which"


def test_an_external_id_alone_names_a_call_if_one_source_uses_it(taken, home):
    with database(home) as sessions:
        with reading(sessions) as session:
            assert find_call(session, "S03-threat").external_id == "S03-threat"
        with transaction(sessions) as session:
            first, second = session.query(CallRow).order_by(CallRow.id)
            second.source, second.external_id = "other-recorder", first.external_id
        with reading(sessions) as session, pytest.raises(BadInputError) as caught:
            find_call(session, first.external_id)
    assert caught.value.code == "call.ambiguous"


@pytest.mark.parametrize("name", ["nobody/nothing", "999", "99999999999999999999", "", "x"])
def test_a_call_that_does_not_exist_is_not_retried(taken, home, name):
    with (
        database(home) as sessions,
        reading(sessions) as session,
        pytest.raises(NotFoundError) as caught,
    ):
        find_call(session, name)
    assert caught.value.code == "call.not_found"


def test_the_ledger_is_exported(home, tmp_path):
    run("db", "upgrade")
    target = tmp_path / "new" / "ledger.xlsx"
    done = run("warnings", "export", target)
    assert done.exit_code == 0
    assert done.stdout.startswith("0 warnings in ")
    assert openpyxl.load_workbook(target).worksheets[0].max_row == 1
    with pytest.raises(BadInputError) as caught:
        run("warnings", "export", tmp_path / "ledger.csv")
    assert caught.value.code == "cli.not_xlsx"


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_may_be_served_without_a_token(tmp_path, address):
    require_safe_address(Settings(data_dir=tmp_path), address)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.5", "example.com"])  # noqa: S104
def test_the_network_is_served_only_with_a_token(tmp_path, address):
    with pytest.raises(SettingsError) as caught:
        require_safe_address(Settings(data_dir=tmp_path), address)
    assert caught.value.code == "serve.open_to_all"
    require_safe_address(Settings(data_dir=tmp_path, api_token="x" * 32), address)


def test_the_distributed_worker_s_arguments():
    assert celery_arguments(3, ["asr", "ingest"], beat=True) == [
        "worker",
        "--concurrency=3",
        "--queues=asr,ingest",
        "--loglevel=WARNING",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
        f"--hostname=diting-{os.getpid()}@%h",
        "--beat",
    ]
    with pytest.raises(BadInputError) as caught:
        celery_arguments(1, ["fast"], beat=False)
    assert caught.value.code == "worker.unknown_queue"


def test_two_demos_do_not_run_at_once(tmp_path):
    lock = tmp_path / "var" / "demo.lock"
    with single_instance(lock), pytest.raises(ConflictError) as caught, single_instance(lock):
        pass
    assert caught.value.code == "demo.running"
    with single_instance(lock):
        assert lock.exists()


@pytest.mark.parametrize(
    ("external_id", "name"),
    [
        ("S03-threat", "S03-threat-7.html"),
        ("../../etc/passwd", "_.._etc_passwd-7.html"),
        ("...", "call-7.html"),
    ],
)
def test_report_names_stay_inside_their_folder(external_id, name):
    assert report_name(CallRow(id=7, external_id=external_id)) == name


def test_the_table_shows_calls_reasons_and_refusals(world):
    console = Console(width=220, record=True, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115
    with reading(world.tools.sessions) as session:
        calls = stored_calls(session)
        refusals = list(session.query(RefusalRow))
        console.print(table(calls, refusals, "zh"))
    console.file.close()
    shown = console.export_text()
    for words in (
        "S03-threat",
        "恐吓威胁",
        "紧急",
        "S10-no-time",
        "time.missing",
        "≤ ",
        "S09-broken.wav",
        "拒收",
    ):
        assert words in shown, words
    (untimed,) = [line for line in shown.splitlines() if "S10-no-time" in line]
    assert "合规" not in untimed
    assert "未能判定" in untimed or "至少" in untimed


def test_progress_where_nobody_watches_is_a_line_for_each_call_done(capsys):
    console = Console(force_terminal=False, width=100)
    with RunDisplay(console, {1: "A", 2: "B"}, 2, "en") as display:
        for event in (
            StageStarted(1, "transcribe"),
            StageProgress(1, "transcribe", 0.5),
            StageEnded(1, "transcribe", "transcribed"),
            StageStarted(2, "assess"),
            StageEnded(2, "assess", "unjudged"),
            WorkerLost(77),
            StageStarted(1, "transcribe"),
            StageEnded(1, "transcribe", "failed"),
        ):
            display.hear(event)
    assert capsys.readouterr().out.splitlines() == [
        "[1/2] B Not judged",
        "worker 77 died; another one takes its place",
        "[2/2] A Failed",
    ]


def test_progress_at_a_terminal_leaves_nothing_behind():
    screen = io.StringIO()
    console = Console(force_terminal=True, width=100, file=screen)
    with RunDisplay(console, {1: "A"}, 1, "zh") as display:
        display.hear(StageStarted(1, "transcribe"))
        display.hear(StageProgress(1, "transcribe", 0.4))
        display.hear(StageEnded(1, "assess", "assessed"))
    assert "[1/1]" not in screen.getvalue()


def test_serve_answers_and_ends_cleanly(home):
    """A real server on a free port: it says when it listens, answers, and stops when told."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "warnings")))
    server = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    try:
        address = next(
            found.group() for line in server.stderr if (found := re.search(r"http://127\S+:[1-9]\d+", line))
        )
        health = httpx.get(f"{address}/healthz")
        assert (health.status_code, health.json()["database"]) == (200, "ok")
        assert httpx.get(f"{address}/api/v1/calls").json() == {"items": [], "next": None}
    finally:
        server.terminate()
        server.communicate(timeout=30)
    assert server.returncode in {0, -15}
