"""Plans and draws on record. Every verb may be repeated; none commits."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from qc.models import TicketRow
from qc.sampling.draw import METHOD, Candidate, Stratum, draw, fits, hash_order, pack_numbers
from qc.sampling.models import SamplingDrawRow, SamplingPickRow, SamplingPlanRow
from qc.sampling.plan import Allocation, Dimension, Part, Plan, Size, last_over, period_of
from qc.sampling.population import Population, population, within
from qc.sampling.scorecards import Card, load_card
from qc.sampling.versions import add_version, list_newest, newest
from qc.service import ask_for_review
from store import audit
from store.clock import Clock
from store.errors import ConflictError, NotFoundError

_SEED_BYTES = 16
_REASONS: dict[str, str] = {
    "plan": "抽检：计划 {name} / Sampled by the plan {name}",
    "random": "随机抽检：计划 {name} / Sampled at random by the plan {name}",
    "follow_up": "辅导后复检 / Follow-up after coaching",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A draw, and whether it was made now; otherwise it was on record."""

    row: SamplingDrawRow
    created: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A draw to be put on record: of which calls, by which rules."""

    name: str
    part: str
    start: datetime
    end: datetime
    filters: dict[str, Any]
    size: Size
    plan_id: int | None = None
    by: tuple[Dimension, ...] = ()
    allocation: Allocation = "proportional"
    second_review: float = 0.0
    label: str | None = None


def add_plan(session: Session, clock: Clock, plan: Plan, *, by: str) -> tuple[SamplingPlanRow, bool]:
    """Put a plan on record, as the next version of its name; whether it is new.

    Raises:
        NotFoundError: `scorecard.unknown`, the plan asks for a card that is not there.
        ConflictError: `version.changed`.
    """
    if plan.scorecard is not None:
        load_card(session, plan.scorecard)
    return add_version(session, clock, SamplingPlanRow, plan.name, plan.document(), by=by)


def find_plan(session: Session, name: str, *, lock: bool = False) -> SamplingPlanRow:
    """The newest version of a plan.

    Raises:
        NotFoundError: `sampling.plan_unknown`.
    """
    row = newest(session, SamplingPlanRow, name, lock=lock)
    if row is None:
        raise NotFoundError(
            f"there is no plan {name}",
            code="sampling.plan_unknown",
            mend="`diting sampling plans` names all.",
        )
    return row


def card_of_plan(session: Session, label: str | None) -> tuple[Card, int] | None:
    """The scorecard that a plan asks for, in its newest version, which is told; None where it asks for none.

    Args:
        label: of a ticket: `name@version`; follow-ups of coaching have no plan.
    """
    name, _, version = (label or "").partition("@")
    if not version.isdecimal():
        return None
    query = select(SamplingPlanRow.document).where(
        SamplingPlanRow.name == name, SamplingPlanRow.version == int(version)
    )
    document = session.scalar(query)
    card = None if document is None else Plan.model_validate(document).scorecard
    return None if card is None else load_card(session, card)


def plans(session: Session) -> list[SamplingPlanRow]:
    """The newest version of every plan, by name."""
    return list_newest(session, SamplingPlanRow)


def run_plan(
    session: Session, clock: Clock, name: str, *, zone: ZoneInfo, by: str, day: date | None = None
) -> list[Drawn]:
    """Draw for one period of a plan, once: the plan's sample, and the random one. Every drawn call gets a
    ticket.

    Args:
        zone: the clock by which days begin.
        by: who draws.
        day: a local day of the period; default: the newest period that is over and settled.

    Raises:
        NotFoundError: `sampling.plan_unknown`.
        ConflictError: `sampling.not_over`, `sampling.inactive`.
    """
    row = find_plan(session, name, lock=True)
    plan = Plan.model_validate(row.document)
    if not plan.active:
        raise ConflictError(
            f"the plan {name} is not active", code="sampling.inactive", mend="Add a version that is."
        )
    start, end = _period(plan, clock, zone, day)
    known = _known(session, name, start)
    if known:
        return [Drawn(each, False) for each in known]
    newness = any(each.new_collector_days is not None for each in (plan.filters, plan.random.filters))
    found = population(session, within(start, end), zone, newness=newness)
    return [
        Drawn(draw_and_keep(session, clock, wanted, calls, found.pending, drawn_by=by), True)
        for wanted, calls in _parts(row, plan, start, end, found)
    ]


def due_plans(session: Session, clock: Clock, zone: ZoneInfo) -> list[str]:
    """The active plans whose newest settled period was not drawn yet. Earlier periods are not made up for."""
    due = []
    for row in plans(session):
        plan = Plan.model_validate(row.document)
        start, end = last_over(plan, clock.now(), zone)
        # A plan does not reach back to a period that was over before it was there.
        if plan.active and end > row.added_at and not _known(session, plan.name, start):
            due.append(plan.name)
    return due


def _period(plan: Plan, clock: Clock, zone: ZoneInfo, day: date | None) -> tuple[datetime, datetime]:
    last = last_over(plan, clock.now(), zone)
    if day is None:
        return last
    asked = period_of(plan.period, day, zone)
    if asked > last:
        raise ConflictError(
            f"the {plan.period} of {day} is not over and settled",
            code="sampling.not_over",
            mend="Draw it later: calls that come in late must have the same chance.",
        )
    return asked


def _known(session: Session, name: str, start: datetime) -> list[SamplingDrawRow]:
    query = select(SamplingDrawRow).where(SamplingDrawRow.name == name, SamplingDrawRow.period_start == start)
    return list(session.scalars(query.order_by(SamplingDrawRow.id)))


def parts(plan: Plan, found: Population) -> dict[Part, list[Candidate]]:
    """The populations of both samples of a plan."""
    return {
        "plan": [call for call in found.calls if fits(plan.filters, call)],
        "random": [
            call for call in found.calls if call.flag != "flagged" and fits(plan.random.filters, call)
        ],
    }


def _parts(
    row: SamplingPlanRow, plan: Plan, start: datetime, end: datetime, found: Population
) -> list[tuple[Wanted, list[Candidate]]]:
    calls = parts(plan, found)
    label = f"{plan.name}@{row.version}"
    sample = Wanted(
        plan.name, "plan", start, end, plan.filters.model_dump(mode="json"), plan.size, row.id,
        plan.strata, plan.allocation, plan.second_review, label,
    )  # fmt: skip
    narrowed = {**plan.random.filters.model_dump(mode="json"), "flagged": False}
    beside = Wanted(
        plan.name, "random", start, end, narrowed, plan.random.size, row.id,
        second_review=plan.second_review, label=label,
    )  # fmt: skip
    return [(sample, calls["plan"]), (beside, calls["random"])]


def draw_and_keep(
    session: Session,
    clock: Clock,
    wanted: Wanted,
    calls: Sequence[Candidate],
    pending: int,
    *,
    drawn_by: str,
) -> SamplingDrawRow:
    """Draw and put on record what was drawn from what. The seed is made now, so that nobody can know before
    who will be drawn, and kept, so that anybody can draw again."""
    seed = secrets.token_hex(_SEED_BYTES)
    strata = draw(calls, seed=seed, size=wanted.size, by=wanted.by, allocation=wanted.allocation)
    row = SamplingDrawRow(
        plan_id=wanted.plan_id,
        name=wanted.name,
        part=wanted.part,
        period_start=wanted.start,
        period_end=wanted.end,
        seed=seed,
        method=METHOD,
        filters=wanted.filters,
        rules={
            "size": wanted.size.model_dump(mode="json"),
            "strata": list(wanted.by),
            "allocation": wanted.allocation,
            "second_review": wanted.second_review,
        },
        strata=[_stratum(each) for each in strata],
        population=sum(len(each.members) for each in strata),
        pending=pending,
        drawn=sum(len(each.drawn) for each in strata),
        drawn_by=drawn_by,
        drawn_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _keep_picks(session, clock, row, strata, wanted)
    details = {
        "part": row.part, "period_start": row.period_start.isoformat(), "population": row.population,
        "pending": pending, "drawn": row.drawn, "seed": seed, "filters": row.filters,
    }  # fmt: skip
    audit.append(
        session, clock, actor=drawn_by, action="sampling.drawn", subject=f"draw:{row.id}", details=details
    )
    return row


def _stratum(each: Stratum) -> dict[str, Any]:
    return {
        "name": each.name,
        "population": len(each.members),
        "drawn": len(each.drawn),
        "weight": round(each.weight, 6),
        "members": pack_numbers(each.members),
    }


def second_reviews(drawn: Sequence[int], seed: str, share: float) -> frozenset[int]:
    """Which of the drawn calls a second person reviews: again in the order of a hash."""
    number = Size(share=share).of(len(drawn)) if share else 0
    return frozenset(hash_order(drawn, f"{seed}:second")[:number])


def _keep_picks(
    session: Session, clock: Clock, row: SamplingDrawRow, strata: Sequence[Stratum], wanted: Wanted
) -> None:
    picked = [(each.name, place, call) for each in strata for place, call in enumerate(each.drawn)]
    twice = second_reviews([call for _, _, call in picked], row.seed, wanted.second_review)
    session.add_all(
        SamplingPickRow(draw_id=row.id, call_id=call, stratum=name, place=place, second_review=call in twice)
        for name, place, call in picked
    )
    reason = _REASONS[wanted.part].format(name=wanted.name)
    for _, _, call in picked:
        ask_for_review(session, clock, call_id=call, reason=reason)
    session.flush()
    drawn = select(SamplingPickRow.call_id).where(SamplingPickRow.draw_id == row.id)
    for ticket in session.scalars(select(TicketRow).where(TicketRow.call_id.in_(drawn))):
        ticket.plan = ticket.plan or wanted.label or wanted.name
    session.flush()
