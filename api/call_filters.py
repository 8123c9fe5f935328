"""What lists of calls are narrowed by: the same for the list, the search and what stands behind a figure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, extract, select
from sqlalchemy.orm import Session

from complaint_warnings.models import WarningCallRow, WarningRow
from ingest.models import CallRow
from pipeline.models import WorkRow
from qc.models import FindingRow, InspectionRow

SHORT: Final = timedelta(days=45)
_HOUR_S: Final = 3600
_DAY_S: Final = 24 * _HOUR_S


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
        seconds = extract("epoch", CallRow.started_at) + self.offset_s
        made = []
        if self.hour is not None:
            made.append(_between(seconds % _DAY_S, self.hour * _HOUR_S, _HOUR_S))
        if self.weekday is not None:
            # The epoch began on a Thursday.
            made.append(_between((seconds + 3 * _DAY_S) % (7 * _DAY_S), (self.weekday - 1) * _DAY_S, _DAY_S))
        return made

    @property
    def short(self) -> bool:
        """Whether the time asked for has so few calls that all of them may be looked at."""
        return self.since is not None and self.until is not None and self.until - self.since <= SHORT

    def joined(self, query: Select[Any]) -> Select[Any]:
        """A query over calls, with the tables that the filters need, and narrowed by them."""
        if self.state is not None or self.unjudged is not None:
            query = query.join(WorkRow, WorkRow.call_id == CallRow.id)
        judged = (self.band, self.category, self.rule, self.score_min, self.score_max)
        if any(value is not None for value in judged):
            query = query.join(InspectionRow, and_(InspectionRow.call_id == CallRow.id, InspectionRow.newest))
        if self.level is not None:
            query = query.join(WarningCallRow, WarningCallRow.call_id == CallRow.id)
            query = query.join(WarningRow, WarningRow.id == WarningCallRow.warning_id)
        return query.where(*self.conditions())


def call_ids(session: Session, filters: CallFilters, *, before: int | None, limit: int) -> list[int]:
    """The numbers of the newest calls that meet the filters, those below `before` only."""
    query = filters.joined(select(CallRow.id))
    if before is not None:
        query = query.where(CallRow.id < before)
    # By the number itself, PostgreSQL would go through all later calls to those of a short time long ago; by
    # a sum it cannot, and looks these up by their time.
    newest = CallRow.id + 0 if filters.short else CallRow.id
    return list(session.scalars(query.order_by(newest.desc()).limit(limit)))


def _between(seconds: ColumnElement[Any], start: int, length: int) -> ColumnElement[bool]:
    return and_(seconds >= start, seconds < start + length)


def _found(what: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(FindingRow.inspection_id == InspectionRow.id, what)


def _of_rule(rule: str) -> ColumnElement[bool]:
    return FindingRow.rule == rule if "@" in rule else FindingRow.rule.startswith(f"{rule}@", autoescape=True)
