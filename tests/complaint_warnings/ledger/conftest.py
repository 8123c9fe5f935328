"""A small ledger that the product itself wrote."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from complaint_warnings.cases.door import act
from complaint_warnings.cases.of_warning import case_of
from complaint_warnings.scoring.weights import default_weights
from complaint_warnings.service import apply_call
from complaint_warnings.sources import service
from complaint_warnings.sources.documents import Report, parse
from qc.findings import Finding
from store.clock import FixedClock
from store.database import SessionFactory, transaction
from store.people import Actor, Person, add_person

from ..helpers import NOON, call, finding

HEAD = Actor("head", frozenset({"department_head"}))
CS = Actor("cs", frozenset({"customer_service"}))
SIGNALS: tuple[tuple[Finding, ...], ...] = (
    (finding("refusal"),),
    (finding("stop_request"),),
    (finding("complaint_intent", channel="media"),),
    (finding("hardship"),),
    (finding("negative_emotion", state="angry"),),
)


@pytest.fixture
def ledger(factory: SessionFactory, clock: FixedClock, register: Callable[..., int]) -> SessionFactory:
    """Five calls of five debtors and a report about a sixth; the first case signed, the second dismissed."""
    with transaction(factory) as session:
        for actor in (HEAD, CS):
            add_person(session, clock, Person(actor.id, f"姓名{actor.id}", tuple(actor.roles)))
    for number, signals in enumerate(SIGNALS):
        at = None if number == 3 else NOON - timedelta(hours=number)
        evidence = call(
            *signals, name=f"H{number}", at=at, amount_due=f"{100 * (number + 1)}.00",
            customer={"id": f"C{number}", "name": f"客户{number}"},
        )  # fmt: skip
        with transaction(factory) as session:
            call_id = register(session, evidence, f"customer:C{number}")
            apply_call(session, clock, call_id=call_id, evidence=evidence, weights=default_weights())
    report = {"external_id": "R-1", "reporter": "cs", "debtor": {"customer_id": "C9"}, "doubts": ["other"],
              "words": "客户不满", "happened_at": "2026-03-05T11:00:00+08:00"}  # fmt: skip
    with transaction(factory) as session:
        service.report(session, clock, parse(Report, report, "report"), actor=CS, weights=default_weights())
    for warning, action, details in (
        (1, "sign", {"truth": "confirmed", "accurate": True}),
        (2, "dismiss", {"reason": "不属实"}),
    ):
        with transaction(factory) as session:
            case = case_of(session, warning)
            assert case is not None
            act(session, clock, case_id=case.id, action=action, actor=HEAD, details=details)
    return factory
