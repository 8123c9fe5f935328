"""Stored calls judged again under changed packs: the same as by the ordinary stages, on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from ingest.metadata import CallRecord
from pipeline import leases, service
from pipeline.judging import Judge
from pipeline.models import WorkRow
from pipeline.owner import Owner
from pipeline.reinspection.batch import Portion, judge_again
from pipeline.reinspection.choice import Choice, choose_calls
from pipeline.reinspection.run import reinspect
from pipeline.rulebook import ApprovedRulebook
from pipeline.snapshot import Snapshot, snapshot
from pipeline.stages import run_stage
from pipeline.sweeper import take_back_lost
from pipeline.tools import Tools
from pipeline.verify import audit_problems, call_problems
from qc.approval.content import read_content
from qc.approval.service import approve, propose
from qc.findings import Inspection
from qc.models import FindingRow, InspectionRow, TicketRow
from store import migrate
from store.clock import FixedClock
from store.database import make_engine, make_session_factory, reading, transaction
from store.settings import Settings
from transcription.service import save_hearing, save_transcript
from transcription.types import Cue, Transcript, Utterance
from transcription.voice.hear import VERSION

from .conftest import add_call

TOPIC = """
rules:
- id: own.threat
  version: {version}
  category: threat
  title: {{zh: 威胁, en: Threat}}
  cite: [{{source: policy}}]
  detect: {{phrase: [{phrase}]}}
  examples: {{violates: [{phrase}], allowed: [您好]}}
- id: own.stop
  version: {version}
  category: stop_request
  title: {{zh: 要求停止, en: Asks to stop}}
  cite: [{{source: policy}}]
  detect: {{phrase: [{stop}]}}
  examples: {{violates: [{stop}], allowed: [您好]}}
- id: own.stop_ignored
  category: stop_request_ignored
  title: {{zh: 拒绝后仍联系, en: Contact after a request to stop}}
  cite: [{{source: policy}}]
  detect: {{fact: {{earlier_stop_request: true}}}}
  examples:
    violates: [{{turns: [{{agent: 您好}}], call: {{case: {{stop_requested: true}}}}}}]
    allowed: [{{turns: [{{agent: 您好}}], call: {{}}}}]
"""
# Of each call: name, debtor, day, what the agent and the customer say.
CALLS = (
    ("A1", "A", 1, "您好，走着瞧", "以后别打了"),
    ("A2", "A", 2, "您好，我是催收", "知道了"),
    ("A3", "A", 3, "您好，小心点", "不要再打来"),
    ("A4", "A", 4, "您好", "喂"),
    ("B1", "B", 1, "走着瞧", "喂"),
    ("B2", "B", 2, "您好", "喂"),
)


class Site:
    """An installation whose Mandarin calls are judged by a small pack, in place of the shipped one."""

    def __init__(self, url: str, folder: Path, clock: FixedClock) -> None:
        self.folder = folder
        settings = Settings(
            data_dir=folder, database_url=url, rule_folders=(folder / "packs",), max_attempts=2
        )
        database = make_engine(url)
        sessions = make_session_factory(database)
        self.tools = Tools(
            settings=settings,
            database=database,
            sessions=sessions,
            recordings=settings.recording_store(),
            clock=clock,
            judge=Judge(settings, rulebook=ApprovedRulebook(settings, sessions, clock)),
            speech=self._silent,
        )
        self.ids: dict[str, int] = {}

    @staticmethod
    def _silent() -> Any:
        raise AssertionError("nothing is listened to")

    def approve(self, version: int, phrase: str, stop: str = "以后别打") -> None:
        pack = self.folder / "packs" / "cn-base"
        pack.mkdir(parents=True, exist_ok=True)
        head = f"id: cn-base\nversion: {version}\nlanguage: zh\ntitle: {{zh: 规则, en: Rules}}\n"
        (pack / "pack.yaml").write_text(head, "utf-8")
        topic = TOPIC.format(version=version, phrase=phrase, stop=stop)
        (pack / "topic.yaml").write_text(topic, "utf-8")
        with transaction(self.tools.sessions) as session:
            propose(session, self.tools.clock, read_content(pack), by="王敏")
            approve(session, self.tools.clock, pack="cn-base", by="李雷")

    def take_in(self) -> None:
        """The calls, heard, and then judged by the ordinary stages."""
        with transaction(self.tools.sessions) as session:
            for name, debtor, day, agent, customer in CALLS:
                call_id = add_call(
                    session,
                    name,
                    started_at=f"2026-03-{day:02d}T10:00:00+08:00",
                    customer={"id": debtor, "name": "李", "number": "1", "timezone": "Asia/Shanghai"},
                    case={"id": debtor, "client": "某行"},
                    note={"outcome": "callback", "text": "再联系"},
                )
                self.ids[name] = call_id
                turns = (
                    Utterance(0, "agent", 0.0, 1.0, agent, 1.0),
                    Utterance(1, "customer", 2.0, 3.0, customer, 1.0),
                )
                said = Transcript("zh", "given", "", turns)
                transcript = save_transcript(session, self.tools.clock, call_id=call_id, transcript=said)
                cues = (Cue("dead_air", "unknown", 1.0, 4.0, 3.0, "s"),)
                save_hearing(session, self.tools.clock, transcript_id=transcript, version=VERSION, cues=cues)
            service.receive_new(session, self.tools.clock)
            session.execute(update(WorkRow).values(state="heard"))
        self.work()

    def work(self) -> None:
        """What workers do until nothing is due."""
        while True:
            with reading(self.tools.sessions) as session:
                due = service.due(session, self.tools.clock.now())
            if not due:
                return
            for call_id, stage in due:
                run_stage(self.tools, call_id, stage)

    def choice(self, **more: Any) -> Choice:
        with reading(self.tools.sessions) as session:
            return choose_calls(session, self.tools.judge, **more)

    def again(self, **more: Any) -> list[Portion]:
        return list(reinspect(self.tools, self.choice(), **more))

    def found(self) -> dict[str, list[str]]:
        """The findings of the newest inspection of each call."""
        names = {call_id: name for name, call_id in self.ids.items()}
        newest = select(func.max(InspectionRow.id)).group_by(InspectionRow.call_id)
        rows = select(InspectionRow.call_id, InspectionRow.id).where(InspectionRow.id.in_(newest))
        with reading(self.tools.sessions) as session:
            return {
                names[call_id]: list(
                    session.scalars(
                        select(FindingRow.rule)
                        .where(FindingRow.inspection_id == inspection)
                        .order_by(FindingRow.ordinal)
                    )
                )
                for call_id, inspection in session.execute(rows.order_by(InspectionRow.call_id))
            }

    def tickets(self) -> dict[str, str]:
        names = {call_id: name for name, call_id in self.ids.items()}
        with reading(self.tools.sessions) as session:
            rows = session.execute(select(TicketRow.call_id, TicketRow.state))
            return {names[call_id]: state for call_id, state in rows}

    def states(self) -> dict[str, str]:
        names = {call_id: name for name, call_id in self.ids.items()}
        with reading(self.tools.sessions) as session:
            rows = session.execute(select(WorkRow.call_id, WorkRow.state, WorkRow.lease_owner))
            return {names[call_id]: state + ("*" if owner else "") for call_id, state, owner in rows}

    def snapshot(self) -> Snapshot:
        """What is on record, and whole. Withdrawn tickets are left out: the ordinary stages, which judge call
        by call, ask for a look at later calls that are judged again a moment afterwards."""
        with reading(self.tools.sessions) as session:
            assert [*audit_problems(session), *call_problems(session)] == []
            found = snapshot(session)
        standing = [ticket for ticket in found["tickets"] if ticket["state"] != "withdrawn"]
        return {**found, "tickets": standing}


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


def change(site: Site) -> None:
    """Version 2: another threat, and another way to ask for no more calls."""
    site.approve(2, "小心点", "不要再打")


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
