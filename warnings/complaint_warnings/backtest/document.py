"""Back-tests, proposals and simulations for JSON. A figure that cannot be told is null."""

import math
from dataclasses import asdict
from typing import Any

from complaint_warnings.backtest.complaints_file import ComplaintsFile
from complaint_warnings.backtest.figures import Figures, OrderFigures
from complaint_warnings.backtest.proposal import Proposal
from complaint_warnings.backtest.ranking import Interval
from complaint_warnings.backtest.service import Backtest
from complaint_warnings.scoring.simulate import Simulation

Json = dict[str, Any]


def backtest_to_document(done: Backtest, file: ComplaintsFile) -> Json:
    """The whole back-test, with the lines of the file that were refused."""
    return {
        "model": done.model,
        "days": [day.isoformat() for day in done.plan.days],
        "horizon_days": done.plan.horizon.days,
        "known_after_hours": done.plan.delay.total_seconds() / 3600,
        "debtors": done.people,
        "debtor_days": done.rows,
        "evidence": done.evidence,
        "evidence_of_unknown_time": done.undated,
        **figures_to_document(done.figures),
        "missed_complaints": [
            {"debtor": each.debtor, "arrived_at": each.arrived_at.isoformat(), "why": each.missed}
            for each in done.missed
        ],
        "refused_lines": [asdict(each) for each in file.refused],
    }


def figures_to_document(of: Figures) -> Json:
    """The figures alone."""
    calibration = of.calibration
    return {
        "complaints": of.complaints,
        "score": _order(of.score),
        "baselines": {name: _order(each) for name, each in of.baselines.items()},
        "gain_auc": _interval(of.gain_auc),
        "gain_precision_at_1pct": _interval(of.gain_precision),
        "months": [
            asdict(month)
            | {
                "auc_of": {name: _number(each) for name, each in month.auc_of.items()},
                "precision_of": {name: _number(each) for name, each in month.precision_of.items()},
            }
            for month in of.months
        ],
        "levels": {
            level: {
                "warned": each.warned,
                "followed": each.followed,
                "foreseen": each.foreseen,
                "lead_days": each.lead_days and [round(days, 1) for days in each.lead_days],
            }
            for level, each in of.levels.items()
        },
        "calibration": calibration and _rounded(asdict(calibration)),
        "missed": dict(of.missed),
    }


def proposal_to_document(of: Proposal) -> Json:
    """What is proposed and what it was learned from."""
    return {
        "model": of.weights.model,
        "complaints_learned_from": of.taught,
        "complaints_held_out": of.held_out,
        "strength": of.strength,
        "indicators": [asdict(each) for each in of.indicators],
        "caps": [{"group": name, "before": before, "after": after} for name, before, after in of.caps],
    }


def simulation_to_document(of: Simulation) -> Json:
    """The whole simulation. A level of null: no warning."""
    return {
        "model_before": of.model_before,
        "model_after": of.model_after,
        "episodes": of.episodes,
        "debtors": of.debtors,
        "complete": of.complete,
        "raised": of.raised,
        "lowered": of.lowered,
        "rescored": of.rescored,
        "moves": [
            {"before": before, "after": after, "episodes": count}
            for (before, after), count in sorted(of.moves.items(), key=lambda each: -each[1])
        ],
        "differences": [asdict(each) for each in of.differences],
    }


def _order(of: OrderFigures) -> Json:
    return {
        "auc": _interval(of.auc),
        "at": [
            {
                "k": int(k) if k >= 1 else k,
                "precision": _interval(of.precision[k]),
                "recall": _number(at.recall),
                "lift": _number(at.lift),
            }
            for k, at in of.at.items()
        ],
    }


def _interval(of: Interval) -> Json:
    return {"value": _number(of.value), "low": _number(of.low), "high": _number(of.high)}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 5)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(each) for each in value]
    return _number(value) if isinstance(value, float) else value
