"""When a rule drops to advisory: pure arithmetic."""

import pytest

from qc.verdicts.decision import Tally, must_only_advise, outcome, tally, wilson_lower


@pytest.mark.parametrize(
    ("part", "whole", "bound"),
    [(0, 0, 0.0), (0, 10, 0.0), (10, 20, 0.2993), (11, 20, 0.3421), (20, 20, 0.8389), (300, 1000, 0.2724)],
)
def test_the_lower_end_of_wilsons_interval(part: int, whole: int, bound: float) -> None:
    assert wilson_lower(part, whole) == pytest.approx(bound, abs=1e-4)


@pytest.mark.parametrize(
    ("decided", "overturned", "drops"),
    [
        (19, 19, False),  # too few
        (20, 10, False),
        (20, 11, True),
        (100, 38, False),
        (100, 39, True),
        (1000, 335, True),  # many decisions prove a share close to the limit
    ],
)
def test_few_decisions_prove_little(decided: int, overturned: int, drops: bool) -> None:
    assert must_only_advise(Tally(decided, overturned), share=0.3, decisions=20) is drops


def test_at_a_share_of_one_no_rule_ever_drops() -> None:
    assert not must_only_advise(Tally(10**6, 10**6), share=1.0, decisions=1)


def test_people_may_disagree() -> None:
    assert outcome({"a": "true"}) is True
    assert outcome({"a": "false"}) is False
    assert outcome({"a": "false", "b": "true"}) is None
    assert outcome({"a": "false", "b": "true", "c": "false"}) is False
    assert outcome({"a": "unsure", "b": "unsure"}) is None
    assert outcome({"a": "unsure", "b": "true"}) is True


def test_what_is_undecided_does_not_count() -> None:
    assert tally([True, False, None, False]) == Tally(decided=3, overturned=2)
