"""The clocks of a plan's measures: each is due when the plan says. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from complaint_warnings.clocks.limits import manual_marks, manual_of
from complaint_warnings.clocks.policy import Policy, Words
from complaint_warnings.clocks.types import Deadline, Happening, Manual

PLANS: Final = ("plan", "revise_plan")
# Plans of earlier versions may hold years that cannot be right: such a measure has no clock.
_LAST_YEAR: Final = 2100


@dataclass
class _Run:
    """One measure of one plan while it is followed; `number` counts the plans that had one of its place."""

    measure: int
    number: int
    starts_at: datetime
    planned: datetime
    due: datetime
    manual: Manual | None = None
    met_at: datetime | None = None
    ended_at: datetime | None = None
    breached_at: datetime | None = None

    @property
    def clock(self) -> str:
        return f"measure.{self.measure}"


def measure_deadlines(happenings: Sequence[Happening], policy: Policy) -> list[Deadline]:
    """The deadlines of all measures there ever were, plan by plan.

    A measure is met when it is recorded as done. Another plan, the closing and a reopening end what is still
    awaited; that a date was missed stays on record.
    """
    runs: list[_Run] = []
    for event in happenings:
        awaited = [run for run in runs if run.met_at is None and run.ended_at is None]
        for run in awaited:
            _follow(run, event)
        if event.action in PLANS:
            runs += _begun(event, runs)
    return [_told(run, policy) for run in runs]


def _follow(run: _Run, event: Happening) -> None:
    if run.breached_at is None and event.at > run.due:
        run.breached_at = run.due
    if run.measure in _done(event):
        run.met_at = event.at
    elif event.action in (*PLANS, "reopen") or event.state == "closed":
        run.ended_at = event.at
    elif event.action == "set_deadline" and event.details.get("kind") == run.clock:
        run.manual = manual_of(event)
        run.due = run.manual.due or run.planned


def _done(event: Happening) -> tuple[int, ...]:
    if event.action == "track":
        return tuple(event.details.get("measures_done", ()))
    return (event.details["measure"],) if event.action == "measure_done" else ()


def _begun(event: Happening, before: Sequence[_Run]) -> Iterator[_Run]:
    measures: Sequence[Mapping[str, Any]] = event.details.get("measures", ())
    for place, measure in enumerate(measures, 1):
        due = datetime.fromisoformat(measure["due"])
        if due.year <= _LAST_YEAR:
            number = 1 + sum(run.measure == place for run in before)
            yield _Run(place, number, event.at, due, due)


def _told(run: _Run, policy: Policy) -> Deadline:
    of, manual = policy.measures, run.manual
    by_hand = manual is not None and manual.due is not None
    counted = manual if by_hand and manual else Manual(run.planned, run.starts_at, "", "")
    return Deadline(
        clock=run.clock,
        number=run.number,
        title=Words(zh=f"{of.title.zh}{run.measure}", en=f"{of.title.en} {run.measure}"),
        starts_at=run.starts_at,
        counted_from=run.starts_at,
        time=None,
        due_at=run.due,
        rule_due_at=run.planned,
        marks=manual_marks(counted, of.warn),
        pauses=(),
        extensions=(),
        manual=manual,
        met_at=run.met_at,
        ended_at=run.ended_at,
        breached_at=run.breached_at,
        provisional=False,
        escalate_every=of.escalate.every,
        rungs=of.escalate.rungs,
        basis=of.basis,
        policy=policy.name,
    )
