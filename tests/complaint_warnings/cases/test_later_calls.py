"""What calls that come, or are judged anew, bring to cases: collectors to keep out, words of self-harm."""

from dataclasses import replace
from typing import Any

import pytest

from complaint_warnings.cases.of_warning import case_of
from complaint_warnings.scoring.weights import default_weights
from complaint_warnings.service import apply_call
from complaint_warnings.types import CallEvidence
from ingest.record import Agent
from store.database import transaction
from tests.complaint_warnings.helpers import call, finding

from .acting import actions, view
from .test_door import Cases

REASON = {"reason": "客户再次来电"}


def of_agent(agent: str, *findings: Any, name: str) -> CallEvidence:
    one = call(*findings, name=name)
    return replace(one, record=one.record.model_copy(update={"agent": Agent(id=agent, team="team-1")}))


def hear(cases: Cases, register: Any, evidence: CallEvidence, debtor: str, number: int | None = None) -> int:
    if number is None:
        with transaction(cases.sessions) as session:
            number = register(session, evidence, debtor)
    with transaction(cases.sessions) as session:
        apply_call(session, cases.clock, call_id=number, evidence=evidence, weights=default_weights())
    return number


def test_all_who_called_are_concerned_but_for_those_who_handle_it(cases, register):
    angry = finding("negative_emotion", state="angry")
    for agent, findings, name in (
        ("zhang", [finding("threat")], "H1"), ("zhao", [angry], "H2"), ("A-77", [angry], "H3"),
        ("chen", [angry], "H4"), ("sun", [finding("threat")], "H5"),
    ):  # fmt: skip
        hear(cases, register, of_agent(agent, *findings, name=name), "debtor:C1")
    assert view(cases, 1).concerned == {"zhang", "zhao", "A-77", "sun"}


@pytest.mark.parametrize("ended", [False, True])
def test_self_harm_in_a_merged_case_reaches_the_one_it_went_on_in(cases, register, ended):
    number = hear(cases, register, of_agent("zhang", finding("threat"), name="H1"), "debtor:C1")
    with cases.sessions() as session:
        one = case_of(session, 1)
        assert one is not None
    two = cases.begin(debtor_key="debtor:A2", level="low")
    cases.act(one.id, "li", "merge", {"into": two, "reason": "同一人"})
    cases.act(two, "feng", "set_level", {"level": "low", "reason": "复评"})
    if ended:
        cases.act(two, "feng", "dismiss", REASON)
    hear(cases, register, of_agent("zhang", finding("self_harm"), name="H1"), "debtor:C1", number)

    row = cases.row(two)
    assert (row.state, row.level, row.closed_at) == ("reported", "high", None)
    assert view(cases, two).self_harm
    wanted = ["evidence", "reopen", "level_raised"] if ended else ["evidence", "level_raised"]
    assert actions(cases, two)[-len(wanted) :] == wanted
    assert cases.row(one.id).state == "closed"


def test_self_harm_in_a_closed_case_reaches_the_one_that_is_open(cases, register):
    number = hear(cases, register, of_agent("zhang", finding("threat"), name="H1"), "debtor:C1")
    cases.act(1, "feng", "dismiss", REASON)
    other = cases.begin(level="low")
    hear(cases, register, of_agent("zhang", finding("self_harm"), name="H1"), "debtor:C1", number)
    assert (cases.row(1).state, cases.row(other).level) == ("closed", "high")
    assert view(cases, other).self_harm
