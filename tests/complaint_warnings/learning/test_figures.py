"""A month made by hand, and the figures a person counted from it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from complaint_warnings.learning.figures import Span, figures, figures_by, settled_at_once
from complaint_warnings.learning.types import CaseStory, Cause, Rate

OCTOBER = Span(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
DAY = timedelta(days=1)


def day(number: int, month: int = 10) -> datetime:
    return datetime(2026, month, number, 9, tzinfo=UTC)


def story(number: str, arrived: datetime | None, closed: datetime | None = None, **more: Any) -> CaseStory:
    given: dict[str, Any] = {
        "debtor_key": f"debtor:{number}",
        "opened_at": arrived or day(1),
        "level": "medium",
        "source": "complaint",
        "arrivals": () if arrived is None else (arrived,),
        "closed_at": closed,
    }
    return CaseStory(number=number, **(given | more))


MONTH = [
    story("C1", day(2), day(5), ratings=(5,), asked=True, team="T1", causes=(Cause("staff", "wording"),)),
    story("C2", day(3), day(9), ratings=(2, 4), asked=True, team="T1", causes=(Cause("process", "plan"),)),
    story("C3", day(20, 9), day(1), ratings=(1,), asked=True, team="T2", causes=(Cause("staff", "wording"),)),
    story("C4", day(12), day(14), asked=True, reopened=True, team="T2"),
    story("C5", day(20), None, team="T2"),
    story("W6", None, day(8), team="T1"),
]


def test_a_month_counts_what_arrived_and_what_was_closed_in_it() -> None:
    found = figures(MONTH, OCTOBER)

    assert (found.complaints, found.closed, found.open_at_end) == (4, 4, 1)
    assert found.median_days_to_close == 4.5  # 3, 6, 11 and 2 days


def test_one_time_resolution_leaves_out_the_dissatisfied_and_the_reopened() -> None:
    assert figures(MONTH, OCTOBER).one_time == Rate(1, 4)


def test_satisfaction_is_the_last_mark_of_those_asked() -> None:
    found = figures(MONTH, OCTOBER).satisfaction

    assert found.answered == Rate(3, 4)
    assert found.satisfied == Rate(2, 3)
    assert found.mean == pytest.approx(10 / 3)
    assert found.marks == ((1, 1), (2, 0), (3, 0), (4, 1), (5, 1))


def test_causes_are_counted_by_dimension_most_frequent_first() -> None:
    found = figures(MONTH, OCTOBER)

    assert found.attributed == Rate(3, 4)
    assert found.causes == {"process": (("plan", 1),), "staff": (("wording", 2),), "system": ()}


@pytest.mark.parametrize(("days_later", "repeats"), [(0, 1), (30, 1), (31, 0), (-1, 0)])
def test_a_repeat_is_a_complaint_of_the_same_debtor_within_thirty_days_of_closing(
    days_later: int, repeats: int
) -> None:
    first = story("C1", day(1), day(3), debtor_key="debtor:A")
    again = story("C2", day(3) + days_later * DAY, debtor_key="debtor:A")

    assert figures([first, again], OCTOBER).repeats == Rate(repeats, 1)


def test_what_is_neither_done_nor_due_yet_is_not_counted_as_late() -> None:
    due = day(10)
    rows = [
        story("kept", day(2), answered_at=due, answer_due=due),
        story("late", day(2), answered_at=due + timedelta(seconds=1), answer_due=due),
        story("never", day(2), answer_due=due),
        story("not yet", day(31), answer_due=day(2, 11)),
        story("no clock", day(2)),
    ]

    assert figures(rows, OCTOBER).answered_in_time == Rate(1, 3)


def test_a_month_without_complaints_has_no_shares() -> None:
    found = figures([], OCTOBER)

    assert found.one_time.share is None
    assert found.satisfaction.mean is None
    assert found.median_days_to_close is None


def test_parts_add_up_to_the_whole_with_the_unknown_under_no_name() -> None:
    rows = [*MONTH, story("C7", day(4))]
    parts = figures_by(rows, OCTOBER, lambda one: one.team)

    assert list(parts) == ["", "T1", "T2"]
    assert sum(part.complaints for part in parts.values()) == figures(rows, OCTOBER).complaints == 5


def test_the_end_of_a_span_belongs_to_the_next() -> None:
    row = story("C1", OCTOBER.end)

    assert figures([row], OCTOBER).complaints == 0
    assert figures([row], Span(OCTOBER.end, OCTOBER.end + DAY)).complaints == 1


def test_a_dismissed_complaint_was_not_settled_at_once() -> None:
    rows = [story("C1", day(2), day(3)), story("C2", day(2), day(3), ended_as="unfounded")]
    found = figures(rows, OCTOBER)

    assert (found.closed, found.one_time) == (2, Rate(1, 1))


def test_who_evaluated_may_say_that_it_was_not_settled_at_once() -> None:
    rows = [story("C1", day(2), day(3), at_once=False), story("C2", day(2), day(3), at_once=True)]

    assert figures(rows, OCTOBER).one_time == Rate(1, 2)


def test_a_further_complaint_in_the_case_counts_and_is_a_repeat() -> None:
    found = figures([story("C1", day(2), day(9), arrivals=(day(2), day(5)))], OCTOBER)

    assert (found.complaints, found.repeats, found.one_time) == (2, Rate(1, 1), Rate(0, 1))


@pytest.mark.parametrize(("ratings", "expected"), [((), True), ((4,), True), ((3,), False), ((1, 5), False)])
def test_settled_at_once(ratings: tuple[int, ...], expected: bool) -> None:
    assert settled_at_once(story("C1", day(1), day(2), ratings=ratings)) is expected
