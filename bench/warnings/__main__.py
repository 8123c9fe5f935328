"""How well does the warning score foretell complaints, beside orders that need no score?

    python -m bench.warnings [--debtors N] [--variant-debtors N] [--resamples N]

Simulates a portfolio of N debtors (default 50,000, about six calls each) over a year and a month, with
complaints from a process that the score does not see (README.md), scores every debtor on twelve days
thirty days apart from what was known before, and compares with the complaints of the thirty days after.
Then the same in worlds that go otherwise, with fewer debtors (default 20,000).

Prints a table for each world. The last line is one JSON object for the main world: `auc`,
`auc_best_baseline`, `precision_at_1pct`, `lead_days` (median days from the first level of a warning to the
arrival; `lead_days_medium` from the level medium on), `precision_at_1pct_violations`, `…_overdue`, `…_calls`,
the same of `auc`, `gain_auc` and `gain_precision` over the best baseline with their 95 % intervals,
`auc_best_possible` and `precision_at_1pct_best_possible` (of somebody who sees the process itself),
`ratings_per_s` of scoring alone, and `worlds`: the main figures of the other worlds.
"""

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, timedelta
from typing import Any

from bench.warnings.evidence import FIRST, START, histories
from bench.warnings.process import DAYS, WARM_UP, simulate
from bench.warnings.settings import MAIN, VARIANTS, World
from complaint_warnings.backtest.figures import Figures, figures
from complaint_warnings.backtest.history import History
from complaint_warnings.backtest.observe import Observations, observe, plan_days
from complaint_warnings.backtest.ranking import Ranking
from complaint_warnings.scoring.weights import default_weights

HORIZON = 30
SEED = 20260601
CAPACITY = 100


def run(world: World, debtors: int, resamples: int) -> dict[str, Any]:
    """Simulate one world, score it and print its figures."""
    plan = plan_days(FIRST, START + timedelta(days=DAYS), timedelta(days=HORIZON), delay=timedelta(hours=24))
    asked = range(WARM_UP, WARM_UP + HORIZON * len(plan.days), HORIZON)
    portfolio = simulate(world, debtors, SEED, asked)
    spent = _Spent(histories(portfolio, world, SEED + 1))
    began = time.process_time()
    seen = observe(spent, default_weights(), plan)
    seconds = time.process_time() - began - spent.seconds
    found = figures(seen, plan, zone=UTC, capacity=CAPACITY, resamples=resamples)
    truth = Ranking(portfolio.truth[seen.days, seen.debtors], seen.days, seen.complained)
    said = {
        "world": world.name,
        "debtors": debtors,
        "calls": len(portfolio.calls.debtor),
        "complaints": found.complaints,
        **_main_figures(found),
        "auc_best_possible": round(truth.auc(), 3),
        "precision_at_1pct_best_possible": round(truth.at(0.01).precision, 4),
        "ratings_per_s": round((len(seen.days) + seen.evidence) / seconds),
    }
    _print(said, found, seen)
    return said


class _Spent:
    """The histories, and the CPU time that making them took: it is no part of scoring."""

    def __init__(self, made: Iterator[History]) -> None:
        self._made = made
        self.seconds = 0.0

    def __iter__(self) -> Iterator[History]:
        while True:
            began = time.process_time()
            history = next(self._made, None)
            self.seconds += time.process_time() - began
            if history is None:
                return
            yield history


def _main_figures(found: Figures) -> dict[str, Any]:
    low = found.levels["low"].lead_days
    medium = found.levels["medium"].lead_days
    return {
        "auc": round(found.score.auc.value, 3),
        "auc_best_baseline": round(max(each.auc.value for each in found.baselines.values()), 3),
        "precision_at_1pct": round(found.score.at[0.01].precision, 4),
        "lead_days": round(low[1], 1) if low else None,
        "lead_days_medium": round(medium[1], 1) if medium else None,
        **{f"auc_{name}": round(each.auc.value, 3) for name, each in found.baselines.items()},
        **{
            f"precision_at_1pct_{name}": round(each.at[0.01].precision, 4)
            for name, each in found.baselines.items()
        },
        "gain_auc": [round(each, 3) for each in asdict(found.gain_auc).values()],
        "gain_precision": [round(each, 4) for each in asdict(found.gain_precision).values()],
    }


def _print(said: dict[str, Any], found: Figures, seen: Observations) -> None:
    print(
        f"\n{said['world']}: {said['debtors']} debtors, {said['calls']} calls, "
        f"{found.complaints} complaints, {len(seen.days)} debtor-days"
    )
    for name, order in {"score": found.score, **found.baselines}.items():
        at = [f"{order.at[k].precision:.2%} ({order.at[k].recall:.0%})" for k in order.at]
        span = f"[{order.auc.low:.3f}, {order.auc.high:.3f}]"
        print(
            f"  {name:<11} AUC {order.auc.value:.3f} {span}  precision (recall) at 1 %, 5 %, {CAPACITY}: {at}"
        )
    print(
        f"  whoever saw the process: AUC {said['auc_best_possible']}, "
        f"at 1 % {said['precision_at_1pct_best_possible']:.2%}"
    )
    for level, each in found.levels.items():
        lead = "–" if each.lead_days is None else ", ".join(f"{days:.0f}" for days in each.lead_days)
        print(
            f"  {level:<7} {each.warned} warnings, {each.followed} followed by a complaint; "
            f"{each.foreseen} complaints foreseen; days before (quartiles): {lead}"
        )
    print(f"  nothing warned of: {found.missed}")
    calibration = found.calibration
    if calibration is not None:
        print(
            f"  Brier {calibration.brier:.5f} (rate alone {calibration.brier_of_rate:.5f}), "
            f"expected calibration error {calibration.expected_error:.4f}"
        )
        for band in calibration.bands:
            print(
                f"    score {band.low:g}–{band.high:g}: {band.rows} rows, chance {band.expected:.2%}, "
                f"observed {band.observed:.2%}"
            )


def main() -> None:
    """Run all worlds."""
    parser = argparse.ArgumentParser(description="the warning score on simulated portfolios")
    parser.add_argument("--debtors", type=int, default=50_000)
    parser.add_argument("--variant-debtors", type=int, default=20_000)
    parser.add_argument("--resamples", type=int, default=200)
    asked = parser.parse_args()
    main_world = run(MAIN, asked.debtors, asked.resamples)
    worlds = [run(world, asked.variant_debtors, asked.resamples) for world in VARIANTS]
    short = (
        "world",
        "auc",
        "auc_best_baseline",
        "precision_at_1pct",
        "precision_at_1pct_violations",
        "lead_days",
    )
    print(json.dumps(main_world | {"worlds": [{key: each[key] for key in short} for each in worlds]}))


if __name__ == "__main__":
    main()
