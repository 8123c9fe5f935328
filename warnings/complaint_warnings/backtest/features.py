"""The points behind every score as numbers to learn from."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix

from complaint_warnings.backtest.history import History, Replay
from complaint_warnings.backtest.observe import Plan
from complaint_warnings.backtest.ranking import Bools, Floats, Ints
from complaint_warnings.scoring.weights import CASE_INDICATORS, Weights

TAUGHT_DEBTORS = 0.6
TAUGHT_DAYS = 2 / 3


@dataclass(frozen=True, slots=True)
class Design:
    """One row for each debtor and day on which something was known.

    `points` is (rows, names): what each indicator gave, after the limits of its group; `scores` their sum,
    at most 100. `taught` tells the rows of debtors to learn from, `early` those of days to learn from.
    """

    names: tuple[str, ...]
    points: csr_matrix
    scores: Floats
    complained: Bools
    days: Ints
    debtors: Ints
    taught: Bools
    early: Bools


def design(histories: Iterable[History], weights: Weights, plan: Plan) -> Design:
    """Collect the rows."""
    names = (*weights.indicators, *CASE_INDICATORS)
    column = {name: place for place, name in enumerate(names)}
    values: list[float] = []
    columns: list[int] = []
    ends = [0]
    scores: list[float] = []
    rows: list[tuple[bool, int, int, bool]] = []
    for number, history in enumerate(histories):
        replay = Replay(history, weights, plan.delay)
        learn = taught(history.debtor)
        for index, day in enumerate(plan.days):
            if replay.count_before(day) == 0:
                continue
            rating = replay.rating(day)
            for part in rating.parts if rating else ():
                if part.points and part.name in column:
                    values.append(part.points)
                    columns.append(column[part.name])
            ends.append(len(values))
            scores.append(rating.score if rating else 0.0)
            complained = any(day < arrived <= day + plan.horizon for arrived in history.complaints)
            rows.append((complained, index, number, learn))
    bad, on, who, learned = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Design(
        names=names,
        points=csr_matrix((values, columns, ends), shape=(len(rows), len(names)), dtype=np.float64),
        scores=np.array(scores, dtype=np.float64),
        complained=np.array(bad, dtype=np.bool_),
        days=np.array(on, dtype=np.int64),
        debtors=np.array(who, dtype=np.int64),
        taught=np.array(learned, dtype=np.bool_),
        early=np.array(on, dtype=np.int64) < first_held_out(len(plan.days)),
    )


def taught(debtor: str) -> bool:
    """Whether the debtor is one to learn from: six in ten, always the same ones."""
    return int.from_bytes(hashlib.sha256(debtor.encode()).digest()[:6]) < (1 << 48) * TAUGHT_DEBTORS


def last_days(plan: Plan) -> Plan:
    """The days that are held out."""
    return replace(plan, days=plan.days[first_held_out(len(plan.days)) :])


def first_held_out(days: int) -> int:
    """The place of the first of so many days that is held out."""
    return round(days * TAUGHT_DAYS)
