"""Before and after: exact numbers."""

import pytest

from qc.coaching.compare import Share, compare


@pytest.mark.parametrize(
    ("before", "after", "difference", "low", "high", "change"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10; here after less before.
        ((48, 80), (56, 70), 0.2, 0.0524, 0.3339, "worse"),
        ((56, 70), (48, 80), -0.2, -0.3339, -0.0524, "better"),
        ((3, 10), (9, 10), 0.6, 0.1705, 0.8090, "worse"),
        ((2, 7), (6, 7), 4 / 7, 0.0582, 0.8062, "worse"),
        ((0, 10), (0, 10), 0.0, -0.2775, 0.2775, "unclear"),
    ],
)
def test_newcombes_interval(before, after, difference, low, high, change) -> None:
    made = compare(Share(before[1], before[0]), Share(after[1], after[0]))
    assert made.difference == pytest.approx(difference)
    assert (made.low, made.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))
    assert made.change == change


def test_of_nothing_nothing_is_said() -> None:
    made = compare(Share(0, 0), Share(10, 1))
    assert (made.change, made.difference, made.before.value, made.before.interval) == (
        "too_few", None, None, (0.0, 1.0)
    )  # fmt: skip
