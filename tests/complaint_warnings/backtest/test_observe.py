"""Rows, foreseen complaints and warnings counted, by hand."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np

from complaint_warnings.backtest.figures import LevelFigures, figures
from complaint_warnings.backtest.history import History
from complaint_warnings.backtest.observe import Observations, Plan, observe, plan_days
from complaint_warnings.scoring.weights import default_weights

from ..helpers import finding
from .stored import START, day, heard

MONTH = timedelta(days=30)
PLAN = plan_days(START, day(95), MONTH, delay=timedelta(0))


def history(
    name: str, *calls: tuple[float, str], complaints: tuple[float, ...] = (), **more: object
) -> History:
    evidence = tuple(
        heard(name, number, *([finding(category)] if category else []), days_overdue=100)[1]
        for number, category in calls
    )
    return History(name, evidence, tuple(day(each) for each in complaints), **more)  # type: ignore[arg-type]


def seen(*histories: History, plan: Plan = PLAN) -> Observations:
    return observe(histories, default_weights(), plan)


def test_days_lie_one_horizon_apart_and_end_before_what_is_not_known():
    assert PLAN.days == (day(0), day(30), day(60))
    assert plan_days(START, day(29), MONTH, timedelta(0)).days == ()


def test_one_row_for_each_day_on_which_something_was_known():
    found = seen(
        history("A", (10, "dispute.amount"), (40, "off_hours"), complaints=(30, 30.5, 75)),
        history("B", (59, ""), complaints=(20,)),
        history("C", complaints=(50,)),
    )
    assert found.days.tolist() == [1, 2, 2]
    assert found.debtors.tolist() == [0, 0, 1]
    # The complaint at the very moment of the second day belongs to the day before.
    assert found.complained.tolist() == [True, True, False]
    assert found.scores.tolist() == [6.9, 5.8, 1.0]
    assert found.baselines["violations"].tolist() == [0, 1, 0]
    assert found.baselines["overdue"].tolist() == [120, 120, 101]
    assert found.baselines["calls"].tolist() == [1, 2, 1]
    assert (found.people, found.evidence, found.undated) == (3, 3, 0)


def test_how_long_before_each_level_was_reached_and_why_there_was_none():
    found = seen(
        history("A", (2, "refusal"), (12, "stop_request"), (80, "self_harm"), complaints=(42,)),
        history("B", (1, ""), complaints=(10,)),
        history("C", (5, "no_closing"), complaints=(11,)),
        history("D", complaints=(12,)),
        history("E", (1, ""), complaints=(13,), unjudged=(day(2),)),
        history("F", complaints=(14,), unjudged=(day(20),)),
        history("G", (1, "self_harm"), complaints=(200,)),
    )
    assert [(each.debtor, each.lead_days, each.missed) for each in found.complaints] == [
        ("B", {}, "no_signals"),
        ("C", {}, "below_level"),
        ("D", {}, "no_calls"),
        ("E", {}, "not_judged"),
        ("F", {}, "no_calls"),
        ("A", {"low": 40.0, "medium": 30.0}, None),
    ]
    assert found.warned == {"low": (2, 1), "medium": (2, 1), "high": (2, 0)}


def test_a_complaint_after_the_warning_was_closed_is_none_of_its_own():
    closed = history("A", (2, "stop_request"), complaints=(50,), closings=(day(20),))
    found = seen(closed)
    assert found.complaints[0].missed == "no_signals"
    assert found.warned["medium"] == (1, 0)


def test_figures_of_a_score_that_is_right_and_baselines_that_are_not():
    bad = [history(f"B{n}", (1, "stop_request"), (31, "refusal"), complaints=(40 + n,)) for n in range(3)]
    good = [history(f"G{n}", (1, "off_hours"), (2, "off_hours"), (3, "")) for n in range(17)]
    found = figures(seen(*bad, *good), PLAN, zone=ZoneInfo("Asia/Shanghai"), capacity=3, resamples=20)
    assert found.score.auc.value == 1.0
    assert (
        found.score.at[3.0].precision == 0.5
    )  # three on each of two days; the complaints follow one of them
    assert found.score.at[3.0].recall == 1.0
    assert found.baselines["violations"].auc.value == 0.0
    assert found.gain_auc.value == found.score.auc.value - max(b.auc.value for b in found.baselines.values())
    assert found.levels["medium"] == LevelFigures(3, 3, 3, (39.5, 40.0, 40.5))
    assert found.missed == {"no_calls": 0, "not_judged": 0, "no_signals": 0, "below_level": 0}
    assert [(month.month, month.complaints) for month in found.months] == [("2026-02", 3), ("2026-03", 0)]
    assert np.isnan(found.months[1].auc_of["score"])
