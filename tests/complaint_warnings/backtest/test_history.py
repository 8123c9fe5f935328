"""A history told again: never more than was known."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_warnings.backtest.history import History, Replay
from complaint_warnings.scoring.score import assess
from complaint_warnings.scoring.weights import default_weights
from complaint_warnings.types import CallEvidence, ItemEvidence

from ..helpers import finding
from .stored import day, heard

WEIGHTS = default_weights()
HOUR = timedelta(hours=1)


def said(number: float, *categories: str) -> CallEvidence:
    return heard("C1", number, *(finding(each) for each in categories))[1]


def replay(*evidence: CallEvidence | ItemEvidence, delay: timedelta = HOUR, **more: object) -> Replay:
    return Replay(History("customer:C1", evidence, **more), WEIGHTS, delay)  # type: ignore[arg-type]


def test_a_call_counts_only_once_it_is_known():
    told = replay(said(3, "dispute.amount"))
    assert told.rating(day(3) + HOUR) is None
    rating = told.rating(day(3) + HOUR + timedelta(seconds=1))
    assert rating is not None
    assert (rating.score, rating.level) == (8.5, "low")


def test_the_score_of_a_day_fades_by_that_day():
    told = replay(said(0, "dispute.amount"))
    rating = told.rating(day(45))
    assert rating is not None
    assert [(part.name, part.points) for part in rating.parts] == [("dispute", 4.0), ("days_overdue", 0.5)]


def test_what_a_closed_warning_rests_on_does_not_count_for_the_next():
    told = replay(said(0, "stop_request"), said(10, "refusal"), closings=(day(5),))
    assert [p.name for p in told.rating(day(5)).parts if p.hits] == ["stop_request"]  # type: ignore[union-attr]
    assert told.rating(day(6)) is None
    assert [p.name for p in told.rating(day(11)).parts if p.hits] == ["refusal"]  # type: ignore[union-attr]
    assert [(closing, [rating.level for _, rating in course]) for closing, course in told.episodes()] == [
        (day(5), ["medium"]),
        (None, ["low"]),
    ]


def test_evidence_of_unknown_time_is_counted_and_left_out():
    undated = CallEvidence("X", None, said(0).record, (finding("self_harm"),), "clean")
    told = replay(undated, said(0, "refusal"))
    assert told.undated == 1
    assert told.rating(day(1)).level == "low"  # type: ignore[union-attr]


def test_an_item_counts_from_when_it_came_in_not_from_when_it_happened():
    item = ItemEvidence("opinion:1", day(0), ("opinion.social",))
    told = replay(item, received={"opinion:1": day(20)})
    assert told.rating(day(19)) is None
    assert told.rating(day(21)).level == "medium"  # type: ignore[union-attr]


KINDS = ("dispute.amount", "vulnerable", "vulnerable_ignored", "refusal", "promise_to_pay", "abuse")


@given(
    st.lists(st.tuples(st.floats(0, 100), st.lists(st.sampled_from(KINDS), max_size=3)), max_size=8),
    st.floats(0, 120),
)
def test_every_rating_is_that_of_the_evidence_known_by_then_alone(calls, asked):
    evidence = [said(round(number, 3), *kinds) for number, kinds in calls]
    known = [each for each in evidence if each.started_at + HOUR < day(asked)]
    rating = replay(*evidence).rating(day(asked))
    alone = assess(known, WEIGHTS, day(asked))
    if alone is None:
        assert rating is None or rating.level is None
    else:
        assert rating is not None
        assert (rating.score, rating.level) == (alone.score, alone.level)


@pytest.mark.parametrize("later", ["self_harm", "abuse", "complaint_intent"])
def test_what_comes_later_changes_nothing_before(later):
    before = replay(said(1, "refusal")).rating(day(5))
    assert replay(said(1, "refusal"), said(6, later)).rating(day(5)) == before
