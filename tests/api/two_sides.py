"""One installation of two teams, alike in everything: whatever the north finds of the south is a leak.

Every text, name and id of a side holds the mark of the side, so that a leak shows in any answer.
"""

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.cases.models import CaseRow
from complaint_warnings.complaints import service as complaints
from complaint_warnings.complaints.documents import read_intake
from complaint_warnings.complaints.models import ComplaintRow
from complaint_warnings.learning.models import LessonRow
from complaint_warnings.notices.models import NoticeDeliveryRow, NoticeRow
from complaint_warnings.scoring.weights import default_weights
from complaint_warnings.sources import service as sources
from complaint_warnings.sources.documents import Report, parse
from complaint_warnings.sources.models import WarningItemRow
from ingest.models import CallRow
from pipeline.intake import take_in
from pipeline.tools import Tools
from qc.coaching.service import Task, set_task
from qc.figures.service import recount
from qc.models import TicketRow
from store.clock import FixedClock
from store.database import transaction
from store.people import ROLES, Person, add_person, find_actor, new_token
from store.settings import Settings
from tests.api.conftest import SAMPLES, judge_from_transcript, open_world
from tests.api.http_client import TOKEN
from transcription.search.saved import save_search

NOW = datetime(2026, 6, 1, 2, 30, tzinfo=UTC)
# A call for which somebody should be warned, and one that makes a ticket only.
CALLS: Final = {"north": ("S06-complaint", "S02-abuse"), "south": ("S07-self-harm", "S03-threat")}
# A word that stands in every text of the side.
WORDS: Final = {"north": "极光", "south": "椰林"}
# Whose office is the whole house, unless it is narrowed.
OFFICES: Final = ("complaint_officer", "control_lead", "legal", "qc_reviewer", "qc_lead")


@dataclass(frozen=True)
class Side:
    """A team with its people's tokens by role, and the ids of what is theirs by the part of a path."""

    name: str
    tokens: dict[str, str]
    ids: dict[str, Any]

    @property
    def marks(self) -> tuple[str, str]:
        """What only texts of this side hold."""
        return self.name, WORDS[self.name]


def open_house(url: str, folder: Path) -> Tools:
    """An installation with nothing in it."""
    settings = Settings(data_dir=folder / "var", database_url=url, api_token=TOKEN)
    return open_world(settings, FixedClock(NOW))


def seed(tools: Tools, name: str, folder: Path) -> Side:
    """A side with a person of each role, two calls, and whatever comes of calls."""
    with transaction(tools.sessions) as session:
        for role in ROLES:
            sees = (name,) if role in OFFICES else None
            person = Person(f"{name}-{role}", f"{name} {role}", (role,), name, sees=sees)
            add_person(session, tools.clock, person)
        tokens = {role: new_token(session, tools.clock, f"{name}-{role}") for role in ROLES}
    calls = _take_calls(tools, name, folder / name)
    recount(tools.sessions, ZoneInfo(tools.settings.timezone))
    with transaction(tools.sessions) as session:
        return Side(name, tokens, {"call_id": calls[0], **_seed_handling(session, tools, name, calls)})


def _take_calls(tools: Tools, name: str, folder: Path) -> list[int]:
    folder.mkdir()
    for sample in CALLS[name]:
        shutil.copyfile(SAMPLES / f"{sample}.opus", folder / f"{sample}.opus")
        record = json.loads((SAMPLES / f"{sample}.call.json").read_text(encoding="utf-8"))
        record |= {"external_id": f"{name}-{sample}", "source": f"{name}-recorder"}
        record["agent"] = {"id": f"{name}-collector", "name": WORDS[name], "team": name}
        record["customer"] |= {"id": f"{name}-{sample}"}
        record["note"] = {"outcome": "complaint", "text": f"{WORDS[name]}记录"}
        (folder / f"{sample}.call.json").write_text(json.dumps(record), encoding="utf-8")
        words = json.loads((SAMPLES / f"{sample}.transcript.json").read_text(encoding="utf-8"))
        for each in words["utterances"]:
            each["text"] = f"{WORDS[name]}，{each['text']}"
        (folder / f"{sample}.transcript.json").write_text(json.dumps(words), encoding="utf-8")
    calls = {done.path.stem: done.call_id for done in take_in(tools, folder) if done.call_id is not None}
    for sample in CALLS[name]:
        judge_from_transcript(tools, calls[sample], folder / f"{sample}.transcript.json")
    return [calls[sample] for sample in CALLS[name]]


def _seed_handling(session: Session, tools: Tools, name: str, calls: list[int]) -> dict[str, Any]:
    tickets = session.scalars(select(TicketRow).where(TicketRow.call_id.in_(calls))).all()
    for ticket in tickets:
        ticket.state = "shared"
    complaint = _complain(session, tools, name)
    item = _report(session, tools, name)
    case = session.get_one(CaseRow, complaint.case_id)
    session.add(_lesson(tools, name, case))
    debtor = session.get_one(CallRow, calls[0]).debtor_key
    warned = session.scalars(select(CaseRow).where(CaseRow.debtor_key == debtor)).one()
    notice = _notice(session, tools, name, warned)
    lead = find_actor(session, f"{name}-qc_lead")
    asked = {"q": WORDS[name], "sort": "time", "filters": {"team": name}}
    search = save_search(session, tools.clock, actor=lead, name=f"{name} search", asked=asked, shared=True)
    return {
        "search": search.id,
        "ticket": tickets[0].id,
        "coaching": _coach(session, tools, name),
        "case_id": warned.id,
        "complaint": complaint.number,
        "ledger": warned.number,
        "item_id": item.id,
        "notice": notice.id,
        "library": case.id,
    }


def _complain(session: Session, tools: Tools, name: str) -> ComplaintRow:
    word = WORDS[name]
    intake = read_intake(
        {
            "channel": "regulator",
            "external_number": f"{name}-12378-1",
            "arrived_at": "2026-05-30T09:05:00+08:00",
            "complainant_name": word,
            "debtor": {"customer_id": f"{name}-complainant", "name": word},
            "claim": f"{word}投诉夜间来电",
            "wanted": f"{word}要求道歉",
            "client": f"{name} client",
            "collector_id": f"{name}-collector",
            "team": name,
        }
    )
    return complaints.receive(
        session, tools.clock, intake, actor=find_actor(session, f"{name}-customer_service")
    )


def _report(session: Session, tools: Tools, name: str) -> WarningItemRow:
    document = {
        "external_id": f"{name}-R1",
        "reporter": f"{name}-collector",
        "debtor": {"customer_id": f"{name}-reported"},
        "name": WORDS[name],
        "doubts": ["method"],
        "words": f"{WORDS[name]}客户说要投诉",
        "level": "medium",
        "happened_at": "2026-05-20T11:30:00+08:00",
        "team": name,
        "collector_id": f"{name}-collector",
    }
    report = parse(Report, document, "report")
    actor = find_actor(session, f"{name}-collector")
    sources.report(session, tools.clock, report, actor=actor, weights=default_weights())
    return session.scalars(
        select(WarningItemRow).where(WarningItemRow.external_id == document["external_id"])
    ).one()


def _coach(session: Session, tools: Tools, name: str) -> int:
    task = Task(
        category="threat", goal=f"{WORDS[name]}辅导", due_on=date(2026, 7, 1), collector=f"{name}-collector"
    )
    return set_task(session, tools.clock, task, zone=ZoneInfo("UTC"), by=f"{name}-supervisor").id


def _lesson(tools: Tools, name: str, case: CaseRow) -> LessonRow:
    word = WORDS[name]
    return LessonRow(
        case_id=case.id, number=case.number, type=f"{word}争议", level=case.level, causes=[], claim=word,
        cause=word, solution=word, result="explained", search=word, closed_at=tools.clock.now(),
        approved_by=f"{name}-control_lead", added_at=tools.clock.now(),
    )  # fmt: skip


def _notice(session: Session, tools: Tools, name: str, case: CaseRow) -> NoticeRow:
    now = tools.clock.now()
    row = NoticeRow(
        message_id=f"msg_{name}", dedupe_key=f"{name:0<64}", case_id=case.id, kind="high_warning",
        topic=f"case:{case.id}", channel="hook", recipient=f"{name}-supervisor", urgent=False, held=False,
        state="sent", due_at=now, attempts=1, created_at=now, policy="house@1",
        document={"event": "high_warning", "case": case.number, "debtor": WORDS[name]},
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add(
        NoticeDeliveryRow(notice_id=row.id, channel="hook", attempt=1, token=name, began_at=now,
                          outcome="sent", reason=WORDS[name])
    )  # fmt: skip
    session.flush()
    return row
