"""The embedded runner as a real process on real audio, killed at the worst moments. Only the speech engine
is scripted, so that a run takes seconds."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.models import WorkRow
from pipeline.runner import EmbeddedRunner, RunnerError
from pipeline.verify import call_problems
from store.database import make_engine, make_session_factory, reading
from store.settings import Settings

from .site import PROGRAMS, Site, children, kill, write_calls

NAMES = ["S01-clean", "S02-abuse", "S05-dispute-ignored", "S10-no-time"]
PROGRAM = PROGRAMS / "run_embedded.py"
FINISHED_S = 300

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="finding the processes to kill needs /proc (Linux)"
)


def run_to_the_end(site: Site, calls: Path) -> None:
    process = site.start(PROGRAM, calls)
    assert process.wait(timeout=FINISHED_S) == 0, site.log()


def rows(site: Site) -> list[WorkRow]:
    engine = make_engine(site.settings.database_url)
    with reading(make_session_factory(engine)) as session:
        found = session.query(WorkRow).order_by(WorkRow.call_id).all()
    engine.dispose()
    return found


def test_killed_again_and_again_it_ends_as_if_undisturbed(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    sys.stdout.write(f"seed {seed}\n")  # shown when the test fails
    chance = random.Random(seed)
    calls = tmp_path / "calls"
    write_calls(calls, NAMES)
    undisturbed = Site(tmp_path / "undisturbed")
    run_to_the_end(undisturbed, calls)

    disturbed = Site(tmp_path / "disturbed")
    for _ in range(3):
        process = disturbed.start(PROGRAM, calls)
        try:
            process.wait(timeout=chance.uniform(0.5, 14))
        except subprocess.TimeoutExpired:
            victim = chance.choice([process.pid, process.pid, *children(process.pid)])
            kill(victim)
            if victim == process.pid:
                process.wait()
            else:  # a worker died: the runner must replace it by itself
                process.wait(timeout=FINISHED_S)
    run_to_the_end(disturbed, calls)

    expected, got = undisturbed.snapshot(), disturbed.snapshot()
    assert [call["state"] for call in expected["calls"]] == ["assessed"] * 3 + ["unjudged"], undisturbed.log()
    assert len(expected["inspections"]) == len(NAMES)
    for part in expected:
        assert got[part] == expected[part], f"seed {seed}, {part}: {disturbed.log()}"
    engine = make_engine(disturbed.settings.database_url)
    with reading(make_session_factory(engine)) as session:
        assert list(call_problems(session)) == []
    engine.dispose()


def test_recording_that_crashes_every_worker_fails_and_the_others_go_on(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    write_calls(calls, ["S01-clean"])
    site = Site(tmp_path / "site", workers="1", max_attempts="2")
    flag = tmp_path / "crash"
    flag.touch()

    process = site.start(PROGRAM, calls, more={"CRASH_ON": str(flag)})

    assert process.wait(timeout=FINISHED_S) == 0, site.log()
    (row,) = rows(site)
    assert (row.state, row.failed_at, row.attempts, row.error_code) == (
        "failed",
        "received",
        2,
        "stage.worker_lost",
    )
    (ticket,) = site.snapshot()["tickets"]
    assert ticket["reasons"] == ["处理失败，需要人工查看：the worker vanished while it had this call in hand"]


def test_lost_database_connections_lose_no_call(tmp_path: Path, postgresql_url: str) -> None:
    calls = tmp_path / "calls"
    write_calls(calls, ["S01-clean", "S02-abuse"])
    site = Site(tmp_path / "site", database_url=postgresql_url, max_attempts="50")
    process = site.start(PROGRAM, calls)
    site.wait_until(process, lambda: "StageStarted" in site.log())

    engine = make_engine(postgresql_url)
    for _ in range(8):
        with engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        try:
            process.wait(timeout=0.7)
        except subprocess.TimeoutExpired:
            continue
    engine.dispose()

    assert process.wait(timeout=FINISHED_S) == 0, site.log()
    assert [call["state"] for call in site.snapshot()["calls"]] == ["assessed"] * 2, site.log()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_runner_that_is_told_to_stop_leaves_no_lease_behind(tmp_path: Path, number: signal.Signals) -> None:
    calls = tmp_path / "calls"
    write_calls(calls, ["S01-clean", "S02-abuse"])
    site = Site(tmp_path / "site", workers="1")
    process = site.start(PROGRAM, calls)
    site.wait_until(process, lambda: "StageStarted" in site.log())

    os.killpg(process.pid, number)

    assert process.wait(timeout=FINISHED_S) == 0, site.log()
    assert [(row.lease_owner, row.error_code) for row in rows(site)] == [(None, None)] * 2
    assert all(row.attempts == 0 for row in rows(site))


def test_workers_that_cannot_start_end_the_runner_with_the_reason(tmp_path: Path, sqlite_url: str) -> None:
    broken = tmp_path / "rules" / "broken"
    broken.mkdir(parents=True)
    (broken / "pack.yaml").write_text("id: [", "utf-8")
    settings = Settings(
        data_dir=tmp_path,
        database_url=sqlite_url,
        rule_folders=(broken.parent,),
        packs=("broken",),
        workers=1,
    )

    with pytest.raises(RunnerError) as caught:
        EmbeddedRunner(settings).run()

    assert caught.value.code.startswith("rules.")
    assert multiprocessing.active_children() == []


def test_speech_engine_that_does_not_open_ends_the_runner_and_fails_no_call(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    write_calls(calls, ["S01-clean"])
    site = Site(tmp_path / "site", engine="unheard-of", workers="1")
    process = site.start(PROGRAM, calls)

    assert process.wait(timeout=FINISHED_S) != 0
    assert "[engine.unknown]" in site.log()
    assert [(row.state, row.attempts) for row in rows(site)] == [("received", 0)]


def test_server_that_cannot_be_reached_fails_the_call_and_shows_no_secret(tmp_path: Path) -> None:
    key = "sk-4f0c2a9d7be14c55a1d3e8f7"
    calls = tmp_path / "calls"
    write_calls(calls, ["S01-clean"])
    address = {"engine_url": "http://127.0.0.1:9/v1", "engine_api_key": key, "model": "whisper-1"}
    tries = {"engine_retries": "0", "max_attempts": "1", "workers": "1"}
    site = Site(tmp_path / "site", engine="openai-server", **address, **tries)

    run_to_the_end(site, calls)

    (row,) = rows(site)
    assert row.state == "failed"
    assert row.reasons[0].startswith("engine.unreachable: ")
    assert site.snapshot()["transcripts"] == []
    assert key not in site.log()
    assert "locals" not in site.log()


def test_bundled_model_hears_a_real_call(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    write_calls(calls, ["S01-clean"])
    site = Site(tmp_path / "site", engine="faster-whisper", workers="1")

    run_to_the_end(site, calls)

    end = site.snapshot()
    assert [call["state"] for call in end["calls"]] == ["assessed"], site.log()
    (heard,) = end["transcripts"]
    assert heard["transcript"]["engine"] == "faster-whisper"
    said = "".join(utterance["text"] for utterance in heard["transcript"]["utterances"])
    assert "您好" in said or "你好" in said
