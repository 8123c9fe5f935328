"""The regression against scikit-learn's, and what it must hold to."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from complaint_warnings.backtest.regression import best_strength, fit, log_loss


def drawn(rows: int, truth: list[float], seed: int = 1) -> tuple[csr_matrix, np.ndarray]:
    chance = np.random.default_rng(seed)
    x = chance.random((rows, len(truth))) * 2
    odds = -2 + x @ np.array(truth)
    return csr_matrix(x), chance.random(rows) < 1 / (1 + np.exp(-odds))


def test_without_bounds_it_is_the_regression_of_the_field():
    x, complained = drawn(3000, [1.0, -0.7, 0.3])
    ours = fit(x, complained, np.zeros(3000), towards=np.zeros(3), strength=2.0, negative=True)
    theirs = LogisticRegression(C=0.5, tol=1e-8, max_iter=1000).fit(x, complained)
    assert ours.coefficients == pytest.approx(theirs.coef_[0], abs=1e-3)
    assert ours.intercept == pytest.approx(theirs.intercept_[0], abs=1e-3)


def test_nothing_counts_against_a_complaint():
    x, complained = drawn(3000, [1.0, -0.7, 0.3])
    found = fit(x, complained, np.zeros(3000), towards=np.zeros(3), strength=0.1)
    assert found.coefficients[1] == 0.0
    assert (found.coefficients >= 0).all()


def test_without_evidence_it_stays_where_it_is_drawn_to():
    x, complained = drawn(500, [1.0, 0.5])
    x = csr_matrix(np.column_stack([x.toarray(), np.zeros(500)]))
    towards = np.array([0.4, 0.4, 0.4])
    assert fit(x, complained, np.zeros(500), towards=towards, strength=1.0).coefficients[2] == 0.4
    held = fit(x, complained, np.zeros(500), towards=towards, strength=1e9).coefficients
    assert held == pytest.approx(towards, abs=1e-6)


def test_what_the_offset_explains_is_not_learned_again():
    x, complained = drawn(20000, [0.0, 1.0])
    offset = x.toarray()[:, 1]
    found = fit(x, complained, offset, towards=np.zeros(2), strength=0.1, negative=True)
    assert found.coefficients == pytest.approx([0, 0], abs=0.1)
    assert log_loss(found, x, complained, offset) < log_loss(found, x, complained, np.zeros(20000))


def test_the_strength_is_chosen_by_rows_left_out():
    x, complained = drawn(4000, [1.0, 0.0, 0.5])
    options = {"folds": np.arange(4000) % 4, "strengths": (0.1, 1e6)}
    right = best_strength(x, complained, np.zeros(4000), towards=np.array([1.0, 0.0, 0.5]), **options)
    wrong = best_strength(x, complained, np.zeros(4000), towards=np.array([0.0, 2.0, 0.0]), **options)
    assert (right, wrong) == (1e6, 0.1)
