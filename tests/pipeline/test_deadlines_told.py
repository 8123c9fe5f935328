"""Both ways to run say what has passed, and a process that dies in the middle leaves nothing half said."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from subprocess import Popen

import pytest
from sqlalchemy import select

from complaint_warnings.cases.models import CaseEventRow
from complaint_warnings.cases.opening import Opening, open_case
from complaint_warnings.clocks.models import DeadlineToldRow
from pipeline.rounds import tell_deadlines
from pipeline.runner import EmbeddedRunner
from store.clock import FixedClock, SystemClock
from store.database import SessionFactory, reading, transaction
from store.people import SYSTEM, Person, add_person
from store.settings import Settings

Start = Callable[..., "Popen[bytes]"]

SWEEP = """
import os, sys
os.environ |= {"DITING_DATABASE_URL": sys.argv[1], "DITING_DATA_DIR": sys.argv[2]}
from pipeline.tasks import work_sweep
work_sweep()
"""
# Dies after everything is written and before it is committed.
DIES = """
import os, sys
from store.clock import SystemClock
from store.database import make_engine, make_session_factory
from complaint_warnings.clocks import tick
session = make_session_factory(make_engine(sys.argv[1]))()
session.begin()
assert tick.tell(session, SystemClock(), int(sys.argv[2])) == 2
os._exit(9)
"""


@pytest.fixture
def overdue(session_factory: SessionFactory) -> int:
    """A high case that nobody has begun with for two and a half hours."""
    clock = FixedClock(SystemClock().now() - timedelta(hours=2, minutes=30))
    with transaction(session_factory) as session:
        add_person(session, clock, Person("lead", "负责人", ("control_lead",)))
        opening = Opening("warning", "customer:C1", "high", "call", {})
        return open_case(session, clock, opening=opening, actor=SYSTEM).id


def said(sessions: SessionFactory) -> list[str]:
    with reading(sessions) as session:
        told = session.scalars(select(DeadlineToldRow.mark).order_by(DeadlineToldRow.id)).all()
        events = session.scalars(select(CaseEventRow.action).order_by(CaseEventRow.id)).all()
    assert len(events) == 1 + len(told)
    return list(events)[1:]


def test_the_embedded_runner_says_it(
    session_factory: SessionFactory, overdue: int, database_url: str, tmp_path: Path
):
    runner = EmbeddedRunner(Settings(data_dir=tmp_path, database_url=database_url))
    assert runner.run_until_done()
    assert said(session_factory) == ["deadline_breached", "escalate"]


def test_the_sweeper_of_the_distributed_run_says_it(
    session_factory: SessionFactory, overdue: int, database_url: str, tmp_path: Path, start_python: Start
):
    assert start_python(SWEEP, database_url, str(tmp_path)).wait(300) == 0
    assert said(session_factory) == ["deadline_breached", "escalate"]


def test_a_process_that_dies_before_the_commit_loses_nothing_and_doubles_nothing(
    session_factory: SessionFactory, overdue: int, database_url: str, start_python: Start
):
    for _ in range(2):
        assert start_python(DIES, database_url, str(overdue)).wait(60) == 9
        assert said(session_factory) == []
    assert tell_deadlines(session_factory, SystemClock()) == 2
    assert tell_deadlines(session_factory, SystemClock()) == 0
    assert said(session_factory) == ["deadline_breached", "escalate"]
