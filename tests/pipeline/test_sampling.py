"""Plans and assignment going round by themselves."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from pipeline.rounds import ROUNDS
from pipeline.sampling import add_plans, assign_tickets, draw_samples
from qc.assigning.reviewers import Profile, set_reviewer
from qc.models import TicketRow
from qc.sampling.models import SamplingDrawRow
from qc.sampling.service import plans
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.settings import Settings
from tests.qc.reviewed_calls import MONDAY, put_calls, put_people

PLAN = """\
name: daily
title: {zh: 每日, en: Daily}
period: day
size: {number: 4}
random: {size: {number: 2}}
"""


def test_plans_are_drawn_and_given_out(
    session_factory: SessionFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(PLAN, encoding="utf-8")
    bad.write_text("name: 7", encoding="utf-8")
    monkeypatch.setenv("DITING_SAMPLING_PLANS", f"{bad},{good}")
    before, after = FixedClock(MONDAY), FixedClock(datetime(2026, 2, 24, 2, 0, tzinfo=UTC))
    with transaction(session_factory) as session:
        put_calls(session, before, 10)
        put_people(session, before, ["wang"])
        set_reviewer(session, before, "wang", Profile(), by="lead")
    add_plans(session_factory, before, Settings())
    assert (
        draw_samples(session_factory, before) == 0
    )  # what was over before the plan was there is not made up for
    assert draw_samples(session_factory, after) == 2
    assert draw_samples(session_factory, after) == 0
    with reading(session_factory) as session:
        assert [(row.name, row.version, row.added_by) for row in plans(session)] == [("daily", 1, "system")]
        drawn = session.execute(
            select(SamplingDrawRow.part, SamplingDrawRow.drawn, SamplingDrawRow.population)
        )
        assert drawn.all() == [("plan", 4, 10), ("random", 2, 10)]
        waiting = len(session.scalars(select(TicketRow)).all())
    assert 4 <= waiting <= 6
    assert assign_tickets(session_factory, after) == waiting
    assert assign_tickets(session_factory, after) == 0
    assert {draw_samples, assign_tickets} <= set(ROUNDS)
