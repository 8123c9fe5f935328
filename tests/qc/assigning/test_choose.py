"""Who may review what, and who gets it: without a database."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qc.assigning.choose import Reviewer, Task, assign, barred, unfit

NOW = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
TASK = Task(
    ticket_id=1, seat="first", priority="normal", opened_at=NOW, collector="A1", team="T1", product="信用卡",
    language="zh", superiors=frozenset({"S1", "D1"}),
)  # fmt: skip
WANG = Reviewer("wang")


@pytest.mark.parametrize(
    ("reviewer", "any_", "no_superiors", "none"),
    [
        (Reviewer("A1"), "collector", "collector", "collector"),
        (Reviewer("S1"), None, "superior", "superior"),
        (Reviewer("D1", team="HQ"), None, "superior", "superior"),
        (Reviewer("wang", team="T1"), None, None, "same_team"),
        (Reviewer("wang", team="T2"), None, None, None),
        (Reviewer("wang", conflicts=frozenset({"A1"})), "conflict", "conflict", "conflict"),
        (Reviewer("wang", conflicts=frozenset({"T1"})), "conflict", "conflict", "conflict"),
    ],
)
def test_who_may_never_judge_a_collector(reviewer, any_, no_superiors, none) -> None:
    assert barred(TASK, reviewer, "any") == any_
    assert barred(TASK, reviewer, "no_superiors") == no_superiors
    assert barred(TASK, reviewer, "none") == none


@pytest.mark.parametrize(
    ("reviewer", "task", "why"),
    [
        (WANG, TASK, None),
        (replace(WANG, away=True), TASK, "away"),
        (replace(WANG, roles=frozenset({"supervisor"})), TASK, "no_role"),
        (replace(WANG, languages=frozenset({"en"})), TASK, "language"),
        (replace(WANG, languages=frozenset({"en"})), replace(TASK, language=None), None),
        (replace(WANG, products=frozenset({"车贷"})), TASK, "product"),
        (WANG, replace(TASK, priority="urgent"), "seniority"),
        (replace(WANG, seniority=2), replace(TASK, priority="urgent"), None),
        (WANG, replace(TASK, sat=frozenset({"wang"})), "sat_before"),
        (replace(WANG, load=20), TASK, "full"),
    ],
)
def test_who_is_not_given_a_ticket_now(reviewer, task, why) -> None:
    assert unfit(task, reviewer) == why


def tasks(count: int, **changes: object) -> list[Task]:
    return [replace(TASK, ticket_id=at, **changes) for at in range(1, count + 1)]  # type: ignore[arg-type]


def test_the_load_is_shared_by_capacity() -> None:
    pool = [replace(WANG, id="full-time", capacity=30), replace(WANG, id="half-time", capacity=15)]
    given_ = Counter(each.person for each in assign(tasks(30), pool))
    assert given_ == {"full-time": 20, "half-time": 10}


def test_seniors_stay_free_for_what_needs_them() -> None:
    pool = [replace(WANG, id="senior", seniority=3), replace(WANG, id="junior")]
    (one,) = assign([TASK], pool)
    assert one.person == "junior"
    assert [each.person for each in assign(tasks(2, priority="urgent"), pool)] == ["senior", "senior"]


def test_the_most_pressing_are_given_first() -> None:
    pool = [replace(WANG, seniority=3, capacity=2)]
    waiting = [
        replace(TASK, ticket_id=1, priority="low"),
        replace(TASK, ticket_id=2, opened_at=NOW + timedelta(hours=1)),
        replace(TASK, ticket_id=3),
        replace(TASK, ticket_id=4, priority="urgent", opened_at=NOW + timedelta(days=1)),
    ]
    made = [(each.task.ticket_id, each.person, dict(each.refused)) for each in assign(waiting, pool)]
    assert made == [(4, "wang", {}), (3, "wang", {}), (2, None, {"full": 1}), (1, None, {"full": 1})]


def test_nobody_is_favoured_by_name() -> None:
    pool = [replace(WANG, id=name, capacity=1000) for name in ("a", "b", "c", "d")]
    first = Counter(assign([replace(TASK, ticket_id=at)], pool)[0].person for at in range(1000))
    assert all(200 < first[name] < 300 for name in "abcd")


def test_the_second_seat_goes_to_somebody_else_each_time() -> None:
    pool = [replace(WANG, id=name) for name in ("first", "b", "c")]
    seconds = [each.person for each in assign(tasks(6, seat="second", other="first"), pool)]
    assert set(seconds) == {"b", "c"}
    assert all(one != other for one, other in pairwise(seconds))


def test_where_only_one_could_be_second_again_nobody_is() -> None:
    pool = [replace(WANG, id="first", last_second="b"), replace(WANG, id="b")]
    (made,) = assign([replace(TASK, seat="second", other="first")], pool)
    assert (made.person, dict(made.refused)) == (None, {"other_seat": 1, "second_again": 1})


NAMES = st.sampled_from(["A1", "S1", "r1", "r2", "r3", "r4"])
REVIEWERS = st.builds(
    Reviewer,
    id=NAMES,
    team=st.sampled_from([None, "T1", "T2"]),
    seniority=st.integers(1, 3),
    capacity=st.integers(1, 5),
    load=st.integers(0, 5),
    conflicts=st.frozensets(st.sampled_from(["A1", "A2", "T1", "T2"]), max_size=2),
    away=st.booleans(),
    last_second=st.none() | NAMES,
)
TASKS = st.builds(
    Task,
    ticket_id=st.integers(1, 50),
    seat=st.sampled_from(["first", "second"]),
    priority=st.sampled_from(["urgent", "high", "normal", "low"]),
    opened_at=st.just(NOW),
    collector=st.sampled_from([None, "A1", "A2"]),
    team=st.sampled_from([None, "T1", "T2"]),
    superiors=st.frozensets(st.just("S1")),
    other=st.none() | NAMES,
    sat=st.frozensets(NAMES, max_size=2),
)


@given(
    st.lists(TASKS, max_size=12, unique_by=lambda task: (task.ticket_id, task.seat)),
    st.lists(REVIEWERS, max_size=6, unique_by=lambda reviewer: reviewer.id),
    st.sampled_from(["any", "no_superiors", "none"]),
)
def test_whatever_comes_nobody_gets_what_they_may_not(waiting, pool, within_team) -> None:
    by_id = {reviewer.id: reviewer for reviewer in pool}
    made = assign(waiting, pool, within_team=within_team)
    assert Counter(each.task for each in made) == Counter(waiting)
    got = Counter(each.person for each in made if each.person is not None)
    for person, count in got.items():
        assert by_id[person].load + count <= by_id[person].capacity
    for each in made:
        if each.person is not None:
            reviewer = by_id[each.person]
            assert barred(each.task, reviewer, within_team) is None
            assert unfit(each.task, reviewer) is None
        else:
            assert sum(each.refused.values()) == len(pool)
