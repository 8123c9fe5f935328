"""The history of earlier calls: what one entry says badly is unknown, and refuses nothing."""

from typing import Any

import pytest

from ingest.metadata import oldest_first, parse_call_record
from ingest.record import EarlierCall

CALL = {"external_id": "H1", "source": "test", "started_at": "2026-06-03T10:00:00+08:00"}


def earlier(**entry: Any) -> EarlierCall:
    return parse_call_record(CALL | {"history": [entry]}, "test").history[0]


@pytest.mark.parametrize(
    ("given", "problem", "kept"),
    [
        (None, "time.missing", None),
        ("2026-06-01T10:00:00", "time.no_zone", "2026-06-01T10:00:00"),
        ("昨天下午", "time.unreadable", "昨天下午"),
        (1764550000, "time.unreadable", "1764550000"),
        ("1970-01-01T00:00:00Z", "time.unreadable", "1970-01-01T00:00:00Z"),
    ],
)
def test_an_unreadable_time_is_unknown_and_said_so(given: Any, problem: str, kept: str | None):
    call = earlier(started_at=given, connected=True)
    assert (call.started_at, call.time_problem, call.started_at_given) == (None, problem, kept)
    assert call.connected is True


@pytest.mark.parametrize(
    ("given", "connected"),
    [(True, True), ("yes", True), ("接通", True), (1, True), (False, False), ("未接通", False),
     ("no_answer", False), (None, None), ("maybe", None), ({}, None), ("", None)],
)  # fmt: skip
def test_connected_is_yes_no_or_unknown(given: Any, connected: bool | None):
    assert earlier(started_at="2026-06-01T10:00:00+08:00", connected=given).connected is connected


def test_other_bad_values_are_unknown():
    call = earlier(started_at="2026-06-01T10:00:00+08:00", consent="yes", duration_s=-3, agent={"id": "A7"})
    assert (call.consent, call.duration_s, call.agent) == (None, None, "A7")
    assert earlier(duration_s="62.5").duration_s == 62.5


def test_claims_are_kept_as_they_were_given():
    call = earlier(
        started_at="2026-06-01T10:00:00+08:00", dispute="amount", resolved=False, stop_request=True
    )
    assert (call.dispute, call.resolved, call.stop_request, call.promise) == ("amount", False, True, None)


def test_calls_of_unknown_time_come_last():
    history = [{}, {"started_at": "2026-06-02T10:00:00+08:00"}, {"started_at": "2026-06-01T10:00:00+08:00"}]
    record = parse_call_record(CALL | {"history": history}, "test")
    assert [call.started_at and call.started_at.day for call in record.history] == [1, 2, None]
    assert oldest_first(reversed(record.history)) == record.history


def test_a_record_with_unknown_entries_survives_being_written():
    history = [{"started_at": "gestern", "connected": "?"}, {"started_at": "2026-06-01T10:00:00+08:00"}]
    record = parse_call_record(CALL | {"history": history}, "test")
    assert parse_call_record(record.to_document(), "test") == record


def test_what_is_no_object_is_refused_by_the_record():
    with pytest.raises(Exception, match="history"):
        parse_call_record(CALL | {"history": ["2026-06-01T10:00:00+08:00"]}, "test")
