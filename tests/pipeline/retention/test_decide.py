"""What the policy lets go on a date, and the first reason that keeps."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.retention.decide import (
    CallFacts,
    CaseFacts,
    call_kept,
    decide_call,
    decide_case,
)
from pipeline.retention.policy import OF_CALL, Policy, Span, load_policy

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OLD = CallFacts(datetime(2023, 3, 1, 12, 0, tzinfo=UTC), "中国联通", frozenset(OF_CALL))


def policy(**changed: Any) -> Policy:
    return Policy.model_validate(load_policy().model_dump() | changed)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, None),
        ({"started_at": datetime(2023, 3, 1, 12, 0, 1, tzinfo=UTC)}, "not_due"),
        ({"started_at": None}, "time_unknown"),
        ({"held": True, "open_case": "complaint", "open_ticket": True, "done": False}, "hold"),
        ({"open_case": "complaint", "open_ticket": True}, "complaint"),
        ({"open_case": "warning", "done": False}, "case"),
        ({"open_ticket": True, "done": False}, "ticket"),
        ({"done": False}, "in_work"),
    ],
)
def test_the_first_reason_keeps_every_part(changed: dict[str, Any], why: str | None) -> None:
    made = decide_call(policy(), replace(OLD, **changed), NOW)
    assert {part: one.why for part, one in made.items()} == dict.fromkeys(sorted(OF_CALL), why)


def test_a_creditor_may_keep_longer() -> None:
    longer = policy(clients={"中国联通": {"recordings": {"keep": {"years": 5}}}})
    made = decide_call(longer, OLD, NOW)
    assert (made["recordings"].why, made["transcripts"].why) == ("not_due", None)
    assert made["recordings"].clause == "default@1 clients.中国联通.recordings: 5 years"
    assert made["recordings"].due_at == datetime(2028, 3, 1, 12, 0, tzinfo=UTC)
    assert decide_call(longer, replace(OLD, client="别家"), NOW)["recordings"].may


def test_forever_is_forever_and_unknown_times_go_by_order_only() -> None:
    kept = policy(recordings={"keep": "forever"})
    assert decide_call(kept, OLD, NOW)["recordings"].why == "forever"
    assert call_kept(kept, replace(OLD, started_at=None, open_ticket=True), NOW, ordered=True) is None
    assert call_kept(kept, replace(OLD, held=True), NOW, ordered=True) == "hold"


def test_a_transcript_waits_for_results_that_are_kept() -> None:
    made = decide_call(policy(open_tickets={"years": 3}), replace(OLD, open_ticket=True), NOW)
    assert {one.why for one in made.values()} == {None}  # the ticket was open long enough
    same = policy(results={"keep": {"years": 4}}, transcripts={"keep": {"years": 4}})
    assert decide_call(same, OLD, NOW)["transcripts"].why == "not_due"


@pytest.mark.parametrize(
    ("case", "why"),
    [
        (CaseFacts(None, None), "case"),
        (CaseFacts(None, None, complaint=True), "complaint"),
        (CaseFacts(datetime(2021, 3, 1, 12, 0, 1, tzinfo=UTC), None), "not_due"),
        (CaseFacts(datetime(2021, 3, 1, 12, 0, tzinfo=UTC), None), None),
        (CaseFacts(datetime(2021, 3, 1, tzinfo=UTC), None, held=True), "hold"),
        (CaseFacts(datetime(2021, 3, 1, tzinfo=UTC), None, goes_on=True), "case"),
        (CaseFacts(datetime(2021, 3, 1, tzinfo=UTC), None, calls=True), "calls"),
    ],
)
def test_cases(case: CaseFacts, why: str | None) -> None:
    assert decide_case(policy(), case, NOW).why == why


def test_leap_days_and_days() -> None:
    leap = datetime(2024, 2, 29, tzinfo=UTC)
    assert Span(years=1).end(leap) == datetime(2025, 3, 1, tzinfo=UTC)
    assert Span(years=1).begin(leap) == datetime(2023, 2, 28, tzinfo=UTC)
    assert Span(days=2).end(leap) == datetime(2024, 3, 2, tzinfo=UTC)
    assert Span(days=2).begin(leap) == datetime(2024, 2, 27, tzinfo=UTC)
