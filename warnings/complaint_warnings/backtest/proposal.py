"""Weights proposed from complaints that arrived. Nothing is changed by proposing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from complaint_warnings.backtest.features import Design
from complaint_warnings.backtest.ranking import Bools, Floats
from complaint_warnings.backtest.regression import best_strength, fit
from complaint_warnings.scoring.weights import CASE_INDICATORS, Weights, parse_weights
from store.errors import BadInputError

FEWEST_TAUGHT, FEWEST_HELD_OUT = 100, 30
STRENGTHS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
_MOST_TIMES = 4.0  # no weight grows to more than four times at once
_LEAST_CHANGE = 0.05
_UNIT = 10.0  # points, so that coefficients are of the size of one
_FOLDS = 4


@dataclass(frozen=True, slots=True)
class Proposed:
    """One indicator: points of one call (of a case fact: of its highest step) now and as proposed, and the
    rows with a complaint, of those to learn from, in which it was seen."""

    name: str
    before: float
    after: float
    complaints: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """New weights. `taught` and `held_out` are the complaints learned from and those kept to judge by;
    `strength` is how strongly the present weights were held on to, as chosen by cross-validation. `caps` are
    groups whose limit had to be raised: (name, before, after)."""

    weights: Weights
    indicators: tuple[Proposed, ...]
    caps: tuple[tuple[str, float, float], ...]
    taught: int
    held_out: int
    strength: float


def propose(rows: Design, weights: Weights) -> Proposal:
    """Learn by how much each indicator should count, drawn towards what it counts now.

    What forces the level high (the group trigger), hard indicators, floors, thresholds and half-lives stay as
    they are; the points of all others are multiplied by what the regression says.

    Raises:
        BadInputError: `fit.too_few`.
    """
    learn, taught, kept = _enough(rows)
    free = [place for place, name in enumerate(rows.names) if _is_free(name, weights)]
    x = rows.points[learn][:, free] / _UNIT
    complained = rows.complained[learn]
    all_points = np.asarray(rows.points[learn].sum(axis=1)).ravel() / _UNIT
    nothing = np.zeros(len(all_points))
    one = fit(_column(all_points), complained, nothing, towards=np.zeros(1), strength=0.0)
    slope = float(one.coefficients[0])
    fixed = slope * (all_points - np.asarray(x.sum(axis=1)).ravel())
    towards = np.full(len(free), slope)
    strength = best_strength(
        x,
        complained,
        fixed,
        towards=towards,
        folds=rows.debtors[learn] % _FOLDS,
        strengths=STRENGTHS,
    )
    model = fit(x, complained, fixed, towards=towards, strength=strength)
    times = _times(model.coefficients, slope)
    seen = np.asarray((x[complained] > 0).sum(axis=0)).ravel()
    factors = {rows.names[place]: float(factor) for place, factor in zip(free, times, strict=True)}
    new, caps = _reweighed(weights, factors)
    return Proposal(
        weights=new,
        indicators=tuple(
            Proposed(name, _points(weights, name), _points(new, name), int(many))
            for name, many in zip(factors, seen, strict=True)
        ),
        caps=caps,
        taught=taught,
        held_out=kept,
        strength=strength,
    )


def _enough(rows: Design) -> tuple[Bools, int, int]:
    """The rows to learn from, and how many complaints there are in them and in those held out."""
    learn = rows.taught & rows.early  # judged by other debtors on later days
    taught = int(rows.complained[learn].sum())
    kept = int(rows.complained[~rows.taught & ~rows.early].sum())
    if taught < FEWEST_TAUGHT or kept < FEWEST_HELD_OUT:
        raise BadInputError(
            f"there are {taught} complaints to learn from and {kept} to judge by",
            code="fit.too_few",
            mend=f"At least {FEWEST_TAUGHT} and {FEWEST_HELD_OUT} are needed: give a longer span, "
            "about 400 complaints in all.",
        )
    return learn, taught, kept


def _is_free(name: str, weights: Weights) -> bool:
    if name in CASE_INDICATORS:
        return True
    weight = weights.indicators[name]
    return weight.group != "trigger" and not weight.hard and weight.points > 0


def _column(values: Floats) -> csr_matrix:

    return csr_matrix(values.reshape(-1, 1))


def _times(coefficients: Floats, slope: float) -> Sequence[float]:
    if slope <= 0:
        return [1.0] * len(coefficients)
    times = np.clip(coefficients / slope, 0.0, _MOST_TIMES)
    return [1.0 if abs(each - 1) < _LEAST_CHANGE else float(each) for each in times]


def _points(weights: Weights, name: str) -> float:
    if name in CASE_INDICATORS:
        return max((step.points for step in weights.case[name]), default=0.0)
    return weights.indicators[name].points


def _reweighed(
    weights: Weights, factors: dict[str, float]
) -> tuple[Weights, tuple[tuple[str, float, float], ...]]:
    data = weights.model_dump(by_alias=True)
    below_high = weights.thresholds.high - 1  # what is no trigger never makes a warning high by itself
    for name, factor in factors.items():
        if name in CASE_INDICATORS:
            for step in data["case"][name]:
                step["points"] = round(min(100.0, step["points"] * factor), 1)
            continue
        entry = data["indicators"][name]
        for field in ("points", "cap"):
            if entry[field] is not None:
                entry[field] = round(min(below_high, entry[field] * factor), 1)
    caps = []
    for group, limits in data["groups"].items():
        members = [n for n in factors if (n in CASE_INDICATORS and group == "case") or _in(weights, n, group)]
        highest = max((factors[name] for name in members), default=1.0)
        raised = round(min(below_high, limits["cap"] * highest), 1)
        if highest > 1 and raised > limits["cap"]:
            caps.append((group, float(limits["cap"]), raised))
            limits["cap"] = raised
    data |= {"id": f"{weights.id.removesuffix('-fitted')}-fitted", "version": weights.version + 1}
    return parse_weights(data, "the proposed weights"), tuple(caps)


def _in(weights: Weights, name: str, group: str) -> bool:
    return name in weights.indicators and weights.indicators[name].group == group
