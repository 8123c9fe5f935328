"""What a coaching changed: the collector's calls before it was done and after, by machine and by people."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.models import CallRow
from qc.coaching.compare import Comparison, Share, compare
from qc.coaching.models import CoachingTaskRow
from qc.coaching.service import of_collector
from qc.models import FindingRow, InspectionRow
from qc.sampling.reviewed import confirmed_categories


@dataclass(frozen=True, slots=True)
class Effect:
    """Both comparisons over the same span before and after. `machine` counts calls in which a certain
    finding of the category was made and which was judged whole; `people` those whose review is final."""

    since: datetime
    until: datetime
    machine: Comparison
    people: Comparison


def effect(session: Session, row: CoachingTaskRow, *, now: datetime, days: int = 30) -> Effect:
    """Compare `days` before the coaching was done with up to as many after it. Of a task that is not done,
    the span after has no calls."""
    done = row.ended_at if row.state == "done" and row.ended_at is not None else now
    since, until = done - timedelta(days=days), done + timedelta(days=days)
    before, after = _calls(session, row, since, done), _calls(session, row, done, until)
    return Effect(
        since=since,
        until=until,
        machine=compare(
            _by_machine(session, before, row.category), _by_machine(session, after, row.category)
        ),
        people=compare(_by_people(session, before, row.category), _by_people(session, after, row.category)),
    )


def _calls(session: Session, row: CoachingTaskRow, start: datetime, end: datetime) -> list[int]:
    return list(session.scalars(select(CallRow.id).where(of_collector(row, start, end))))


def _by_machine(session: Session, calls: list[int], category: str) -> Share:
    judged_whole = (InspectionRow.call_id.in_(calls), InspectionRow.newest, InspectionRow.band.is_not(None))
    judged = session.scalar(select(func.count(InspectionRow.id)).where(*judged_whole))
    violating = session.scalar(
        select(func.count(FindingRow.inspection_id.distinct()))
        .join(InspectionRow, InspectionRow.id == FindingRow.inspection_id)
        .where(*judged_whole, FindingRow.category == category, FindingRow.status == "certain")
    )
    return Share(judged or 0, violating or 0)


def _by_people(session: Session, calls: list[int], category: str) -> Share:
    confirmed = confirmed_categories(session, calls)
    return Share(len(confirmed), sum(category in found for found in confirmed.values()))
