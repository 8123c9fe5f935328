"""Days said aloud, by the day of the call."""

from datetime import date

import pytest

from qc.extract.fold import fold
from qc.extract.terms import find_days

WEDNESDAY = date(2026, 6, 3)


def read(text: str, language: str, today: date = WEDNESDAY, *, back: bool = False) -> list[str]:
    days = find_days(fold(text), language, today, back=back)
    return [
        str(day.first) if day.first == day.last else f"{day.first}/{day.last}" for day in days if not day.weak
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("明天还", ["2026-06-04"]),
        ("后天吧", ["2026-06-05"]),
        ("大后天", ["2026-06-06"]),
        ("今晚就转", ["2026-06-03"]),
        ("周五还", ["2026-06-05"]),
        ("周三还", ["2026-06-03"]),
        ("礼拜二", ["2026-06-09"]),
        ("这周日", ["2026-06-07"]),
        ("下周五", ["2026-06-12"]),
        ("下个礼拜一", ["2026-06-08"]),
        ("下下周一", ["2026-06-15"]),
        ("周末", ["2026-06-06/2026-06-07"]),
        ("下周", ["2026-06-08/2026-06-14"]),
        ("这周内", ["2026-06-03/2026-06-07"]),
        ("月底", ["2026-06-25/2026-06-30"]),
        ("月底之前", ["2026-06-03/2026-06-30"]),
        ("下个月底", ["2026-07-25/2026-07-31"]),
        ("下月初", ["2026-07-01/2026-07-10"]),
        ("十五号", ["2026-06-15"]),
        ("十五前", ["2026-06-03/2026-06-15"]),
        ("二号", ["2026-07-02"]),
        ("下月十号", ["2026-07-10"]),
        ("下月五号，二十号", ["2026-07-05", "2026-07-20"]),
        ("周一还，周三还", ["2026-06-08", "2026-06-10"]),
        ("6月20号", ["2026-06-20"]),
        ("6/20", ["2026-06-20"]),
        ("2026年7月1日", ["2026-07-01"]),
        ("三月二十号", ["2026-03-20"]),
        ("三天之内", ["2026-06-03/2026-06-06"]),
        ("一个星期后", ["2026-06-10"]),
        ("三天后", ["2026-06-06"]),
        ("过两天", ["2026-06-04/2026-06-07"]),
        ("这两天", ["2026-06-03/2026-06-06"]),
        ("国庆前", ["2026-06-03/2026-10-01"]),
        ("年底", ["2026-12-01/2026-12-31"]),
        ("中秋节", ["None"]),
        ("一天打七八个", []),
        ("工号二零幺幺", []),
        ("十五号线", []),
        ("2月30号", ["None"]),
        ("13月1号", ["2026-07-01"]),  # there is no such month
    ],
)
def test_mandarin(text: str, expected: list[str]):
    assert read(text, "zh") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow", ["2026-06-04"]),
        ("tonight", ["2026-06-03"]),
        ("on Friday", ["2026-06-05"]),
        ("by Friday", ["2026-06-03/2026-06-05"]),
        ("next Monday", ["2026-06-08"]),
        ("June 20th", ["2026-06-20"]),
        ("the 20th of June", ["2026-06-20"]),
        ("March the twentieth", ["2026-03-20"]),
        ("on the fifteenth", ["2026-06-15"]),
        ("the second time", []),
        ("the first of the month", ["2026-07-01"]),
        ("by the end of the month", ["2026-06-03/2026-06-30"]),
        ("end of next month", ["2026-07-25/2026-07-31"]),
        ("in two weeks", ["2026-06-17"]),
        ("in a week", ["2026-06-10"]),
        ("within 10 days", ["2026-06-03/2026-06-13"]),
        ("this weekend", ["2026-06-06/2026-06-07"]),
        ("next week", ["2026-06-08/2026-06-14"]),
        ("you may 5 times", []),
        ("in many days", []),
        ("when I get paid", ["None"]),
    ],
)
def test_english(text: str, expected: list[str]):
    assert read(text, "en") == expected


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("31号", date(2026, 4, 30), ["2026-05-31"]),
        ("月底", date(2028, 2, 10), ["2028-02-25/2028-02-29"]),
        ("2月29号", date(2028, 1, 10), ["2028-02-29"]),
        ("二月二十九号", date(2027, 1, 10), ["2028-02-29"]),
        ("一月五号", date(2026, 12, 20), ["2027-01-05"]),
        ("12月31号", date(2027, 1, 2), ["2026-12-31"]),
        ("五号", date(2026, 12, 31), ["2027-01-05"]),
        ("下个月三号", date(2026, 12, 31), ["2027-01-03"]),
        ("明天", date(2028, 2, 28), ["2028-02-29"]),
        ("月初", date(2026, 6, 20), ["2026-07-01/2026-07-10"]),
        ("下周三", date(2026, 6, 7), ["2026-06-10"]),
        ("元旦", date(2026, 12, 20), ["2027-01-01/2027-01-03"]),
    ],
)
def test_ends_of_months_and_years(text: str, today: date, expected: list[str]):
    assert read(text, "zh", today) == expected


def test_days_gone_by():
    assert read("八号还的", "zh", date(2026, 8, 11), back=True) == ["2026-08-08"]
    assert read("二十号还的", "zh", date(2026, 8, 11), back=True) == ["2026-07-20"]
    assert read("paid on the fifth", "en", date(2026, 8, 11), back=True) == ["2026-08-05"]


def test_without_the_day_of_the_call_there_are_words_and_no_days():
    (day,) = find_days("下周三", "zh", None)
    assert (day.text, day.first, day.last) == ("下周三", None, None)


def test_next_friday_is_doubtful():
    (day,) = find_days("next friday", "en", WEDNESDAY)
    assert day.doubtful
