"""Stored calls judged again under changed packs: the same as by the ordinary stages, on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from ingest.metadata import CallRecord
from pipeline import leases
from pipeline.backtest.compare import compare
from pipeline.backtest.run import Plan, backtest, stored_work
from pipeline.backtest.sides import open_side
from pipeline.judging import Judge
from pipeline.models import WorkRow
from pipeline.owner import Owner
from pipeline.reinspection.batch import Portion, judge_again
from pipeline.reinspection.choice import Choice
from pipeline.reinspection.run import reinspect
from pipeline.snapshot import Snapshot
from pipeline.sweeper import take_back_lost
from qc.findings import Inspection
from qc.models import FindingRow, TicketRow
from qc.verdicts.service import Limits, decide
from store import migrate
from store.clock import FixedClock
from store.database import reading, transaction

from .reinspected import Site, change


@pytest.fixture
def site(database_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[Site]:
    made = Site(database_url, tmp_path / "site", clock)
    made.approve(1, "走着瞧")
    made.take_in()
    yield made
    made.tools.close()


@pytest.fixture
def ordinary(tmp_path: Path, clock: FixedClock) -> Callable[[], Snapshot]:
    """What the ordinary stages make of the calls, under the first packs and then under the changed ones."""

    def judged() -> Snapshot:
        url = f"sqlite:///{tmp_path / 'ordinary.db'}"
        migrate.upgrade(url)
        other = Site(url, tmp_path / "ordinary", clock)
        other.approve(1, "走着瞧")
        other.take_in()
        change(other)
        with transaction(other.tools.sessions) as session:
            session.execute(update(WorkRow).values(state="heard"))
        other.work()
        made = other.snapshot()
        other.tools.close()
        return made

    return judged


@pytest.fixture
def changed(site: Site) -> Site:
    change(site)
    return site


def test_before_anything_changes_nothing_is_judged_again(site: Site) -> None:
    assert site.found() == {
        "A1": ["own.threat@1", "own.stop@1"], "A2": ["own.stop_ignored@1"], "A3": ["own.stop_ignored@1"],
        "A4": ["own.stop_ignored@1"], "B1": ["own.threat@1"], "B2": [],
    }  # fmt: skip
    assert site.choice() == Choice((), unchanged=6, unheard=0)
    assert site.again() == []


@pytest.mark.parametrize("batch", [1, 4, 100])
def test_batches_write_what_the_ordinary_stages_write(
    changed: Site, ordinary: Callable[[], Snapshot], batch: int
) -> None:
    before = changed.snapshot()
    assert changed.choice().calls == 6
    assert sum(portion.done for portion in changed.again(batch=batch)) == 6

    after = changed.snapshot()
    assert after == ordinary()
    assert changed.found() == {
        "A1": [], "A2": [], "A3": ["own.threat@2", "own.stop@2"], "A4": ["own.stop_ignored@1"], "B1": [],
        "B2": [],
    }  # fmt: skip
    assert changed.tickets()["B1"] == "withdrawn"
    old = [entry for entry in after["inspections"] if entry["packs"] == ["cn-base@1"]]
    assert old == before["inspections"]  # what was judged stays as it was
    assert changed.choice() == Choice((), unchanged=6, unheard=0)
    assert changed.again() == []


def test_several_processes_may_share_the_work(changed: Site, ordinary: Callable[[], Snapshot]) -> None:
    choice, judge = changed.choice(), changed.tools.judge.pinned()
    for calls in (*choice.debtors, *choice.debtors):  # the second time somebody else has done it
        judge_again(changed.tools, judge, calls)
    assert changed.snapshot() == ordinary()


class Stumbling:
    """A judge who cannot judge one call."""

    def __init__(self, judge: Judge, name: str, error: type[BaseException]) -> None:
        self._judge, self._name, self._error = judge, name, error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._judge, name)

    def inspect(self, record: CallRecord, *more: Any) -> Inspection:
        if record.external_id == self._name:
            raise self._error("stumbled")
        return self._judge.inspect(record, *more)


def stumble(site: Site, name: str, error: type[BaseException]) -> Portion:
    judge: Any = Stumbling(site.tools.judge.pinned(), name, error)
    (calls,) = site.choice().batches(100)
    return judge_again(site.tools, judge, calls)


def test_what_cannot_be_judged_is_left_to_the_ordinary_stages(
    changed: Site, ordinary: Callable[[], Snapshot]
) -> None:
    assert stumble(changed, "A2", ValueError) == Portion(done=3, left=3, busy=0)
    assert changed.states() == {
        "A1": "assessed", "A2": "heard", "A3": "heard", "A4": "heard", "B1": "assessed", "B2": "assessed",
    }  # fmt: skip
    changed.work()
    assert changed.snapshot() == ordinary()


def test_breaking_off_leaves_everything_to_be_done(changed: Site, ordinary: Callable[[], Snapshot]) -> None:
    with pytest.raises(KeyboardInterrupt):
        stumble(changed, "B1", KeyboardInterrupt)
    assert set(changed.states().values()) == {"heard"}
    changed.work()
    assert changed.snapshot() == ordinary()


def test_after_a_kill_the_sweeper_takes_the_calls_back(
    changed: Site, ordinary: Callable[[], Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Owner("elsewhere", 1, "0", 1, "0")  # nobody here can see whether it lives: its lease runs out
    monkeypatch.setattr("pipeline.reinspection.batch.this_process", lambda: gone)
    monkeypatch.setattr("pipeline.reinspection.batch._write", lambda *_: (_ for _ in ()).throw(SystemExit))
    monkeypatch.setattr("pipeline.reinspection.batch._release", lambda *_: None)
    with pytest.raises(SystemExit):
        changed.again()
    assert set(changed.states().values()) == {"heard*"}
    assert changed.choice().calls == 0  # somebody has them in hand

    clock = changed.tools.clock
    assert isinstance(clock, FixedClock)
    with reading(changed.tools.sessions) as session:
        clock.moment = max(until for _, _, until in leases.held(session))
    assert len(take_back_lost(changed.tools.sessions, clock, attempts_max=2)) == 6
    changed.work()
    assert changed.snapshot() == ordinary()


def test_calls_that_somebody_works_on_wait_and_so_do_later_ones(changed: Site) -> None:
    choice = changed.choice()
    with transaction(changed.tools.sessions) as session:
        session.get_one(WorkRow, changed.ids["A2"]).state = "transcribed"

    done = list(reinspect(changed.tools, choice))

    assert done == [Portion(done=3, left=0, busy=3)]  # A1 and debtor B
    assert changed.choice().calls == 2  # A3 and A4 are still to be done, A2 is on its way


def test_calls_heard_by_older_measures_are_named(changed: Site) -> None:
    with transaction(changed.tools.sessions) as session:
        session.connection().exec_driver_sql("UPDATE hearing SET version = 'old' WHERE transcript_id = 1")
    choice = changed.choice()
    assert (choice.calls, choice.unheard) == (5, 1)


def test_later_calls_that_are_not_judged_again_are_shown_to_a_person(changed: Site) -> None:
    judge_again(changed.tools, changed.tools.judge.pinned(), [changed.ids["A3"]])  # it asks to stop now
    with reading(changed.tools.sessions) as session:
        ticket = session.scalars(select(TicketRow).where(TicketRow.call_id == changed.ids["A4"])).one()
    assert any("central-recorder/A3" in reason for reason in ticket.reasons)


def test_only_some_calls(changed: Site) -> None:
    clock = changed.tools.clock.now().replace(day=3, hour=0, minute=0)
    assert changed.choice(since=clock).debtors == ((changed.ids["A3"], changed.ids["A4"]),)
    assert changed.choice(packs=["cn-base"]).calls == 6
    assert changed.choice(packs=["us-regf"]) == Choice((), unchanged=6, unheard=0)
    assert [len(batch) for batch in changed.choice().batches(3)] == [4, 2]


def test_a_backtest_over_the_stored_calls_tells_what_will_change(site: Site) -> None:
    settings, clock = site.tools.settings, site.tools.clock
    with transaction(site.tools.sessions) as session:
        threat = session.scalars(select(FindingRow.id).where(FindingRow.rule == "own.threat@1")).first()
        assert threat
        limits = Limits(share=1.0, decisions=1)
        decide(session, clock, finding_id=threat, verdict="false", by="王敏", limits=limits)
    change(site)
    with reading(site.tools.sessions) as session:
        for name in ("old", "new"):
            (site.folder / name).mkdir()
        plan = Plan(
            settings,
            open_side("cn-base@1", settings, session, site.folder / "old"),
            open_side("cn-base@2", settings, session, site.folder / "new"),
        )
        work = stored_work(session, since=None, limit=None)
        assert sum(map(len, stored_work(session, since=None, limit=2))) == 2
    ((count, pairs),) = backtest(plan, work)

    found = compare(pairs)
    assert (count, found.calls, len(found.debtors)) == (6, 6, 2)
    by_rule = {change.name: (change.gained, change.lost) for change in found.rules}
    # What earlier calls say is taken as it is on record: who asked to stop is not worked out anew.
    assert by_rule == {"own.stop": (1, 1), "own.stop_ignored": (0, 0), "own.threat": (1, 2)}
    assert (found.decided.false_old, found.decided.false_new) == (1, 0)
    assert found.tickets["withdrawn"] == 2
