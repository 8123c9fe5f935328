"""Plans: what they may say, and what is said of those that may not."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import qc.sampling.plan as plans
from qc.sampling.plan import Plan, last_over, load_plan, period_of
from store.errors import BadInputError

SHANGHAI = ZoneInfo("Asia/Shanghai")
SHIPPED = Path(plans.__file__).parent / "plans" / "weekly.yaml"
PLAN = """\
name: t2
title: {zh: 二组, en: Team two}
period: day
size: {number: 5}
random:
  size: {number: 3}
"""


def test_the_shipped_plan_is_whole_and_comes_back_from_its_document() -> None:
    plan = load_plan(SHIPPED)
    assert (plan.name, plan.strata, plan.random.size.number) == ("weekly", ("team", "band"), 30)
    assert Plan.model_validate(plan.document()) == plan


@pytest.mark.parametrize(
    ("change", "where", "message"),
    [
        ("size: {number: 5}|size: {number: 5, share: 0.1}", ":4 size", "exactly one of number, share"),
        ("size: {number: 5}|size: {share: 1.5}", ":4 size.share", "less than or equal to 1"),
        ("period: day|period: hour", ":3 period", "'day', 'week' or 'month'"),
        ("period: day|perod: day", ":3 perod", "Extra inputs"),
        ("period: day|filters: {hours: abends}", ":3 filters.hours", "22-06"),
        ("period: day|filters: {categories: [thread]}", ":3 filters.categories", "thread is no category"),
        ("period: day|filters: {min_seconds: 9, max_seconds: 9}", ":3 filters", "no call is so long"),
        ("period: day|strata: [team, team]", ":3 strata", "named twice"),
        ("name: t2|name: T2", ":1 name", "match pattern"),
        # What would narrow the random sample by what was found would make it worthless.
        (
            "  size: {number: 3}|  size: {number: 3}\n  filters: {bands: [clean]}",
            ":7 random.filters.bands",
            "Extra",
        ),
    ],
)
def test_mistakes_are_told_with_line_and_field(tmp_path: Path, change: str, where: str, message: str) -> None:
    file = tmp_path / "plan.yaml"
    old, new = change.split("|")
    file.write_text(PLAN.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInputError) as caught:
        load_plan(file)
    assert caught.value.code == "sampling.invalid"
    assert caught.value.where == f"{file}{where}"
    assert message in caught.value.message


def test_what_is_no_yaml_is_told(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text("name: [t2\n", encoding="utf-8")
    with pytest.raises(BadInputError, match=r"sampling\.unreadable"):
        load_plan(file)


@pytest.mark.parametrize(
    ("period", "day", "first", "following"),
    [
        ("day", date(2026, 3, 5), date(2026, 3, 5), date(2026, 3, 6)),
        ("week", date(2026, 3, 1), date(2026, 2, 23), date(2026, 3, 2)),
        ("month", date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1)),
        ("month", date(2026, 2, 1), date(2026, 2, 1), date(2026, 3, 1)),
    ],
)
def test_periods(period, day, first, following) -> None:
    start, end = period_of(period, day, SHANGHAI)
    assert (start.date(), end.date()) == (first, following)
    assert start.utcoffset() == end.utcoffset()


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (datetime(2026, 3, 5, 2, 30, tzinfo=UTC), date(2026, 3, 4)),
        (datetime(2026, 3, 4, 16, 0, tzinfo=UTC), date(2026, 3, 3)),  # midnight in Shanghai, not settled
        (datetime(2026, 3, 4, 21, 59, tzinfo=UTC), date(2026, 3, 3)),
        (datetime(2026, 3, 4, 22, 0, tzinfo=UTC), date(2026, 3, 4)),  # six hours later
    ],
)
def test_a_period_is_drawn_when_it_is_settled(tmp_path: Path, now: datetime, first: date) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN, encoding="utf-8")
    assert last_over(load_plan(file), now, SHANGHAI)[0].date() == first
