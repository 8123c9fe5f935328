"""Weights proposed from a portfolio in which it is known what matters."""

from datetime import timedelta

import numpy as np
import pytest

from complaint_warnings.backtest.features import Design, design, first_held_out, last_days, taught
from complaint_warnings.backtest.history import History
from complaint_warnings.backtest.observe import plan_days
from complaint_warnings.backtest.proposal import propose
from complaint_warnings.scoring.weights import default_weights
from store.errors import BadInputError

from .stored import START, day, portfolio

WEIGHTS = default_weights()
PLAN = plan_days(START, day(180), timedelta(days=30), delay=timedelta(hours=24))


def rows(many: int = 1600) -> Design:
    """Of those who dispute, a third complain in each month; of all others one in forty."""
    evidence: dict[str, list] = {}
    for debtor, each in portfolio(many):
        evidence.setdefault(debtor, []).append(each)
    chance = np.random.default_rng(3)
    histories = []
    for debtor, calls in evidence.items():
        rate = 0.33 if debtor.startswith("customer:D") else 0.025
        months = [month for month in range(6) if chance.random() < rate]
        histories.append(History(debtor, tuple(calls), tuple(day(m * 30 + 29) for m in months)))
    return design(histories, WEIGHTS, PLAN)


def test_what_foretells_complaints_gets_more_and_what_does_not_gets_less():
    proposal = propose(rows(), WEIGHTS)
    found = {each.name: each for each in proposal.indicators}
    assert found["dispute"].before == found["hardship"].before == 8.0
    assert found["dispute"].after > 12
    assert found["hardship"].after < 4
    assert found["dispute"].complaints > 100
    assert proposal.weights.model == f"default-fitted@{WEIGHTS.version + 1}"
    assert ("friction", 13.0) in [(name, before) for name, before, _ in proposal.caps]


def test_triggers_floors_thresholds_half_lives_and_what_was_never_seen_stay():
    proposed = propose(rows(), WEIGHTS).weights
    assert proposed.thresholds == WEIGHTS.thresholds
    for name, weight in WEIGHTS.indicators.items():
        new = proposed.indicators[name]
        assert (new.group, new.floor, new.hard, new.half_life_days) == (
            weight.group,
            weight.floor,
            weight.hard,
            weight.half_life_days,
        )
        if weight.group == "trigger" or name in ("vulnerable", "emotion.angry", "report.attitude"):
            assert new == weight


def test_no_weight_becomes_a_trigger_and_none_negative():
    proposed = propose(rows(), WEIGHTS).weights
    for weight in proposed.indicators.values():
        assert weight.points >= 0
        assert weight.group == "trigger" or weight.points < WEIGHTS.thresholds.high


def test_the_same_portfolio_gives_the_same_proposal():
    assert propose(rows(), WEIGHTS) == propose(rows(), WEIGHTS)


def test_too_few_complaints_are_refused_with_how_many_there_are():
    with pytest.raises(BadInputError) as refused:
        propose(rows(80), WEIGHTS)
    assert refused.value.code == "fit.too_few"
    assert "to learn from and" in refused.value.message
    assert "100 and 30" in str(refused.value.mend)


def test_learned_from_and_held_out_share_no_debtor_and_no_day():
    found = rows(400)
    learned, held = found.taught & found.early, ~found.taught & ~found.early
    assert not set(found.debtors[learned]) & set(found.debtors[held])
    assert found.days[learned].max() < found.days[held].min() == first_held_out(len(PLAN.days)) == 4
    assert last_days(PLAN).days == PLAN.days[4:]
    share = np.mean([taught(f"customer:{number}") for number in range(5000)])
    assert share == pytest.approx(0.6, abs=0.02)


def test_the_rows_are_the_points_of_the_score():
    found = rows(40)
    assert np.asarray(found.points.sum(axis=1)).ravel() == pytest.approx(found.scores)
