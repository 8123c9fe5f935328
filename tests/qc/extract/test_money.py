"""Sums of money said aloud."""

from datetime import date

import pytest

from qc.extract.fold import fold
from qc.extract.money import find_sums
from qc.extract.terms import find_days

WEDNESDAY = date(2026, 6, 3)


def read(text: str, language: str, *, loose: bool = True) -> list[str]:
    folded = fold(text)
    days = find_days(folded, language, WEDNESDAY)
    return [
        each.share or (f"{each.low}" if each.low == each.high else f"{each.low}/{each.high}")
        for each in find_sums(folded, language, days)
        if loose or each.unit
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("欠费四百三十八块六", ["438.60"]),
        ("我先还五百，周五再还一千二", ["500.00", "1200.00"]),
        ("3月20号，2340，就从App里还的", ["2340.00"]),
        ("还了2340块", ["2340.00"]),
        ("三号还三百块，三十号还四百六十八块三", ["300.00", "468.30"]),
        ("八月三十一两千六，九月十五三千", ["2600.00", "3000.00"]),
        ("剩下三千九月十五号", ["rest", "3000.00"]),
        ("一万二千元整", ["12000.00"]),
        ("两万三", ["23000.00"]),
        ("三千二", ["3200.00"]),
        ("转1,200.50元", ["1200.50"]),
        ("先还个三五百", ["300.00/500.00"]),
        ("三百五百的", ["300.00/500.00"]),
        ("两三千", ["2000.00/3000.00"]),
        ("几百块", ["None"]),
        ("一半吧", ["half"]),
        ("把最低还了", ["minimum"]),
        ("一次性还清", ["all", "all"]),
        ("明天还", []),
        ("三十号还", []),
        ("分还三十六期", []),
        ("身份证后四位三七幺六", []),
        ("工号二零幺幺", []),
        ("我要打12345、12315", []),
        ("我打一万二千三百四十五了", []),
        ("我还一万二千五", ["12500.00"]),
        ("还12500", ["12500.00"]),
        ("还百分之二十", []),
    ],
)
def test_mandarin(text: str, expected: list[str]):
    assert read(text, "zh") == expected


def test_bare_figures_are_money_only_where_paying_is_spoken_of():
    assert read("25号1200", "zh", loose=False) == []
    assert read("25号1200", "zh") == ["1200.00"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I can do $1,200.50 on Friday", ["1200.50"]),
        ("two hundred and fifty dollars now, fifty bucks later", ["250.00", "50.00"]),
        ("one thousand two hundred dollars", ["1200.00"]),
        ("a hundred dollars", ["100.00"]),
        ("300 dollars", ["300.00"]),
        ("eight forty two", ["842.00"]),
        ("fifteen hundred", ["1500.00"]),
        ("eight hundred forty-two dollars and ten cents", ["842.10"]),
        ("half by the fifteenth", ["half"]),
        ("the rest next month", ["rest"]),
        ("pay it off", ["all"]),
        ("I called two times", []),
        ("555-0123", []),
    ],
)
def test_english(text: str, expected: list[str]):
    assert read(text, "en") == expected


@pytest.mark.parametrize(
    ("text", "language"), [("1" + "0" * 26, "en"), ("还" + "9" * 30 + "块", "zh"), ("$" + "7" * 40, "en")]
)
def test_a_sum_beyond_all_debts_is_no_sum(text: str, language: str):
    assert find_sums(text, language) == []
