"""Facts that come after the calls they are about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from ingest.facts.models import CaseFactRow
from ingest.facts.service import keep
from ingest.facts.types import About, Fact
from ingest.models import CallRow
from pipeline.late_facts import judge_late_facts
from pipeline.models import WorkRow
from pipeline.reinspection.choice import stored_calls
from pipeline.rounds import ROUNDS
from pipeline.stage_work import record_with_history
from pipeline.verify import audit_problems, call_problems
from store import migrate
from store.audit import AuditEntry
from store.database import reading, transaction

from .conftest import add_call
from .reinspected import Site

LONG_AGO = datetime(2026, 2, 1, tzinfo=UTC)
STOPPED = Fact("case", About(case="B"), {"stop_requested": True}, LONG_AGO, True)


@pytest.fixture
def site(database_url, tmp_path, clock):
    site = Site(database_url, tmp_path, clock)
    site.approve(1, "走着瞧")
    site.take_in()
    yield site
    site.tools.close()


def bring(site, *facts):
    """Take facts in and let the pipeline see to them; the calls that are to be judged again."""
    with transaction(site.tools.sessions) as session:
        keep(session, site.tools.clock, facts, actor="test")
    judge_late_facts(site.tools.sessions, site.tools.clock)
    return sorted(name for name, state in site.states().items() if state == "heard")


def test_calls_are_judged_again_with_what_came_late(site):
    before = site.found()
    assert before["B2"] == []
    assert bring(site, STOPPED) == ["B1", "B2"]
    site.work()
    found = site.found()
    assert (found["B1"], found["B2"]) == (["own.stop_ignored@1", "own.threat@1"], ["own.stop_ignored@1"])
    assert {name: found[name] for name in ("A1", "A2", "A3", "A4")} == {
        name: before[name] for name in ("A1", "A2", "A3", "A4")
    }
    with reading(site.tools.sessions) as session:
        assert [*audit_problems(session), *call_problems(session)] == []
        arrived = select(AuditEntry.subject).where(AuditEntry.action == "call.fact_arrived")
        assert len(list(session.scalars(arrived))) == 2


def test_inspections_from_before_keep_their_findings(site, database_url):
    before = site.found()
    migrate.downgrade(database_url, "0015")
    migrate.upgrade(database_url)
    assert site.found() == before
    assert bring(site, STOPPED) == ["B1", "B2"]


def test_seen_to_once(site):
    assert bring(site, STOPPED) == ["B1", "B2"]
    site.work()
    assert bring(site, STOPPED) == []
    with transaction(site.tools.sessions) as session:  # as if the round had died before it was noted
        session.execute(update(CaseFactRow).values(next_at=site.tools.clock.now()))
    assert bring(site) == []
    assert judge_late_facts in ROUNDS


def test_what_became_so_after_the_calls_changes_nothing(site):
    assert bring(site, replace(STOPPED, as_of=datetime(2026, 3, 4, 12, tzinfo=UTC))) == []
    assert bring(site, replace(STOPPED, about=About(case="Z"))) == []
    assert bring(site, replace(STOPPED, as_of=datetime(2026, 3, 1, 12, tzinfo=UTC))) == ["B2"]


def test_a_call_that_is_being_worked_on_is_looked_at_later(site):
    with transaction(site.tools.sessions) as session:
        session.execute(update(WorkRow).where(WorkRow.call_id == site.ids["B1"]).values(state="inspected"))
    assert bring(site, STOPPED) == ["B2"]
    site.work()  # B1 ends with the inspection that did not know of it
    assert site.found()["B1"] == ["own.threat@1"]
    site.tools.clock.moment += timedelta(minutes=6)
    assert bring(site) == ["B1"]
    site.work()
    assert site.found()["B1"] == ["own.stop_ignored@1", "own.threat@1"]


def test_judging_again_by_new_rules_knows_the_facts_too(site):
    bring(site, STOPPED)
    site.work()
    site.approve(2, "小心点")
    site.again()
    assert site.found()["B2"] == ["own.stop_ignored@1"]


def test_the_packs_of_a_creditor_whom_only_the_case_system_names(site):
    with transaction(site.tools.sessions) as session:
        for name in ("B1", "B2"):
            row = session.get_one(CallRow, site.ids[name])
            row.record = {**row.record, "case": {"id": "B"}}
    bring(site, replace(STOPPED, data={"stop_requested": True, "client": "新行"}))
    site.work()
    with reading(site.tools.sessions) as session:
        clients = {stored.call_id: stored.client for stored in stored_calls(session)}
    assert {clients[site.ids[name]] for name in ("B1", "B2")} == {"新行"}
    assert site.choice().calls == 0


NOTE = Fact(
    "note",
    About(case="N"),
    {"outcome": "dispute", "text": "不认可"},
    datetime(2026, 3, 1, 4, tzinfo=UTC),
    True,
)


def note_of(site, call_id):
    with reading(site.tools.sessions) as session:
        return record_with_history(session, session.get_one(CallRow, call_id)).note


@pytest.mark.parametrize(
    ("agent", "calls", "found"), [(None, 1, True), (None, 2, False), ("A9", 2, True), ("A0", 1, False)]
)
def test_a_note_finds_the_only_call_it_can_be_about(site, agent, calls, found):
    with transaction(site.tools.sessions) as session:
        ids = [
            add_call(
                session,
                f"N{number}",
                started_at=f"2026-03-01T1{number}:00:00+08:00",
                agent={"id": f"A{9 - number}"},
                customer={"id": "N", "number": "1", "timezone": "Asia/Shanghai"},
                case={"id": "N"},
                note=None,
            )
            for number in range(calls)
        ]
    bring(site, replace(NOTE, agent=agent))
    assert [note_of(site, each) is not None for each in ids].count(True) == int(found)
    if found:
        assert note_of(site, ids[0]).text == "不认可"


def test_a_note_waits_for_recordings_and_is_given_up_at_last(site):
    clock = site.tools.clock
    bring(site, replace(NOTE, as_of=clock.now() - timedelta(hours=1)))
    with reading(site.tools.sessions) as session:
        waits = session.scalars(select(CaseFactRow.next_at)).one()
    assert waits == clock.now() + timedelta(hours=6)
    clock.moment += timedelta(days=31)
    bring(site)
    with reading(site.tools.sessions) as session:
        assert session.scalars(select(CaseFactRow.next_at)).one() is None
