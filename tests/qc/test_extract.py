"""Amounts and dates said aloud."""

from datetime import date
from decimal import Decimal

import pytest

from qc.extract.amounts import chinese_number, english_number, find_amounts
from qc.extract.dates import find_dates
from qc.matching.text import fold_text

WEDNESDAY = date(2026, 6, 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("欠费四百三十八块六", ["438.60"]),
        ("我先还五百，周五再还一千二", ["500.00", "1200.00"]),
        ("3月20号，2340，就从App里还的", []),
        ("还了2340块", ["2340.00"]),
        ("三号还三百块，三十号还四百六十八块三", ["300.00", "468.30"]),
        ("一万二千元整", ["12000.00"]),
        ("两千五百块钱", ["2500.00"]),
        ("转1,200.50元", ["1200.50"]),
        ("明天还", []),
        ("三十号还", []),
        ("分还三十六期", []),
        ("身份证后四位三七幺六", []),
    ],
)
def test_mandarin_amounts(text: str, expected: list[str]):
    assert [str(amount) for amount in find_amounts(fold_text(text), "zh")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I can do $1,200.50 on Friday", ["1200.50"]),
        ("two hundred and fifty dollars now, fifty bucks later", ["250.00", "50.00"]),
        ("one thousand two hundred dollars", ["1200.00"]),
        ("a hundred dollars", ["100.00"]),
        ("300 dollars", ["300.00"]),
        ("I called two times", []),
    ],
)
def test_english_amounts(text: str, expected: list[str]):
    assert [str(amount) for amount in find_amounts(fold_text(text), "en")] == expected


def test_numerals():
    assert chinese_number("一千二百六") == Decimal(1260)
    assert chinese_number("两万三") == Decimal(23000)
    assert chinese_number("万千") is None
    assert english_number("thirty two hundred") == Decimal(3200)
    assert english_number("and") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("明天还", "2026-06-04"),
        ("后天吧", "2026-06-05"),
        ("大后天", "2026-06-06"),
        ("今晚就转", "2026-06-03"),
        ("周五还", "2026-06-05"),
        ("周三还", "2026-06-03"),
        ("礼拜二", "2026-06-09"),
        ("这周日", "2026-06-07"),
        ("下周五", "2026-06-12"),
        ("下个礼拜一", "2026-06-08"),
        ("下下周一", "2026-06-15"),
        ("月底之前", "2026-06-30"),
        ("下个月底", "2026-07-31"),
        ("十五号", "2026-06-15"),
        ("二号", "2026-07-02"),
        ("下月十号", "2026-07-10"),
        ("6月20号", "2026-06-20"),
        ("三月二十号", "2027-03-20"),
        ("三天之内", "2026-06-06"),
        ("一个星期后", "2026-06-10"),
    ],
)
def test_mandarin_dates(text: str, expected: str):
    assert [day.isoformat() for day in find_dates(fold_text(text), WEDNESDAY, "zh")] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow", ["2026-06-04"]),
        ("tonight", ["2026-06-03"]),
        ("on Friday", ["2026-06-05"]),
        ("next Monday", ["2026-06-08"]),
        ("June 20th", ["2026-06-20"]),
        ("March the twentieth", ["2027-03-20"]),
        ("on the fifteenth", ["2026-06-15"]),
        ("the second time", []),
        ("by the end of the month", ["2026-06-30"]),
        ("in two weeks", ["2026-06-17"]),
        ("in a week", ["2026-06-10"]),
        ("in 10 days", ["2026-06-13"]),
        ("in many days", []),
    ],
)
def test_english_dates(text: str, expected: list[str]):
    assert [day.isoformat() for day in find_dates(fold_text(text), WEDNESDAY, "en")] == expected


def test_days_that_do_not_exist_are_left_out():
    assert find_dates("2月30号", WEDNESDAY, "zh") == []
    assert find_dates("13月1号", WEDNESDAY, "zh") == []
    assert find_dates("31号", date(2026, 4, 30), "zh") == [date(2026, 5, 31)]
