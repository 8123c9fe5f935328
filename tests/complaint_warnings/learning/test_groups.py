from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_warnings.learning.groups import Grievance, GroupPolicy, groups, letters

START = datetime(2026, 10, 5, 9, tzinfo=UTC)
COPIED = "贵公司催收人员多次在夜间拨打本人及家属电话，态度恶劣，要求立即停止并赔礼道歉，赔偿{}元。"


def grievance(
    number: str,
    day: float = 0,
    text: str = "",
    client: str | None = "中国联通",
    collector: str | None = None,
    debtor: str | None = None,
) -> Grievance:
    at = START + timedelta(days=day)
    return Grievance(number, debtor or f"debtor:{number}", at, client, collector, text)


def numbers(found: list[Grievance], policy: GroupPolicy | None = None) -> list[tuple[str, ...]]:
    return [group.numbers for group in groups(found, policy)]


def test_three_debtors_against_one_collector_are_a_group() -> None:
    found = groups([grievance(n, day, collector="A1") for n, day in (("1", 0), ("2", 9), ("3", 20))])

    assert [(g.numbers, g.debtors, g.collectors, g.because) for g in found] == [
        (("1", "2", "3"), 3, ("A1",), ("collector",))
    ]
    assert (found[0].first_at, found[0].last_at) == (START, START + timedelta(days=20))


def test_texts_copied_from_each_other_are_a_group() -> None:
    rows = [
        grievance(n, text=COPIED.format(sum_)) for n, sum_ in (("1", "3000"), ("2", "500"), ("3", "8000"))
    ]

    assert groups(rows)[0].because == ("wording",)


@pytest.mark.parametrize(
    "rows",
    [
        [grievance("1", collector="A1"), grievance("2", collector="A1")],  # two debtors
        [grievance(n, collector="A1", debtor="debtor:X") for n in "123"],  # one debtor three times
        [grievance(n, day, collector="A1") for n, day in (("1", 0), ("2", 31), ("3", 62))],  # too far apart
        [grievance("1", collector="A1"), grievance("2", collector="A2"), grievance("3", collector="A3")],
        [grievance(n, collector="A1", client=c) for n, c in (("1", "甲"), ("2", "乙"), ("3", "丙"))],
        [grievance(n, text="态度差") for n in "123"],  # too short to be alike by more than chance
        [
            grievance("1", text="你们收的违约金合同里根本没有写过，请书面说明计算依据"),
            grievance("2", text="我母亲住院期间催收员连续一周打到她病房，我要求处理"),
            grievance("3", text="我已经还清三个月了，账单上还显示逾期，影响我办贷款"),
        ],
    ],
)
def test_what_is_no_group(rows: list[Grievance]) -> None:
    assert groups(rows) == []


def test_what_joins_two_groups_makes_one() -> None:
    rows = [
        grievance("1", 0, collector="A1"),
        grievance("2", 1, collector="A1", text=COPIED.format(1)),
        grievance("3", 2, collector="A2", text=COPIED.format(2)),
    ]

    assert [(g.numbers, g.because) for g in groups(rows)] == [(("1", "2", "3"), ("collector", "wording"))]


def test_the_largest_group_comes_first() -> None:
    rows = [grievance(n, collector="A1") for n in "123"] + [grievance(n, 1, collector="B") for n in "4567"]

    assert numbers(rows) == [("4", "5", "6", "7"), ("1", "2", "3")]


def test_what_people_change_when_they_copy_does_not_count() -> None:
    assert letters("贵公司，赔偿 3000 元！ＡＢ") == "贵公司赔偿元ab"


@given(st.permutations([grievance(str(n), n % 5, collector="A1") for n in range(6)]))
def test_the_order_in_which_complaints_are_known_changes_nothing(rows: list[Grievance]) -> None:
    assert numbers(rows) == [("0", "5", "1", "2", "3", "4")]
