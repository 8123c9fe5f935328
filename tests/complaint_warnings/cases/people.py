"""A small house: whom the tests of the cases know, and documents that they write."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from complaint_warnings.cases.models import CaseRow
from complaint_warnings.cases.opening import Opening, open_case
from store.clock import Clock
from store.people import SYSTEM, Actor, Person, add_person

NOW = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
DAY = timedelta(days=1)

HOUSE: dict[str, tuple[str, str | None]] = {
    "zhang": ("collector", "team-1"),  # the collector complained of
    "zhao": ("collector", "team-2"),
    "chen": ("customer_service", None),
    "sun": ("customer_service", None),
    "liu": ("supervisor", "team-1"),
    "wu": ("supervisor", "team-2"),
    "wang": ("department_head", "team-1"),
    "zhou": ("department_head", "team-2"),
    "li": ("complaint_officer", None),
    "feng": ("control_lead", None),
    "han": ("control_lead", None),
    "xu": ("legal", None),
    "lei": ("qc_reviewer", None),
    "mei": ("auditor", None),
}
ACTORS = {person: Actor(person, frozenset({role}), team) for person, (role, team) in HOUSE.items()}

HIGH_TEAM = {
    "handler": "chen",
    "members": [
        {"person": "feng", "function": "lead"},
        {"person": "xu", "function": "legal"},
        {"person": "liu", "function": "supervisor"},
        {"person": "chen", "function": "customer_service"},
    ],
}
MEDIUM_TEAM = {
    "handler": "chen",
    "members": [
        {"person": "chen", "function": "customer_service"},
        {"person": "li", "function": "complaint_officer"},
    ],
}
LOW_TEAM = {"handler": "wu", "members": [{"person": "wu", "function": "supervisor"}]}
PLAN = {
    "goal": "客户理解并接受还款安排",
    "measures": [
        {"what": "复核通话并致歉", "owner": "liu", "due": (NOW + DAY).isoformat()},
        {"what": "说明费用构成", "owner": "chen", "due": (NOW + 2 * DAY).isoformat()},
    ],
}
CONTACT = {"channel": "phone", "at": NOW.isoformat(), "said": "致歉并说明，客户接受", "mood": "calm"}
CAUSE = {"dimensions": ["staff"], "cause": "催收员用语不当"}
RESULT = {"outcome": "apologised", "words": "已致歉，客户撤回投诉意向"}
TRACK = {"seen": "未再来电", "measures_done": [1, 2], "ended": True}
EVALUATION = {"effective": "yes", "attribution": ["staff"], "lessons": "增加用语培训"}
REVIEW = {"truth": "confirmed", "accurate": True}


def add_house(session: Session, clock: Clock) -> None:
    """Put the people into the database."""
    for person, (role, team) in HOUSE.items():
        add_person(session, clock, Person(person, person.title(), (role,), team))


def opening(**changes: Any) -> Opening:
    """A medium warning about zhang of team-1, by default."""
    usual: dict[str, Any] = {
        "kind": "warning",
        "debtor_key": "debtor:C1",
        "level": "medium",
        "source": "call",
        "advice": {"zh": "一个工作日内回电。", "en": "Call back within one working day."},
        "debtor_name": "李建国",
        "contact": "+8613800138000",
        "amount_due": "1260.00",
        "currency": "CNY",
        "collector_id": "zhang",
        "team": "team-1",
    }
    return Opening(**(usual | changes))


def begin(session: Session, clock: Clock, actor: Actor = SYSTEM, **changes: Any) -> CaseRow:
    """Open a case."""
    return open_case(session, clock, opening=opening(**changes), actor=actor)
