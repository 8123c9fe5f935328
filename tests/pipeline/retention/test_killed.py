"""Deleting with the process killed at any moment: begun again, it comes to the same end."""

import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from ingest.models import CallRow
from store.clock import FixedClock
from store.database import SessionFactory, make_engine, make_session_factory, reading
from store.recordings import RecordingStore
from store.tombstones import TombstoneRow

from .house import BEGUN, SECRET, make_house
from .test_erase import everything_holds

CALLS = 12
PROGRAM = """
import sys
from datetime import datetime
from pipeline.retention.erase import Way
from pipeline.retention.policy import load_policy
from pipeline.retention.work import run
from store.clock import FixedClock
from store.database import open_sessions
from store.recordings import RecordingStore

url, store, moment = sys.argv[1:]
with open_sessions(url) as sessions:
    clock, way = FixedClock(datetime.fromisoformat(moment)), Way(load_policy(), "tester")
    run(sessions, clock, RecordingStore(store), way)
"""


def gone(sessions: SessionFactory) -> int:
    with reading(sessions) as session:
        return len(session.scalars(select(TombstoneRow.id)).all())


def test_whatever_is_killed_it_comes_to_an_end(
    sqlite_url: str,
    recordings: RecordingStore,
    clock: FixedClock,
    tmp_path: Path,
    start_python: Callable[..., "subprocess.Popen[bytes]"],
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    sys.stdout.write(f"seed {seed}\n")  # shown when the test fails
    chance = random.Random(seed)
    engine = make_engine(sqlite_url)
    house = make_house(make_session_factory(engine), recordings, clock, tmp_path)
    for number in range(CALLS):
        house.call(f"H{number:03}", at=BEGUN + timedelta(minutes=number))
    later = datetime(2025, 3, 2, tzinfo=UTC)
    house.clock.moment = later
    command = (PROGRAM, sqlite_url, (tmp_path / "recordings").as_uri(), later.isoformat())

    for _ in range(2):
        before = gone(house.sessions)
        process = start_python(*command)
        while process.poll() is None and gone(house.sessions) == before:
            pass  # until it has deleted something, however slow the machine is
        try:
            process.wait(timeout=chance.uniform(0, 0.1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    assert start_python(*command).wait(timeout=300) == 0

    with reading(house.sessions) as session:
        assert session.scalar(select(CallRow.id)) is None
        rows = session.scalars(select(TombstoneRow)).all()
        assert (len(rows), any(row.waits for row in rows)) == (CALLS, False)
    assert list(recordings.hashes()) == []
    assert house.tables_with(SECRET) == []
    assert everything_holds(house) == []
    engine.dispose()
