"""The measures of an order, against scikit-learn and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from complaint_warnings.backtest.ranking import AtK, Ranking, interval, resampled_counts


def ranking(values: list[float], complained: list[int], days: list[int] | None = None) -> Ranking:
    on = days or [0] * len(values)
    return Ranking(np.array(values, dtype=float), np.array(on), np.array(complained, dtype=bool))


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=60))
def test_auc_is_that_of_the_field(rows):
    complained = [bad for _, bad in rows]
    if len(set(complained)) == 1:
        assert np.isnan(ranking([v for v, _ in rows], complained).auc())
        return
    values = [float(value) for value, _ in rows]
    assert ranking(values, complained).auc() == pytest.approx(roc_auc_score(complained, values))


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.integers(0, 3)), min_size=4, max_size=40))
def test_counting_a_row_twice_is_the_same_as_having_it_twice(rows):
    values, complained = [float(r[0]) for r in rows], [int(r[1]) for r in rows]
    counts = [r[2] for r in rows]
    repeated = [index for index, many in enumerate(counts) for _ in range(many)]
    if not repeated:
        return
    apart = ranking([values[i] for i in repeated], [complained[i] for i in repeated])
    whole = ranking(values, complained)
    weighed = np.array(counts, dtype=float)
    assert whole.auc(weighed) == pytest.approx(apart.auc(), nan_ok=True)
    assert whole.at(2, weighed).precision == pytest.approx(apart.at(2).precision, nan_ok=True)


def test_debtors_are_compared_within_their_day_only():
    # All of day 1 lies above all of day 0; only the order within each day counts.
    assert ranking([1, 2, 11, 12], [0, 1, 0, 1], [0, 0, 1, 1]).auc() == 1.0
    assert ranking([1, 2, 11, 12], [1, 1, 0, 0], [0, 0, 1, 1]).auc() != 1.0
    assert np.isnan(ranking([1, 2, 11, 12], [1, 1, 0, 0], [0, 0, 1, 1]).auc())
    assert ranking([3, 2, 1, 9, 8, 7], [0, 1, 0, 1, 0, 0], [4, 4, 4, 9, 9, 9]).auc() == 0.75


def test_precision_at_k_by_hand():
    ordered = ranking([9, 8, 7, 6, 5, 4, 3, 2, 1, 0], [1, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    assert ordered.at(1) == AtK(1.0, 0.5, 5.0)
    assert ordered.at(4) == AtK(0.5, 1.0, 2.5)
    assert ordered.at(0.2) == ordered.at(2) == AtK(0.5, 0.5, 2.5)
    assert ordered.at(1000) == AtK(0.2, 1.0, 1.0)


def test_equal_values_win_nothing_by_the_order_of_the_rows():
    for complained in ([1, 0, 0, 0], [0, 0, 0, 1]):
        assert ranking([5, 5, 5, 5], complained).at(1) == AtK(0.25, 0.25, 1.0)
        assert ranking([5, 5, 5, 5], complained).auc() == 0.5


def test_k_is_taken_on_each_day():
    ordered = ranking([9, 1, 2, 8], [1, 0, 0, 0], [0, 0, 1, 1])
    assert ordered.at(1) == AtK(0.5, 1.0, 2.0)


def test_nobody_complained():
    assert all(np.isnan(figure) for figure in (ranking([1, 2], [0, 0]).at(1).precision,))


def test_whole_debtors_are_drawn():
    debtors = np.array([0, 0, 1, 2, 2, 2])
    for counts in resampled_counts(debtors, times=20, seed=1):
        assert counts[0] == counts[1]
        assert counts[3] == counts[4] == counts[5]
        assert counts[0] + counts[2] + counts[3] == 3
    first, second = resampled_counts(debtors, 2, 7), resampled_counts(debtors, 2, 7)
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_the_interval_holds_the_middle_95_of_100():
    assert interval(0.5, [i / 100 for i in range(101)]).low == pytest.approx(0.025)
    assert interval(0.5, [float("nan")]).high == 0.5
