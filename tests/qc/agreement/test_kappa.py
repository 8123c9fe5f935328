"""Kappa against published examples, and where it says nothing."""

import pytest

from qc.agreement.kappa import LEAST, Kappa, cross_table, kappa


def test_the_example_of_fleiss_levin_and_paik() -> None:
    """Statistical Methods for Rates and Proportions, 3rd ed., table 18.1: kappa .68, 95 % interval .51 to
    .85."""
    made = kappa([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
    assert (made.pairs, made.observed, made.standing) == (100, pytest.approx(0.89), "known")
    assert made.value == pytest.approx(0.676, abs=5e-4)
    assert (made.low, made.high) == (pytest.approx(0.51, abs=0.006), pytest.approx(0.85, abs=0.006))


# Agresti, Categorical Data Analysis: husbands' and wives' ratings of sexual fun; figures of vcd::Kappa in R.
FUN = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]


@pytest.mark.parametrize(
    ("weighting", "value", "error"), [("none", 0.1293, 0.06860), ("linear", 0.2374, 0.07832)]
)
def test_the_example_of_agresti(weighting, value, error) -> None:
    made = kappa(FUN, weighting=weighting)
    assert made.value == pytest.approx(value, abs=5e-5)
    assert made.high is not None
    assert made.low is not None
    assert (made.high - made.low) / (2 * 1.96) == pytest.approx(error, abs=5e-5)


def test_two_by_two() -> None:
    """Twenty and fifteen alike of fifty: 0.7 observed, 0.5 by chance."""
    made = kappa([[20, 5], [10, 15]])
    assert (made.observed, made.value) == (pytest.approx(0.7), pytest.approx(0.4))


def test_full_agreement_and_none() -> None:
    assert kappa([[10, 0], [0, 10]]) == Kappa(20, 1.0, 1.0, 1.0, 1.0, "known")
    made = kappa([[0, 10], [10, 0]])
    assert (made.value, made.low) == (-1.0, -1.0)


def test_quadratic_weights_forgive_near_answers() -> None:
    near, far = [[10, 5, 0], [5, 10, 5], [0, 5, 10]], [[10, 0, 5], [5, 10, 5], [5, 0, 10]]
    assert kappa(near, weighting="quadratic").value > kappa(near, weighting="linear").value  # type: ignore[operator]
    assert kappa(near, weighting="linear").value > kappa(near).value  # type: ignore[operator]
    assert kappa(far, weighting="quadratic").value < kappa(near, weighting="quadratic").value  # type: ignore[operator]


def test_few_pairs_prove_nothing() -> None:
    assert kappa([[LEAST - 1, 0], [0, 0]]) == Kappa(LEAST - 1, None, None, None, None, "too_few")
    assert kappa([[0, 0], [0, 0]], least=0).standing == "too_few"


def test_where_both_always_say_the_same_chance_would_too() -> None:
    assert kappa([[50, 0], [0, 0]]) == Kappa(50, 1.0, None, None, None, "one_answer")


def test_a_table_is_square() -> None:
    with pytest.raises(ValueError, match="square"):
        kappa([[1, 2], [3]])


def test_pairs_are_counted() -> None:
    pairs = [("true", "true"), ("true", "false"), ("false", "false"), ("true", "true")]
    assert cross_table(pairs, ("true", "unsure", "false")) == [[2, 0, 1], [0, 0, 0], [0, 0, 1]]
