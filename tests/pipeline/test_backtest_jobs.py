"""Back-tests in the background: asked for once, begun anew when their worker vanishes."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from pipeline.backtest import jobs
from pipeline.backtest.models import BacktestRow
from qc.approval.content import read_content
from qc.approval.lookup import find_version
from qc.approval.models import PackVersionRow
from qc.approval.service import approve, propose
from store.audit import AuditEntry
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import ConflictError
from store.settings import Settings
from tests.qc.approval.packs import write_house


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(data_dir=tmp_path / "var", database_url=database_url, rule_folders=(tmp_path / "packs",))


def put(session_factory: SessionFactory, clock: FixedClock, folder: Path, version: str, *, live: bool) -> int:
    write_house(folder, version=version)
    with transaction(session_factory) as session:
        row = propose(session, clock, read_content(folder / "house"), by="王敏")
        if live:
            approve(session, clock, pack="house", by="李雷")
        return row.id


def ask(session_factory: SessionFactory, clock: FixedClock, version: str, calls: int = 10) -> int:
    with transaction(session_factory) as session:
        row = jobs.ask(session, clock, find_version(session, "house", version), calls=calls, by="lead")
        return row.id


def row_of(session_factory: SessionFactory, number: int) -> BacktestRow:
    with reading(session_factory) as session:
        return session.get_one(BacktestRow, number)


def test_it_is_asked_for_once_and_against_what_judges(
    session_factory: SessionFactory, clock: FixedClock, settings: Settings
) -> None:
    folder = settings.rule_folders[0]
    put(session_factory, clock, folder, "1", live=False)
    with pytest.raises(ConflictError) as early:
        ask(session_factory, clock, "1")
    assert early.value.code == "backtest.nothing_judges"
    with transaction(session_factory) as session:
        approve(session, clock, pack="house", by="李雷")
    with pytest.raises(ConflictError) as same:
        ask(session_factory, clock, "1")
    assert same.value.code == "backtest.same_version"

    put(session_factory, clock, folder, "2", live=False)
    first = ask(session_factory, clock, "2")
    assert ask(session_factory, clock, "2") == first
    with reading(session_factory) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "backtest.asked")).all()
        assert [(each.subject, each.details["against"]) for each in entries] == [("pack:house@2", "house@1")]


def test_without_calls_it_ends_at_once_and_can_be_asked_for_again(
    session_factory: SessionFactory, clock: FixedClock, settings: Settings
) -> None:
    folder = settings.rule_folders[0]
    put(session_factory, clock, folder, "1", live=True)
    put(session_factory, clock, folder, "2", live=False)
    assert not jobs.do_next(settings, session_factory, clock)
    number = ask(session_factory, clock, "2")
    assert jobs.testing(settings)(session_factory, clock) == 1
    row = row_of(session_factory, number)
    assert (row.state, row.total, row.done, row.lease_token) == ("done", 0, 0, None)
    assert row.report is not None
    assert (row.report["calls"], row.report["changed"]) == (0, [])
    assert ask(session_factory, clock, "2") > number


def test_who_vanished_is_followed_by_another_and_writes_nothing_more(
    session_factory: SessionFactory, clock: FixedClock, settings: Settings
) -> None:
    folder = settings.rule_folders[0]
    put(session_factory, clock, folder, "1", live=True)
    put(session_factory, clock, folder, "2", live=False)
    number = ask(session_factory, clock, "2")
    lost = jobs._take(session_factory, clock)
    assert lost is not None
    assert row_of(session_factory, number).state == "running"
    assert not jobs.do_next(settings, session_factory, clock)  # somebody is at work on it
    clock.moment += jobs.LEASE + timedelta(seconds=1)
    assert jobs.do_next(settings, session_factory, clock)
    assert jobs._test(lost, settings, session_factory, clock) is None
    jobs._end(lost, session_factory, clock, state="failed", code="backtest.failed")
    assert row_of(session_factory, number).state == "done"


def test_what_cannot_be_read_any_more_fails_with_its_reason(
    session_factory: SessionFactory, clock: FixedClock, settings: Settings
) -> None:
    folder = settings.rule_folders[0]
    put(session_factory, clock, folder, "1", live=True)
    number_of_version = put(session_factory, clock, folder, "2", live=False)
    number = ask(session_factory, clock, "2")
    with transaction(session_factory) as session:
        row = session.get_one(PackVersionRow, number_of_version)
        row.files = {**row.files, "topic.yaml": "rules: ["}
    assert jobs.do_next(settings, session_factory, clock)
    failed = row_of(session_factory, number)
    assert (failed.state, failed.code, failed.report) == ("failed", "rules.version_damaged", None)
