"""Months of the ledger."""

from zoneinfo import ZoneInfo

import pytest

from complaint_warnings.ledger.filters import Filters
from complaint_warnings.ledger.summary import monthly, months
from store.database import SessionFactory
from store.errors import BadInputError

from ..helpers import NOON

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_month_counts_what_came_what_ended_and_what_is_left(ledger: SessionFactory):
    with ledger() as session:
        before, month, after = monthly(
            session, Filters(), first="2026-02", last="2026-04", zone=SHANGHAI, now=NOON
        )
    assert (before.carried_in, before.opened, before.closed, before.carried_out) == (0, 0, 0, 0)
    assert (month.month, month.carried_in, month.opened, month.closed, month.carried_out) == (
        "2026-03",
        0,
        6,
        1,
        5,
    )
    assert (after.carried_in, after.opened, after.closed, after.carried_out) == (5, 0, 0, 5)
    assert month.shares["level"] == {"low": 3, "medium": 2, "high": 1}
    assert month.shares["source"] == {"call": 5, "report": 1}
    assert month.shares["state"] == {"reported": 4, "reviewed": 1, "closed": 1}
    assert month.shares["result"] == {"unfounded": 1}
    assert month.shares["team"] == {None: 6}


def test_filters_apply(ledger: SessionFactory):
    with ledger() as session:
        [month] = monthly(
            session, Filters(levels=("high",)), first="2026-03", last="2026-03", zone=SHANGHAI, now=NOON
        )
    assert (month.opened, month.closed, month.carried_out) == (1, 0, 1)


def test_months_go_over_the_end_of_a_year():
    assert months("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-13", "2026-13"), ("2026-00", "2026-01"), ("26-01", "26-02"), ("2026-02", "2026-01"), ("x", "y"),
     ("2000-01", "2026-01")],
)  # fmt: skip
def test_what_is_no_span_of_months_is_refused(first: str, last: str):
    with pytest.raises(BadInputError) as refused:
        months(first, last)
    assert refused.value.code == "ledger.month"
