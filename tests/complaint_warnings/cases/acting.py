"""Acting on cases in tests, and looking at what came of it."""

from typing import Any

from complaint_warnings.cases.door import act, history
from complaint_warnings.cases.service import load_case
from complaint_warnings.cases.view import CaseView
from store.database import transaction
from store.people import SYSTEM, Actor

from .test_door import Cases


def by_system(cases: Cases, number: int, action: str, /, **details: Any) -> str:
    with transaction(cases.sessions) as session:
        return act(session, cases.clock, case_id=number, action=action, actor=SYSTEM, details=details).state


def by(cases: Cases, actor: Actor, case: int, action: str, details: dict[str, Any]) -> str:
    with transaction(cases.sessions) as session:
        return act(session, cases.clock, case_id=case, action=action, actor=actor, details=details).state


def view(cases: Cases, case: int) -> CaseView:
    with cases.sessions() as session:
        return load_case(session, case).view


def actions(cases: Cases, case: int) -> list[str]:
    with cases.sessions() as session:
        return [event.action for event in history(session, case)]
