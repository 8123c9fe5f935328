"""What a task leads to, without a broker."""

import gc

import pytest
from sqlalchemy.pool import QueuePool

from pipeline import tasks
from pipeline.models import WorkRow
from pipeline.states import Stage
from pipeline.tools import Tools
from store.database import reading
from store.settings import Settings


def test_a_call_is_heard_by_the_task_that_wrote_it_down(
    tools: Tools, call_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the end of the queue it would wait until all calls taken in before it were written down."""
    sent: list[tuple[int, Stage]] = []
    monkeypatch.setattr(tasks, "_tools", lambda: tools)
    monkeypatch.setattr(tasks, "send", lambda call, stage, _lane: sent.append((call, stage)))

    tasks._advance(call_id, "transcribe")

    with reading(tools.sessions) as session:
        row = session.get_one(WorkRow, call_id)
        assert (row.state, row.sent_at) == ("heard", tools.clock.now())
    assert sent == [(call_id, "inspect")]


def test_the_pool_shares_the_tools_but_no_connection(
    tools: Tools, call_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading(tools.sessions) as session:  # as reading the rules does
        session.get_one(WorkRow, call_id)
    opened: list[Tools] = []

    def open_tools(_settings: Settings) -> Tools:
        opened.append(tools)
        return tools

    monkeypatch.setattr(tasks, "open_tools", open_tools)
    tasks._tools.cache_clear()
    try:
        tasks.load_before_fork()

        assert isinstance(tools.database.pool, QueuePool)
        assert (tools.database.pool.checkedin(), tools.database.pool.checkedout()) == (0, 0)
        assert gc.get_freeze_count() > 0
        assert tasks._tools() is tools
        assert opened == [tools]
    finally:
        gc.unfreeze()
        tasks._tools.cache_clear()
