"""Real Celery workers on a real Redis and PostgreSQL; only the speech engine is scripted."""

import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis
from celery import Celery
from sqlalchemy import update

from pipeline import tasks
from pipeline.celery_app import QUEUES, app
from pipeline.intake import take_in
from pipeline.lanes import LANES, rank
from pipeline.models import WorkRow
from pipeline.states import FINAL_STATES, OPEN_STATES
from pipeline.tools import open_tools
from store.database import make_engine, make_session_factory, reading, transaction

from .site import Site, write_calls

NAMES = ["S01-clean", "S02-abuse", "S10-no-time"]
WORKER = ["-m", "celery", "--app", "pipeline.celery_app:app", "worker", "--beat", "--concurrency", "1"]
STOPPED_S = 60
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@contextmanager
def worker(site: Site) -> Iterator["subprocess.Popen[str]"]:
    process = site.start(*WORKER, "--queues", ",".join(QUEUES), "--loglevel", "INFO")
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=STOPPED_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def redis_on(port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """A Redis that keeps nothing on disk: killing it loses every message."""
    program = shutil.which("redis-server")
    assert program
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        cwd=tempfile.gettempdir(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    retry = redis.retry.Retry(redis.backoff.ConstantBackoff(0.05), retries=200)
    try:
        with redis.Redis(port=port, retry=retry) as client:
            client.ping()
        yield process
    finally:
        process.kill()
        process.wait()


def states(site: Site) -> list[str]:
    engine = make_engine(site.settings.database_url)
    with reading(make_session_factory(engine)) as session:
        found = [row.state for row in session.query(WorkRow).order_by(WorkRow.call_id)]
    engine.dispose()
    return found


def all_final(site: Site) -> bool:
    found = states(site)
    return len(found) == len(NAMES) and set(found) <= set(FINAL_STATES)


def forget_sending_time(site: Site) -> None:
    """Let the time pass after which a task that nobody took counts as lost."""
    engine = make_engine(site.settings.database_url)
    with transaction(make_session_factory(engine)) as session:
        unsent = WorkRow.state.in_(OPEN_STATES) & WorkRow.sent_at.is_not(None)
        session.execute(update(WorkRow).where(unsent).values(sent_at=LONG_AGO))
    engine.dispose()


def expected_end(site: Site) -> None:
    end = site.snapshot()
    assert [call["state"] for call in end["calls"]] == ["assessed", "assessed", "unjudged"], site.log()
    assert [len(end[part]) for part in ("calls", "transcripts", "inspections")] == [3, 3, 3]
    assert [ticket["call"] for ticket in end["tickets"]].count("sample-recorder/S10-no-time") == 1


def test_worker_takes_a_folder_in_and_brings_every_call_to_its_end(
    tmp_path: Path, postgresql_url: str, redis_url: str
) -> None:
    write_calls(tmp_path / "calls", NAMES)
    site = Site(
        tmp_path / "site",
        execution="distributed",
        database_url=postgresql_url,
        redis_url=redis_url,
        sweep_seconds="1",
    )
    with Celery(broker=redis_url) as client:
        client.send_task("folder.take_in", args=(str(tmp_path / "calls"),), queue="ingest")

    with worker(site) as process:
        site.wait_until(process, lambda: all_final(site))

    expected_end(site)


def test_redis_killed_with_everything_in_it_loses_no_call(
    tmp_path: Path, postgresql_url: str, redis_url: str
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    write_calls(tmp_path / "calls", NAMES)
    site = Site(
        tmp_path / "site",
        execution="distributed",
        database_url=postgresql_url,
        redis_url=f"redis://127.0.0.1:{port}/0",
        sweep_seconds="1",
    )
    tools = open_tools(site.settings)
    assert [outcome.error for outcome in take_in(tools, tmp_path / "calls")] == [None] * 3
    tools.close()

    with worker(site) as process:
        with redis_on(port):
            site.wait_until(process, lambda: "received" not in states(site)[:1])
        # Redis is dead, with the tasks of the calls that were under way or waited.
        with redis_on(port):
            forget_sending_time(site)
            site.wait_until(process, lambda: all_final(site))

    expected_end(site)


def test_messages_are_json_and_acknowledged_late() -> None:
    assert app.conf.accept_content == ["json"]
    assert (app.conf.task_acks_late, app.conf.task_reject_on_worker_lost) == (True, True)
    assert app.conf.worker_prefetch_multiplier == 1
    visibility = app.conf.broker_transport_options["visibility_timeout"]
    assert visibility > app.conf.task_time_limit


def test_every_task_has_a_queue() -> None:
    app.loader.import_default_modules()
    ours = sorted(name for name in app.tasks if not name.startswith("celery."))

    assert ours == [
        "call.assess",
        "call.hear",
        "call.inspect",
        "call.transcribe",
        "folder.take_in",
        "notices.deliver",
        "rules.backtest",
        "sources.poll",
        "sources.turn",
        "work.sweep",
    ]
    assert list(app.conf.task_queues) == list(QUEUES)


def test_redis_hands_out_urgent_calls_first(redis_url: str) -> None:
    options = app.conf.broker_transport_options
    with Celery(broker=redis_url, broker_transport_options=options) as client:
        for lane in ("backfill", "live", "urgent", "live"):
            name = f"call.transcribe.{lane}"
            client.send_task(name, queue="asr", priority=rank(lane))
        with client.connection_for_read() as connection, closing(connection.SimpleQueue("asr")) as queue:
            waiting = queue.qsize()
            handed = [queue.get(timeout=60) for _ in range(waiting)]
            for message in handed:
                message.ack()

    assert waiting == 4
    assert [message.headers["task"].rpartition(".")[2] for message in handed] == [
        "urgent", "live", "live", "backfill",
    ]  # fmt: skip


def test_tasks_that_wait_are_counted_lane_by_lane(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    options = app.conf.broker_transport_options
    with Celery(broker=redis_url, broker_transport_options=options) as client:
        monkeypatch.setattr(tasks, "app", client)
        for lane in ("live", "backfill", "live"):
            client.send_task("call.transcribe", queue="asr", priority=rank(lane))
        assert [tasks.waiting("transcribe", lane) for lane in LANES] == [0, 2, 1]
        assert [tasks.waiting("inspect", lane) for lane in LANES] == [0, 0, 0]
