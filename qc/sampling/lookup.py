"""Draws looked at again: what was drawn, whether it can be drawn again, and what it proves."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.models import CallRow
from qc.sampling.draw import draw_again, fits, unpack_numbers
from qc.sampling.estimate import Estimate, Seen, estimate
from qc.sampling.models import SamplingDrawRow, SamplingPickRow
from qc.sampling.plan import Filters, Size
from qc.sampling.population import population, within
from qc.sampling.reviewed import confirmed_categories
from store.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Checked:
    """A draw that was drawn again. `deleted` drawn calls are not there any more; `missing` and `foreign` ones
    should have been drawn or should not. `gone` and `new` count calls that would not, or would now, belong to
    the population: they were judged again, deleted, or came in late, which is no fault of the draw."""

    draw_id: int
    deleted: int
    missing: tuple[int, ...]
    foreign: tuple[int, ...]
    gone: int
    new: int

    @property
    def holds(self) -> bool:
        """Whether exactly those calls were drawn that the record says."""
        return not self.missing and not self.foreign


def find_draw(session: Session, draw_id: int) -> SamplingDrawRow:
    """One draw.

    Raises:
        NotFoundError: `sampling.draw_unknown`.
    """
    row = session.get(SamplingDrawRow, draw_id)
    if row is None:
        raise NotFoundError(
            f"there is no draw {draw_id}",
            code="sampling.draw_unknown",
            mend="`diting sampling draws` lists them.",
        )
    return row


def picks(session: Session, draw_id: int) -> list[tuple[SamplingPickRow, CallRow]]:
    """The drawn calls that are still there, by stratum and place."""
    query = (
        select(SamplingPickRow, CallRow)
        .join(CallRow, CallRow.id == SamplingPickRow.call_id)
        .where(SamplingPickRow.draw_id == draw_id)
        .order_by(SamplingPickRow.stratum, SamplingPickRow.place)
    )
    return [(pick, call) for pick, call in session.execute(query)]


def check_draw(session: Session, draw_id: int, zone: ZoneInfo) -> Checked:
    """Draw again from the population on record, and hold it against what was drawn and against the calls as
    they are now.

    Raises:
        NotFoundError: `sampling.draw_unknown`.
    """
    row = find_draw(session, draw_id)
    members = {each["name"]: unpack_numbers(each["members"]) for each in row.strata}
    rules = row.rules
    again = draw_again(members, seed=row.seed, size=Size(**rules["size"]), allocation=rules["allocation"])
    due = {call for each in again for call in each.drawn}
    kept = set(session.scalars(select(SamplingPickRow.call_id).where(SamplingPickRow.draw_id == draw_id)))
    absent = due - kept
    there = set(session.scalars(select(CallRow.id).where(CallRow.id.in_(absent))))
    then = {call for each in members.values() for call in each}
    now = _population_now(session, row, zone)
    return Checked(
        draw_id=draw_id,
        deleted=len(absent - there),
        missing=tuple(sorted(absent & there)),
        foreign=tuple(sorted(kept - due)),
        gone=len(then - now),
        new=len(now - then),
    )


def _population_now(session: Session, row: SamplingDrawRow, zone: ZoneInfo) -> set[int]:
    filters = Filters(**row.filters)
    newness = filters.new_collector_days is not None
    found = population(session, within(row.period_start, row.period_end), zone, newness=newness)
    return {call.call_id for call in found.calls if fits(filters, call)}


def estimate_draw(session: Session, draw_id: int) -> tuple[Estimate, list[Seen]]:
    """What the reviewed calls of a draw prove about its population, and the strata it comes from. A call
    counts once its review is final.

    Raises:
        NotFoundError: `sampling.draw_unknown`.
    """
    row = find_draw(session, draw_id)
    drawn: dict[str, list[int]] = {}
    for pick in session.scalars(select(SamplingPickRow).where(SamplingPickRow.draw_id == draw_id)):
        drawn.setdefault(pick.stratum, []).append(pick.call_id)
    confirmed = confirmed_categories(session, [call for calls in drawn.values() for call in calls])
    seen = []
    for each in row.strata:
        calls = drawn.get(each["name"], [])
        reviewed = [call for call in calls if call in confirmed]
        violating = sum(bool(confirmed[call]) for call in reviewed)
        seen.append(Seen(each["name"], each["population"], each["drawn"], len(reviewed), violating))
    return estimate(seen), seen
