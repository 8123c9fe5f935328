"""Hand-made cases over the holidays of 2026. September to October, `+` worked, `.` off:

    Fr 18+ Sa 19. Su 20+ Mo 21+ … Th 24+ Fr 25. Sa 26. Su 27. Mo 28+ Tu 29+ We 30+
    Th 1. Fr 2. Sa 3. Su 4. Mo 5. Tu 6. We 7. Th 8+ Fr 9+ Sa 10+ Su 11. Mo 12+ Tu 13+

February: Fr 13+ Sa 14+ Su 15. … Mo 23. Tu 24+ We 25+ Th 26+ Fr 27+ Sa 28+ Su 1. Mo 2+
"""

import pytest

from complaint_warnings.clocks.calendar_file import SiteDays
from complaint_warnings.clocks.calendars import Calendars
from complaint_warnings.clocks.policy import default_policy
from complaint_warnings.clocks.types import standing

from .stories import at, clock, due, said, story


@pytest.mark.parametrize(
    ("opened", "general", "complex_"),
    [
        # National Day and Mid-Autumn
        ("2026-09-18 09:00", "2026-09-22 18:00", "2026-09-24 18:00"),  # Sunday the 20th counts
        ("2026-09-24 09:30", "2026-09-30 18:00", "2026-10-09 18:00"),
        ("2026-09-29 23:59", "2026-10-09 18:00", "2026-10-12 18:00"),
        ("2026-09-30 17:00", "2026-10-10 18:00", "2026-10-13 18:00"),  # Saturday the 10th counts
        ("2026-10-01 10:00", "2026-10-10 18:00", "2026-10-13 18:00"),
        ("2026-10-07 23:00", "2026-10-10 18:00", "2026-10-13 18:00"),
        ("2026-10-08 00:00", "2026-10-12 18:00", "2026-10-14 18:00"),
        # Spring Festival
        ("2026-02-13 16:00", "2026-02-25 18:00", "2026-02-27 18:00"),  # Saturday the 14th counts
        ("2026-02-14 16:00", "2026-02-26 18:00", "2026-02-28 18:00"),  # Saturday the 28th as well
        ("2026-02-20 12:00", "2026-02-26 18:00", "2026-02-28 18:00"),
        ("2026-02-26 08:00", "2026-03-02 18:00", "2026-03-04 18:00"),  # over the end of the month
        # ends of years: 1 to 3 January off, Sunday the 4th worked
        ("2025-12-31 17:59", "2026-01-06 18:00", "2026-01-08 18:00"),
    ],
)
def test_three_and_five_working_days(opened: str, general: str, complex_: str):
    assert due("settle", story(opened)) == general
    assert due("settle", story(opened, complexity="complex")) == complex_


@pytest.mark.parametrize(
    ("opened", "answered_by"),
    [
        ("2026-09-30 17:00", "2026-10-01 17:00"),
        ("2026-10-03 02:15", "2026-10-04 02:15"),
        ("2026-02-16 23:30", "2026-02-17 23:30"),
        ("2026-12-31 20:00", "2027-01-01 20:00"),
        ("2026-02-28 09:00", "2026-03-01 09:00"),
    ],
)
def test_twenty_four_hours_run_through_nights_and_holidays(opened: str, answered_by: str):
    assert due("first_answer", story(opened, kind="complaint")) == answered_by
    assert not clock("first_answer", story(opened, kind="complaint"))[0].provisional


@pytest.mark.parametrize(
    ("opened", "general", "complex_"),
    [
        ("2026-09-25 10:00", "2026-10-10 18:00", "2026-10-25 18:00"),
        ("2026-09-16 10:00", "2026-10-01 18:00", "2026-10-16 18:00"),  # on a holiday: the law's days go on
        ("2026-12-20 10:00", "2027-01-04 18:00", "2027-01-19 18:00"),
        ("2028-02-14 10:00", "2028-02-29 18:00", "2028-03-15 18:00"),
    ],
)
def test_the_regulators_days_are_days_of_the_calendar(opened: str, general: str, complex_: str):
    case = {"kind": "complaint", "source": "regulator"}
    assert due("regulator", story(opened, **case)) == general
    assert due("regulator", story(opened, **case, complexity="complex")) == complex_
    assert clock("regulator", story(opened, kind="complaint", source="complaint")) == []
    assert not clock("regulator", story(opened, **case))[0].provisional


def test_a_high_warning_starts_within_two_hours_even_at_night_on_a_holiday():
    assert due("start", story("2026-10-01 23:30", level="high")) == "2026-10-02 01:30"
    assert clock("start", story("2026-10-01 23:30", level="medium")) == []


def test_time_counts_from_when_a_complaint_arrived_not_from_its_entry():
    entered = story("2026-10-09 09:00", kind="complaint")
    first = entered[0]
    told = [type(first)(**{**_fields(first), "details": {"arrived_at": "2026-10-08T15:00:00+08:00"}})]
    assert due("first_answer", told) == "2026-10-09 15:00"
    future = [type(first)(**{**_fields(first), "details": {"arrived_at": "2027-10-08T15:00:00+08:00"}})]
    assert due("first_answer", future) == "2026-10-10 09:00", "never later than from the entry"


def _fields(happening):
    return {name: getattr(happening, name) for name in happening.__slots__}


def test_an_operators_complaint_is_settled_in_a_day():
    telecom = default_policy().with_profile("telecom")
    complaint = story("2026-09-30 17:00", kind="complaint")
    assert due("settle", complaint, policy=telecom) == "2026-10-01 17:00"
    assert due("settle", complaint) == "2026-10-10 18:00"
    assert due("settle", story("2026-09-30 17:00"), policy=telecom) == "2026-10-10 18:00"


def test_clients_in_the_united_states_have_their_own_working_days():
    us = default_policy().with_profile("us")
    assert due("settle", story("2026-09-30 17:00"), policy=us) == "2026-10-05 18:00"
    assert due("settle", story("2026-11-25 17:00"), policy=us) == "2026-12-01 18:00"


def test_a_year_without_data_gives_a_date_that_says_so():
    (deadline,) = clock("settle", story("2026-12-30 10:00"))
    assert (said(deadline.due_at), deadline.provisional) == ("2027-01-04 18:00", True)
    (before,) = clock("settle", story("2026-12-28 10:00"))
    assert (said(before.due_at), before.provisional) == ("2026-12-31 18:00", False)


def test_and_is_certain_once_the_year_is_known():
    year = SiteDays(calendar="CN", source="x", years=(2027,), holidays=(at("2027-01-01 12:00").date(),))
    (deadline,) = clock("settle", story("2026-12-30 10:00"), calendars=Calendars((year,)))
    assert (said(deadline.due_at), deadline.provisional) == ("2027-01-05 18:00", False)


@pytest.mark.parametrize(
    ("hold", "resume", "moved_to"),
    [
        # Opened on Tuesday the 29th: 30, 8, 9 → Friday the 9th. The working day has nine hours.
        ("2026-10-01 00:00", "2026-10-08 09:00", "2026-10-09 18:00"),  # the holiday counted for nobody
        ("2026-09-29 11:00", "2026-09-29 17:00", "2026-10-09 18:00"),  # nor the day of the report
        ("2026-09-30 12:00", "2026-10-08 11:00", "2026-10-10 17:00"),  # 6 + 2 working hours
        ("2026-09-30 09:00", "2026-09-30 18:00", "2026-10-10 18:00"),  # one working day: Saturday the 10th
        ("2026-10-08 09:00", "2026-10-10 18:00", "2026-10-13 18:00"),  # three working days: 10, 12, 13
        ("2026-10-09 17:59", "2026-10-09 18:01", "2026-10-10 09:01"),  # one minute
        ("2026-10-09 18:00", "2026-11-09 18:00", "2026-10-09 18:00"),  # too late to help
    ],
)
def test_a_pause_gives_back_the_working_time_it_took(hold: str, resume: str, moved_to: str):
    events = story("2026-09-29 10:00", (hold, "hold", {"reason": "customer_absent"}), (resume, "resume", {}))
    assert due("settle", events) == moved_to


def test_a_pause_moves_limits_in_hours_by_the_hours_of_the_wall():
    telecom = default_policy().with_profile("telecom")
    events = story(
        "2026-09-30 17:00",
        ("2026-09-30 20:00", "hold", {"reason": "awaiting_creditor"}),
        ("2026-10-08 10:00", "resume", {}),
        kind="complaint",
    )
    assert due("settle", events, policy=telecom) == "2026-10-09 07:00"


def test_a_regulators_clock_does_not_pause():
    events = story(
        "2026-09-25 10:00",
        ("2026-09-26 10:00", "hold", {"reason": "authority"}),
        ("2026-10-20 10:00", "resume", {}),
        kind="complaint",
        source="regulator",
    )
    (deadline,) = clock("regulator", events)
    assert (said(deadline.due_at), deadline.pauses) == ("2026-10-10 18:00", ())


def test_while_a_pause_lasts_nothing_is_due():
    events = story("2026-09-29 10:00", ("2026-09-30 12:00", "hold", {"reason": "awaiting_documents"}))
    (deadline,) = clock("settle", events)
    assert deadline.due_at is None
    assert standing(deadline, at("2026-12-01 09:00")) == "paused"
    assert [mark.name for mark in deadline.marks] == []


def test_a_pause_ends_with_the_case():
    events = story(
        "2026-09-29 10:00",
        ("2026-09-30 12:00", "hold", {"reason": "other"}),
        ("2026-10-08 11:00", "dismiss", {"state": "closed"}),
    )
    (deadline,) = clock("settle", events)
    assert said(deadline.ended_at) == "2026-10-08 11:00"
    assert [said(pause.ends) for pause in deadline.pauses] == ["2026-10-08 11:00"]


def test_warnings_come_after_a_part_of_the_time_that_counts():
    (deadline,) = clock("settle", story("2026-09-29 10:00"))
    # 27 working hours from the 30th on: 13.5 end on the 8th at 13:30, 21.6 on the 9th at 12:36.
    assert [(mark.name, said(mark.at)) for mark in deadline.marks] == [
        ("50%", "2026-10-08 13:30"),
        ("80%", "2026-10-09 12:36"),
    ]
    (regulator,) = clock("regulator", story("2026-09-25 10:00", kind="complaint", source="regulator"))
    assert [(mark.name, said(mark.at)) for mark in regulator.marks] == [
        ("50%", "2026-10-03 09:00"),
        ("80%", "2026-10-07 19:12"),
        ("-24h", "2026-10-09 18:00"),
    ]
