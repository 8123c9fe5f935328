"""Scores as chances."""

import numpy as np
import pytest

from complaint_warnings.backtest.calibration import ReliabilityBand, calibrate, learn_chances


def rows(*of: tuple[float, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """(score, how many, how many of them complained) as arrays."""
    scores = np.concatenate([np.full(many, score) for score, many, _ in of])
    complained = np.concatenate([np.arange(many) < bad for _, many, bad in of])
    return scores.astype(float), complained


def test_chances_rise_with_the_score_whatever_the_noise():
    learned = learn_chances(*rows((0, 100, 1), (10, 100, 5), (30, 100, 3), (80, 100, 50)))
    assert learned.of(np.array([0.0, 10.0, 30.0, 80.0])) == pytest.approx([0.01, 0.04, 0.04, 0.5])
    assert learned.of(np.array([100.0, -1.0, 55.0])) == pytest.approx([0.5, 0.01, 0.27])


def test_the_same_days_again_are_calibrated():
    known = rows((0, 100, 2), (40, 100, 10), (90, 100, 60))
    found = calibrate(known, known)
    assert found is not None
    assert found.expected_error == pytest.approx(0, abs=1e-12)
    assert found.brier == pytest.approx((2 * 0.98 + 10 * 0.9 + 60 * 0.4) / 300)
    assert found.brier_of_rate == pytest.approx(0.24 * 0.76)
    assert found.bands == (
        ReliabilityBand(0.0, 8.0, 100, 2, pytest.approx(0.02), pytest.approx(0.02)),
        ReliabilityBand(25.0, 50.0, 100, 10, pytest.approx(0.1), pytest.approx(0.1)),
        ReliabilityBand(75.0, 100.0, 100, 60, pytest.approx(0.6), pytest.approx(0.6)),
    )


def test_later_days_that_went_otherwise_show_it():
    found = calibrate(rows((0, 100, 0), (90, 100, 50)), rows((0, 100, 0), (90, 100, 10)))
    assert found is not None
    assert found.expected_error == pytest.approx(0.2)
    assert found.bands[-1].expected == pytest.approx(0.5)
    assert found.bands[-1].observed == pytest.approx(0.1)


def test_a_score_of_a_hundred_belongs_to_the_last_band():
    found = calibrate(rows((100, 4, 2)), rows((100, 4, 2)))
    assert found is not None
    assert [(b.low, b.rows) for b in found.bands] == [(75.0, 4)]


def test_without_days_there_is_nothing_to_say():
    assert calibrate(rows((1, 2, 1)), (np.array([]), np.array([], dtype=bool))) is None
