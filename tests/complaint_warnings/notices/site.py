"""A small house with channels that lead to servers of the test, and cases to tell of."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from complaint_warnings.cases.door import act
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.cases.opening import Opening, open_case
from complaint_warnings.notices.models import NoticeDeliveryRow, NoticeRow
from complaint_warnings.notices.sender import Sent, deliver
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.people import SYSTEM, Actor, Person, add_person, find_actor
from store.settings import Settings

NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
NIGHT = datetime(2026, 3, 5, 19, 0, tzinfo=UTC)  # 03:00 of the next day in Shanghai
MORNING = datetime(2026, 3, 6, 0, 0, tzinfo=UTC)  # 08:00
SECRET = "whsec_" + "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
TOKEN = "robot-token-7f3a9c"
SIGN = "SEC0123456789abcdef"
NAME = "王小明"
PHONE = "13800138000"

PEOPLE = (
    Person("boss", "Boss", ("control_lead",), email="boss@example.com"),
    Person("head", "Head", ("department_head",), reports_to="boss", email="head@example.com"),
    Person("wang", "Wang", ("supervisor",), team="A", reports_to="head", email="wang@example.com"),
    Person("li", "Li", ("customer_service",), reports_to="wang", email="li@example.com"),
    Person("zhang", "Zhang", ("collector", "supervisor"), team="A", email="zhang@example.com"),
    Person("officer", "Officer", ("complaint_officer",)),
    Person("legal", "Legal", ("legal",)),
    Person("root", "Root", ("admin",), email="root@example.com"),
)


def policy(channels: dict[str, Any], routes: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A policy that tries again after a second."""
    return {
        "id": "test",
        "version": 3,
        "same_minutes": 10,
        "retry": {"first_seconds": 1, "longest_seconds": 60, "attempts": 4, "urgent_attempts": 9},
        "circuit": {"failures": 3, "rest_seconds": 30, "longest_seconds": 120},
        "channels": channels,
        "routes": routes,
        **more,
    }


@dataclass
class Site:
    """The house. `clock` stands still until the test moves it."""

    sessions: SessionFactory
    clock: FixedClock
    settings: Settings
    file: Path

    def write(self, document: dict[str, Any]) -> None:
        """Put a policy in force."""
        self.file.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")

    def people(self) -> None:
        with transaction(self.sessions) as session:
            for person in PEOPLE:
                add_person(session, self.clock, person)

    def open(self, level: str = "low", *, debtor: str = "debtor:C1", **more: Any) -> int:
        """A case of a debtor, reported by the system."""
        opening = Opening(
            kind=more.pop("kind", "warning"),
            debtor_key=debtor,
            level=level,  # type: ignore[arg-type]
            source="call",
            advice={"zh": "…", "en": "…"},
            debtor_name=NAME,
            contact=PHONE,
            amount_due="1234.56",
            currency="CNY",
            **more,
        )
        with transaction(self.sessions) as session:
            return open_case(session, self.clock, opening=opening, actor=SYSTEM).id

    def act(self, case_id: int, action: str, by: str | Actor = SYSTEM, **details: Any) -> None:
        with transaction(self.sessions) as session:
            actor = find_actor(session, by) if isinstance(by, str) else by
            act(session, self.clock, case_id=case_id, action=action, actor=actor, details=details)

    def round(self, *, after: float = 0.0) -> Sent:
        """One round of sending, so many seconds later."""
        self.clock.moment += timedelta(seconds=after)
        return deliver(self.sessions, self.clock, self.settings)

    def notices(self) -> list[NoticeRow]:
        with reading(self.sessions) as session:
            return list(session.scalars(select(NoticeRow).order_by(NoticeRow.id)))

    def states(self) -> list[tuple[str, str, str]]:
        """Kind, recipient (or channel) and state of every notice."""
        return [(row.kind, row.recipient or row.channel, row.state) for row in self.notices()]

    def attempts(self) -> list[tuple[int, str, str | None]]:
        """Attempt, outcome and code of every delivery."""
        with reading(self.sessions) as session:
            rows = session.scalars(select(NoticeDeliveryRow).order_by(NoticeDeliveryRow.id))
            return [(r.attempt, r.outcome, (r.reason or "").partition(":")[0] or None) for r in rows]

    def number(self, case_id: int) -> str:
        with reading(self.sessions) as session:
            return session.get_one(CaseRow, case_id).number
