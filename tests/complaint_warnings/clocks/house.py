"""A house with a line of people, and a case to put on the clocks."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.cases.door import act
from complaint_warnings.cases.models import CaseEventRow
from complaint_warnings.cases.opening import Opening, open_case
from complaint_warnings.clocks.models import DeadlineRow
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.people import SYSTEM, Person, add_person, find_actor

from .stories import at, said

# Upwards: service → supervisor → head; the lead of complaint control stands beside them.
PEOPLE = (
    Person("head", "部门负责人", ("department_head",)),
    Person("super", "主管", ("supervisor",), reports_to="head"),
    Person("service", "客服", ("customer_service",), reports_to="super"),
    Person("officer", "防控专员", ("complaint_officer",)),
    Person("lead", "防控负责人", ("control_lead",)),
    Person("law", "法务", ("legal",)),
)
TEAM = {
    "handler": "service",
    "members": [
        {"person": "service", "function": "customer_service"},
        {"person": "officer", "function": "complaint_officer"},
    ],
}
REVIEW = {"truth": "confirmed", "accurate": True}


class House:
    """Opens a case and acts on it at moments of Shanghai."""

    def __init__(self, sessions: SessionFactory, clock: FixedClock) -> None:
        self.sessions = sessions
        self.clock = clock
        with transaction(sessions) as session:
            for person in PEOPLE:
                add_person(session, clock, person)

    def open(self, moment: str, debtor: str = "customer:C1", by: str | None = None, **changes: Any) -> int:
        self.clock.moment = at(moment)
        usual: dict[str, Any] = {"kind": "warning", "level": "medium", "source": "call", "advice": {}}
        opening = Opening(debtor_key=debtor, **(usual | changes))
        with transaction(self.sessions) as session:
            actor = find_actor(session, by) if by else SYSTEM
            return open_case(session, self.clock, opening=opening, actor=actor).id

    def act(self, case: int, moment: str, action: str, by: str, **details: Any) -> None:
        self.clock.moment = at(moment)
        with transaction(self.sessions) as session:
            actor = find_actor(session, by)
            act(session, self.clock, case_id=case, action=action, actor=actor, details=details)

    def deadlines(self, case: int) -> dict[str, DeadlineRow]:
        """The last run of each clock."""
        with reading(self.sessions) as session:
            rows = session.scalars(
                select(DeadlineRow).where(DeadlineRow.case_id == case).order_by(DeadlineRow.number)
            )
            return {row.clock: row for row in rows}

    def due(self, case: int) -> dict[str, str | None]:
        return {name: said(row.due_at) for name, row in self.deadlines(case).items()}

    def said(self, case: int) -> list[tuple[str, ...]]:
        """What the clocks said in a case: action, clock or person, and mark."""
        with reading(self.sessions) as session:
            events = events_of(session, case)
        return [_said(event) for event in events if event.actor == "system" and event.action != "opened"]


def events_of(session: Session, case: int) -> list[CaseEventRow]:
    query = select(CaseEventRow).where(CaseEventRow.case_id == case)
    return list(session.scalars(query.order_by(CaseEventRow.seq)))


def _said(event: CaseEventRow) -> tuple[str, ...]:
    if event.action == "escalate":
        return ("escalate", event.details["to"])
    return (event.action, event.details["kind"], event.details["details"]["mark"])
