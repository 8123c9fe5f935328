"""The calls of a period as they may be drawn, read from what is on record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from ingest.models import CallRow, RecordingRow
from qc.models import FindingRow, InspectionRow, TicketRow
from qc.sampling.draw import Candidate, Flag


@dataclass(frozen=True, slots=True)
class Population:
    """The calls that may be drawn, and how many more of the period were not judged yet."""

    calls: tuple[Candidate, ...]
    pending: int


def within(start: datetime, end: datetime) -> ColumnElement[bool]:
    """Condition: the call began in the period; one whose time is not known, came in in it."""
    unknown = and_(CallRow.started_at.is_(None), CallRow.registered_at >= start, CallRow.registered_at < end)
    return or_(and_(CallRow.started_at >= start, CallRow.started_at < end), unknown)


def population(
    session: Session, which: ColumnElement[bool], zone: ZoneInfo, *, newness: bool = False
) -> Population:
    """The calls that `which` lets in, by what their newest inspection says. A call that failed before it
    could be inspected may be drawn, as unjudged; one that is still in work may not. With `newness` it is
    told how long each collector has been making calls."""
    rows = session.execute(_calls(which)).all()
    found = _findings(session, which)
    first = _first_days(session, {row.agent_id for row in rows if row.agent_id}) if newness else {}
    judged = [row for row in rows if row.inspection_id is not None or row.ticket_id is not None]
    calls = tuple(_candidate(row, found.get(row.inspection_id, ()), first, zone) for row in judged)
    return Population(calls, len(rows) - len(calls))


def _calls(which: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            CallRow.id,
            CallRow.source,
            CallRow.started_at,
            CallRow.agent_id,
            CallRow.agent_team,
            CallRow.direction,
            CallRow.record["case"]["product"].as_string().label("product"),
            CallRow.record["case"]["client"].as_string().label("client"),
            RecordingRow.duration_s,
            InspectionRow.id.label("inspection_id"),
            InspectionRow.band,
            InspectionRow.document["unjudged"].as_json().label("unjudged"),
            TicketRow.id.label("ticket_id"),
        )
        .join(RecordingRow, RecordingRow.sha256 == CallRow.recording_sha256)
        .outerjoin(InspectionRow, and_(InspectionRow.call_id == CallRow.id, InspectionRow.newest))
        .outerjoin(TicketRow, and_(TicketRow.call_id == CallRow.id, TicketRow.inspection_id.is_(None)))
        .where(which)
        .order_by(CallRow.id)
    )


_Found = Sequence[tuple[str, str, str]]


def _findings(session: Session, which: ColumnElement[bool]) -> dict[int, _Found]:
    """Rule, category and kind of the findings, by inspection."""
    query = (
        select(FindingRow.inspection_id, FindingRow.rule, FindingRow.category, FindingRow.kind)
        .join(InspectionRow, InspectionRow.id == FindingRow.inspection_id)
        .join(CallRow, CallRow.id == InspectionRow.call_id)
        .where(which, InspectionRow.newest)
    )
    found: dict[int, list[tuple[str, str, str]]] = {}
    for inspection, rule, category, kind in session.execute(query):
        found.setdefault(inspection, []).append((rule, category, kind))
    return dict(found)


def _first_days(session: Session, agents: Iterable[str]) -> dict[tuple[str, str], datetime]:
    """When each collector's first call began, by source and id."""
    wanted = set(agents)
    if not wanted:
        return {}
    query = (
        select(CallRow.source, CallRow.agent_id, func.min(CallRow.started_at))
        .where(CallRow.agent_id.is_not(None), CallRow.started_at.is_not(None))
        .group_by(CallRow.source, CallRow.agent_id)
    )
    rows = session.execute(query)
    return {(source, agent): first for source, agent, first in rows if agent in wanted and first is not None}


def _candidate(
    row: Row[Any], found: _Found, first: dict[tuple[str, str], datetime], zone: ZoneInfo
) -> Candidate:
    began = row.started_at
    beginning = first.get((row.source, row.agent_id or ""))
    return Candidate(
        call_id=row.id,
        flag=_flag(row, found),
        seconds=row.duration_s,
        source=row.source,
        team=row.agent_team,
        collector=row.agent_id,
        product=row.product,
        client=row.client,
        direction=row.direction,
        at=None if began is None else began.astimezone(zone).time(),
        band=row.band,
        rules=frozenset(rule for rule, _, _ in found),
        categories=frozenset(category for _, category, _ in found),
        new_days=None if began is None or beginning is None else (began - beginning).days,
    )


def _flag(row: Row[Any], found: _Found) -> Flag:
    if any(kind == "violation" for _, _, kind in found):
        return "flagged"
    return "unjudged" if row.inspection_id is None or row.unjudged or row.band is None else "clean"
