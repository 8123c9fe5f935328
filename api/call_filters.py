"""What lists of calls are narrowed by: the same for the list, the search and what stands behind a figure."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, extract, false, or_, select
from sqlalchemy.orm import Session

from complaint_warnings.models import WarningCallRow, WarningRow
from ingest.models import CallRow
from pipeline.models import WorkRow
from qc.models import FindingRow, InspectionRow

SHORT: Final = timedelta(days=45)
WINDOWS: Final = 60  # stretches of time that one query names; two months of one hour, a year of one weekday
Sort = Literal["newest", "score"]
_IDS: Final = 2**31  # as many as columns of numbers hold: a cursor names score and id in one number
_NOT_JUDGED: Final = 101  # after every score
_HOUR_S: Final = 3600
_DAY_S: Final = 24 * _HOUR_S


class Placed(NamedTuple):
    """A call in a list; `place` is what a cursor after it names."""

    place: int
    call_id: int


@dataclass(frozen=True, slots=True)
class CallFilters:
    """Every field that is not None must hold.

    `since` and `until` bound the start of the call (`until` itself excluded); `weekday` (1 is Monday) and
    `hour` are of its start by a clock `offset_s` seconds ahead of UTC. `score_min` and `score_max` are of the
    newest inspection, as are `band`, `category` and `rule` (with or without `@version`).
    """

    state: str | None = None
    band: str | None = None
    level: str | None = None
    team: str | None = None
    collector: str | None = None
    category: str | None = None
    rule: str | None = None
    score_min: int | None = None
    score_max: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    weekday: int | None = None
    hour: int | None = None
    unjudged: bool | None = None
    offset_s: int = 0

    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions, on the tables that `joined` joins."""
        equal = (
            (WorkRow.state, self.state),
            (InspectionRow.band, self.band),
            (WarningRow.level, self.level),
            (CallRow.agent_team, self.team),
            (CallRow.agent_id, self.collector),
        )
        made = [column == value for column, value in equal if value is not None]
        from_on = ((InspectionRow.score, self.score_min), (CallRow.started_at, self.since))
        made += [column >= value for column, value in from_on if value is not None]
        if self.score_max is not None:
            made.append(InspectionRow.score <= self.score_max)
        if self.until is not None:
            made.append(CallRow.started_at < self.until)
        if self.category is not None:
            made.append(_found(FindingRow.category == self.category))
        if self.rule is not None:
            made.append(_found(_of_rule(self.rule)))
        if self.unjudged is not None:
            made.append((WorkRow.state == "unjudged") == self.unjudged)
        return [*made, *self._by_the_clock()]

    def _by_the_clock(self) -> list[ColumnElement[bool]]:
        """The hours asked for are named one by one from `since` on, as these are found in an index; what lies
        beyond them is computed for each call."""
        clock = _of_the_clock(self.weekday, self.hour, self.offset_s)
        if self.since is None or not clock:
            return clock
        windows = clock_windows(self.since, self.until, self.weekday, self.hour, self.offset_s)
        named = [and_(CallRow.started_at >= start, CallRow.started_at < end) for start, end in windows]
        if len(windows) == WINDOWS:
            named.append(and_(CallRow.started_at >= windows[-1][1], *clock))
        return [or_(*named) if named else false()]

    @property
    def short(self) -> bool:
        """Whether the time asked for has so few calls that all of them may be looked at."""
        return self.since is not None and self.until is not None and self.until - self.since <= SHORT

    @property
    def judged(self) -> bool:
        """Whether only calls that were judged can meet the filters."""
        of_inspections = (self.band, self.category, self.rule, self.score_min, self.score_max)
        return any(value is not None for value in of_inspections)

    def joined(self, query: Select[*tuple[Any, ...]], *, judged: bool = False) -> Select[*tuple[Any, ...]]:
        """A query over calls, with the tables that the filters need, and narrowed by them; `judged` adds the
        newest inspection in any case."""
        if self.state is not None or self.unjudged is not None:
            query = query.join(WorkRow, WorkRow.call_id == CallRow.id)
        if judged or self.judged:
            query = query.join(InspectionRow, and_(InspectionRow.call_id == CallRow.id, InspectionRow.newest))
        if self.level is not None:
            query = query.join(WarningCallRow, WarningCallRow.call_id == CallRow.id)
            query = query.join(WarningRow, WarningRow.id == WarningCallRow.warning_id)
        return query.where(*self.conditions())


def call_ids(
    session: Session, filters: CallFilters, *, before: int | None, limit: int, sort: Sort = "newest"
) -> list[Placed]:
    """The calls of a page of those that meet the filters, after the place that a cursor names.

    Args:
        sort: `newest` first; or the worst `score` first, and at the end what was not judged.
    """
    order = _by_score if sort == "score" else _newest
    return order(session, filters, before, limit)


def _newest(session: Session, filters: CallFilters, before: int | None, limit: int) -> list[Placed]:
    query = filters.joined(select(CallRow.id))
    if before is not None:
        query = query.where(CallRow.id < before)
    # By the number itself, PostgreSQL would go through all later calls to those of a short time long ago; by
    # a sum it cannot, and looks these up by their time.
    newest = CallRow.id + 0 if filters.short else CallRow.id
    return [Placed(number, number) for number in session.scalars(query.order_by(newest.desc()).limit(limit))]


def _by_score(session: Session, filters: CallFilters, before: int | None, limit: int) -> list[Placed]:
    score, last = (0, _IDS - 1) if before is None else divmod(before, _IDS)
    found: list[Placed] = []
    if score < _NOT_JUDGED:
        query = filters.joined(select(CallRow.id, InspectionRow.score), judged=True).where(
            InspectionRow.score >= score, or_(InspectionRow.score > score, InspectionRow.call_id < last)
        )
        rows = session.execute(query.order_by(InspectionRow.score, InspectionRow.call_id.desc()).limit(limit))
        found = [Placed(points * _IDS + number, number) for number, points in rows]
        last = _IDS - 1
    if len(found) < limit and not filters.judged:
        judged = exists().where(InspectionRow.call_id == CallRow.id, InspectionRow.newest)
        rest = filters.joined(select(CallRow.id)).where(CallRow.id < last, ~judged)
        more = session.scalars(rest.order_by(CallRow.id.desc()).limit(limit - len(found)))
        found += [Placed(_NOT_JUDGED * _IDS + number, number) for number in more]
    return found


def clock_windows(
    since: datetime, until: datetime | None, weekday: int | None, hour: int | None, offset_s: int
) -> list[tuple[datetime, datetime]]:
    """The first `WINDOWS` stretches from `since` to `until` of that weekday and hour; at least one is given.

    Args:
        offset_s: seconds that the clock by which they are meant is ahead of UTC.
    """
    clock = timezone(timedelta(seconds=offset_s))
    day = since.astimezone(clock).replace(hour=0, minute=0, second=0, microsecond=0)
    found: list[tuple[datetime, datetime]] = []
    while len(found) < WINDOWS and (until is None or day < until):
        if weekday in (None, day.isoweekday()):
            start = day if hour is None else day + timedelta(hours=hour)
            end = start + (timedelta(days=1) if hour is None else timedelta(hours=1))
            start, end = max(start, since), end if until is None else min(end, until)
            if start < end:
                found.append((start, end))
        day += timedelta(days=1)
    return found


def _of_the_clock(weekday: int | None, hour: int | None, offset_s: int) -> list[ColumnElement[bool]]:
    seconds = extract("epoch", CallRow.started_at) + offset_s
    made = []
    if hour is not None:
        made.append(_between(seconds % _DAY_S, hour * _HOUR_S, _HOUR_S))
    if weekday is not None:
        # The epoch began on a Thursday.
        made.append(_between((seconds + 3 * _DAY_S) % (7 * _DAY_S), (weekday - 1) * _DAY_S, _DAY_S))
    return made


def _between(seconds: ColumnElement[Any], start: int, length: int) -> ColumnElement[bool]:
    return and_(seconds >= start, seconds < start + length)


def _found(what: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(FindingRow.inspection_id == InspectionRow.id, what)


def _of_rule(rule: str) -> ColumnElement[bool]:
    return FindingRow.rule == rule if "@" in rule else FindingRow.rule.startswith(f"{rule}@", autoescape=True)
