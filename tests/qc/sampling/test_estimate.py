"""What samples prove: exact numbers, and how often the interval holds."""

import random

import pytest

from qc.sampling.estimate import Seen, estimate
from qc.verdicts.decision import wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (15, 148, 0.0624, 0.1605),  # Newcombe (1998), Statistics in Medicine 17, 857-872, method 3
        (81, 263, 0.2553, 0.3662),  # the same
        (0, 20, 0.0, 0.1611),  # the same
        (1, 29, 0.0061, 0.1718),  # the same
    ],
)
def test_wilsons_interval(part, whole, low, high) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=5e-5)


def test_one_stratum_is_wilsons_interval() -> None:
    made = estimate([Seen("all", 1000, 30, 20, 3)])
    assert (made.share, made.population, made.reviewed, made.left_out) == (0.15, 1000, 20, 0)
    assert (made.low, made.high) == pytest.approx(wilson(3, 20))
    assert made.calls == 150


def test_strata_count_by_their_calls() -> None:
    made = estimate([Seen("a", 900, 10, 10, 1), Seen("b", 100, 10, 10, 5), Seen("c", 50, 5, 0, 0)])
    assert made.share == pytest.approx(0.9 * 0.1 + 0.1 * 0.5)
    assert (made.population, made.reviewed, made.left_out) == (1000, 20, 50)
    effective = 1 / (0.9**2 / 10 + 0.1**2 / 10)
    assert (made.low, made.high) == pytest.approx(wilson(0.14 * effective, effective))


def test_of_nothing_nothing_is_said() -> None:
    made = estimate([Seen("a", 900, 10, 0, 0)])
    assert (made.share, made.low, made.high, made.left_out, made.calls) == (None, 0.0, 1.0, 900, None)


def test_the_interval_holds_about_as_often_as_it_says() -> None:
    chance = random.Random(8)
    holds = 0
    for _ in range(2000):
        strata = [
            Seen(name, size, 40, 40, sum(chance.random() < share for _ in range(40)))
            for name, size, share in (("a", 700, 0.05), ("b", 300, 0.2))
        ]
        made = estimate(strata)
        holds += made.low <= 0.7 * 0.05 + 0.3 * 0.2 <= made.high
    assert holds / 2000 > 0.94
