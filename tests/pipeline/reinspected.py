"""A small installation whose stored calls are judged again: its packs, its calls, and what is on record."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from pipeline import service
from pipeline.judging import Judge
from pipeline.lanes import Order
from pipeline.models import WorkRow
from pipeline.reinspection.batch import Portion
from pipeline.reinspection.choice import Choice, choose_calls
from pipeline.reinspection.run import reinspect
from pipeline.rulebook import ApprovedRulebook
from pipeline.snapshot import Snapshot, snapshot
from pipeline.stages import run_stage
from pipeline.tools import Tools
from pipeline.verify import audit_problems, call_problems, pack_problems
from qc.approval.content import read_content
from qc.approval.service import approve, propose
from qc.models import FindingRow, InspectionRow, TicketRow
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
# However old they are, the calls are taken in their order: none is of a back-fill.
ONE_LANE = Order(backfill_after=timedelta(days=30))
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
            service.receive_new(session, self.tools.clock, ONE_LANE)
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
            assert [*audit_problems(session), *call_problems(session), *pack_problems(session)] == []
            found = snapshot(session)
        standing = [ticket for ticket in found["tickets"] if ticket["state"] != "withdrawn"]
        return {**found, "tickets": standing}


def change(site: Site) -> None:
    """Version 2: another threat, and another way to ask for no more calls."""
    site.approve(2, "小心点", "不要再打")
