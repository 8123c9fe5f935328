"""Keeping the figures in step: what changes marks its day, and a round counts marked days again."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from ingest.models import CallRow
from qc.figures.count import Judged, count_day
from qc.figures.models import FigureDayRow, FigureStaleRow
from qc.models import FindingRow, InspectionRow
from store.database import SessionFactory, reading, transaction

MARKS_AT_ONCE = 10_000


def mark_calls(session: Session, calls: Collection[int]) -> None:
    """Have the days of these calls counted again. Only adds rows, so that nobody waits for anybody."""
    begun = select(CallRow.started_at).where(CallRow.id.in_(calls), CallRow.started_at.is_not(None))
    session.execute(insert(FigureStaleRow).from_select(["at"], begun))


def recount(sessions: SessionFactory, zone: ZoneInfo) -> int:
    """Count marked days again, a transaction for each; returns how many. Marks made meanwhile stay."""
    with reading(sessions) as session:
        marks = select(FigureStaleRow.id, FigureStaleRow.at).order_by(FigureStaleRow.id).limit(MARKS_AT_ONCE)
        by_day: dict[date, list[int]] = defaultdict(list)
        for number, at in session.execute(marks):
            by_day[at.astimezone(zone).date()].append(number)
    for day, numbers in sorted(by_day.items()):
        with transaction(sessions) as session:
            session.execute(delete(FigureStaleRow).where(FigureStaleRow.id.in_(numbers)))
            count(session, day, zone)
    return len(by_day)


def count(session: Session, day: date, zone: ZoneInfo) -> None:
    """Count one day anew, in place of what was counted."""
    begin = datetime.combine(day, time(), zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    lines = count_day(_judged(session, begin, end, zone))
    session.execute(delete(FigureDayRow).where(FigureDayRow.day == day))
    if lines:
        rows = [{**line._asdict(), "day": day, "count": number} for line, number in lines.items()]
        session.execute(insert(FigureDayRow), rows)


def _judged(session: Session, begin: datetime, end: datetime, zone: ZoneInfo) -> list[Judged]:
    within = (CallRow.started_at >= begin, CallRow.started_at < end, InspectionRow.newest)
    found: dict[int, set[str]] = defaultdict(set)
    findings = select(InspectionRow.call_id, FindingRow.category).join(
        FindingRow, FindingRow.inspection_id == InspectionRow.id
    )
    findings = findings.join(CallRow, CallRow.id == InspectionRow.call_id).where(*within)
    for call_id, category in session.execute(findings.distinct()):
        found[call_id].add(category)
    calls = select(
        CallRow.id, CallRow.agent_team, CallRow.agent_id, CallRow.debtor_key, CallRow.started_at,
        InspectionRow.band,
    ).join(InspectionRow, InspectionRow.call_id == CallRow.id)  # fmt: skip
    return [
        Judged(
            team=team or "",
            agent_id=agent_id or "",
            debtor_key=debtor_key,
            hour=started_at.astimezone(zone).hour,
            band=band or "",
            categories=frozenset(found[call_id]),
        )
        for call_id, team, agent_id, debtor_key, started_at, band in session.execute(calls.where(*within))
        if started_at is not None
    ]
