from datetime import UTC, datetime

import pytest

from ingest.formats.clock import MISSING, When, first, from_clock, from_epoch, settled
from ingest.metadata import parse_call_record

AT = datetime(2024, 1, 27, 15, 7, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "micros"),
    [
        ("1706368044", 0),
        (1706368044, 0),
        ("1706368044.5", 500_000),
        ("1706368044123", 123_000),
        ("1706368044123456", 123_456),
    ],
)
def test_epochs_are_told_apart_by_their_range(value, micros):
    assert from_epoch(value, "start_epoch") == When(AT.replace(microsecond=micros), "epoch:start_epoch")


def test_an_epoch_whose_unit_is_defined_is_never_read_as_another():
    assert from_epoch("1706368044", "start_uepoch", "us").problem == "time.unreadable"
    assert from_epoch("1706368044000000", "start_uepoch", "us").at == AT


@pytest.mark.parametrize("value", ["-1", "2e9", "99", "9" * 18, "９９", "1706368044 ", "1706368044,5"])
def test_no_epoch_is_guessed(value):
    expected = AT if value == "1706368044 " else None
    assert from_epoch(value, "x").at == expected


@pytest.mark.parametrize("value", [None, "", "0", "0.0", "  "])
def test_an_epoch_of_zero_did_not_happen(value):
    assert from_epoch(value, "x") == MISSING


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-27 15:07:24",
        "2024/1/27 15:07:24",
        "2024年1月27日 15时07分24秒",
        "20240127-150724",
        "20240127 150724",
        "20240127150724",
        "2024-01-27T15:07:24",
    ],
)
def test_clock_times_take_the_zone_of_the_source(text):
    assert from_clock(text, "UTC") == When(AT, "zone:UTC")
    assert from_clock(text, None) == When(problem="time.no_zone", given=text)


def test_a_zone_in_the_record_counts_before_that_of_the_source():
    when = from_clock("2024-01-27T23:07:24+08:00", "America/New_York")
    assert (when.at, when.source) == (AT, "record")


def test_clocks_set_back_show_an_hour_twice():
    assert from_clock("2026-11-01 01:30:00", "America/New_York") == When(
        problem="time.ambiguous", given="2026-11-01 01:30:00 America/New_York"
    )
    assert from_clock("2026-11-01 02:00:00", "America/New_York").at == datetime(2026, 11, 1, 7, tzinfo=UTC)


def test_clocks_set_forward_skip_an_hour():
    assert from_clock("2026-03-08 02:30:00", "America/New_York").problem == "time.nonexistent"
    assert from_clock("2026-03-08 03:00:00", "America/New_York").at == datetime(2026, 3, 8, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2024-13-01 10:00:00", "0000-00-00 00:00:00", "03/04/2026 10:00", "2024-01-27", "soon", "x" * 5000, "1"],
)
def test_what_cannot_be_read_stays_unknown(text):
    when = from_clock(text, "UTC")
    assert (when.at, when.problem) == (None, "time.unreadable")


def test_a_time_that_could_be_read_in_two_ways_needs_its_format():
    assert from_clock("03/04/2026 10:00", "UTC", "%d/%m/%Y %H:%M").at == datetime(2026, 4, 3, 10, tzinfo=UTC)


def test_the_record_s_own_epoch_settles_an_hour_that_came_twice():
    clock = from_clock("2026-11-01 01:30:00", "America/New_York")
    epoch = from_epoch("1793514600", "uniqueid", "s")
    assert settled(clock, epoch) == epoch
    assert settled(from_clock("2024-01-27 15:07:24", None), from_epoch("1706368044", "uniqueid")).at == AT


@pytest.mark.parametrize(("zone", "problem"), [("UTC", None), ("Asia/Shanghai", "time.contradictory")])
def test_a_wrong_zone_of_the_source_is_noticed(zone, problem):
    epoch = from_epoch("1706368044", "uniqueid", "s")
    assert settled(from_clock("2024-01-27 15:07:24", zone), epoch).problem == problem


def test_a_later_leg_of_a_call_is_no_contradiction():
    epoch = from_epoch("1706368044", "uniqueid", "s")
    assert settled(from_clock("2024-01-27 15:12:09", "UTC"), epoch).at == AT.replace(minute=12, second=9)
    assert settled(from_clock("2024-01-27 16:07:24", "UTC"), epoch).problem == "time.contradictory"


def test_first_says_why_rather_than_that_nothing_was_given():
    told = When(problem="time.unreadable", given="x")
    assert first(MISSING, told) == told
    assert first(told, When(AT, "record")).at == AT
    assert first(MISSING) == MISSING


@pytest.mark.parametrize("code", ["time.ambiguous", "time.nonexistent", "time.contradictory"])
def test_the_record_of_a_call_keeps_the_reason(code):
    when = When(problem=code, given="2026-11-01 01:30:00 America/New_York")
    record = parse_call_record({"external_id": "1", "source": "pbx", **when.fields()}, "x")
    again = parse_call_record(record.to_document(), "x")
    assert (again.started_at, again.time_problem, again.started_at_given) == (None, code, when.given)


def test_the_record_of_a_call_says_where_its_zone_is_from():
    fields = from_clock("2024-01-27 15:07:24", "UTC").fields()
    record = parse_call_record({"external_id": "1", "source": "pbx", **fields}, "x")
    assert (record.started_at, record.time_source, record.time_problem) == (AT, "zone:UTC", None)
