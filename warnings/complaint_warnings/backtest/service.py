"""Back-tests over what is stored. Everything here only reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlalchemy.orm import Session

from complaint_warnings.backtest.complaints_file import ComplaintsFile
from complaint_warnings.backtest.features import Design, design, last_days, taught
from complaint_warnings.backtest.figures import Figures, figures, missed_list
from complaint_warnings.backtest.observe import Foreseen, Plan, observe, plan_days
from complaint_warnings.backtest.population import debtors_of, stored_histories
from complaint_warnings.scoring.weights import Weights
from store.errors import BadInputError

HORIZON_DAYS, DELAY_HOURS, CAPACITY = 30, 24.0, 50


@dataclass(frozen=True, slots=True)
class Backtest:
    """What came of one back-test. `plan` tells the days asked; `people`, `rows`, `evidence` and `undated` how
    much was looked at (see `Observations`); `missed` every complaint without a warning before it."""

    model: str
    plan: Plan
    people: int
    rows: int
    evidence: int
    undated: int
    figures: Figures
    missed: tuple[Foreseen, ...]


def covered(
    file: ComplaintsFile,
    *,
    zone: tzinfo,
    horizon_days: int = HORIZON_DAYS,
    delay_hours: float = DELAY_HOURS,
    span: tuple[datetime, datetime] | None = None,
) -> Plan:
    """The days that the file's complaints can judge: midnights of the zone from the day of the first
    complaint on, one horizon apart, each horizon ending by the day of the last; or within `span`.

    Raises:
        BadInputError: `backtest.no_complaints`, `backtest.too_short`.
    """
    if not file.complaints:
        raise BadInputError(
            "no line of the file can be used",
            code="backtest.no_complaints",
            mend="Mend the lines that were refused.",
        )
    first, last = span or (
        midnight(file.complaints[0].arrived_at, zone),
        midnight(file.complaints[-1].arrived_at, zone) + timedelta(days=1),
    )
    plan = plan_days(first, last, timedelta(days=horizon_days), timedelta(hours=delay_hours))
    if not plan.days:
        raise BadInputError(
            f"the span of {max(0, (last - first).days)} days is shorter than the {horizon_days} looked ahead",
            code="backtest.too_short",
            mend="Give complaints of a longer span, say what the file covers, or look ahead less far.",
        )
    return plan


def run(
    session: Session,
    file: ComplaintsFile,
    weights: Weights,
    plan: Plan,
    *,
    zone: tzinfo,
    capacity: int = CAPACITY,
) -> Backtest:
    """Score everybody stored on each day of the plan and compare with the complaints that arrived."""
    seen = observe(stored_histories(session, _arrivals(session, file)), weights, plan)
    return Backtest(
        model=weights.model,
        plan=plan,
        people=seen.people,
        rows=len(seen.days),
        evidence=seen.evidence,
        undated=seen.undated,
        figures=figures(seen, plan, zone=zone, capacity=capacity),
        missed=tuple(missed_list(seen)),
    )


def rows_to_learn_from(session: Session, file: ComplaintsFile, weights: Weights, plan: Plan) -> Design:
    """The points behind every score on each day of the plan."""
    return design(stored_histories(session, _arrivals(session, file)), weights, plan)


def held_out_figures(
    session: Session, file: ComplaintsFile, weights: Weights, plan: Plan, *, zone: tzinfo
) -> Figures:
    """The figures of the debtors and days that `propose` does not learn from."""
    days = last_days(plan)
    strangers = (
        each for each in stored_histories(session, _arrivals(session, file)) if not taught(each.debtor)
    )
    return figures(observe(strangers, weights, days), days, zone=zone, capacity=CAPACITY)


def _arrivals(session: Session, file: ComplaintsFile) -> Mapping[str, Sequence[datetime]]:
    return debtors_of(session, file.complaints)


def midnight(moment: datetime, zone: tzinfo) -> datetime:
    """The midnight with which the day of the moment begins in the zone."""
    return moment.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
