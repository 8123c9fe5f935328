from datetime import date, timedelta
from pathlib import Path

import pytest

from complaint_warnings.clocks.calendar_file import SiteDays, load_calendar_file
from complaint_warnings.clocks.calendars import Calendars
from store.errors import BadInputError, NotFoundError

CHINA = Calendars().of("CN")

# The arrangement of 2026 as the State Council announced it: what is off, and the weekends worked instead.
OFF_2026 = [
    ("2026-01-01", 3), ("2026-02-15", 9), ("2026-04-04", 3), ("2026-05-01", 5), ("2026-06-19", 3),
    ("2026-09-25", 3), ("2026-10-01", 7),
]  # fmt: skip
WORKED_2026 = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]


def test_the_whole_of_2026_is_as_announced():
    off = {date.fromisoformat(first) + timedelta(days=n) for first, days in OFF_2026 for n in range(days)}
    worked = {date.fromisoformat(day) for day in WORKED_2026}
    year = CHINA.year(2026)
    assert len(year) == 365
    for day in year:
        weekday = day.date.weekday() < 5
        assert day.working == ((weekday or day.date in worked) and day.date not in off), day
        assert day.official
    assert sum(day.working for day in year) == 248


def test_a_day_says_why_and_by_whom():
    day = CHINA.day(date(2026, 10, 1))
    assert (day.why, day.source) == ("National Day", "chinesecalendar 1.11.0")
    assert CHINA.day(date(2026, 10, 10)).why == "worked instead: National Day"
    assert CHINA.day(date(2026, 10, 11)).why == "weekend"


def test_a_year_nobody_announced_is_refused_where_certainty_is_asked():
    assert CHINA.has_data(2026)
    assert not CHINA.has_data(2031)
    with pytest.raises(BadInputError) as refused:
        CHINA.require(2031)
    assert refused.value.code == "calendar.no_data"
    assert refused.value.where == "calendar CN 2031"


def test_and_its_days_are_never_passed_off_as_official():
    assert [day.official for day in CHINA.year(2031)] == [False] * 365
    assert CHINA.day(date(2031, 10, 1)).working, "a Wednesday, as far as anybody knows"


def test_a_day_counted_over_an_unknown_year_is_not_official():
    assert CHINA.after(date(2026, 12, 30), 1).official
    found = CHINA.after(date(2026, 12, 30), 2)
    assert (found.date, found.official) == (date(2027, 1, 1), False)


def test_a_site_adds_a_whole_year_with_its_source():
    year = SiteDays(
        calendar="CN",
        source="国办发明电",
        years=(2031,),
        holidays=(date(2031, 1, 1), date(2031, 10, 1)),
        workdays=(date(2031, 10, 11),),
    )
    china = Calendars((year,)).of("CN")
    china.require(2031)
    day = china.day(date(2031, 10, 1))
    assert (day.working, day.official, day.why, day.source) == (False, True, "holiday", "国办发明电")
    assert china.day(date(2031, 10, 11)).working, "a Saturday that is worked"
    assert china.day(date(2031, 1, 4)).why == "weekend"
    assert china.day(date(2031, 1, 2)).official
    assert not Calendars((year,)).of("CN").has_data(2032)


def test_a_site_has_single_days_of_its_own():
    own = SiteDays(calendar="CN", source="公司通知", holidays=(date(2026, 10, 8),))
    china = Calendars((own,)).of("CN")
    assert china.after(date(2026, 9, 30), 1).date == date(2026, 10, 9)
    assert Calendars((own,)).of("US").day(date(2026, 10, 8)).working, "another country is not concerned"


def test_the_united_states_have_their_own_days():
    us = Calendars().of("US")
    assert us.day(date(2026, 10, 1)).working
    assert us.day(date(2026, 7, 3)).why == "Independence Day (observed)"
    assert us.after(date(2026, 11, 25), 1).date == date(2026, 11, 27)
    assert us.has_data(2027)


def test_a_country_that_moves_days_by_announcement_is_known_only_as_far_as_announced():
    assert not Calendars().of("TW").has_data(2031)


def test_there_is_no_calendar_of_a_country_that_is_none():
    with pytest.raises(NotFoundError) as refused:
        Calendars().of("XX")
    assert refused.value.code == "calendar.unknown"


def test_a_calendar_without_working_days_is_wrong():
    site = SiteDays(
        calendar="CN", source="x", holidays=tuple(date(2026, 1, 1) + timedelta(days=n) for n in range(100))
    )
    with pytest.raises(BadInputError) as refused:
        Calendars((site,)).of("CN").next_working(date(2026, 1, 2))
    assert refused.value.code == "calendar.no_working_day"


GOOD = """
days:
  - calendar: CN
    source: 国务院办公厅关于2027年部分节假日安排的通知
    years: [2027]
    holidays: [2027-01-01, "2027-01-02"]
    workdays: [2027-02-06]
"""


def test_a_calendar_file_is_read(tmp_path: Path):
    path = tmp_path / "days.yaml"
    path.write_text(GOOD, encoding="utf-8")
    (days,) = load_calendar_file(path)
    assert days.years == (2027,)
    assert days.holidays == (date(2027, 1, 1), date(2027, 1, 2))
    assert days.workdays == (date(2027, 2, 6),)


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (("source: 国务院", "# 国务院"), "calendar.invalid", "days.0.source"),
        (("[2027-02-06]", "[2027-01-01]"), "calendar.invalid", "days.0"),
        (("[2027-02-06]", "[soon]"), "calendar.invalid", "days.0.workdays.0"),
        (("[2027-02-06]", "[2027-02-30]"), "calendar.not_yaml", ""),
        (("calendar: CN", "calendar: China"), "calendar.invalid", "days.0.calendar"),
        (("holidays:", "days_off:"), "calendar.invalid", "days.0.days_off"),
        (("days:", "days: ]"), "calendar.not_yaml", ":2"),
    ],
)
def test_a_wrong_calendar_file_is_refused_as_a_whole(
    tmp_path: Path, change: tuple[str, str], code: str, where: str
):
    path = tmp_path / "days.yaml"
    path.write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(BadInputError) as refused:
        load_calendar_file(path)
    assert refused.value.code == code
    assert (refused.value.where or "").endswith(where)


def test_a_calendar_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(BadInputError) as refused:
        load_calendar_file(tmp_path / "none.yaml")
    assert refused.value.code == "calendar.unreadable"
