import numpy as np
import pytest

from qc.likeness.calibration import Curve, best_f, fit_curve, precise_from


def test_a_curve_goes_from_scores_to_probabilities_and_back():
    curve = Curve(2.0, -1.0)
    assert curve.probability(0.5) == 0.5
    assert curve.probability(-1000.0) == 0.0
    assert curve.score(0.5) == 0.5
    assert curve.probability(curve.score(0.9)) == pytest.approx(0.9)


def test_the_fitted_curve_tells_how_often_such_scores_were_right():
    scores = np.array([-1.0] * 10 + [1.0] * 10)
    belongs = np.array([True] + [False] * 9 + [True] * 8 + [False] * 2)
    curve = fit_curve(scores, belongs, strength=0.0)
    assert curve.probability(-1.0) == pytest.approx(0.1, abs=1e-6)
    assert curve.probability(1.0) == pytest.approx(0.8, abs=1e-6)


def test_where_little_was_seen_the_curve_stays_near_that_of_all():
    prior = Curve(1.5, -2.0)
    curve = fit_curve(np.array([0.3]), np.array([True]), prior=prior, strength=1000.0)
    assert (curve.slope, curve.offset) == (pytest.approx(1.5, abs=0.01), pytest.approx(-2.0, abs=0.01))


def test_a_curve_never_falls():
    curve = fit_curve(np.array([-1.0, 1.0]), np.array([True, False]), strength=0.1)
    assert curve.slope == 1e-3


def test_precise_from_is_the_lowest_score_that_keeps_the_precision():
    ranked = [(0.9, True), (0.8, True), (0.7, False), (0.6, True), (0.5, True), (0.4, False)]
    assert precise_from(ranked, precision=0.8, enough=2) == 0.5
    assert precise_from(ranked, precision=0.95, enough=2) == 0.8
    assert precise_from(ranked, precision=0.95, enough=3) is None
    assert precise_from([], precision=0.5, enough=1) is None


def test_equal_scores_stand_or_fall_together():
    assert precise_from([(0.9, True), (0.9, False)], precision=0.9, enough=1) is None


def test_best_f_weighs_precision_and_recall():
    ranked = [(0.9, True), (0.8, False), (0.7, True), (0.6, True)]
    assert best_f(ranked, present=3) == 0.6
    assert best_f(ranked, present=3, beta=0.1) == 0.9
    assert best_f([(0.9, False)], present=1) is None
