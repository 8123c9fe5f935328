"""What the monitors say, and what they keep silent about. No database, no clock."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from complaint_warnings.sources.contacts import contacts_of
from complaint_warnings.sources.monitor_policy import DEFAULT_MONITORS, default_monitors, load_monitors
from complaint_warnings.sources.monitors import MonitorHit, watch
from complaint_warnings.types import CallEvidence
from ingest.metadata import CallRecord, Case, Customer, EarlierCall
from qc.findings import Finding
from store.errors import BadInputError

from ..helpers import NOON, finding

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
POLICY = default_monitors()


def told(
    name: str,
    at: Any,
    *findings: Finding,
    history: tuple[EarlierCall, ...] = (),
    amount: str | None = "100.00",
    **fields: Any,
) -> CallEvidence:
    record = CallRecord(
        external_id=name,
        source="s",
        started_at=at,
        customer=Customer(id="C1", **fields.pop("customer", {})),
        case=Case(id="K-1", amount_due=Decimal(amount) if amount else None),
        history=history,
        **fields,
    )
    return CallEvidence(name, at, record, findings, "clean")


def earlier(*hours: float, **fields: Any) -> tuple[EarlierCall, ...]:
    return tuple(
        EarlierCall(**({"started_at": NOON - hour * HOUR, "connected": True} | fields)) for hour in hours
    )


def said(hits: list[MonitorHit]) -> list[tuple[str, dict[str, int]]]:
    return [(hit.monitor, hit.figures) for hit in hits]


def test_the_fourth_connected_call_of_a_day_is_too_often():
    assert watch([told("H1", NOON, history=earlier(1, 2))], POLICY) == []
    [hit] = watch([told("H1", NOON, history=earlier(1, 2, 3))], POLICY)
    assert (hit.monitor, hit.at, hit.figures) == (
        "contact_frequency",
        NOON,
        {"connected_per_day": 4, "limit": 3},
    )
    assert (hit.why_zh, hit.why_en) == ("当日有效通话 4 次，上限 3 次", "4 connected calls that day, limit 3")
    assert [contact.at for contact in hit.contacts] == [NOON - 3 * HOUR, NOON - 2 * HOUR, NOON - HOUR, NOON]


def test_a_day_is_a_day_where_the_debtor_lives():
    calls = earlier(1, 2, 13)  # 13 hours before noon in Shanghai is 23:00 of the day before
    assert watch([told("H1", NOON, history=calls)], POLICY) == []
    [hit] = watch([told("H1", NOON, history=calls, customer={"timezone": "America/New_York"})], POLICY)
    assert hit.figures == {"connected_per_day": 4, "limit": 3}  # 12:00 is 23:00 there, 13 hours before 10:00


@pytest.mark.parametrize(
    "fields",
    [{"direction": "inbound"}, {"relation": "relative"}, {"connected": None}, {"started_at": None}],
    ids=["the customer called", "somebody else was called", "connection unknown", "time unknown"],
)
def test_what_is_no_known_contact_of_the_debtor_does_not_count(fields: dict[str, Any]):
    assert watch([told("H1", NOON, history=earlier(1, 2, 3, **fields))], POLICY) == []


def test_attempts_count_by_day_and_by_week():
    unanswered = earlier(1, 2, 3, 4, 5, 6, connected=False)
    assert said(watch([told("H1", NOON, history=unanswered)], POLICY)) == [
        ("contact_frequency", {"attempts_per_day": 7, "limit": 6})
    ]
    week = earlier(*(7 * n for n in range(4, 24)), connected=False)
    assert said(watch([told("H1", NOON, history=week)], POLICY)) == [
        ("contact_frequency", {"attempts_per_week": 21, "limit": 20})
    ]
    older = earlier(*(7 * n for n in range(5, 25)), connected=False)  # the oldest is exactly seven days ago
    assert watch([told("H1", NOON, history=older)], POLICY) == []


def test_a_stored_call_and_the_record_of_it_in_another_are_one_contact():
    calls = [told(f"H{n}", NOON - n * HOUR) for n in (3, 2, 1)]
    last = told("H0", NOON, history=earlier(1, 2, 3))
    assert [contact.call for contact in contacts_of([last, *calls])] == ["H3", "H2", "H1", "H0"]


def test_two_refusals_after_a_promise():
    promise = told("H1", NOON, finding("promise_to_pay"), amount=None)
    one, two = (told(f"H{n}", NOON + n * DAY, finding("refusal"), amount=None) for n in (2, 3))
    assert watch([promise, one], POLICY) == []
    assert said(watch([two, promise, one], POLICY)) == [("willingness_falling", {"refusals": 2})]
    again = told("H9", NOON + 9 * DAY, finding("promise_to_pay"), amount=None)
    assert watch([promise, one, two, again], POLICY) == []
    assert watch([one, two], POLICY) == []  # nothing was promised, nothing falls


def test_an_unsure_refusal_proves_nothing():
    promise = told("H1", NOON, finding("promise_to_pay"), amount=None)
    doubtful = [told(f"H{n}", NOON + n * DAY, finding("refusal", "unsure"), amount=None) for n in (2, 3)]
    assert watch([promise, *doubtful], POLICY) == []


def test_two_promises_and_the_debt_is_no_smaller():
    calls = [told(f"H{n}", NOON + n * DAY, finding("promise_to_pay")) for n in (0, 5)]
    same, paid = told("H9", NOON + 9 * DAY), told("H9", NOON + 9 * DAY, amount="60.00")
    assert said(watch([*calls, same], POLICY)) == [("willingness_falling", {"broken_promises": 2})]
    assert watch([*calls, paid], POLICY) == []
    assert watch([*calls, told("H9", NOON + 9 * DAY, amount=None)], POLICY) == []


def test_three_conversations_that_lead_nowhere():
    calls = [told(f"H{n}", NOON + n * DAY, ended_by="customer") for n in range(3)]
    assert watch(calls[:2], POLICY) == []
    [hit] = watch(calls, POLICY)
    assert (hit.monitor, hit.figures) == ("failed_conversations", {"in_a_row": 3})
    assert hit.why_en == "3 conversations in a row led nowhere"
    calmer = told("H5", NOON + 2.5 * DAY, ended_by="agent")
    assert watch([*calls, calmer], POLICY) == []
    assert watch([calls[0], told("H1", NOON + DAY, ended_by="agent"), calls[2]], POLICY) == []


def test_conversations_of_a_month_ago_are_forgotten():
    calls = [told(f"H{n}", NOON + n * 11 * DAY, ended_by="customer") for n in range(3)]
    assert watch(calls, POLICY) == []


def test_without_a_known_time_nothing_is_said():
    assert watch([], POLICY) == []
    assert watch([told("H1", None, history=earlier(1, 2, started_at=None))], POLICY) == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"version": 0}, "version"),
        ({"contact_frequency": {"connected_per_day": 3}}, "contact_frequency.attempts_per_day"),
        ({"failed_conversations": {"in_a_row": 1, "within_days": 3}}, "failed_conversations.in_a_row"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_a_wrong_file_is_refused_whole_with_its_field(tmp_path: Path, change: dict[str, Any], where: str):
    path = tmp_path / "monitors.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(DEFAULT_MONITORS.read_text("utf-8")) | change), "utf-8")
    with pytest.raises(BadInputError) as refused:
        load_monitors(path)
    assert refused.value.code == "monitors.invalid"
    assert refused.value.where == f"{path}: {where}"


def test_an_unreadable_file_is_refused(tmp_path: Path):
    (tmp_path / "bad.yaml").write_text("a: [", "utf-8")
    for name in ("bad.yaml", "absent.yaml"):
        with pytest.raises(BadInputError) as refused:
            load_monitors(tmp_path / name)
        assert refused.value.code == "monitors.unreadable"
