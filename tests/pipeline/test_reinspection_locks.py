"""Calls of several debtors judged again in one transaction, while somebody else writes about one of them."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from complaint_warnings.models import WarningDebtorRow, WarningRow
from complaint_warnings.turns import take_all_turns, take_turn
from ingest.models import CallRow
from pipeline.reinspection.batch import Portion, judge_again
from store import audit
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction

from .reinspected import Site, change

PATIENCE_S = 120  # far more than the second after which PostgreSQL looks for circles
_WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
def site(postgresql_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[Site]:
    made = Site(postgresql_url, tmp_path / "site", clock)
    made.approve(1, "走着瞧")
    made.take_in()
    change(made)
    yield made
    made.tools.close()


def until(happened: Callable[[], bool]) -> None:
    """Look again and again until it happens; every look is a query that takes its time."""
    deadline = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"


def somebody_waits(sessions: SessionFactory) -> bool:
    with reading(sessions) as session:
        return bool(session.scalar(text(_WAITING)))


def debtor_of(site: Site, name: str) -> str:
    with reading(site.tools.sessions) as session:
        key = session.scalar(select(CallRow.debtor_key).where(CallRow.id == site.ids[name]))
    assert key is not None
    return key


def scores(session: Session) -> dict[str, float]:
    """The score of each debtor's warning."""
    return {row.debtor_key: row.score for row in session.scalars(select(WarningRow))}


def test_a_batch_and_a_worker_with_the_last_debtor_do_not_wait_for_each_other(site: Site) -> None:
    sessions, clock, judge = site.tools.sessions, site.tools.clock, site.tools.judge.pinned()
    (calls,) = site.choice().batches(100)
    first, last = debtor_of(site, "A1"), debtor_of(site, "B1")
    assert first < last
    with reading(sessions) as session:  # so the batch puts something on record about the first debtor
        before = scores(session)
    assert set(before) == {first, last}

    with ThreadPoolExecutor(1) as other:
        with transaction(sessions) as session:
            take_turn(session, last)
            batch = other.submit(judge_again, site.tools, judge, calls)
            until(lambda: somebody_waits(sessions))
            audit.append(session, clock, actor="王敏", action="test.written", subject="debtor:B")
        assert batch.result(PATIENCE_S) == Portion(done=6, left=0, busy=0)

    with reading(sessions) as session:
        after = scores(session)
        assert audit.verify(session) == []
    assert all(after[key] != before[key] for key in (first, last))


def test_turns_are_taken_in_the_order_of_their_keys(site: Site) -> None:
    sessions = site.tools.sessions

    def take_both() -> None:
        with transaction(sessions) as session:
            take_all_turns(session, ["Z", "A", "Z"])

    with ThreadPoolExecutor(1) as other:
        with transaction(sessions) as session:
            take_turn(session, "A")
            both = other.submit(take_both)
            until(lambda: somebody_waits(sessions))
            take_turn(session, "Z")
        both.result(PATIENCE_S)

    with reading(sessions) as session:
        turns = select(WarningDebtorRow.debtor_key, WarningDebtorRow.turns)
        taken = {key: count for key, count in session.execute(turns) if key in "AZ"}
    assert taken == {"A": 1, "Z": 1}
