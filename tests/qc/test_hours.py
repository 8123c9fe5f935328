"""Permitted hours: their ends, the customer's clock, changes of the clocks, calls that run on."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from qc.hours import outside_hours
from qc.language.facts import Hours
from tests.qc.calls import record

CHINA = {"from": "08:00", "to": "22:00", "to_included": False}
AMERICA = {"from": "08:00", "to": "21:00"}


def outside(hours: dict[str, Any], moment: str, zone: str = "Asia/Shanghai", **changes: Any) -> bool:
    seconds = changes.pop("seconds", None)
    call = record(started_at=moment, **changes)
    assert call.started_at is not None
    local = call.started_at.astimezone(ZoneInfo(zone))
    judged = outside_hours(Hours.model_validate(hours), call, local, seconds)
    assert judged is not None
    return judged.holds


@pytest.mark.parametrize(
    ("clock", "expected"),
    [("21:59:59", False), ("22:00:00", True), ("22:00:01", True), ("00:00:00", True), ("07:59:59", True),
     ("08:00:00", False), ("08:00:01", False)],
)  # fmt: skip
def test_in_china_the_night_begins_at_ten_sharp_and_ends_at_eight_sharp(clock: str, expected: bool):
    assert outside(CHINA, f"2026-06-03T{clock}+08:00") is expected


@pytest.mark.parametrize(
    ("clock", "expected"),
    [("20:59:59", False), ("21:00:00", False), ("21:00:01", True), ("07:59:59", True), ("08:00:00", False)],
)
def test_reg_f_permits_both_ends(clock: str, expected: bool):
    assert outside(AMERICA, f"2026-06-03T{clock}-04:00", "America/New_York") is expected


def test_the_first_moment_can_be_excluded_too():
    assert (
        outside({"from": "08:00", "to": "22:00", "from_included": False}, "2026-06-03T08:00:00+08:00") is True
    )


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-07T13:00:00Z", False),  # 08:00 EST, the day before the clocks go forward
        ("2026-03-08T11:59:59Z", True),  # 07:59:59 EDT
        ("2026-03-08T12:00:00Z", False),  # 08:00 EDT: an hour earlier in UTC
        ("2026-03-09T01:00:00Z", False),  # 21:00 EDT
        ("2026-03-09T01:00:01Z", True),
        ("2026-11-01T12:59:59Z", True),  # 07:59:59 EST, the day the clocks go back
        ("2026-11-01T13:00:00Z", False),
    ],
)
def test_changes_of_the_clocks_move_the_window(moment: str, expected: bool):
    assert outside(AMERICA, moment, "America/New_York") is expected


def test_arizona_keeps_its_clock():
    assert outside(AMERICA, "2026-07-01T03:59:00Z", "America/Phoenix") is False  # 20:59
    assert outside(AMERICA, "2026-07-01T03:59:00Z", "America/Denver") is True  # 21:59


def test_a_window_over_midnight():
    night = {"from": "20:00", "to": "02:00"}
    clocks = ("19:59", "20:00", "00:30", "02:00", "02:01")
    found = [outside(night, f"2026-06-03T{clock}:00+08:00") for clock in clocks]
    assert found == [True, False, False, False, True]


@pytest.mark.parametrize(
    ("began", "seconds", "past"),
    [
        ("21:50:00", 720.0, False),  # exactly two minutes over
        ("21:50:00", 721.0, True),
        ("21:59:59", 121.0, False),
        ("21:00:00", 600.0, False),
        ("22:10:00", 600.0, False),  # begun outside: that is the other question
        ("21:50:00", None, False),
    ],
)
def test_a_call_that_runs_past_the_end(began: str, seconds: float | None, past: bool):
    assert outside(CHINA | {"past_minutes": 2}, f"2026-06-03T{began}+08:00", seconds=seconds) is past


def test_running_past_is_excused_by_an_agreed_time_with_proof():
    late = [{"from": "21:30", "to": "22:30", "proof": "recording R1"}]
    asked = CHINA | {"past_minutes": 2}
    assert outside(asked, "2026-06-03T21:50:00+08:00", seconds=900, case={"agreed_times": late}) is False
    unproven = [late[0] | {"proof": ""}]
    assert outside(asked, "2026-06-03T21:50:00+08:00", seconds=900, case={"agreed_times": unproven}) is True


def test_a_change_of_the_clocks_does_not_lengthen_a_call():
    night = {"from": "20:00", "to": "03:30", "past_minutes": 1}
    # 01:50 EST + 30 min elapsed = 03:20 EDT
    assert outside(night, "2026-03-08T01:50:00-05:00", "America/New_York", seconds=1800) is False
    assert outside(night, "2026-03-08T01:50:00-05:00", "America/New_York", seconds=2700) is True


def test_an_agreed_time_without_proof_is_named_but_exempts_nobody():
    call = record(
        started_at="2026-06-03T22:30:00+08:00",
        case={"agreed_times": [{"from": "22:00", "to": "23:00", "proof": ""}]},
    )
    assert call.started_at is not None
    local = call.started_at.astimezone(ZoneInfo("Asia/Shanghai"))
    judged = outside_hours(Hours.model_validate(CHINA), call, local)
    assert judged is not None
    assert (judged.holds, judged.sure) == (True, True)
    assert judged.measured[0] == "当地时间22:30，约定时间没有凭证"
