"""The bench that breaks things counts what is wrong, and a small run of it leaves nothing wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bench.chaos.disk import Disk, small_disk
from bench.chaos.proxy import Mood
from bench.chaos.run import Plan, run
from bench.chaos.verdict import judge
from complaint_warnings.models import WarningCallRow, WarningDebtorRow
from pipeline.models import WorkRow
from store import audit
from store.clock import FixedClock
from store.database import SessionFactory, transaction
from tests.pipeline.conftest import add_call, add_inspection

EACH = (
    "worker_killed", "process_killed", "redis_flushed", "redis_restarted", "postgresql_fast",
    "postgresql_immediate", "disk_full", "s3_errors", "s3_slow",
)  # fmt: skip


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def put(session: Session, clock: FixedClock, name: str, state: str, **more: Any) -> int:
    """A call in some state."""
    number = add_call(session, name)
    session.add(WorkRow(call_id=number, state=state, updated_at=clock.moment, **more))
    session.flush()
    return number


def finish(session: Session, clock: FixedClock, number: int) -> None:
    """Give a call its results."""
    add_inspection(session, clock, number, packs="a")
    session.merge(WarningDebtorRow(debtor_key="d", turns=1))
    session.flush()  # before the row that refers to it
    session.add(WarningCallRow(call_id=number, debtor_key="d", evidence={}, added_at=clock.moment))
    session.flush()


def test_whatever_is_wrong_is_counted(session_factory: SessionFactory, clock: FixedClock) -> None:
    with transaction(session_factory) as session:
        well = put(session, clock, "well", "assessed")
        finish(session, clock, well)
        put(session, clock, "bare", "assessed")
        add_call(session, "forgotten")
        put(session, clock, "stuck", "heard")
        put(
            session,
            clock,
            "gave-up",
            "failed",
            failed_at="heard",
            error_code="audio.empty",
            error_message="m",
        )
        finish(session, clock, put(session, clock, "unsaid", "unjudged"))
        for _ in range(2):
            audit.append(session, clock, actor="t", action="call.assessed", subject="call:well", details={})
    with transaction(session_factory) as session:
        verdict = judge(session, ["well", "bare", "forgotten", "stuck", "gave-up", "unsaid", "never"])

    assert verdict.lost == [
        "bare: assessed without its result",
        "forgotten: never registered or never put on its way",
        "stuck: heard (None: None)",
        "gave-up: failed (audio.empty: m)",
        "never: never registered or never put on its way",
    ]
    assert verdict.unexplained == ["stuck: heard without a reason", "unsaid: unjudged without a reason"]
    assert verdict.doubled == ["call.assessed of call:well: 2"]
    assert verdict.states == {"assessed": 2, "heard": 1, "failed": 1, "unjudged": 1}


def test_proxy_refuses_as_it_is_told_and_remembers_which_recording() -> None:
    mood, sha256 = Mood(1), "ab" * 32
    assert mood.decide(f"/recordings/ab/{sha256}") == (False, 0.0)
    mood.broken = 1.0
    assert mood.decide(f"/recordings/ab/{sha256}?partNumber=1") == (True, 0.0)
    assert (mood.refused, mood.requests) == ({sha256}, {"refused": 1, "delayed": 0})


def test_full_disk_takes_nothing_and_has_room_again() -> None:
    with small_disk() as disk:
        if disk.kind != "tmpfs":
            pytest.skip("no file system may be mounted here; the run limits the workers' files instead")
        assert isinstance(disk, Disk)
        disk.fill([])
        with pytest.raises(OSError, match="No space left"):
            (disk.folder / "more").write_bytes(bytes(8192))
        disk.clear([])
        (disk.folder / "more").write_bytes(bytes(8192))


def test_small_run_loses_doubles_and_hides_nothing(
    tmp_path: Path, postgresql_server: str, redis_url: str
) -> None:
    assert (postgresql_server, redis_url) != ("", "")  # the run starts its own, where these can be started
    plan = Plan(
        calls=60,
        real=0,
        seed=11,
        workers=1,
        faults_s=900,
        gap_s=(0.5, 2.0),
        lease_s=15,
        deck=EACH,
        until=0.0,
    )
    told: list[dict[str, Any]] = []

    figures = run(plan, tmp_path, told.append)

    log = "\n".join(map(json.dumps, told))
    wrong = {name: figures[name] for name in ("calls", "lost", "doubled", "unexplained", "breaks")}
    assert wrong == {"calls": 60, "lost": 0, "doubled": 0, "unexplained": 0, "breaks": 0}, log
    assert sorted(figures["faults"]) == sorted(EACH)
    assert all(one["struck"] >= 1 for one in figures["faults"].values()), log
    assert sum(one["calls"] for one in figures["faults"].values()) > 0
