"""Workers of the distributed run that are told to end, on a real Redis and PostgreSQL."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.intake import take_in
from pipeline.models import WorkRow
from pipeline.owner import owner_of
from pipeline.tools import open_tools
from store import migrate
from store.database import make_engine, make_session_factory, open_sessions, reading, transaction

from .site import Site, children, kill, write_calls

ENDED_S = 120
WORKER = ["-m", "api.cli", "worker", "--workers", "1", "--beat"]

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="finding the processes to kill needs /proc (Linux)"
)


class Started:
    """An installation with a worker that waits as long as a file exists."""

    def __init__(self, folder: Path, url: str, redis_url: str, drain_s: str, lease_s: str) -> None:
        folder.mkdir()
        self.site = Site(
            folder / "site", execution="distributed", database_url=url, redis_url=redis_url,
            sweep_seconds="1", drain_seconds=drain_s, lease_seconds=lease_s,
        )  # fmt: skip
        self.flag = folder / "wait"
        self.flag.touch()
        self._folder = folder
        self.again()

    def again(self) -> None:
        """Start the worker."""
        self.process = self.site.start(*WORKER, more={"WAIT_ON": str(self.flag)})

    def take_in(self, *names: str) -> None:
        write_calls(self._folder / "calls", list(names))
        tools = open_tools(self.site.settings)
        assert [outcome.error for outcome in take_in(tools, self._folder / "calls")] == [None] * len(names)
        tools.close()

    def wait_until(self, happened: Callable[[], bool]) -> None:
        self.site.wait_until(self.process, happened)

    def rows(self) -> list[WorkRow]:
        with open_sessions(self.site.settings.database_url) as sessions, reading(sessions) as session:
            return session.query(WorkRow).order_by(WorkRow.call_id).all()

    def in_hand(self) -> bool:
        return any(row.lease_owner for row in self.rows())

    def holder(self) -> int:
        """The process that has a call in hand."""
        (token,) = [row.lease_owner for row in self.rows() if row.lease_owner]
        owner = owner_of(token)
        assert owner is not None
        return owner.pid

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=ENDED_S)


@pytest.fixture
def start(tmp_path: Path, postgresql_url: str, redis_url: str) -> Iterator[Callable[..., Started]]:
    started: list[Started] = []

    def make(drain_s: str, lease_s: str = "900") -> Started:
        started.append(Started(tmp_path / str(len(started)), postgresql_url, redis_url, drain_s, lease_s))
        return started[-1]

    yield make
    for one in started:
        try:
            os.killpg(one.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        one.process.wait()


def test_stage_in_hand_is_finished_and_nothing_new_is_taken(start: Callable[..., Started]) -> None:
    worker = start("600")
    worker.take_in("S01-clean", "S02-abuse")
    worker.wait_until(worker.in_hand)
    tasks = worker.holder()
    (beat,) = {*children(worker.process.pid)} - {tasks}  # Celery starts the two in any order
    kill(beat)
    # Without its beat nobody would find what was lost.
    worker.wait_until(lambda: not {*children(worker.process.pid)} <= {tasks, beat})
    assert tasks in children(worker.process.pid)

    worker.process.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        worker.process.wait(timeout=2)
    worker.flag.unlink()

    assert worker.process.wait(timeout=ENDED_S) == 0, worker.site.log()
    assert sorted(row.state for row in worker.rows()) == ["heard", "received"]
    assert [(row.lease_owner, row.attempts, row.error_code) for row in worker.rows()] == [(None, 0, None)] * 2


def test_stage_that_takes_too_long_is_given_back_uncounted(start: Callable[..., Started]) -> None:
    worker = start("0.5")
    worker.take_in("S01-clean")
    worker.wait_until(worker.in_hand)

    assert worker.end() == 0, worker.site.log()

    (row,) = worker.rows()
    assert (row.state, row.lease_owner, row.attempts, row.error_code) == ("received", None, 0, None), (
        worker.site.log()
    )
    assert (row.sent_at, row.interruptions) == (None, 0)


def test_worker_ends_when_another_version_upgrades_the_database(start: Callable[..., Started]) -> None:
    worker = start("20", "20")
    worker.flag.unlink()
    worker.wait_until(lambda: len(children(worker.process.pid)) == 2)
    worker.take_in("S01-clean")
    at(worker.site.settings.database_url, "9999_of_the_future")

    assert worker.process.wait(timeout=ENDED_S) != 0
    assert "[database.newer]" in worker.site.log()
    (row,) = worker.rows()
    assert (row.lease_owner, row.attempts, row.error_code) == (None, 0, None)

    at(worker.site.settings.database_url, migrate.head_revision())
    worker.again()
    worker.wait_until(lambda: [row.state for row in worker.rows()] == ["assessed"])
    assert worker.end() == 0, worker.site.log()


def at(url: str, revision: str | None) -> None:
    """Say that the database is at this revision, as an upgrade does in its last statement."""
    engine = make_engine(url)
    with transaction(make_session_factory(engine)) as session:
        session.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
    engine.dispose()
