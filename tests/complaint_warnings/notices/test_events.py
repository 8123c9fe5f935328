"""What an event is told as. No database."""

from typing import Any

import pytest

from complaint_warnings.cases.transitions import ACTIONS
from complaint_warnings.notices.events import _OF_ACTION, told

CLOCK = {
    "kind": "first_answer",
    "due": "2026-03-06T04:00:00+00:00",
    "words": {"zh": "首次答复应于…前完成", "en": "First answer: due by …"},
    "details": {"mark": "50%"},
}


@pytest.mark.parametrize(
    ("action", "details", "kinds"),
    [
        ("opened", {"level": "low"}, ["reported"]),
        ("opened", {"level": "high"}, ["high_warning"]),
        ("level_raised", {"level": "high"}, ["high_warning"]),
        ("level_raised", {"level": "medium"}, []),
        ("set_level", {"level": "high", "reason": "…"}, ["high_warning"]),
        ("sign", {"level": None, "truth": "confirmed"}, ["signed"]),
        ("sign", {"level": "high", "truth": "confirmed"}, ["high_warning", "signed"]),
        ("report_again", {"changes": "…", "level": None}, ["reported_again"]),
        ("send_back", {"reason": "…"}, ["sent_back"]),
        ("form_team", {"handler": "li"}, ["assigned"]),
        ("propose_relief", {"kind": "fee_relief"}, ["relief_proposed"]),
        ("complaint_received", {"number": "C-1-1"}, ["complaint_arrived"]),
        ("callback", {"satisfaction": 2}, ["unsatisfied"]),
        ("callback", {"satisfaction": 3}, []),
        ("callback", {"satisfaction": None}, []),
        ("deadline_warned", CLOCK, ["deadline_warned"]),
        ("deadline_breached", CLOCK, ["deadline_breached"]),
        ("escalate", {"to": "boss", "reason": "…"}, ["escalated"]),
        ("reopen", {"reason": "…"}, ["reopened"]),
        ("close", {}, ["closed"]),
        ("dismiss", {"reason": "…"}, ["closed"]),
        ("note", {"text": "…"}, []),
        ("evidence", {"call_id": 3}, []),
    ],
)
def test_what_is_told(action: str, details: dict[str, Any], kinds: list[str]) -> None:
    assert [each.kind for each in told(action, details, kind="warning", self_harm=False)] == kinds


def test_self_harm_comes_first() -> None:
    found = told("opened", {"level": "high"}, kind="warning", self_harm=True)

    assert [each.kind for each in found] == ["self_harm", "high_warning"]


def test_the_opening_of_a_complaint_is_told_by_its_receipt() -> None:
    assert told("opened", {"level": "medium"}, kind="complaint", self_harm=False) == ()


def test_two_clocks_are_two_things() -> None:
    first = told("deadline_warned", CLOCK, kind="warning", self_harm=False)[0]
    other = told("deadline_warned", CLOCK | {"kind": "settle"}, kind="warning", self_harm=False)[0]

    assert first.topic != other.topic
    assert first.facts == {"deadline": CLOCK["words"], "due": CLOCK["due"]}


def test_the_person_up_the_line_is_named() -> None:
    (found,) = told("escalate", {"to": "boss", "reason": "…"}, kind="warning", self_harm=False)

    assert found.named == "boss"


def test_every_action_that_is_told_exists() -> None:
    assert sorted(set(_OF_ACTION) - set(ACTIONS)) == []
