"""Connections that a real PostgreSQL drops at the worst moments cost neither an attempt nor work."""

from dataclasses import replace
from typing import Any

import pytest
from celery.exceptions import Reject
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from pipeline import tasks
from pipeline.models import WorkRow
from pipeline.patience import patiently
from pipeline.stages import run_stage
from pipeline.tools import Tools
from store.database import SessionFactory, make_engine, make_session_factory, reading
from transcription.models import TranscriptRow

from .conftest import HookedEngine


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    return postgresql_url


def cut(session: Session) -> None:
    session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


def drop(tools: Tools, connection: Any) -> None:
    """Have the server drop this connection."""
    pid = connection.connection.dbapi_connection.info.backend_pid
    other = create_engine(tools.settings.database_url)
    with other.connect() as theirs:
        theirs.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    other.dispose()


def cut_before(tools: Tools, beginning: str) -> list[str]:
    """Have the server drop the connection once, just before a statement that begins so."""
    struck: list[str] = []

    @event.listens_for(tools.database, "before_cursor_execute")
    def _strike(connection: Any, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().startswith(beginning) and not struck:
            struck.append(statement)
            drop(tools, connection)

    return struck


def work(tools: Tools) -> WorkRow:
    with reading(tools.sessions) as session:
        return session.scalars(select(WorkRow)).one()


def test_what_was_cut_off_is_done_again_from_its_beginning(session_factory: SessionFactory) -> None:
    begun: list[int] = []
    pauses: list[float] = []

    def write(session: Session) -> int:
        begun.append(session.execute(text("SELECT 1")).scalar_one())
        if len(begun) < 3:
            cut(session)
        return len(begun)

    assert patiently(session_factory, write, pause=pauses.append) == 3
    assert pauses == [0.1, 0.2]


def test_server_that_is_not_there_is_waited_for() -> None:
    sessions = make_session_factory(make_engine("postgresql://nobody@127.0.0.1:9/nothing"))
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 8:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        patiently(sessions, lambda session: session.execute(text("SELECT 1")), pause=pause)
    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


def test_wrong_statement_is_not_repeated(session_factory: SessionFactory) -> None:
    with pytest.raises(ProgrammingError):
        patiently(session_factory, lambda session: session.execute(text("SELECT nothing")))


def test_sqlite_is_never_away(sqlite_url: str) -> None:
    def write(_session: Session) -> None:
        raise OperationalError("BEGIN", {}, Exception("disk I/O error"))

    with pytest.raises(OperationalError):
        patiently(make_session_factory(make_engine(sqlite_url)), write)


def test_work_is_not_lost_when_the_connection_is_cut_while_it_is_written(tools: Tools, call_id: int) -> None:
    heard: list[str] = []
    tools = replace(tools, speech=lambda: HookedEngine(lambda: heard.append("clips")))
    struck = cut_before(tools, "INSERT INTO transcript")

    ended = run_stage(tools, call_id, "transcribe")

    assert struck
    assert ended is not None
    assert ended.state == "transcribed"
    times = len(heard)
    with reading(tools.sessions) as session:
        assert len(session.scalars(select(TranscriptRow)).all()) == 1
    run_stage(
        replace(tools, speech=lambda: HookedEngine(lambda: heard.append("again"))), call_id, "transcribe"
    )
    assert len(heard) == times
    assert (work(tools).attempts, work(tools).lease_owner, work(tools).error_code) == (0, None, None)


def test_call_is_given_back_uncounted_when_the_database_goes_away_under_its_stage(
    tools: Tools, call_id: int
) -> None:
    run_stage(tools, call_id, "transcribe")
    struck = cut_before(tools, "SELECT transcript.")

    ended = run_stage(tools, call_id, "hear")

    assert struck
    assert ended is not None
    assert (ended.state, ended.reasons) == ("transcribed", ())
    row = work(tools)
    assert (row.attempts, row.lease_owner, row.sent_at, row.error_code) == (0, None, None, None)
    again = run_stage(tools, call_id, "hear")
    assert again is not None
    assert again.state == "heard"


def test_task_that_loses_the_database_goes_back_to_its_queue(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_tools", lambda: tools)
    struck = cut_before(tools, "SELECT alembic_version")

    with pytest.raises(Reject) as caught:
        tasks.notices_deliver()

    assert struck
    assert caught.value.requeue


def test_lease_is_found_again_when_the_connection_is_cut_while_it_is_taken(
    tools: Tools, call_id: int
) -> None:
    struck: list[bool] = []

    @event.listens_for(tools.database, "commit")
    def _cut(connection: Any) -> None:  # the server commits, and the client does not hear of it
        if not struck:
            struck.append(True)
            connection.exec_driver_sql("COMMIT")
            drop(tools, connection)

    ended = run_stage(tools, call_id, "transcribe")

    assert struck
    assert ended is not None
    assert ended.state == "transcribed"
