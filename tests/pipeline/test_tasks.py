"""What a task leads to, without a broker."""

import pytest

from pipeline import tasks
from pipeline.models import WorkRow
from pipeline.states import Stage
from pipeline.tools import Tools
from store.database import reading


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
